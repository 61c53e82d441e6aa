"""Runs scripts and modules in forks of one process that has imported their libraries, which takes most of the time.

Where the app's folder comes last on the path, as on the newer worker, no app changes what they are.
"""

import functools
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
# What an interpreter reads when it starts.
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
            os.kill(self.pid, 9)


class Forks:
    """Runs what starts with a command, such as `python -B -m worker`, in forks of an interpreter."""

    def __init__(
        self, command: Sequence[str | Path], libraries: Sequence[str], **environment: str
    ) -> None:
        self.command = [*map(str, command)]
        self.libraries = libraries
        self.environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"} | environment
        self.socket, self.theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)

    @functools.cached_property
    def server(self) -> "subprocess.Popen[bytes]":
        """The process that forks, which starts when it is first needed."""
        with self.theirs as theirs:
            return subprocess.Popen(
                [self.command[0], "-B", SERVER, str(theirs.fileno()), *self.libraries],
                env=self.environment,
                pass_fds=[theirs.fileno()],
            )

    def close(self) -> None:
        """End the server."""
        self.socket.close()
        self.theirs.close()
        if "server" in vars(self):
            self.server.wait()

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
        is_same = self._at_start(environment) == self._at_start(self.environment)
        return is_same and list(command[: len(self.command)]) == self.command

    def _at_start(self, environment: Mapping[str, str]) -> dict[str, str]:
        return {k: v for k, v in environment.items() if k.startswith(READ_AT_START)}

    def _fork(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        folder: str | Path,
        streams: Sequence[int],
    ) -> Fork:
        arguments = [argument for argument in command[1:] if argument != "-B"]
        order = {"arguments": arguments, "environment": dict(environment), "folder": str(folder)}
        assert self.server.poll() is None
        status, theirs = os.pipe()
        socket.send_fds(self.socket, [json.dumps(order).encode()], [theirs, *streams])
        os.close(theirs)
        return Fork(status)


def _content(stream: Any) -> bytes:
    stream.seek(0)
    content: bytes = stream.read()
    return content
