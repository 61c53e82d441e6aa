"""Modules and folders of the app that have the name of a module of Python, or of the Azure libraries."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import lru_cache

from ..data import read_table
from ..packages.versions import at_least
from .project import Project
from .pythons import has_old_worker, python_of

LIBRARY = read_table("standard_library")
# Python does not list its own tests, which most installations have.
STANDARD = sys.stdlib_module_names | {"test"}
REMOVED: Mapping[str, str] = LIBRARY["removed"]


@lru_cache(maxsize=1)
def shadowed(project: Project) -> Mapping[str, str]:
    """Return the names of which only one module can be imported, with the first of the app's own files for each."""
    python = python_of(project)
    own = _own(project)
    return {name: own[name] for name in own if _is_shadowed(project, name, own[name], python)}


def _own(project: Project) -> dict[str, str]:
    """Return the first file of the app's modules, packages, and folders with modules, by their names."""
    found: dict[str, str] = {}
    for path in project.files:
        top, _, below = path.partition("/")
        if not path.endswith(".py") or "/" in below:
            continue
        if not below or below == "__init__.py":
            found[top.removesuffix(".py")] = path
        else:
            found.setdefault(top, path)
    return found


def _is_shadowed(project: Project, name: str, path: str, python: str | None) -> bool:
    is_folder = "/" in path and not path.endswith("/__init__.py")
    if name == "azure":
        return not is_folder
    is_gone = python is not None and name in REMOVED and at_least(python, REMOVED[name])
    if name not in STANDARD or is_gone:
        return False
    if name in LIBRARY["harmless"] and (python is None or has_old_worker(python)):
        return False  # The older worker looks for modules in the app's folder first.
    if is_folder:
        return _imports_from(project, name)
    is_imported = any(one.top == name for one in project.sources.imports)
    return is_imported or name in LIBRARY["imported_everywhere"]


def _imports_from(project: Project, folder: str) -> bool:
    """Whether the app imports a module of a folder: Python prefers its own module to a folder without __init__.py."""
    modules = {
        path[len(folder) + 1 : -3] for path in project.files if path.startswith(f"{folder}/")
    }
    for imported in project.sources.imports:
        if imported.guarded:
            continue
        top, _, below = imported.name.partition(".")
        names = [below.partition(".")[0]] if below else imported.names
        if top == folder and not modules.isdisjoint(names):
            return True
    return False
