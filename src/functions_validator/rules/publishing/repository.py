"""What the app needs and its repository lacks."""

from __future__ import annotations

import os
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from ...files.ignore_file import git_ignored_at
from ...files.repository import repository_of
from ...files.text_files import text_or_empty
from ...model import Place, Problem, Severity
from ...project.project import Project
from ...words import first_of
from ..rule import rule

# Patterns in every .gitignore for Python, which are for what a build writes, that are also names for code.
USUAL = {"downloads", "instance", "lib", "lib64", "local_settings.py", "parts", "var"}
HOST = "host.json"
# How a pattern for it begins.
FIRST = ("h", "*", "?", "[")


@rule("AF708", Severity.WARNING, "Git ignores a file that the app needs")
def ignored_files(project: Project) -> Iterator[Problem]:
    """Yield patterns of .gitignore that keep host.json or modules of the app out of its repository."""
    yield from _ignored_host(project)
    found: dict[tuple[Path, int], list[str]] = {}
    for module in project.sources.modules.values():
        if USUAL.isdisjoint(module.relative.split("/")) or module.relative in project.tracked:
            continue
        if (place := git_ignored_at(project.root / module.relative)) and _is_usual(*place):
            found.setdefault(place, []).append(module.relative)
    for (file, line), paths in found.items():
        message = (
            f"Git ignores {first_of(paths)}, which the app imports, so it is only on your machine."
        )
        fix = f"Delete this pattern, or write {_taking_back(project, file, paths[0])} below it."
        yield Problem(_place(project, file, line), message, fix)


def _ignored_host(project: Project) -> Iterator[Problem]:
    folders = {project.root, repository_of(project.root)}
    files = [folder / ".gitignore" for folder in folders]
    if not any(
        file.is_file() and _may_ignore_host(text_or_empty(file, "replace")) for file in files
    ):
        return  # Reading the patterns as git does is slower.
    place = git_ignored_at(project.root / HOST)
    if place and (project.root / HOST).is_file() and HOST not in project.tracked:
        message = "Git ignores host.json, without which the host does not start."
        fix = f"Write !/{_pattern_of(project, place[0], HOST)} below this pattern."
        yield Problem(_place(project, *place), message, fix)


def _may_ignore_host(text: str) -> bool:
    """Whether the last part of a pattern in the text of a .gitignore is the name of host.json, or stands for it."""
    lines = (line.strip() for line in text.splitlines())
    names = (line.rstrip("/").rpartition("/")[2] for line in lines if line[:1] not in ("!", "#"))
    return any(name[:1] in FIRST and fnmatchcase(HOST, name) for name in names)


def _place(project: Project, file: Path, line: int) -> Place:
    return Place(os.path.relpath(file, project.root).replace(os.sep, "/"), line)


def _pattern_of(project: Project, file: Path, path: str) -> str:
    """Return a path of the app as a .gitignore has it."""
    return (project.root / path).relative_to(file.parent).as_posix()


def _taking_back(project: Project, file: Path, path: str) -> str:
    """Return the pattern that has git take the file or its folder."""
    parts = _pattern_of(project, file, path).split("/")
    count = next(number for number, part in enumerate(parts, start=1) if part in USUAL)
    return f"!/{'/'.join(parts[:count])}{'' if count == len(parts) else '/'}"


def _is_usual(file: Path, line: int) -> bool:
    pattern = text_or_empty(file, "replace").splitlines()[line - 1]
    return pattern.strip().strip("/") in USUAL


RULES = (ignored_files,)
