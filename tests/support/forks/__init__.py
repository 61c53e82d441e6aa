"""Indexes apps in forks of one process that has imported the worker's libraries, which takes most of the time.

Where the app's folder comes last on the path, as on the newer worker, no app changes what they are.
"""

import json
import os
import select
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from functions_validator.indexing.runner import CHILD

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
    """Starts scripts in forks of an interpreter."""

    def __init__(self, python: Path) -> None:
        self.python = python
        self.environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
        self.socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.server = subprocess.Popen(
                [python, "-B", SERVER, str(theirs.fileno()), CHILD],
                env=self.environment,
                pass_fds=[theirs.fileno()],
            )

    def close(self) -> None:
        """End the server."""
        self.socket.close()
        self.server.wait()

    def in_place_of(self, module: Any) -> Any:
        """Return a replacement for the module subprocess."""
        return SimpleNamespace(**{**vars(module), "Popen": self.start})

    def start(
        self, command: Sequence[str], *, env: Mapping[str, str], **options: Any
    ) -> "Fork | subprocess.Popen[bytes]":
        """Start a command as subprocess.Popen does, in a fork if it would be the same there."""
        start, arguments = command[:3], command[3:]
        is_same = self._at_start(env) == self._at_start(self.environment)
        if start != [str(self.python), "-B", str(CHILD)] or not is_same:
            return subprocess.Popen(command, env=env, **options)
        order = {"arguments": arguments, "environment": dict(env), "folder": os.getcwd()}
        status, theirs = os.pipe()
        socket.send_fds(self.socket, [json.dumps(order).encode()], [theirs])
        os.close(theirs)
        return Fork(status)

    def _at_start(self, environment: Mapping[str, str]) -> dict[str, str]:
        return {k: v for k, v in environment.items() if k.startswith(READ_AT_START)}
