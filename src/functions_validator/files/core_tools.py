"""Reads .funcignore as Core Tools do: their patterns match more paths than those of git.

Core Tools compare each pattern with the start of a file's path, up to the end of a word: `shared` leaves out
`shared/clients.py` and `shared.py`. A pattern that begins with `!` wins wherever it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..model import Place
from ..pattern import Pattern
from .ignore_file import IgnoreFile


def left_out(ignored: IgnoreFile, paths: Sequence[str]) -> Iterator[tuple[str, Place]]:
    """Yield the paths that `func` does not publish, with the place of the first pattern that says so."""
    patterns = [
        (Pattern(_expression(pattern), re.ASCII), _start(pattern), pattern.startswith("!"), line)
        for line, pattern in ignored.patterns
    ]
    for path in paths:
        matches = [
            (kept, line)
            for regex, start, kept, line in patterns
            if path.startswith(start) and regex.match(path)
        ]
        if matches and not any(kept for kept, _ in matches):
            yield path, Place(ignored.path, matches[0][1])


def _start(pattern: str) -> str:
    """Return the text that a path must begin with to match a pattern."""
    return pattern.removeprefix("!").removeprefix("/").partition("*")[0]


def _expression(pattern: str) -> str:
    escaped = re.escape(pattern.removeprefix("!").removeprefix("/"))
    wild = escaped.replace(r"\*\*", "(.+)").replace(r"\*", "([^/]+)")
    return rf"(?:{wild})\b"
