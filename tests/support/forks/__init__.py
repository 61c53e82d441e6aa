"""Runs scripts and modules in forks of one process that has imported their libraries, which takes most of the time.

Where the app's folder comes last on the path, as on the newer worker, no app can replace these libraries.
"""

import contextlib
import json
import os
import select
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

SERVER = Path(__file__).with_name("server.py")
# What an interpreter reads when it starts, besides PYTHONPATH, which the server reads for each fork.
READ_AT_START = ("PYTHON", "LANG", "LC_", "TZ")

IS_POSSIBLE = sys.platform == "linux"


class Fork:
    """A process, as subprocess.Popen represents one."""

    def __init__(self, status: int) -> None:
        self.status = os.fdopen(status, "rb", buffering=0)
        self.pid = int(self.status.readline())
        self.returncode: int | None = None

    def wait(self, timeout: float | None = None) -> int:
        """Return how the process ended."""
        if self.returncode is None:
            ready, _, _ = select.select([self.status], [], [], timeout)
            if not ready:
                raise subprocess.TimeoutExpired("a fork", timeout or 0)
            self.returncode = int(self.status.readline())
            self.status.close()
        return self.returncode

    def kill(self) -> None:
        """End the process, unless it is known to have ended."""
        if self.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, 9)


class Forks:
    """Runs commands that start in certain ways, such as `-m worker`, in forks of the interpreters in `pythons`."""

    def __init__(self, libraries: Sequence[str], *starts: Sequence[str | Path]) -> None:
        self.libraries = libraries
        self.starts = [["-B", *map(str, start)] for start in starts]
        self.pythons: set[str] = set()
        self.servers: dict[str, Server] = {}

    def close(self) -> None:
        """End the servers."""
        for server in self.servers.values():
            server.close()

    def in_place_of(self, module: Any) -> Any:
        """Return a replacement for the module subprocess."""
        return SimpleNamespace(**{**vars(module), "Popen": self.start, "run": self.run})

    def start(
        self, command: Sequence[str], *, env: Mapping[str, str], **options: Any
    ) -> "Fork | subprocess.Popen[bytes]":
        """Start a command as subprocess.Popen does, in a fork if it would be the same there."""
        if not self._would_be_same(command, env):
            return subprocess.Popen(command, env=env, **options)
        with open(os.devnull, "r+b") as nothing:
            return self._fork(command, env, os.getcwd(), [nothing.fileno()] * 3)

    def run(self, command: Sequence[str], **options: Any) -> "subprocess.CompletedProcess[str]":
        """Run a command as subprocess.run does, in a fork if it would be the same there."""
        if not self._would_be_same(command, options["env"]):
            done: subprocess.CompletedProcess[str] = subprocess.run(command, **options)  # noqa: PLW1510
            return done
        folder = options["cwd"] or os.getcwd()
        with (
            tempfile.TemporaryFile() as stdin,
            tempfile.TemporaryFile() as stdout,
            tempfile.TemporaryFile() as stderr,
        ):
            stdin.write(options["input"].encode())
            stdin.seek(0)
            streams = [stdin, stdout, stderr]
            files = [stream.fileno() for stream in streams]
            process = self._fork(command, options["env"], folder, files)
            try:
                status = process.wait(options["timeout"])
            except subprocess.TimeoutExpired as expired:
                process.kill()
                expired.stderr = _content(stderr)
                raise
            printed = [_content(stream).decode() for stream in (stdout, stderr)]
        return subprocess.CompletedProcess(command, status, *printed)

    def _would_be_same(self, command: Sequence[str], environment: Mapping[str, str]) -> bool:
        python, *arguments = command
        is_prepared = any(arguments[: len(start)] == start for start in self.starts)
        return python in self.pythons and is_prepared and _at_start(environment) == _at_start()

    def _fork(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        folder: str | Path,
        streams: Sequence[int],
    ) -> Fork:
        python, _, *arguments = command
        if python not in self.servers:
            self.servers[python] = Server(python, self.libraries)
        order = {"arguments": arguments, "environment": dict(environment), "folder": str(folder)}
        return self.servers[python].fork(order, streams)


class Server:
    """An interpreter that has imported those of the libraries that are installed."""

    def __init__(self, python: str, libraries: Sequence[str]) -> None:
        self.socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.process = subprocess.Popen(
                [python, "-B", SERVER, str(theirs.fileno()), *libraries],
                env={k: v for k, v in os.environ.items() if k != "PYTHONPATH"},
                pass_fds=[theirs.fileno()],
            )

    def fork(self, order: Mapping[str, Any], streams: Sequence[int]) -> Fork:
        """Start what is ordered, with three open files as its streams."""
        assert self.process.poll() is None
        status, theirs = os.pipe()
        socket.send_fds(self.socket, [json.dumps(order).encode()], [theirs, *streams])
        os.close(theirs)
        return Fork(status)

    def close(self) -> None:
        """End it."""
        self.socket.close()
        self.process.wait()


def _at_start(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    return {
        name: value
        for name, value in environment.items()
        if name.startswith(READ_AT_START) and name != "PYTHONPATH"
    }


def _content(stream: Any) -> bytes:
    stream.seek(0)
    content: bytes = stream.read()
    return content
