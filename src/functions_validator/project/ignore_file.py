"""Reads .funcignore, .gitignore and .dockerignore."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from ..model import Place


@dataclass(frozen=True)
class IgnoreFile:
    """The patterns of a .funcignore, .gitignore or .dockerignore; the last that matches decides."""

    path: str
    patterns: Sequence[tuple[int, str]]

    @staticmethod
    def parse(path: str, text: str) -> IgnoreFile:
        """Return the patterns with their lines, from 1."""
        lines = enumerate(text.splitlines(), start=1)
        return IgnoreFile(
            path,
            [
                (line, pattern.strip())
                for line, pattern in lines
                if pattern.strip() and not pattern.startswith("#")
            ],
        )

    def ignored_at(self, path: str) -> Place | None:
        """Return the place of the pattern that leaves out a path, or None if it stays.

        The path is relative to the file's folder, with `/`, and ends with `/` for a folder.
        """
        found = None
        for candidate in _path_and_parents(path):
            for line, pattern in self.patterns:
                if _matches(pattern.lstrip("!"), candidate):
                    found = None if pattern.startswith("!") else Place(self.path, line)
            if found:
                return found
        return found


def _path_and_parents(path: str) -> Iterator[str]:
    parents = [f"{parent}/" for parent in PurePosixPath(path).parents if str(parent) != "."]
    yield from reversed(parents)
    yield path


def _matches(pattern: str, path: str) -> bool:
    if pattern.endswith("/") and not path.endswith("/"):
        return False
    bare, path = pattern.rstrip("/"), path.rstrip("/")
    if "/" not in bare:
        return fnmatch.fnmatchcase(PurePosixPath(path).name, bare)
    return re.fullmatch(_expression(bare.lstrip("/")), path) is not None


def _expression(pattern: str) -> str:
    """Return a regular expression in which `*` stops at a slash and `**` does not."""
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", pattern)
    wild = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return "".join(wild.get(part) or re.escape(part) for part in parts)
