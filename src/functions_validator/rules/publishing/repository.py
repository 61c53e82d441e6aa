"""What the app needs and its repository lacks."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from ...files.ignore_file import git_ignored_at
from ...model import Place, Problem, Severity
from ...project.project import Project
from ..rule import rule

# Patterns in every .gitignore for Python, which are for what a build writes, that are also names for code.
USUAL = {"downloads", "instance", "lib", "lib64", "local_settings.py", "parts", "var"}


@rule("AF708", Severity.WARNING, "Git ignores a module of the app")
def ignored_modules(project: Project) -> Iterator[Problem]:
    """Yield patterns of .gitignore that keep modules of the app out of its repository."""
    found: dict[tuple[Path, int], list[str]] = {}
    for module in project.sources.modules.values():
        # Git is seldom asked, since it takes time to read its patterns.
        if USUAL.isdisjoint(module.relative.split("/")) or module.relative in project.tracked:
            continue
        if (place := git_ignored_at(project.root / module.relative)) and _is_usual(*place):
            found.setdefault(place, []).append(module.relative)
    for (file, line), paths in found.items():
        others = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
        message = (
            f"Git ignores {paths[0]}{others}, which the app imports, so it is only on your machine."
        )
        fix = f"Delete this pattern, or write {_taking_back(project, file, paths[0])} below it."
        where = os.path.relpath(file, project.root).replace(os.sep, "/")
        yield Problem(Place(where, line), message, fix)


def _taking_back(project: Project, file: Path, path: str) -> str:
    """Return the pattern that has git take the file or its folder."""
    parts = (project.root / path).relative_to(file.parent).parts
    count = next(number for number, part in enumerate(parts, start=1) if part in USUAL)
    return f"!/{'/'.join(parts[:count])}{'' if count == len(parts) else '/'}"


def _is_usual(file: Path, line: int) -> bool:
    pattern = file.read_text("utf-8", errors="replace").splitlines()[line - 1]
    return pattern.strip().strip("/") in USUAL


RULES = (ignored_modules,)
