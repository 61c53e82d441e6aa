"""python -m functions_validator [PROJECT]"""

import contextlib
import errno
import gc
import os
import sys
import warnings
from typing import NoReturn

# The process is short: collecting garbage, and freeing everything at the end, would take a third of its time.
gc.disable()

from .cli import main, say

INTERRUPTED = 130
BROKEN_PIPE = 141
# Windows has the second one.
READER_GONE = (errno.EPIPE, errno.EINVAL)


def run() -> NoReturn:
    """Run the command, and end the process with its status."""
    if not sys.warnoptions:
        # Python warns of patterns in files of the app, such as `[[:digit:]]` in .gitignore.
        warnings.simplefilter("ignore")
    os._exit(status())


def status() -> int:
    """Run the command, write all output that can be written, and return the status."""
    try:
        ended = _status_of_main()
        # Without a standard output or error, such as after `>&-`, it is None.
        if sys.stdout:
            sys.stdout.flush()
    except KeyboardInterrupt:
        ended = INTERRUPTED
    except OSError as error:
        if error.filename is not None:
            raise
        if error.errno in READER_GONE:
            # The reader, such as head, has enough: end as other commands do.
            ended = BROKEN_PIPE
        else:
            say(f"The report cannot be written: {error.strerror}.")
            ended = 2
    if sys.stderr:
        with contextlib.suppress(OSError):
            sys.stderr.flush()
    return ended


def _status_of_main() -> int:
    try:
        return main()
    except SystemExit as end:
        # After --help and --version.
        return int(end.code or 0)


if __name__ == "__main__":
    run()
