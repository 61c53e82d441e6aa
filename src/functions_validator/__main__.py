"""python -m functions_validator [PROJECT]"""

import gc
import os
import sys
from typing import NoReturn

# The process is short: to look for garbage, and to free everything at the end, would take a third of its time.
gc.disable()

from .cli import main


def run() -> NoReturn:
    """Run the command, and end the process with its status."""
    status = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    run()
