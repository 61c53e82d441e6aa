"""Imports that no requirement provides."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from pathlib import Path, PurePosixPath

from ...files.letter_case import written_otherwise
from ...model import Problem, Severity
from ...packages.distributions import (
    DROPPED,
    MODULES,
    USUAL_OWN,
    installed_with,
    is_known,
    is_package,
    providers,
)
from ...packages.requirements import PYPROJECT, of_pyproject
from ...packages.versions import allows, at_least
from ...project.other_installs import installed_otherwise
from ...project.project import Project
from ...project.pythons import python_of
from ...project.shadowed import LIBRARY
from ...sources.imports import Import
from ...sources.search_path import added_folders, files_of
from ...typos import similar_name
from ..rule import rule
from .misplaced_modules import may_be_installed
from .moved_names import moved_attributes, moved_imports

# The modules of the standard library, in any version of Python.
STANDARD = sys.stdlib_module_names | {
    name.partition(".")[0] for names in (LIBRARY["added"], LIBRARY["removed"]) for name in names
}
# The worker provides it if the requirements do not; AF401 is about that.
OF_THE_WORKER = "azure.functions."
# Packages that several distributions share.
NAMESPACES = (
    "azure",
    "azure.ai",
    "azure.cognitiveservices",
    "azure.mgmt",
    "azure.monitor",
    "azure.storage",
    "azurefunctions",
    "google",
    "google.cloud",
    "opentelemetry",
)
# The first parts of names that many distributions share, with how many parts a module and its distribution likely share.
SHARED = {"azure": 3, "azurefunctions": 4, "google": 3, "opentelemetry": 3}
# How alike a name is to a module of Python that the app uses elsewhere, if that is meant.
LIKE_ONE_IN_USE = 0.7
# Requirements whose newer versions do not have a module.
LAST_WITH = {"pkg_resources": "setuptools<82"}


@rule("AF411", Severity.ERROR, "An imported package is not in the requirements")
def missing_requirements(project: Project) -> Iterator[Problem]:
    """Yield imports at the top of modules that no requirement provides."""
    found = chain(_missing(project), moved_imports(project))
    return (problem for imported, problem in found if not imported.deferred)


@rule("AF412", Severity.WARNING, "A package imported inside a function is not in the requirements")
def missing_later(project: Project) -> Iterator[Problem]:
    """Yield imports inside functions that no requirement provides."""
    for imported, problem in chain(_missing(project), moved_imports(project)):
        if imported.deferred:
            yield problem
    yield from moved_attributes(project)


def _missing(project: Project) -> Iterator[tuple[Import, Problem]]:
    """Yield imports that no requirement provides; if a requirement is all that is missing, the first of them."""
    added: set[str] = set()
    for imported, wanted in sorted(_unexplained(project), key=lambda found: found[0].deferred):
        fix, addition = _fix(project, imported.name, wanted), _addition(project, wanted)
        if fix == addition and wanted in added:
            continue
        added.add(wanted)
        yield imported, Problem(imported.place, f"No requirement provides {imported.name}.", fix)


def _fix(project: Project, name: str, wanted: str) -> str:
    top = name.partition(".")[0]
    own = _beside_entry(project)
    if similar := _own_meant(name, own):
        return f"Write {similar}: letter case matters in Azure."
    hyphenated = top.replace("_", "-")
    if hyphenated != top and hyphenated in own:
        return f"Rename {hyphenated} to {top}, since the name of a module has no hyphen."
    if top in USUAL_OWN:
        return f"Add the module {top} to the app, beside {project.entry}."
    if library := _library_meant(name, project.requirements.keys):
        return f"Write {library} instead."
    if not is_known(wanted) and (places := project.repository_modules.get(top)):
        module = PurePosixPath(places[0])
        moved = module if module.stem == top else module.parent
        return f"Move {moved} beside {project.entry}, or require it as a package."
    standard = _standard(project, name)
    wanted = LAST_WITH.get(top, wanted)
    if standard:
        return f"Write {standard}, or add {wanted} to the requirements."
    return _addition(project, wanted)


def _addition(project: Project, wanted: str) -> str:
    """Return how to require a distribution."""
    source, pyproject = project.requirements.source, project.pyproject
    if source == PYPROJECT or pyproject is None or not of_pyproject(pyproject).get(wanted):
        return f"Add {wanted} to the requirements."
    why = f"{PYPROJECT} lists {wanted}, but Azure installs {source}"
    return f"Write {source} again, or add {wanted} to it: {why}."


@lru_cache(maxsize=1)
def _beside_entry(project: Project) -> set[str]:
    """Return the names of the modules and packages beside the entry point."""
    return {
        path.partition("/")[0].removesuffix(".py") for path in project.files if path.endswith(".py")
    }


def _own_meant(name: str, own: Collection[str]) -> str | None:
    """Return the app's own module that an import means in another letter case, unless a well-known package has the name."""
    top = name.partition(".")[0]
    return None if top in SHARED or is_package(name, ()) else written_otherwise(top, own)


def _library_meant(name: str, asked: Collection[str]) -> str | None:
    """Return the module of a required library whose name an import of Azure shortens: `azure.blob`."""
    first, _, rest = name.partition(".")
    service, _, below = rest.partition(".")
    is_namespace = f"{first}.{service}" in NAMESPACES
    if first != "azure" or is_namespace or any(map(is_known, providers(name))):
        return None
    meant = [key for key in asked if key.startswith("azure-") and key.endswith(f"-{service}")]
    if len(meant) != 1 or meant == [f"azure-{service}"]:
        return None
    named = (module for module, names in MODULES.items() if meant[0] in names)
    library = next(named, meant[0].replace("-", "."))
    return f"{library}.{below}" if below else library


def _standard(project: Project, name: str) -> str | None:
    """Return the module of Python that is meant, the more likely if the app imports it elsewhere."""
    if is_package(name, ()):
        return None
    top, dot, below = name.partition(".")
    used = similar_name(top, _standard_in_use(project), LIKE_ONE_IN_USE)
    similar = used or similar_name(top, STANDARD - LIBRARY["removed"].keys())
    return similar and similar + dot + below


@lru_cache(maxsize=1)
def _standard_in_use(project: Project) -> set[str]:
    """Return the modules of Python that the app imports."""
    return {found.name for found in project.sources.imports if found.name in STANDARD}


def _unexplained(project: Project) -> Iterator[tuple[Import, str]]:
    """Yield imports that nothing in the app or its deployment can provide, each with the distribution to add."""
    found = [one for one in _not_required(project) if not _may_be_copied(project, *one)]
    source = project.requirements.source
    others = installed_otherwise(project.root, source) if found else None
    if others is None or (others.is_complete and not others.names):
        yield from found
        return
    closures = [installed_with(name) for name in others.names]
    provided = others.names.union(*(closure for closure in closures if closure))
    is_known_all = others.is_complete and None not in closures
    beside = _beside_entry(project)
    for imported, wanted in found:
        is_sure = is_known_all or bool(_own_meant(imported.name, beside))
        if is_sure and provided.isdisjoint(_needed(imported)):
            yield imported, wanted


def _may_be_copied(project: Project, imported: Import, wanted: str) -> bool:
    """Whether a module is in another folder of the repository, from which something may bring it to the app."""
    if is_known(wanted):
        return False
    places = project.repository_modules.get(imported.top, ())
    return bool(places) and may_be_installed(project, imported, places)


def _not_required(project: Project) -> Iterator[tuple[Import, str]]:
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
    beside = _beside_entry(project)
    added = [Path(one.folder) for one in added_folders(project.sources)]
    seen: set[str] = set()
    for module in project.sources.modules.values():
        for imported in _from_packages(module.imports):
            if _needs_no_requirement(project, imported, own, added):
                continue
            top = imported.top
            needed = _needed(imported)
            wanted = _suggestion(imported.name)
            key = f"{module.relative} {wanted}"
            is_sure = all_known or bool(_own_meant(imported.name, beside))
            if key in seen or not _is_missing(needed, top, asked, provided, is_sure):
                continue
            seen.add(key)
            yield imported, wanted


def _needs_no_requirement(
    project: Project, imported: Import, own: Collection[str], added: Sequence[Path]
) -> bool:
    """Whether something other than a requirement gives the app a module, or another rule reports it.

    `own` has the names of the app's files and folders, `added` the folders that it adds to sys.path.
    """
    top = imported.top
    if imported.guarded or not top or top in STANDARD or top.startswith("_"):
        return True
    if f"{imported.name}.".startswith(OF_THE_WORKER):
        return True
    if (top in own and top != "azure") or project.is_own(imported.name):
        return True
    # A folder azure without __init__.py adds its modules to those of the libraries.
    if project.sources.imported(imported):
        return True
    if top in project.own_elsewhere:
        return True  # AF417 reports it.
    return any(any(files_of(folder, top)) for folder in added)  # AF419 reports it.


def _from_packages(imports: Iterable[Import]) -> Iterator[Import]:
    """Yield imports; one from a namespace becomes an import of each package in it."""
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
        is_old = requirement and not allows(requirement.versions, dropped["from"])
        runs_old = python and not at_least(python, dropped["python"])
        if is_old or runs_old or (requirement and requirement.url):
            yield name


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
    needed: list[str], top: str, asked: set[str], provided: set[str], is_sure: bool
) -> bool:
    if not asked.isdisjoint(needed) or not provided.isdisjoint(needed):
        return False
    if not is_sure or any(map(is_known, needed)):
        return is_sure
    words = {word for name in asked for word in name.split("-")}
    if top == "azure":
        # The libraries of services are named like their modules; the others are not all known.
        return not any(_shares_service(name, needed) for name in asked)
    return top.lower().replace("_", "-") not in asked and not words & set(top.lower().split("_"))


def _shares_service(name: str, needed: list[str]) -> bool:
    """Whether a distribution of Azure is of the same service as one that is needed."""
    first = name.split("-")[:2]
    if name == "azure-functions" or len(first) < 2:
        return False
    return any(other.split("-")[:2] == first for other in needed)


RULES = (missing_requirements, missing_later)
