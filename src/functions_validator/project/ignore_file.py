"""Reads .funcignore, .gitignore and .dockerignore."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from pathspec import GitIgnoreSpec

from ..model import Place
from .text_files import Unreadable, read_text


class IgnoreFile(NamedTuple):
    """The patterns of a file, with their lines from 1; the last that matches decides."""

    path: str
    patterns: Sequence[tuple[int, str]]
    spec: GitIgnoreSpec

    @staticmethod
    def parse(path: str, text: str) -> IgnoreFile:
        """Return the patterns that can be read."""
        written, compiled = [], []
        for line, content in enumerate(text.splitlines(), start=1):
            pattern = content.strip()
            if pattern and not pattern.startswith("#"):
                try:
                    [one] = GitIgnoreSpec.from_lines(
                        [_anchored(pattern) if path == ".dockerignore" else pattern]
                    ).patterns
                except ValueError:
                    continue
                written.append((line, pattern))
                compiled.append(one)
        return IgnoreFile(path, written, GitIgnoreSpec(compiled))

    def ignored_at(self, path: str) -> Place | None:
        """Return the place of the pattern that leaves out a path, or None if it stays.

        The path is relative to the file's folder, with `/`, and ends with `/` for a folder.
        """
        # git does not look into a folder that is left out, whatever a later pattern takes back.
        for candidate in _parents_and_path(path):
            found = self.spec.check_file(candidate)
            if found.include and found.index is not None:
                return Place(self.path, self.patterns[found.index][0])
        return None


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
    parents = PurePosixPath(path).parents
    yield from (f"{parent}/" for parent in reversed(parents[:-1]))
    yield path


def _anchored(pattern: str) -> str:
    """Return a pattern of Docker, which begins at the root of the context, as git would write it."""
    sign = "!" if pattern.startswith("!") else ""
    return f"{sign}/{pattern.removeprefix('!').lstrip('/')}"
