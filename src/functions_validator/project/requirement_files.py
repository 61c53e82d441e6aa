"""The files in which an app lists its requirements, and their lines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from ..model import Place
from ..packages.requirements import FILE, is_elsewhere, logical_lines, named_file
from ..pattern import Pattern
from .project import Project

# A line that names a file of constraints, such as `-c constraints.txt`.
CONSTRAINTS = Pattern(rf"(?:-c|--constraint)[\s=]+{FILE}", parts=("-c",))


def constraints(project: Project) -> Iterator[tuple[Place, str]]:
    """Yield the constraints files that lines of the requirements name, with their places."""
    for place, line in requirement_lines(project):
        named = named_file(CONSTRAINTS, line.strip())
        if named is not None and not is_elsewhere(named):
            yield place, (PurePosixPath(place.path).parent / named).as_posix()


def requirement_lines(project: Project) -> Iterator[tuple[Place, str]]:
    """Yield the lines of requirements.txt and of the files that it includes, with their places."""
    for path in dict.fromkeys(["requirements.txt", *requirement_files(project)]):
        for number, line in enumerate((project.text(path) or "").splitlines(), start=1):
            yield Place(path, number), line


def whole_lines(project: Project) -> Iterator[tuple[Place, str]]:
    """Yield the same lines without comments, and those that a backslash continues as one."""
    for path in dict.fromkeys(["requirements.txt", *requirement_files(project)]):
        for number, line in logical_lines(project.text(path) or ""):
            yield Place(path, number), line


def requirement_files(project: Project) -> Iterator[str]:
    """Yield the text files that have requirements, once for each of them."""
    for requirement in project.requirements.all:
        if requirement.place.path.endswith(".txt"):
            yield requirement.place.path
