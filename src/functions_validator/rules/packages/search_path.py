"""Modules that are only found because the app changes sys.path."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from ...files.repository import repository_of
from ...files.text_files import Unreadable, read_text
from ...model import Problem, Severity
from ...project.project import Project
from ...sources.search_path import added_folders, files_of
from ..rule import rule
from .misplaced_modules import may_be_installed


@rule("AF419", Severity.ERROR, "A module is in a folder that is not published")
def above_the_app(project: Project) -> Iterator[Problem]:
    """Yield folders above the app that it adds to sys.path, and imports modules from."""
    for added in added_folders(project.sources):
        folder = Path(added.folder)
        if folder.is_relative_to(project.root) or _is_in_image(project, folder):
            continue
        names = list(dict.fromkeys(_imported_from(project, folder)))
        if names:
            modules = " and ".join(names)
            verb, them = (
                ("is", "it as a package") if len(names) == 1 else ("are", "them as packages")
            )
            where = _seen_from(project.root, folder)
            message = f"{modules} {verb} in {where}, which is not published with the app."
            fix = f"Move {modules} beside {project.entry}, or install {them}."
            yield Problem(added.place, message, fix)


def _imported_from(project: Project, folder: Path) -> Iterator[str]:
    """Yield the modules that the app imports, and only a folder has."""
    sources = project.sources
    guarded = {(one.top, one.deferred) for one in sources.imports if one.guarded}
    for imported in sources.imports:
        top = imported.top
        if not top or top in sys.stdlib_module_names or sources.is_local(top):
            continue
        # What a function guards says nothing about an import at the top.
        if imported.guarded or not guarded.isdisjoint({(top, False), (top, imported.deferred)}):
            continue
        files = list(files_of(folder, top))
        if files and not may_be_installed(project, imported, files):
            yield top


def _seen_from(root: Path, folder: Path) -> str:
    """Return the path from the app to a folder, or the folder itself on another drive of Windows."""
    try:
        return os.path.relpath(folder, root).replace(os.sep, "/")
    except ValueError:
        return str(folder)


def _is_in_image(project: Project, folder: Path) -> bool:
    """Whether a Dockerfile above the app, whose context may have the folder, copies it."""
    repository = repository_of(project.root)
    above: Sequence[Path] = [p for p in project.root.parents if p.is_relative_to(repository)]
    for file in (file for one in (project.root, *above) for file in one.glob("*Dockerfile*")):
        try:
            if folder.name in read_text(file) or folder in above:
                return True
        except Unreadable:
            return True
    return False


RULES = (above_the_app,)
