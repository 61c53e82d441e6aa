"""Modules of the app that are not where Python looks for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from ...model import Problem, Severity
from ...packages.distributions import MODULES, is_known, provided_by, providers
from ...pattern import Pattern
from ...project.project import Project
from ...sources.elsewhere import is_own_folder
from ...sources.imports import Import
from ..rule import rule


@rule("AF417", Severity.ERROR, "A module of the app is not where Python looks for it")
def module_elsewhere(project: Project) -> Iterator[Problem]:
    """Yield imports of modules that the project has, but not beside the entry point."""
    seen: set[tuple[str, str]] = set()
    loaded = set(project.index.modules) if project.index else set()
    imports_all = project.is_indexed
    for imported in project.sources.imports:
        top = imported.top
        key = (imported.place.path, top)
        places = project.own_elsewhere.get(top, ())
        if not places or key in seen or imported.guarded or _may_come(project, imported, places):
            continue
        if imports_all and not imported.deferred and loaded.isdisjoint(places):
            continue  # A package that is installed there has this name.
        seen.add(key)
        yield Problem(imported.place, *_elsewhere(project, imported, places))


def _elsewhere(project: Project, imported: Import, places: Sequence[str]) -> tuple[str, str]:
    top, _, rest = imported.name.partition(".")
    if is_own_folder(project.root, top):
        message = f"{top} is the app's own folder. Python looks inside it, so it finds no module of that name."
        return message, f"Write {rest} instead." if rest else f"Import {imported.names[0]} itself."
    folder = places[0].rpartition(f"{top}")[0].rstrip("/")
    message = f"There is no module {top} beside {project.entry}: it is in {folder}/."
    fix = f"Move {top} beside {project.entry}."
    if not folder.startswith(".."):
        fix = f"{fix[:-1]}, or import {folder.replace('/', '.')}.{imported.name}."
    return message, fix


def _may_come(project: Project, imported: Import, places: Sequence[str]) -> bool:
    """Whether something installs a module, copies it, or has Python look for it where it is."""
    modules = project.sources.modules.values()
    if any("sys.path" in module.text or "addsitedir" in module.text for module in modules):
        return True
    return may_be_installed(project, imported, places)


def may_be_installed(project: Project, imported: Import, places: Sequence[str]) -> bool:
    """Whether something installs a module, copies it, or sets PYTHONPATH."""
    requirements = project.requirements
    top = imported.top
    if not requirements.source:
        return True  # What makes the list of them, such as a hook of azd, may name it.
    if "pythonpath" in project.mentioned or project.settings.has("PYTHONPATH"):
        return True
    if requirements.installs_folder or (
        requirements.source != "requirements.txt" and _is_package(project)
    ):
        return True
    provided = provided_by(requirements.all)
    if (
        top in MODULES
        or not provided.isdisjoint(providers(top))
        or any(map(is_known, providers(top)))
    ):
        return True
    words = {word for name in requirements.keys for word in name.split("-")}
    if words & set(top.lower().split("_")):
        return True
    return _is_copied(project, top, places)


def _is_package(project: Project) -> bool:
    """Whether pip can install the project itself."""
    pyproject = project.pyproject
    has_build = pyproject is not None and pyproject.get("build-system") is not None
    return has_build or "setup.py" in project.files


INSTALLING = Pattern(r"\binstall\b.*\s(-e\s|--editable|\.)")


def _is_copied(project: Project, top: str, places: Sequence[str]) -> bool:
    """Whether an image or a script of the deployment copies a module's folder or file, or an image installs something."""
    paths = [PurePosixPath(place) for place in places]
    names = {part for path in paths for part in path.parts[:-1]} - {".."}
    names |= {path.stem for path in paths if path.stem == top}
    for instruction in (one for image in project.images for one in image.instructions):
        words = {part for path in instruction.paths for part in path.removesuffix(".py").split("/")}
        if instruction.word in ("COPY", "ADD") and names & words:
            return True
        if "PYTHONPATH" in instruction.rest or INSTALLING.search(instruction.rest):
            return True
    return project.copied.includes(names)


RULES = (module_elsewhere,)
