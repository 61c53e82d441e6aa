"""What the commands of make print: in any encoding, and to a reader that may leave."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator

BROKEN_PIPE = 141


def show_every_character() -> None:
    """Escape what the encoding of the terminal, such as cp1252, does not have."""
    # An output that is closed is None.
    for stream in filter(None, (sys.stdout, sys.stderr)):
        stream.reconfigure(errors="backslashreplace")


@contextlib.contextmanager
def written(what: str) -> Iterator[None]:
    """End without a traceback if what is printed cannot be written: quietly if its reader, such as head, has enough."""
    try:
        yield
        if sys.stdout:
            sys.stdout.flush()
    except BrokenPipeError:
        # Python would try to write the rest once more.
        os._exit(BROKEN_PIPE)
    except OSError as error:
        if error.filename is not None:
            raise
        print(f"{what} cannot be written: {error.strerror}.", file=sys.stderr, flush=True)
        os._exit(1)
