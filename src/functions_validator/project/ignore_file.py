"""Reads .funcignore and .gitignore."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from ..model import Place
from ..pattern import Pattern
from .text_files import Unreadable, read_text

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

# What stands for other characters in a pattern, or makes them mean themselves.
WILD = Pattern(r"[*?]+|[\[\\].*")
# What only pathspec reads: anything but names with one `*` each, such as `/docs/*.md` or `tests/`.
NOT_PLAIN = Pattern(r".*[?\[\\]|.*\*[^/]*\*|.*//|/?$")


class IgnoreFile:
    """The patterns of a file; the last that matches decides."""

    def __init__(self, path: str, written: Sequence[tuple[int, str]]) -> None:
        self.path, self._written = path, written
        self._lines_of_folders: dict[str, int | None] = {}

    @staticmethod
    def parse(path: str, text: str) -> IgnoreFile:
        """Return the patterns of a text."""
        lines = ((line, content.strip()) for line, content in enumerate(text.splitlines(), start=1))
        return IgnoreFile(path, [(n, line) for n, line in lines if line and line[0] != "#"])

    @cached_property
    def patterns(self) -> Sequence[tuple[int, str]]:
        """Return the patterns that can be read, with their lines from 1."""
        return [(line, text) for line, text in self._written if _can_be_read(text)]

    def ignored_at(self, path: str) -> Place | None:
        """Return the place of the pattern that leaves out a path, or None if it stays.

        The path is relative to the file's folder, with `/`, and ends with `/` for a folder.
        """
        # git does not look into a folder that is left out, whatever a later pattern takes back.
        *folders, last = _parents_and_path(path)
        for folder in folders:
            if folder not in self._lines_of_folders:
                self._lines_of_folders[folder] = self._line(folder)
            if line := self._lines_of_folders[folder]:
                return Place(self.path, line)
        line = self._line(last)
        return Place(self.path, line) if line else None

    @cached_property
    def _git_patterns(self) -> Sequence[tuple[int, bool, str]]:
        """Return the patterns as git reads them: their lines, whether they keep what they match, and the rest."""
        return [(n, text.startswith("!"), text.removeprefix("!")) for n, text in self._written]

    def _line(self, path: str) -> int | None:
        """Return the line of the pattern that leaves out a path itself."""
        decided, weight = None, 0
        for line, keeps, pattern in self._git_patterns:
            matched = _match(pattern, path)
            if matched is None:
                return self._line_of_spec(path)
            # A pattern that takes a folder back does not take back a file in it that another one names.
            if matched and (matched >= weight or not keeps):
                decided, weight = (None if keeps else line), matched
        return decided

    def _line_of_spec(self, path: str) -> int | None:
        found = self._spec.check_file(path)
        if not found.include or found.index is None:
            return None
        return self.patterns[found.index][0]

    @cached_property
    def _spec(self) -> GitIgnoreSpec:
        from pathspec import GitIgnoreSpec

        return GitIgnoreSpec.from_lines(text for _, text in self.patterns)


def _can_be_read(pattern: str) -> bool:
    if not NOT_PLAIN.match(pattern.removeprefix("!")):
        return True
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([pattern])
    except (ValueError, re.error):
        return False
    return True


def _match(pattern: str, path: str) -> int | None:
    """Return 2 if a pattern names a file, 1 if it names a folder, or one above the path, and 0 if it does not match.

    None if only pathspec knows.
    """
    for piece in _literals(pattern):
        if piece not in path:
            return 0
    if NOT_PLAIN.match(pattern):
        return None
    steps, parts = pattern.strip("/").split("/"), path.strip("/").split("/")
    folders = len(parts) if path.endswith("/") else len(parts) - 1
    possible = parts[:folders] if pattern.endswith("/") else parts
    if "/" in pattern.rstrip("/"):
        fits = len(steps) <= len(possible) and all(map(_is_like, steps, possible))
        last = len(steps) if fits else 0
    else:
        last = max((n for n, part in enumerate(possible, 1) if _is_like(steps[0], part)), default=0)
    return 1 if 0 < last <= folders else 2 * bool(last)


@lru_cache(maxsize=1024)
def _literals(pattern: str) -> Sequence[str]:
    """Return what each path has that a pattern matches."""
    return [piece.strip("/") for piece in WILD.compiled.split(pattern)]


def _is_like(step: str, part: str) -> bool:
    head, star, tail = step.partition("*")
    fits = len(head) + len(tail) <= len(part) and part.startswith(head) and part.endswith(tail)
    return fits if star else step == part


def git_ignores(path: Path) -> bool | None:
    """Whether a .gitignore leaves out a file, even one that git tracks; None outside of a repository."""
    is_repository = False
    for folder in path.parents:
        own = folder / ".gitignore"
        if own.is_file():
            is_repository = True
            try:
                ignored = IgnoreFile.parse(own.name, read_text(own))
            except Unreadable:
                return True
            if ignored.ignored_at(path.relative_to(folder).as_posix()):
                return True
        if (folder / ".git").exists():
            return False
    return False if is_repository else None


def _parents_and_path(path: str) -> Iterator[str]:
    folders = path.rstrip("/").split("/")[:-1]
    yield from (f"{'/'.join(folders[:count])}/" for count in range(1, len(folders) + 1))
    yield path
