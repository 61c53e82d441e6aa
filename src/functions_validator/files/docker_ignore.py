"""Reads .dockerignore, whose patterns begin at the root and take back files of a folder that another one leaves out."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..model import Place
from ..pattern import Pattern
from .ignore_file import fixed_part

# What stands for other characters: `**/`, `**`, `*`, `?`, a range, and a character that means itself.
PIECE = Pattern(r"(\*\*/?)|(\*)|(\?)|(\[[^\]]*\])|\\?(.)", re.DOTALL)


class _Line(NamedTuple):
    number: int
    keeps: bool
    matches: Pattern


class DockerIgnore:
    """The patterns of a file; the last that matches a path or a folder above it decides."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self._lines: Sequence[_Line] = list(_lines(text))

    def ignored_at(self, path: str) -> Place | None:
        """Return the place of the pattern that leaves out a path, relative and with `/`, or None if it stays."""
        found = next((line for line in reversed(self._lines) if line.matches.match(path)), None)
        return None if found is None or found.keeps else Place(self.path, found.number)


def _lines(text: str) -> Iterator[_Line]:
    for number, line in enumerate(text.splitlines(), start=1):
        pattern = line.strip()
        if not pattern or line.startswith("#"):
            continue
        keeps = pattern.startswith("!")
        pattern = posixpath.normpath(pattern.removeprefix("!").strip()).lstrip("/")
        part = fixed_part(pattern)
        # What matches a folder also matches what is below it.
        matches = Pattern(rf"{_expression(pattern)}(?:/.*)?\Z", re.DOTALL, [part] if part else ())
        if part or _can_be_read(matches):
            yield _Line(number, keeps, matches)


def _can_be_read(pattern: Pattern) -> bool:
    """Whether a pattern has no range such as `[z-a]`, at which Docker stops."""
    try:
        return bool(pattern.compiled)
    except re.error:
        return False


def _expression(pattern: str) -> str:
    return "".join(map(_piece, PIECE.finditer(pattern)))


def _piece(found: re.Match[str]) -> str:
    stars, star, mark, characters, itself = found.groups()
    if stars:
        return "(?:.*/)?" if stars.endswith("/") else ".*"
    if star:
        return "[^/]*"
    return "[^/]" if mark else characters or re.escape(itself)
