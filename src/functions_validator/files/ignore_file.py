"""Reads .funcignore and .gitignore."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from ..model import Place
from .text_files import Unreadable, read_text

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


class IgnoreFile:
    """The patterns of a file; the last that matches decides."""

    def __init__(self, path: str, written: Sequence[tuple[int, str]]) -> None:
        self.path, self._written = path, written
        self._lines_of_folders: dict[str, int | None] = {}

    @staticmethod
    @lru_cache(maxsize=64)
    def parse(path: str, text: str) -> IgnoreFile:
        """Return the patterns of a text; those of the same text are read once, which is slow."""
        lines = ((line, content.strip()) for line, content in enumerate(text.splitlines(), start=1))
        return IgnoreFile(path, [(n, line) for n, line in lines if line and line[0] != "#"])

    @property
    def patterns(self) -> Sequence[tuple[int, str]]:
        """Return the patterns that can be read, with their lines from 1."""
        return [(line, text) for line, text, _ in self._read]

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

    def _line(self, path: str) -> int | None:
        """Return the line of the pattern that leaves out a path itself."""
        found = self._spec.check_file(path)
        return self._read[found.index][0] if found.include and found.index is not None else None

    @cached_property
    def _read(self) -> Sequence[tuple[int, str, GitIgnoreSpec]]:
        """Return the patterns that can be read, with their lines from 1, as text and compiled."""
        # Imported here because it is slow to import, and an app can be without such files.
        from pathspec import GitIgnoreSpec

        read = []
        for line, text in self._written:
            try:
                read.append((line, text, GitIgnoreSpec.from_lines([text])))
            except (ValueError, re.error):
                continue  # git does not read it either.
        return read

    @cached_property
    def _spec(self) -> GitIgnoreSpec:
        from pathspec import GitIgnoreSpec

        return GitIgnoreSpec(pattern for _, _, spec in self._read for pattern in spec.patterns)


def git_ignores(path: Path) -> bool | None:
    """Whether a .gitignore leaves out a file, even one that git tracks; None outside of a repository."""
    files, is_repository = _git_ignore_files(path)
    try:
        if any(_ignored_at(own, path) for own in files):
            return True
    except Unreadable:
        return True
    return False if files or is_repository else None


def git_ignored_at(path: Path) -> tuple[Path, int] | None:
    """Return the .gitignore with the pattern that leaves out a file, and its line; None outside of a repository."""
    files, is_repository = _git_ignore_files(path)
    try:
        places = [(own, place.line) for own in files if (place := _ignored_at(own, path))]
    except Unreadable:
        return None
    return places[0] if places and is_repository else None


def _git_ignore_files(path: Path) -> tuple[Sequence[Path], bool]:
    """Return each .gitignore that holds for a file, the nearest first, and whether they are in a repository."""
    files = []
    for folder in path.parents:
        if (own := folder / ".gitignore").is_file():
            files.append(own)
        if (folder / ".git").exists():
            return files, True
    return files, False


def _ignored_at(ignore_file: Path, path: Path) -> Place | None:
    ignored = IgnoreFile.parse(ignore_file.name, read_text(ignore_file))
    return ignored.ignored_at(path.relative_to(ignore_file.parent).as_posix())


def _parents_and_path(path: str) -> Iterator[str]:
    folders = path.rstrip("/").split("/")[:-1]
    yield from (f"{'/'.join(folders[:count])}/" for count in range(1, len(folders) + 1))
    yield path
