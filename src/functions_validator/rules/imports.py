"""Imports that no requirement provides, and modules that hide others."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import PurePosixPath

from ..data import read_table
from ..model import Place, Problem, Severity
from ..project.distributions import BY_NAME, MODULES, brought_by, module_of, providers
from ..project.project import Project
from ..project.python_source import Import
from .rule import rule

LIBRARY = read_table("standard_library")
# The modules of the standard library, in any version of Python.
STANDARD = sys.stdlib_module_names | {
    name.partition(".")[0] for names in (LIBRARY["added"], LIBRARY["removed"]) for name in names
}
# The worker provides it if the requirements do not; AF401 is about that.
OF_THE_WORKER = "azure.functions."
DURABLE = {"activitytrigger", "durableclient", "entitytrigger", "orchestrationtrigger"}


@rule("AF411", Severity.ERROR, "An imported package is not in the requirements")
def missing_requirements(project: Project) -> Iterator[Problem]:
    """Yield imports at the top of modules that no requirement provides."""
    for imported, name in _unexplained(project):
        if not imported.deferred:
            yield _missing(imported, name)


@rule("AF412", Severity.WARNING, "A package imported inside a function is not in the requirements")
def missing_later(project: Project) -> Iterator[Problem]:
    """Yield imports inside functions that no requirement provides."""
    for imported, name in _unexplained(project):
        if imported.deferred:
            yield _missing(imported, name)


def _missing(imported: Import, name: str) -> Problem:
    message = f"No requirement provides {imported.name}."
    return Problem(imported.place, message, f"Add {name} to the requirements.")


def _unexplained(project: Project) -> Iterator[tuple[Import, str]]:
    """Yield imports that no requirement can provide, each with the distribution to add."""
    requirements = project.requirements
    if not requirements.is_complete or not requirements.source:
        return
    asked = requirements.keys
    closures = [brought_by(name) for name in asked]
    brought = set().union(*(closure for closure in closures if closure))
    all_known = None not in closures
    own = {part for path in project.files for part in PurePosixPath(path).with_suffix("").parts}
    seen: set[str] = set()
    for module in project.sources.modules.values():
        for imported in module.imports:
            top = imported.name.partition(".")[0]
            if imported.guarded or not top or top in STANDARD or top.startswith("_"):
                continue
            if f"{imported.name}.".startswith(OF_THE_WORKER):
                continue
            if (top in own and top != "azure") or project.sources.is_local(imported.name):
                continue
            needed = _needed(imported)
            key = f"{module.relative} {needed[0]}"
            if key in seen or not _is_missing(needed, top, asked, brought, all_known):
                continue
            seen.add(key)
            yield imported, _suggestion(imported.name)


def _needed(imported: Import) -> list[str]:
    """Return the distributions that may provide an import, the most likely first."""
    found = [name for part in imported.names for name in providers(f"{imported.name}.{part}")]
    return list(dict.fromkeys([*providers(imported.name), *found]))


def _suggestion(module: str) -> str:
    """Return the distribution that most likely provides a module."""
    parts = module.removesuffix(".aio").split(".")
    shared = parts[0] in ("azure", "azurefunctions", "google", "opentelemetry")
    if module in MODULES or parts[0] in MODULES:
        return providers(module)[0]
    return providers(".".join(parts[:3]) if shared else parts[0])[0]


def _is_missing(
    needed: list[str], top: str, asked: set[str], brought: set[str], all_known: bool
) -> bool:
    if not asked.isdisjoint(needed) or not brought.isdisjoint(needed):
        return False
    words = {word for name in asked for word in name.split("-")}
    if top == "azure":
        # The libraries of services are named like their modules; the others are not all known.
        return not any(_shares_service(name, needed) for name in asked) and (
            all_known or not BY_NAME.isdisjoint(needed)
        )
    if top.lower().replace("_", "-") in asked or words & set(top.lower().split("_")):
        return False
    if all_known:
        return True
    return not BY_NAME.isdisjoint(needed)


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
    imported = {
        found.name.partition(".")[0]
        for module in project.sources.modules.values()
        for found in module.imports
    }
    for path in project.files:
        parts = PurePosixPath(path).parts
        is_package = len(parts) == 2 and parts[1] == "__init__.py"
        if not path.endswith(".py") or not (len(parts) == 1 or is_package):
            continue
        name = parts[0].removesuffix(".py")
        hides_standard = name in sys.stdlib_module_names and name not in LIBRARY["harmless"]
        if name == "azure" or (
            hides_standard and (name in LIBRARY["imported_everywhere"] or name in imported)
        ):
            whose = "the Azure libraries" if name == "azure" else "Python"
            other = f"the module {name} of {whose}"
            message = f"{parts[0]} has the same name as {other}, and only one can be imported."
            yield Problem(Place(path), message, f"Rename {parts[0]}.")


@rule("AF414", Severity.ERROR, "A module has the same name as a required package")
def hides_package(project: Project) -> Iterator[Problem]:
    """Yield modules that have the same name as one that a requirement provides."""
    imported = {found.name.partition(".")[0] for found in project.sources.imports}
    failure = project.index.failure if project.index else None
    reported = {place.path for place in failure.places} if failure else set()
    for requirement in project.requirements.all:
        module = module_of(requirement.key)
        path = f"{module}.py"
        if module in imported and path in project.files and path not in reported | {project.entry}:
            message = (
                f"{path} and the package {requirement.name} have the same module name, "
                "and only one can be imported."
            )
            yield Problem(Place(path), message, f"Rename {path}.")


@rule("AF415", Severity.ERROR, "Durable functions need azure-functions-durable")
def durable_library(project: Project) -> Iterator[Problem]:
    """Yield the first durable function of an app without azure-functions-durable."""
    requirements = project.requirements
    if not requirements.is_complete or not requirements.all:
        return
    if any(_may_bring_durable(key) for key in requirements.keys):
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


def _may_bring_durable(key: str) -> bool:
    return any(word in key for word in ("durable", "agent", "azurefunctions"))


@rule("AF416", Severity.ERROR, "The requirement uuid hides Python's own uuid")
def old_uuid(project: Project) -> Iterator[Problem]:
    """Yield a requirement of uuid."""
    requirement = project.requirements.get("uuid")
    if requirement and not requirement.is_conditional:
        message = "The requirement uuid is for Python 2, and hides Python's own module uuid."
        yield Problem(requirement.place, message, "Delete the line.")


RULES = (missing_requirements, missing_later, shadows, hides_package, durable_library, old_uuid)
