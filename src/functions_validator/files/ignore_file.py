"""Reads .funcignore and .gitignore."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..model import Place
from ..pattern import Pattern
from .text_files import Unreadable, read_text

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

# What stands for other characters, and what is between the names of a path.
WILD = str.maketrans("*?/!", "    ")
# A pattern for files and folders of a name, wherever they are; with a slash at its end, for folders only. `*` is for all.
NAME = Pattern(r"(?!\*+/?$)(?:[\w.*?~$-]|\[\w+\])+/?")


class Decision(NamedTuple):
    """The line of the pattern that decides on a path, and whether it leaves it out or takes it back."""

    line: int
    leaves_out: bool


class IgnorePattern(NamedTuple):
    """A pattern, its line, and a part that is in each path that it matches; empty if there is none, or none is known."""

    line: int
    text: str
    part: str

    @property
    def is_name(self) -> bool:
        """Whether it is for files and folders of a name: most are."""
        return NAME.fullmatch(self.text) is not None

    def has_name(self, path: str) -> bool:
        """Whether this pattern for a name matches a file or a folder at the top; ask only if `is_name`."""
        if self.text.endswith("/"):
            return fnmatchcase(path, self.text)
        return fnmatchcase(path.removesuffix("/"), self.text)


class IgnoreFile:
    """The patterns of a file; the last that matches decides."""

    def __init__(self, path: str, written: Sequence[IgnorePattern]) -> None:
        self.path, self._written = path, written
        self._decisions_on_folders: dict[str, Decision | None] = {}

    @staticmethod
    @lru_cache(maxsize=64)
    def parse(path: str, text: str) -> IgnoreFile:
        """Return the patterns of a text; each text is read only once, since that is slow."""
        # For git, a space at the beginning is a part of the name.
        is_of_git = path.endswith(".gitignore")
        lines = (
            (line, content.strip())
            for line, content in enumerate(text.splitlines(), start=1)
            if not (is_of_git and content[:1].isspace())
        )
        kept = [(line, content) for line, content in lines if content and content[0] != "#"]
        return IgnoreFile(path, [IgnorePattern(*one, fixed_part(one[1])) for one in kept])

    @property
    def patterns(self) -> Sequence[tuple[int, str]]:
        """Return the patterns that can be read, with their lines from 1."""
        return [
            (one.line, one.text)
            for one in self._written
            if one.part or one.is_name or _compiled(one.text)
        ]

    def ignored_at(self, path: str) -> Place | None:
        """Return the place of the pattern that leaves out a path, or None if it stays.

        The path is relative to the file's folder, with `/`, and ends with `/` for a folder.
        """
        # git does not look into a folder that is left out, whatever a later pattern takes back.
        for part in _parents_and_path(path):
            decision = self.decision(part)
            if decision and decision.leaves_out:
                return Place(self.path, decision.line)
        return None

    def decision(self, path: str) -> Decision | None:
        """Return what the patterns decide on a path itself, or None if none matches it."""
        if not path.endswith("/"):
            return self._decide(path)
        if path not in self._decisions_on_folders:
            self._decisions_on_folders[path] = self._decide(path)
        return self._decisions_on_folders[path]

    def _decide(self, path: str) -> Decision | None:
        # Few patterns may match a path, and compiling one is slow.
        near = [one for one in self._written if one.part in path]
        if "/" not in path.rstrip("/") and all(one.is_name for one in near):
            # Importing pathspec is slow, too.
            names = [one for one in near if one.has_name(path)]
            return Decision(names[-1].line, leaves_out=True) if names else None
        near = [one for one in near if _compiled(one.text)]
        if not near:
            return None
        texts = (one.text for one in near)
        if path.endswith("/"):
            # A pattern for folders only is for the folder itself then. pathspec takes it for what is in the folder.
            texts = (text.rstrip("/") if text.strip("!/") else text for text in texts)
        found = _joined(tuple(texts)).check_file(path.rstrip("/"))
        if found.include is None or found.index is None:
            return None
        return Decision(near[found.index].line, found.include)


def fixed_part(pattern: str) -> str:
    """Return the longest text without wildcards in a pattern; none if it has a set or an escape."""
    if "[" in pattern or "\\" in pattern:
        return ""
    return max(pattern.translate(WILD).split(), key=len, default="")


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> GitIgnoreSpec | None:
    """Return a pattern as compiled, or None if git does not read it either."""
    # Imported here because it is slow to import, and an app can be without such files.
    from pathspec import GitIgnoreSpec

    try:
        return GitIgnoreSpec.from_lines([pattern])
    except (ValueError, re.error):
        return None


@lru_cache(maxsize=1024)
def _joined(patterns: Sequence[str]) -> GitIgnoreSpec:
    """Return patterns that can be read as one, whose last match decides."""
    from pathspec import GitIgnoreSpec

    specs = [spec for one in patterns if (spec := _compiled(one))]
    return GitIgnoreSpec(pattern for spec in specs for pattern in spec.patterns)


def git_ignores(path: Path) -> bool | None:
    """Whether a .gitignore leaves out a file, even one that git tracks; None if there is none, nor a repository."""
    files, is_repository = _git_ignore_files(path)
    try:
        if _left_out_at(files, path):
            return True
    except Unreadable:
        return True
    return False if files or is_repository else None


def git_ignored_at(path: Path) -> tuple[Path, int] | None:
    """Return the .gitignore with the pattern that leaves out a file, and its line; None outside of a repository."""
    files, is_repository = _git_ignore_files(path)
    try:
        return _left_out_at(files, path) if is_repository else None
    except Unreadable:
        return None


def _git_ignore_files(path: Path) -> tuple[Sequence[Path], bool]:
    """Return each .gitignore that holds for a file, the nearest first, and whether they are in a repository."""
    files = []
    for folder in path.parents:
        if (own := folder / ".gitignore").is_file():
            files.append(own)
        if (folder / ".git").exists():
            return files, True
    return files, False


def _left_out_at(files: Sequence[Path], path: Path) -> tuple[Path, int] | None:
    """Return the file and the line that leave out a path, or a folder that it is in. Raises Unreadable.

    For the path and for each folder above it, the nearest file with a pattern that matches it decides.
    """
    if not files:
        return None
    top = files[-1].parent
    for part in _parents_and_path(path.relative_to(top).as_posix()):
        for file in files:
            folder = file.parent.relative_to(top).as_posix()
            prefix = "" if folder == "." else f"{folder}/"
            if part == prefix or not part.startswith(prefix):
                continue
            patterns = IgnoreFile.parse(file.name, read_text(file))
            if decision := patterns.decision(part[len(prefix) :]):
                if decision.leaves_out:
                    return file, decision.line
                break
    return None


def _parents_and_path(path: str) -> Iterator[str]:
    folders = path.rstrip("/").split("/")[:-1]
    yield from (f"{'/'.join(folders[:count])}/" for count in range(1, len(folders) + 1))
    yield path
