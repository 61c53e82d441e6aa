"""python -m functions_validator [PROJECT]"""

import gc
import os
import sys
from typing import NoReturn

# The process is short: to look for garbage, and to free everything at the end, would take a third of its time.
gc.disable()

from .cli import main

BROKEN_PIPE = 141


def run() -> NoReturn:
    """Run the command, and end the process with its status."""
    try:
        status = main()
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader, such as head, has enough: end as other commands do, without a traceback.
        status = BROKEN_PIPE
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    run()
