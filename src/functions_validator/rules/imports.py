"""Imports that no requirement provides, and modules that hide others."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath

from ..model import Place, Problem, Severity
from ..pattern import Pattern
from ..project.distributions import (
    DROPPED,
    MODULES,
    USUAL_OWN,
    installed_with,
    is_known,
    module_of,
    provided_by,
    providers,
)
from ..project.elsewhere import is_own_folder
from ..project.letter_case import written_otherwise
from ..project.project import Project
from ..project.python_source import Import
from ..project.pythons import python_of
from ..project.search_path import added_folders, files_of
from ..project.shadowed import LIBRARY, shadowed
from ..project.typos import meant
from ..project.versions import Versions, at_least, canonical
from .rule import rule

# The modules of the standard library, in any version of Python.
STANDARD = sys.stdlib_module_names | {
    name.partition(".")[0] for names in (LIBRARY["added"], LIBRARY["removed"]) for name in names
}
# The worker provides it if the requirements do not; AF401 is about that.
OF_THE_WORKER = "azure.functions."
# What packages of several distributions are in.
NAMESPACES = ("azure", "azure.storage", "azurefunctions", "google", "google.cloud", "opentelemetry")
# The first names that many distributions share, with how many names a distribution most likely has in common with them.
SHARED = {"azure": 3, "azurefunctions": 4, "google": 3, "opentelemetry": 3}
# How alike a name is to that of a module of Python which the app uses elsewhere.
LIKE_ONE_IN_USE = 0.7
DURABLE = {"activitytrigger", "durableclient", "entitytrigger", "orchestrationtrigger"}


@rule("AF411", Severity.ERROR, "An imported package is not in the requirements")
def missing_requirements(project: Project) -> Iterator[Problem]:
    """Yield imports at the top of modules that no requirement provides."""
    return (problem for imported, problem in _missing(project) if not imported.deferred)


@rule("AF412", Severity.WARNING, "A package imported inside a function is not in the requirements")
def missing_later(project: Project) -> Iterator[Problem]:
    """Yield imports inside functions that no requirement provides."""
    return (problem for imported, problem in _missing(project) if imported.deferred)


def _missing(project: Project) -> Iterator[tuple[Import, Problem]]:
    """Yield imports that no requirement provides; if a requirement is all that is missing, the first of them."""
    added: set[str] = set()
    for imported, wanted in sorted(_unexplained(project), key=lambda found: found[0].deferred):
        fix, addition = _fix(project, imported.name, wanted), f"Add {wanted} to the requirements."
        if fix == addition and wanted in added:
            continue
        added.add(wanted)
        yield imported, Problem(imported.place, f"No requirement provides {imported.name}.", fix)


def _fix(project: Project, name: str, wanted: str) -> str:
    top = name.partition(".")[0]
    own = {
        path.partition("/")[0].removesuffix(".py") for path in project.files if path.endswith(".py")
    }
    if similar := written_otherwise(top, own):
        return f"Write {similar}: letter case matters in Azure."
    if top in USUAL_OWN:
        return f"Add the module {top} to the app, beside {project.entry}."
    standard = _standard(project, name)
    return f"{f'Write {standard}, or add' if standard else 'Add'} {wanted} to the requirements."


def _standard(project: Project, name: str) -> str | None:
    """Return the module of Python that is meant, the more likely if the app imports it elsewhere."""
    if name in MODULES or installed_with(name) is not None:
        return None
    used = {found.name for found in project.sources.imports if found.name in STANDARD}
    return meant(name, used, LIKE_ONE_IN_USE) or meant(name, STANDARD - LIBRARY["removed"].keys())


def _unexplained(project: Project) -> Iterator[tuple[Import, str]]:
    """Yield imports that no requirement can provide, each with the distribution to add."""
    requirements = project.requirements
    if not requirements.is_complete or not requirements.source:
        return
    asked = requirements.keys
    old = set(_old(project))
    closures = [installed_with(one.key, old, one.extras) for one in requirements.all]
    provided = set().union(*(closure for closure in closures if closure))
    all_known = None not in closures
    own = {part for path in project.files for part in os.path.splitext(path)[0].split("/")}
    added = [Path(one.folder) for one in added_folders(project.sources)]
    seen: set[str] = set()
    for module in project.sources.modules.values():
        for imported in _from_packages(module.imports):
            top = imported.name.partition(".")[0]
            if imported.guarded or not top or top in STANDARD or top.startswith("_"):
                continue
            if f"{imported.name}.".startswith(OF_THE_WORKER):
                continue
            if (top in own and top != "azure") or project.is_own(imported.name):
                continue
            if top in project.own_elsewhere:
                continue  # AF417 reports it.
            if any(any(files_of(folder, top)) for folder in added):
                continue  # AF419 reports it.
            needed = _needed(imported)
            wanted = _suggestion(imported.name)
            key = f"{module.relative} {wanted}"
            if key in seen or not _is_missing(needed, top, asked, provided, all_known):
                continue
            seen.add(key)
            yield imported, wanted


def _from_packages(imports: Iterable[Import]) -> Iterator[Import]:
    """Yield imports, of each package by itself where they are from a namespace, which is no package."""
    for imported in imports:
        if imported.name in NAMESPACES:
            for name in imported.names:
                yield imported._replace(name=f"{imported.name}.{name}", names=())
        else:
            yield imported


def _old(project: Project) -> Iterator[str]:
    """Yield the distributions of which an older version is installed, which installs more."""
    python = python_of(project)
    for name, dropped in DROPPED.items():
        requirement = project.requirements.get(name)
        is_old = requirement and not _allows(requirement.versions, dropped["from"])
        runs_old = python and not at_least(python, dropped["python"])
        if is_old or runs_old or (requirement and requirement.url):
            yield name


def _allows(versions: Versions, least: str) -> bool:
    """Whether versions may be the one that is given, or newer."""
    pins = [version for sign, version in versions.conditions if sign in ("==", "===")]
    if pins:
        return all(at_least(pin.removesuffix(".*"), least) for pin in pins)
    major, _, _ = least.partition(".")
    return any(
        versions.contains(f"{major}.{minor}.{patch}") for minor in range(20) for patch in (0, 9)
    )


def _needed(imported: Import) -> list[str]:
    """Return the distributions that may provide an import, the most likely first."""
    found = [name for part in imported.names for name in providers(f"{imported.name}.{part}")]
    return list(dict.fromkeys([*providers(imported.name), *found]))


def _suggestion(module: str) -> str:
    """Return the distribution that most likely provides a module."""
    parts = module.removesuffix(".aio").split(".")
    if parts[0] not in SHARED:
        return providers(module if parts[0] in MODULES else parts[0])[0]
    for length in range(len(parts), 1, -1):
        [name, *_] = providers(".".join(parts[:length]))
        if is_known(name):
            return name
    return providers(".".join(parts[: SHARED[parts[0]]]))[0]


def _is_missing(
    needed: list[str], top: str, asked: set[str], provided: set[str], all_known: bool
) -> bool:
    if not asked.isdisjoint(needed) or not provided.isdisjoint(needed):
        return False
    words = {word for name in asked for word in name.split("-")}
    if top == "azure":
        # The libraries of services are named like their modules; the others are not all known.
        return all_known and not any(_shares_service(name, needed) for name in asked)
    if top.lower().replace("_", "-") in asked or words & set(top.lower().split("_")):
        return False
    return all_known


def _shares_service(name: str, needed: list[str]) -> bool:
    """Whether a distribution of Azure is of the same service as one that is needed."""
    first = name.split("-")[:2]
    if name == "azure-functions" or len(first) < 2:
        return False
    return any(other.split("-")[:2] == first for other in needed)


@rule("AF413", Severity.ERROR, "A module has the same name as one of Python's or Azure's")
def shadows(project: Project) -> Iterator[Problem]:
    """Yield modules that have the same name as one of Python or of the Azure libraries."""
    if project.sources.entry is None:
        return
    for name, path in shadowed(project).items():
        own = path.partition("/")[0]
        whose = "the Azure libraries" if name == "azure" else "Python"
        other = f"the module {name} of {whose}"
        message = f"{own} has the same name as {other}, and only one can be imported."
        yield Problem(Place(path), message, f"Rename {own}.")


@rule("AF414", Severity.ERROR, "A module has the same name as a required package")
def hides_package(project: Project) -> Iterator[Problem]:
    """Yield modules that have the same name as one that a requirement provides."""
    imported = {found.name.partition(".")[0] for found in project.sources.imports}
    failure = project.index.failure if project.index else None
    reported = {place.path for place in failure.places} if failure else set()
    for requirement in project.requirements.all:
        module = module_of(requirement.key)
        if failure and failure.hidden_by and canonical(failure.hidden_by) == requirement.key:
            module = failure.name.partition(".")[0]
        for path in (f"{module}.py", f"{module}/__init__.py"):
            is_reported = path in reported | {project.entry}
            if module in imported and path in project.files and not is_reported:
                name = path.removesuffix("/__init__.py")
                message = (
                    f"{name} and the package {requirement.name} have the same module name, "
                    "and only one can be imported."
                )
                yield Problem(Place(path), message, f"Rename {name}.")


@rule("AF415", Severity.ERROR, "Durable functions need azure-functions-durable")
def durable_library(project: Project) -> Iterator[Problem]:
    """Yield the first durable function of an app without azure-functions-durable."""
    requirements = project.requirements
    if not requirements.is_complete or not requirements.all:
        return
    if any(_may_install_durable(key) for key in requirements.keys):
        return
    if any(found.name.startswith("azure.durable") for found in project.sources.imports):
        return  # AF411 and AF412 report the import.
    for function in project.functions:
        types = [binding.type.lower() for binding in function.bindings]
        if function.certain and DURABLE & set(types):
            message = (
                f"{function.label} is durable, but the requirements lack azure-functions-durable."
            )
            fix = "Add azure-functions-durable to the requirements."
            yield Problem(function.place, message, fix)
            return


def _may_install_durable(key: str) -> bool:
    return any(word in key for word in ("durable", "agent", "azurefunctions"))


# Distributions for Python 2, with the module of Python that they hide.
FOR_PYTHON_2 = {"enum34": "enum", "logging": "logging", "pathlib": "pathlib", "uuid": "uuid"}


@rule("AF416", Severity.ERROR, "A requirement hides a module of Python")
def for_python_2(project: Project) -> Iterator[Problem]:
    """Yield requirements that bring an old version of a module of Python."""
    for name, module in FOR_PYTHON_2.items():
        requirement = project.requirements.get(name)
        if requirement and not requirement.is_conditional:
            message = (
                f"The requirement {name} is for Python 2, and hides Python's own module {module}."
            )
            yield Problem(requirement.place, message, "Delete the line.")


@rule("AF417", Severity.ERROR, "A module of the app is not where Python looks for it")
def module_elsewhere(project: Project) -> Iterator[Problem]:
    """Yield imports of modules that the project has, but not beside the entry point."""
    seen: set[tuple[str, str]] = set()
    loaded = set(project.index.modules) if project.index else set()
    imports_all = project.is_indexed
    for imported in project.sources.imports:
        top = imported.name.partition(".")[0]
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
        message = f"{top} is the app's own folder, in which Python looks: there is no module of this name."
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
    top = imported.name.partition(".")[0]
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
    return _is_copied(project, places)


def _is_package(project: Project) -> bool:
    """Whether pip can install the project itself."""
    pyproject = project.pyproject
    has_build = pyproject is not None and pyproject.get("build-system") is not None
    return has_build or "setup.py" in project.files


INSTALLING = Pattern(r"\binstall\b.*\s(-e\s|--editable|\.)")
COPYING = {"cp", "rsync", "xcopy", "robocopy", "copy-item", "mv", "move-item", "ln", "tar", "zip"}


def _is_copied(project: Project, places: Sequence[str]) -> bool:
    """Whether a Dockerfile or a script of the deployment mentions the folder, and copies or installs something."""
    folders = {part for place in places for part in PurePosixPath(place).parts[:-1]} - {".."}
    for instruction in project.dockerfile.instructions:
        words = {part for path in instruction.paths for part in path.split("/")}
        if instruction.word in ("COPY", "ADD") and folders & words:
            return True
        if "PYTHONPATH" in instruction.rest or INSTALLING.search(instruction.rest):
            return True
    words = project.mentioned
    copies = COPYING & words or any(word.startswith("copyfiles") for word in words)
    return bool(copies and {folder.lower() for folder in folders} & words)


RULES = (
    missing_requirements,
    missing_later,
    shadows,
    hides_package,
    durable_library,
    for_python_2,
    module_elsewhere,
)
