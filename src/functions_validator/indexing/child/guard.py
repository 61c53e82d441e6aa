"""Keeps an app from doing harm while it is imported."""

from __future__ import annotations

import os
import sys
from typing import Any, NamedTuple

from . import ending
from .paths import is_installed

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGING = {"os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink", "os.truncate"}
# What ends the process, or replaces it with another program.
ENDING = {"os.exec", "os.kill", "os.killpg"}
CONNECTING = {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"}
WATCHED = {"open", "sqlite3.connect", *CHANGING, *ENDING, *CONNECTING}
# How the address of a database in memory, and of one that is only read, differ from those of others.
NOT_WRITTEN = {"mode=memory", "mode=ro", "immutable=1"}


def _path(name: object) -> str:
    return os.path.abspath(os.fspath(name)) if isinstance(name, (str, os.PathLike)) else ""


def _changed(event: str, arguments: tuple[Any, ...]) -> str:
    """Return the path that an event changes, or ""."""
    if event == "open":
        writes = isinstance(arguments[2], int) and bool(arguments[2] & WRITING)
        return _path(arguments[0]) if writes else ""
    if event == "sqlite3.connect":
        return _database(arguments[0])
    path = _path(arguments[0]) if event in CHANGING else ""
    # What makes a folder that is there raises FileExistsError anywhere.
    return "" if event == "os.mkdir" and os.path.isdir(path) else path


def _database(name: object) -> str:
    """Return the file of a database that may be written, or ""."""
    text = os.fsdecode(name) if isinstance(name, (str, bytes, os.PathLike)) else ""
    if text.startswith("file:"):
        text, _, options = text[len("file:") :].partition("?")
        if not NOT_WRITTEN.isdisjoint(options.split("&")):
            return ""
    return "" if text in ("", ":memory:") else os.path.abspath(text)


class Write(NamedTuple):
    """A change of a path in the project, and the line that was about to make it; the file is "" if it is elsewhere.

    Both paths are relative to the project.
    """

    path: str
    file: str
    line: int


class Guard:
    """An audit hook that refuses the use of the network, and changes to files below the root, which ends with a separator."""

    def __init__(self, root: str, end: str) -> None:
        self.root, self.end = root, end
        self.connected = False
        self.written: list[Write] = []

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Raise OSError for what the app must not do while it is indexed."""
        if event not in WATCHED:
            return
        if event in CONNECTING:
            self.connected = True
            raise ConnectionRefusedError("there is no network while the app is indexed")
        if event in ENDING and (event != "os.kill" or ending.ends_itself(*arguments)):
            ending.write_stack(self.end)
        path = _changed(event, arguments)
        if path and path.startswith(self.root):
            # A database that is there may only be read.
            if event != "sqlite3.connect" or not os.path.isfile(path):
                file, line = self._writing()
                self.written.append(Write(self._relative(path), file, line))
            raise PermissionError(f"{path} cannot be written while the app is indexed")

    def _writing(self) -> tuple[str, int]:
        """Return the file, relative to the project, and the line that are about to change a file."""
        frame = sys._getframe(2)
        while frame.f_back and not self._is_own(frame.f_code.co_filename):
            frame = frame.f_back
        file = frame.f_code.co_filename
        if not self._is_own(file):
            return "", 1
        return self._relative(os.path.abspath(file)), frame.f_lineno

    def _relative(self, path: str) -> str:
        return path[len(self.root) :].replace(os.sep, "/")

    def _is_own(self, file: str) -> bool:
        is_file = not file.startswith("<")
        return is_file and os.path.abspath(file).startswith(self.root) and not is_installed(file)
