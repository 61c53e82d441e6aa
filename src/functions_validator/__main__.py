"""python -m functions_validator [PROJECT]"""

import errno
import gc
import os
import sys
from typing import NoReturn

# The process is short: to look for garbage, and to free everything at the end, would take a third of its time.
gc.disable()

from .cli import main

BROKEN_PIPE = 141
# The second one is what Windows says.
READER_GONE = (errno.EPIPE, errno.EINVAL)


def run() -> NoReturn:
    """Run the command, and end the process with its status."""
    try:
        status = main()
        sys.stdout.flush()
    except OSError as error:
        if error.errno not in READER_GONE or error.filename is not None:
            raise
        # The reader, such as head, has enough: end as other commands do, without a traceback.
        status = BROKEN_PIPE
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    run()
