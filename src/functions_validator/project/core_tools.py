"""Reads .funcignore as Core Tools do, which take more for a match than git.

Core Tools compare each pattern with the start of a file's path, up to the end of a word: `shared` leaves out
`shared/clients.py` and `shared.py`. A pattern that begins with `!` wins wherever it stands.
"""

from __future__ import annotations

import re

from ..model import Place
from .ignore_file import IgnoreFile

SPECIAL = re.compile(r"[-\[\]/{}()+?.\\^$|]")


def left_out_at(ignored: IgnoreFile, path: str) -> Place | None:
    """Return the place of the pattern for which `func` does not publish a file, or None if it does."""
    found = None
    for line, pattern in ignored.patterns:
        bare = pattern.removeprefix("!").removeprefix("/")
        if re.match(rf"(?:{_expression(bare)})\b", path, re.ASCII):
            if pattern.startswith("!"):
                return None
            found = found or Place(ignored.path, line)
    return found


def _expression(pattern: str) -> str:
    escaped = SPECIAL.sub(lambda match: f"\\{match[0]}", pattern)
    return escaped.replace("**", "(.+)").replace("*", "([^/]+)")
