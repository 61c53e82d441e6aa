"""Imports that no requirement brings, and modules that hide others."""

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
# The modules of every Python's own library.
STANDARD = sys.stdlib_module_names | {
    name.partition(".")[0] for names in (LIBRARY["added"], LIBRARY["removed"]) for name in names
}
DURABLE = {"activitytrigger", "durableclient", "entitytrigger", "orchestrationtrigger"}


@rule("AF411", Severity.ERROR, "No requirement brings an import")
def missing_requirements(project: Project) -> Iterator[Problem]:
    """Azure installs what requirements.txt asks for, and nothing else that lies on your machine. Without the
    package, importing the app fails there, and the host shows no function at all.

    Add the package to requirements.txt.
    """
    for imported, name in _unexplained(project):
        if not imported.deferred:
            yield _missing(imported, name)


@rule("AF412", Severity.WARNING, "No requirement brings an import inside of a function")
def missing_later(project: Project) -> Iterator[Problem]:
    """Azure installs what requirements.txt asks for, and nothing else that lies on your machine. Without the
    package, the function fails when it comes to the import.

    Add the package to requirements.txt.
    """
    for imported, name in _unexplained(project):
        if imported.deferred:
            yield _missing(imported, name)


def _missing(imported: Import, name: str) -> Problem:
    message = f"No requirement brings {imported.name}."
    return Problem(imported.place, message, f"Add {name} to the requirements.")


def _unexplained(project: Project) -> Iterator[tuple[Import, str]]:
    """Yield the imports that certainly nothing brings, with what would."""
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
            if (top in own and top != "azure") or project.sources.is_local(imported.name):
                continue
            needed = _needed(imported)
            key = f"{module.relative} {needed[0]}"
            if key in seen or not _is_missing(needed, top, asked, brought, all_known):
                continue
            seen.add(key)
            yield imported, _suggestion(imported.name)


def _needed(imported: Import) -> list[str]:
    """Return the distributions of which one must be there, the likeliest first."""
    found = [name for part in imported.names for name in providers(f"{imported.name}.{part}")]
    return list(dict.fromkeys([*providers(imported.name), *found]))


def _suggestion(module: str) -> str:
    """Return the distribution that most likely has a module."""
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
        # The services' libraries are named as their modules; what brings the others, who knows.
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


@rule("AF413", Severity.ERROR, "A module hides one of Python or of Azure")
def shadows(project: Project) -> Iterator[Problem]:
    """The app's folder comes first where Python looks for modules. A file `logging.py` or a package
    `azure` beside `function_app.py` is then taken for the one of Python or of the Azure libraries, or the other
    way round.

    Give it another name.
    """
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
            message = f"{parts[0]} hides the module {name} of {whose}."
            yield Problem(Place(path), message, "Rename it.")


@rule("AF414", Severity.ERROR, "A module of the app hides a package that it requires")
def hides_package(project: Project) -> Iterator[Problem]:
    """The app's folder comes first where Python looks for modules: with a file `openai.py` beside
    `function_app.py`, `import openai` imports this file, also in the file itself.

    Give the file another name.
    """
    imported = {found.name.partition(".")[0] for found in project.sources.imports}
    failure = project.index.failure if project.index else None
    told = {place.path for place in failure.places} if failure else set()
    for requirement in project.requirements.all:
        module = module_of(requirement.key)
        path = f"{module}.py"
        if module in imported and path in project.files and path not in told | {project.entry}:
            message = f"{path} hides the package {requirement.name}."
            yield Problem(Place(path), message, "Give the file another name.")


@rule("AF415", Severity.ERROR, "Durable functions need azure-functions-durable")
def durable_library(project: Project) -> Iterator[Problem]:
    """The decorators of orchestrations, activities, entities and durable clients import
    azure.durable_functions, which azure-functions does not bring. Without it, importing the app fails, and
    the host shows no function at all.

    Add `azure-functions-durable` to the requirements.
    """
    requirements = project.requirements
    if not requirements.is_complete or not requirements.all:
        return
    if any(_may_bring_durable(key) for key in requirements.keys):
        return
    if any(found.name.startswith("azure.durable") for found in project.sources.imports):
        return  # The import itself has no requirement.
    for function in project.functions:
        types = [binding.type.lower() for binding in function.bindings]
        if function.certain and DURABLE & set(types):
            message = f"{function.label} is durable, but no requirement is azure-functions-durable."
            yield Problem(function.place, message, "Add azure-functions-durable.")
            return


def _may_bring_durable(key: str) -> bool:
    return any(word in key for word in ("durable", "agent", "azurefunctions"))


@rule("AF416", Severity.ERROR, "A requirement hides the module uuid of Python")
def old_uuid(project: Project) -> Iterator[Problem]:
    """`uuid` on PyPI is for Python 2, and has the name of a module that is a part of Python. In Azure the
    app's packages come first: importing uuid, as most libraries do, fails with a SyntaxError, though it
    works on your machine.

    Delete the line: the module is there without it.
    """
    requirement = project.requirements.get("uuid")
    if requirement and not requirement.is_conditional:
        message = "The requirement uuid is for Python 2, and hides the module of Python."
        yield Problem(requirement.place, message, "Delete the line.")


RULES = (missing_requirements, missing_later, shadows, hides_package, durable_library, old_uuid)
