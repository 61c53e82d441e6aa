"""Why an app cannot be imported, and whether that is the app's own fault."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from ..model import Place
from ..packages.distributions import provided_by, providers
from ..sources.elsewhere import is_elsewhere, is_generated
from ..sources.imports import Import
from ..sources.own_writes import depends_on_machine
from .project import Project
from .settings import LOCAL_SETTINGS

if TYPE_CHECKING:
    from ..indexing.index import Failure

INSTALL = "Install the app's requirements there, or name another interpreter with --python."
LONGEST_REASON = 120
# What the process that imports the app says of a file that the app must not write, which only a package prevents.
PREVENTED = "cannot be written while the app is indexed"
OPEN_LATER = "Open it in a function, on first use."
# What dotenv reads, in the folder of the module that asks for it or above.
ENV_FILE = ".env"
# The package of the whole app in the v1 programming model.
OF_V1 = "__app__"
# How Linux, macOS and Windows say that they do not load a library.
NOT_LOADED = ("cannot open shared object file", "Library not loaded", "DLL load failed")
# How Python says that a module lacks a name.
LACKS_NAME = re.compile(r"cannot import name '(\w+)' from '")
# Mistakes in the code itself, which no setting would fix.
OWN_MISTAKES = ("NameError", "UnboundLocalError", "AttributeError", "TypeError")
# How asyncio, anyio and asgiref say that the code starts a loop in the one in which the worker imports the app.
IN_LOOP = re.compile(
    r"from a running event loop$|event loop is already running$|another loop is running$"
    r"|^Already running asyncio in this thread$|in the same thread as an async event loop"
)


class Reason(NamedTuple):
    """Why an app was not imported, without what follows from it, and what to do, as a sentence."""

    why: str
    fix: str


def own_failure(project: Project) -> Failure | None:
    """Return why the app cannot be imported, if that is the app's own fault.

    It is not if a package is not installed here, if the app uses the network, which is off while it
    is indexed, or if a setting may be missing that no local file has. why_not_indexed says so.
    """
    failure = project.index.failure if project.index else None
    return None if failure is None or _not_its_fault(project, failure) else failure


def why_not_indexed(project: Project) -> str:
    """Return two sentences: why only the sources were checked, and what to do.

    Return "" if the app was indexed, if it should not be, or if a finding says why it cannot be imported.
    """
    failure = project.index.failure if project.index else None
    reason = _not_its_fault(project, failure) if failure else None
    return f"{reason.why}, so only the sources were checked. {reason.fix}" if reason else ""


def place_of_failure(project: Project, failure: Failure) -> Place:
    """Return the last line of the project that ran before the import failed; without one, the entry point."""
    return failure.places[-1] if failure.places else project.entry_place


def goes_without(project: Project) -> bool:
    """Whether the app looked for a module that only this machine lacks, and went on without it."""
    return _went_without(project) is not None


def is_second_trigger(failure: Failure) -> bool:
    """Whether azure.functions raised the error because a function has two triggers."""
    return "trigger was already registered" in failure.message


def _not_its_fault(project: Project, failure: Failure) -> Reason | None:
    """Return why the app was not imported, if that is not its own fault."""
    if failure.kind == "no-library" and failure.type:
        return Reason(f"{_python(project)} cannot import azure.functions ({failure.type})", INSTALL)
    if failure.kind == "no-library":
        return Reason(f"azure-functions is not installed for {_python(project)}", INSTALL)
    if failure.kind == "setting":
        why = f'Importing the app needs the setting "{failure.name}"'
        if project.settings.values.get(failure.name, "") is None:
            return Reason(f"{why}, whose value is encrypted", "Run func settings decrypt.")
        return Reason(why, f'Add "{failure.name}" to {LOCAL_SETTINGS}.')
    if lacks := _lacks(project, failure):
        return Reason(f'"{lacks}" is not installed for {_python(project)}', INSTALL)
    if failure.kind == "exit":
        return _went_without(project)
    if failure.kind != "import" or failure.type in ("SyntaxError", "IndentationError", "TabError"):
        return None
    if failure.network:
        why = "Importing the app accesses the network, which is off while it is indexed"
        return Reason(why, "Connect in a function, on first use.")
    if failure.type in ("ImportError", "ModuleNotFoundError"):
        return _of_import_error(project, failure)
    return _of_other_error(project, failure)


def _of_import_error(project: Project, failure: Failure) -> Reason | None:
    """Return why a module, or a name of it, was not imported."""
    top = failure.name.partition(".")[0]
    if top == OF_V1:
        return None
    if failure.hidden_by:
        why = f'The package {failure.hidden_by} has a module "{top}", which hides the app\'s own'
        return Reason(why, f"Rename {top}, or remove {failure.hidden_by} where Azure installs it.")
    if top in project.own_elsewhere:
        return _is_elsewhere(project, failure.name)
    if is_generated(project.root, failure.name) and project.sources.is_local(failure.name):
        return Reason(f'"{failure.name}" is written by a build', "Build the project first.")
    if failure.name and any(words in failure.message for words in NOT_LOADED):
        first = failure.message.partition("\n")[0]
        why = f"The installed {failure.name} cannot be loaded ({first})"
        return Reason(why, "Install the library that it needs on this machine.")
    missing = _missing_package(project, failure)
    return Reason(missing, INSTALL) if missing else _skipped(project, failure)


def _of_other_error(project: Project, failure: Failure) -> Reason | None:
    """Return why an error may be due to a package, or to a setting that is not there."""
    is_in_loop = failure.type == "RuntimeError" and IN_LOOP.search(failure.message)
    if failure.raised_in == "azure.functions" or is_in_loop:
        return None
    if without := _went_without(project):
        return without
    if failure.type == "PermissionError" and failure.message.endswith(PREVENTED):
        return _of_prevented_write(project, failure)
    if failure.raised_in == "a package":
        why = f"Importing the app fails in a package that it uses ({_summary(failure)})"
        return Reason(why, "Check the package's version, and the settings that it needs.")
    if failure.type in OWN_MISTAKES and "NoneType" not in failure.message:
        return None
    missing = _missing_settings(project)
    why = f"Importing the app fails ({_summary(failure)}), and there is no {missing}"
    return Reason(why, f"Add {missing} with the settings that the app reads.") if missing else None


def written_in_azure(project: Project) -> list[tuple[str, Place]]:
    """Return what the import writes into the app's folder, if it does so where the app runs from a package."""
    if project.index is None or project.images:
        return []
    modules = {module.relative: module for module in project.sources.modules.values()}
    return [
        (path, place)
        for path, place in project.index.written
        if place.path not in modules or not depends_on_machine(modules[place.path], place.line)
    ]


def _of_prevented_write(project: Project, failure: Failure) -> Reason | None:
    """Return why Azure may let the app write what the validator does not, such as a database that it only reads."""
    if any(place in failure.places[-1:] for _, place in written_in_azure(project)):
        return None
    return Reason(failure.message, OPEN_LATER)


def _missing_settings(project: Project) -> str:
    """Return the file that is not there, of those in which the app may have its settings."""
    if not any(file.path == LOCAL_SETTINGS for file in project.settings.files):
        return LOCAL_SETTINGS
    reads_other = any(imported.name == "dotenv" for imported in project.sources.imports)
    folders = (project.root, *project.root.parents)
    has_other = any((folder / ENV_FILE).is_file() for folder in folders)
    return ENV_FILE if reads_other and not has_other else ""


def _is_elsewhere(project: Project, module: str) -> Reason:
    why = f'Python does not find "{module}", which the project has elsewhere'
    return Reason(why, f"Move or copy it beside {project.entry}, or correct the import.")


def _skipped(project: Project, failure: Failure) -> Reason | None:
    """Return why a module is not found here, if a module of the app goes on without it and so lacks a name."""
    return _not_found(project, _guarding(project, failure))


def _went_without(project: Project) -> Reason | None:
    """Return why a module is not found here, if the app went on without it."""
    own = {one.name: one for one in project.sources.imports}
    for name in project.index.absent if project.index else ():
        if name in own and is_elsewhere(project.sources, project.files, own[name]):
            return _is_elsewhere(project, name)
        if _is_required(project, name) or _may_be_required(project, name):
            return Reason(f'"{name}" is not installed for {_python(project)}', INSTALL)
    return None


def _may_be_required(project: Project, name: str) -> bool:
    """Whether nobody knows what the app requires, and a module is neither its own nor one of Python."""
    is_pythons = name.partition(".")[0] in sys.stdlib_module_names
    return not project.requirements.is_complete and not is_pythons and not project.is_own(name)


def _bound(imported: Import) -> Sequence[str]:
    """Return the full names of what an import binds."""
    return [imported.name, *(f"{imported.name}.{name}" for name in imported.names)]


def _not_found(project: Project, guarded: Sequence[Import]) -> Reason | None:
    """Return why the first import that only fails here does: Azure installs it, or the project has it elsewhere."""
    provided = provided_by(project.requirements.all)
    for imported in guarded:
        if is_elsewhere(project.sources, project.files, imported):
            return _is_elsewhere(project, imported.name)
        top = imported.top
        if not project.is_own(top) and not provided.isdisjoint(providers(imported.name)):
            return Reason(f'"{imported.name}" is not installed for {_python(project)}', INSTALL)
    return None


def _guarding(project: Project, failure: Failure) -> Sequence[Import]:
    """Return the imports in `try` of a module that lacks a name, up to the one that should bind the name."""
    lacked = LACKS_NAME.match(failure.message)
    module = project.sources.find(failure.name) if lacked else None
    if lacked is None or module is None:
        return []
    meant = module.aliases.get(lacked[1], "")
    guarded = [one for one in module.imports if one.may_fail]
    for number, imported in enumerate(guarded, 1):
        if meant in _bound(imported):
            return guarded[:number]
    return []


def _summary(failure: Failure) -> str:
    """Return what was raised, where in the project, and the start of the reason."""
    place = failure.places[-1] if failure.places else None
    where = f"{failure.type} at {place.path}:{place.line}" if place else failure.type
    reason = failure.message.strip().partition("\n")[0].rstrip(".:")
    if len(reason) > LONGEST_REASON:
        reason = f"{reason[:LONGEST_REASON].rstrip()}..."
    return f"{where}: {reason}" if reason else where


def _python(project: Project) -> str:
    assert project.options
    return project.options.python.as_posix()


def _lacks(project: Project, failure: Failure) -> str:
    """Return what is not installed here although Azure has it, or another finding asks for it; or ""."""
    lacks = failure.name if failure.type == "PackageNotFoundError" else failure.lacks
    if lacks == "azure.durable_functions":
        return lacks
    return lacks if _is_required(project, lacks) else ""


def _is_required(project: Project, name: str) -> bool:
    """Whether a requirement provides a module."""
    # Of azure.communication.email, Python may only miss azure.communication.
    part = f"{name.replace('.', '-').lower()}-"
    provided = provided_by(project.requirements.all)
    return any(one in providers(name) or one.startswith(part) for one in provided)


def _missing_package(project: Project, failure: Failure) -> str | None:
    """Return a sentence about the package that is missing here, or lacks a name; None if the app's own modules do."""
    name = failure.name
    if not name and failure.type == "ImportError":
        is_of_package = failure.raised_in == "a package"
        what = f"A package that the app uses needs another one, which {_python(project)} lacks"
        return what if is_of_package else None
    if project.is_own(name):
        return None
    if failure.type == "ModuleNotFoundError":
        return f'"{name}" is not installed for {_python(project)}'
    is_of_azure = name.startswith(("azure.functions", "azure.durable_functions"))
    if is_of_azure or name.partition(".")[0] in sys.stdlib_module_names:
        return None
    return f"The installed {name} does not have what the app imports"


def by_sources(project: Project) -> bool:
    """Whether to check only the sources: there is no index, which is not the app's fault."""
    return not project.is_indexed and own_failure(project) is None
