"""Commands that the hooks print, for the shells of the user's system: cmd and PowerShell, or those of POSIX."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterable
from pathlib import Path

IS_WINDOWS = os.name == "nt"

# What needs no quotes in cmd and PowerShell.
PLAIN = re.compile(r"[\w\\:./=-]+")


def joined(words: Iterable[str]) -> str:
    """Return a command of these words."""
    return " ".join(map(_word, words))


def quoted(path: str | Path) -> str:
    """Return a path as a shell takes it, also one that looks like an option."""
    return _word(f"./{path}" if str(path).startswith("-") else str(path))


def change_folder(path: Path) -> str:
    """Return the command that changes to a folder."""
    # In cmd, cd stays on its drive.
    command = "pushd" if IS_WINDOWS and ":" in str(path) else "cd"
    return f"{command} {quoted(path)}"


def python_module(module: str, folder: str, arguments: Iterable[str] = ()) -> str:
    """Return how Windows starts what make does elsewhere: make is rare there."""
    return rf".venv\Scripts\python -m {module} {quoted(Path(folder))} {joined(arguments)}".rstrip()


def _word(text: str) -> str:
    if not IS_WINDOWS:
        return shlex.quote(text)
    # cmd knows no single quotes, and PowerShell no backslash before a quote.
    return text if PLAIN.fullmatch(text) else '"{}"'.format(text.replace('"', '""'))
