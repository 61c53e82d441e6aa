"""Runs scripts and modules in processes that have imported libraries, a fork for each message on a socket.

python -B server.py SOCKET LIBRARY...
"""

import atexit
import contextlib
import functools
import gc
import json
import os
import runpy
import select
import socket
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, NoReturn

LONGEST_MESSAGE = 2**20
STREAMS = 3


def serve(messages: socket.socket, libraries: Sequence[str]) -> None:
    """Fork for each message until the tests end."""
    for library in libraries:
        with contextlib.suppress(ModuleNotFoundError):
            import_module(library)
    remember_dates()
    # Collecting garbage in what all forks share would copy it.
    gc.collect()
    gc.freeze()
    forks: dict[int, Fork] = {}
    while True:
        ready, _, _ = select.select([messages.fileno(), *forks], [], [])
        for ended in {*forks}.intersection(ready):
            os.close(ended)
            report(forks.pop(ended))
        if messages.fileno() in ready:
            message, files, _, _ = socket.recv_fds(messages, LONGEST_MESSAGE, 1 + STREAMS)
            if not message:
                return
            fork = start(json.loads(message), files, [messages.fileno(), *open_files(forks)])
            # This can be read when the process has ended.
            forks[os.pidfd_open(fork.process)] = fork


@dataclass(frozen=True)
class Fork:
    """A process, and the pipe to which its id and then how it ended are written."""

    process: int
    status: int


def open_files(forks: dict[int, Fork]) -> Iterator[int]:
    """Yield the files of the forks that run, which another fork need not have."""
    for ending, fork in forks.items():
        yield from (ending, fork.status)


def start(order: dict[str, Any], files: Sequence[int], others: Sequence[int]) -> Fork:
    """Run what is ordered in a fork, with the streams among the files and none of the others."""
    status, *streams = files
    if order["arguments"][0] != "-m":
        compiled(order["arguments"][0])
    process = os.fork()
    if process == 0:
        for file in (status, *others):
            os.close(file)
        os.setsid()
        run(streams=streams, **order)
    for stream in streams:
        os.close(stream)
    tell(status, process)
    return Fork(process, status)


def report(fork: Fork) -> None:
    """Write how a fork ended."""
    _, ended = os.waitpid(fork.process, 0)
    tell(fork.status, os.waitstatus_to_exitcode(ended))
    os.close(fork.status)


def tell(status: int, number: int) -> None:
    """Write a number, even if nobody waits for it any more."""
    with contextlib.suppress(BrokenPipeError):
        os.write(status, f"{number}\n".encode())


def remember_dates() -> None:
    """Read each date once: in every replay of an orchestration, its library reads the dates of all that happened."""
    if "dateutil.parser" in sys.modules:
        dates: Any = sys.modules["dateutil.parser"]
        dates.parse = functools.cache(dates.parse)


def run(
    arguments: Sequence[str], environment: dict[str, str], folder: str, streams: Sequence[int]
) -> None:
    """Run a script, or a module after -m, as if this process had started with it."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    for stream in set(streams):
        os.close(stream)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.path[1:1] = filter(None, environment.get("PYTHONPATH", "").split(os.pathsep))
    try:
        if arguments[0] == "-m":
            sys.argv[:] = arguments[1:]
            sys.path[0] = folder
            runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
        else:
            sys.argv[:] = arguments
            sys.path[0] = os.path.dirname(arguments[0])
            main = sys.modules["__main__"] = ModuleType("__main__")
            main.__file__ = arguments[0]
            exec(compiled(arguments[0]), vars(main))  # noqa: S102
    except SystemExit as ended:
        if not isinstance(ended.code, int | None):
            raise
        end(ended.code or 0)
    end(0)


@functools.cache
def compiled(script: str) -> CodeType:
    """Return the code of a script, which the server compiles once for all forks."""
    return compile(Path(script).read_bytes(), script, "exec")


def end(status: int) -> NoReturn:
    """End the process as an interpreter does, but leave all modules as they are: clearing them is slow."""
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])), sys.argv[2:])
