"""Why an app cannot be imported, and whether that is the app's own fault."""

from __future__ import annotations

import sys

from ..model import Place
from ..project.project import Project
from .index import Failure

# Mistakes in the code itself, which no setting would fix.
OWN_MISTAKES = ("NameError", "UnboundLocalError", "AttributeError", "TypeError")


def own_failure(project: Project) -> Failure | None:
    """Return why the app cannot be imported, if that is the app's own fault.

    It is not if a package is not installed here, if the app uses the network, which is off while it
    is indexed, or if a setting may be missing that no local file has. Then a note says so.
    """
    failure = project.index.failure if project.index else None
    if failure is None or failure.kind == "setting":
        return None
    why = _not_its_fault(project, failure)
    if why:
        project.note(f"{why}, so only the sources were checked.")
    return None if why else failure


def is_second_trigger(failure: Failure) -> bool:
    """Whether azure.functions raised the error because a function has two triggers."""
    return "trigger was already registered" in failure.message


def _not_its_fault(project: Project, failure: Failure) -> str | None:
    if failure.kind == "no-library":
        return "azure-functions is not installed for the Python that was asked"
    if failure.kind != "import" or failure.type in ("SyntaxError", "IndentationError", "TabError"):
        return None
    if failure.network:
        return "Importing the app accesses the network"
    if failure.type in ("ImportError", "ModuleNotFoundError"):
        return _missing_package(project, failure)
    if failure.raised_in == "azure.functions":
        return None
    if failure.raised_in == "a package":
        return f"Importing the app fails in a package that it uses ({failure.type})"
    if failure.type in OWN_MISTAKES and "NoneType" not in failure.message:
        return None
    has_settings = any(file.path == "local.settings.json" for file in project.settings.files)
    if has_settings:
        return None
    return f"Importing the app fails ({failure.type}), and there is no local.settings.json"


def _missing_package(project: Project, failure: Failure) -> str | None:
    name = failure.name
    if failure.type == "ModuleNotFoundError":
        if project.sources.is_local(name):
            return None
        return f'"{name}" is not installed for the Python that was asked'
    is_known = name.startswith(("azure.functions", "azure.durable_functions"))
    if not name and failure.raised_in == "a package":
        return "A package that the app uses needs another one, which is not installed"
    if (
        not name
        or is_known
        or project.sources.is_local(name)
        or name.partition(".")[0] in sys.stdlib_module_names
    ):
        return None
    return f"The installed {name} does not have what the app imports"


def by_sources(project: Project) -> bool:
    """Whether to check only the sources: there is no index, which is not the app's fault."""
    return not is_indexed(project) and own_failure(project) is None


def entry_place(project: Project) -> Place:
    """Return the start of the entry point."""
    return Place(project.entry)


def is_indexed(project: Project) -> bool:
    """Whether the app was imported."""
    return project.index is not None and project.index.failure is None
