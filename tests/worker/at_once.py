"""`python -m worker.at_once PROJECT MODULE:CLASS`: requests that the worker gets at once.

stdin is a list of rounds, each a list of HttpRequest, as `exchange` writes them; the requests of a
round go to the worker together, and the next round begins when all have their answers. stdout ends
with one line: `{"rounds": [{"seconds": ..., "results": ...}], "made": ...}`, the latter being how
many objects of the class the app has made. Warnings and errors, those at the end of the process
too, are on stderr; which request they belong to is not known, nor whose the other messages are.
"""

import asyncio
import contextlib
import functools
import gc
import importlib
import logging
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from .exchange import HttpRequest, dumps, loads
from .host import Host

# A server under load may take a moment to answer the end of a TLS connection.
SECONDS_TO_CLOSE = 10


async def run(project: Path, rounds: Sequence[Sequence[HttpRequest]]) -> list[dict[str, Any]]:
    """Return the seconds and the results of each round."""
    host = Host(project)
    answered = []
    try:
        await host.start()
        logging.getLogger().addHandler(warnings_to_stderr())
        for requests in rounds:
            started = time.perf_counter()
            results = await asyncio.gather(*map(host.http, requests))
            answered.append({"seconds": time.perf_counter() - started, "results": results})
        await connections_closed()
    finally:
        host.stop()
    return answered


async def connections_closed() -> None:
    """Wait until each connection that the app has begun to close is closed.

    The event loop of a real worker runs on, but this one ends after the last answer, and what it
    has not closed by then is warned of.
    """
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(SECONDS_TO_CLOSE):
            while any(map(is_closing, gc.get_objects())):
                await asyncio.sleep(0.01)


def is_closing(thing: object) -> bool:
    """Whether this is a connection that is to be closed and still has its socket."""
    if not (isinstance(thing, asyncio.Transport) and thing.is_closing()):
        return False
    socket = thing.get_extra_info("socket")
    return socket is not None and socket.fileno() != -1


def warnings_to_stderr() -> logging.Handler:
    """Return what logs warnings and errors, and nothing below, to stderr."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setLevel(logging.WARNING)
    return handler


def count(name: str) -> Callable[[], int]:
    """Count the objects of a class, such as `module:Class`, from now on; return a function that says how many."""
    module, _, attribute = name.partition(":")
    counted: type[Any] = getattr(importlib.import_module(module), attribute)
    construct = counted.__init__
    made = 0

    @functools.wraps(construct)
    def count_and_construct(self: object, *arguments: Any, **options: Any) -> None:
        nonlocal made
        made += 1
        construct(self, *arguments, **options)

    setattr(counted, "__init__", count_and_construct)  # noqa: B010
    return lambda: made


def main() -> None:
    """Keep stdout for the answer: what the app prints goes to stderr."""
    project, rounds = Path(sys.argv[1]).resolve(), loads(sys.stdin.read())
    # Such as of a connection that nobody closed.
    warnings.simplefilter("always", ResourceWarning)
    made = count(sys.argv[2])
    with contextlib.redirect_stdout(sys.stderr):
        answered = asyncio.run(run(project, rounds))
    print(dumps({"rounds": answered, "made": made()}))


if __name__ == "__main__":
    main()
