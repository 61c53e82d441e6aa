"""The import of the entry point, on which everything else depends."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...files.text_files import FIXES
from ...functions.app_calls import wrong_arguments
from ...functions.decorator_calls import mistakes
from ...functions.process_ends import ends_at_import
from ...functions.registrations import uncalled_containers, wrong_registrations
from ...model import Place, Problem, Severity
from ...pattern import Pattern
from ...project.import_failures import (
    OF_V1,
    by_sources,
    is_second_trigger,
    own_failure,
    place_of_failure,
)
from ...project.project import Project
from ...project.pythons import are_annotations_late, minor, python_of
from ...project.shadowed import shadowed
from ...sources.binding_order import read_too_soon
from ...sources.circular_imports import circular_imports, not_defined_yet
from ...sources.elsewhere import is_generated
from ...sources.library_names import unknown_names
from ...sources.loops_at_import import loops_at_import
from ...sources.new_syntax import may_be_newer, too_new
from ...sources.nodes import own_nodes, walk
from ...sources.python_source import Module
from ...sources.replaced_names import replaced_at_import
from ...sources.undefined_names import undefined_names
from ..rule import rule
from .apps import second_app, several_apps
from .writes import WRITE_ELSEWHERE, WRITES_AT_IMPORT

if TYPE_CHECKING:
    from ...indexing.index import Failure

TOO_LARGE = "{} was not checked: it is too large."
UNCHECKED = (
    "{} was not checked: it may need a newer Python than {}.{}. "
    "Run the validator with the app's Python."
)
# How Python says that a module is imported again before its own imports are done.
CIRCULAR = Pattern(
    r"(?:cannot import name '(\w+)' from )?partially initialized module '([\w.]+)'(?: from '[^']*')?"
    r"(?: has no attribute '(\w+)')? \(most likely due to a circular import\)"
)
END_ELSEWHERE = "Move this into a function, or raise an exception that says what is wrong."
# Part of the message of azure-functions where a FunctionApp is registered like a blueprint.
APP_REGISTERED = "can not be type of FunctionRegister"


@rule("AF101", Severity.ERROR, "The app cannot be imported")
def import_error(project: Project) -> Iterator[Problem]:
    """Yield what raises an error when the app is imported."""
    failure = own_failure(project)
    reported = is_second_trigger(failure) if failure else False
    if failure and failure.kind == "import" and not reported and not _is_mixed(project, failure):
        yield from _reported_by_failure(project, failure)
    yield from _unreadable(project, failure)
    if by_sources(project):
        yield from _reported_by_sources(project)
    elif project.is_indexed:
        yield from _reported_of_later_imports(project)


def _reported_by_sources(project: Project) -> Iterator[Problem]:
    yield from _outside_imports(project)
    yield from _of_v1(project)
    yield from _missing_imports(project)
    yield from mistakes(project.sources)
    yield from wrong_registrations(project.sources)
    yield from uncalled_containers(project.sources)
    are_late = are_annotations_late(project)
    yield from unknown_names(project.sources, are_late=are_late)
    yield from undefined_names(project.sources, are_late=are_late)
    yield from read_too_soon(project.sources, are_late=are_late)
    yield from replaced_at_import(project.sources, are_late=are_late)
    yield from wrong_arguments(project.sources)
    yield from circular_imports(project.sources)
    yield from loops_at_import(project.sources)
    yield from _awaiting(project)


def _reported_of_later_imports(project: Project) -> Iterator[Problem]:
    """Yield what is wrong with the imports that only run when a function does, which the index does not show."""
    later = {
        imported.place
        for imported in project.sources.imports
        if imported.deferred or not _was_imported(project, imported.place.path)
    }
    found = (*_outside_imports(project), *_of_v1(project), *_missing_imports(project))
    yield from (problem for problem in found if problem.place in later)
    for problem in _awaiting(project):
        if not _was_imported(project, problem.place.path):
            yield problem


def _was_imported(project: Project, path: str) -> bool:
    """Whether the app was indexed, and its import read a file to the end."""
    return project.is_indexed and project.index is not None and path in project.index.modules


def _reported_by_failure(project: Project, failure: Failure) -> Iterator[Problem]:
    """Yield what the sources say of the line that fails, else what Python says."""
    place = place_of_failure(project, failure)
    if failure.name.partition(".")[0] in shadowed(project):
        return  # AF413 reports it.
    if APP_REGISTERED in failure.message and _has_another_app(project):
        return  # AF106 or AF108 reports it.
    known = [
        problem
        for problem in _reported_by_sources(project)
        if problem.place.path_and_line == place.path_and_line
    ]
    if known:
        yield from known
    elif path := _written_at(project, failure):
        yield Problem(place, WRITES_AT_IMPORT.format(path), WRITE_ELSEWHERE)
    elif circle := _read_too_soon(project, failure, place):
        yield circle
    else:
        message = f"Importing the app fails with {failure.type}: {failure.message}"
        yield Problem(place, message.rstrip(" .:") + ".", "Fix this line or what it imports.")


def _read_too_soon(project: Project, failure: Failure, place: Place) -> Problem | None:
    circle = CIRCULAR.match(failure.message)
    source = project.sources.find(circle[2]) if circle else None
    if circle is None or source is None:
        return None
    return not_defined_yet(project.sources, place, source, circle[1] or circle[3])


def _has_another_app(project: Project) -> bool:
    return any(True for rule in (several_apps, second_app) for _ in rule.check(project))


def _written_at(project: Project, failure: Failure) -> str | None:
    """Return the file of the app that the import fails to write, since the validator does not let it."""
    if failure.type != "PermissionError" or project.index is None:
        return None
    written = [path for path, place in project.index.written if place in failure.places[-1:]]
    return next(iter(written), None)


def _unreadable(project: Project, failure: Failure | None) -> Iterator[Problem]:
    """Yield the files that are not Python, except for those that the index reports."""
    version = python_of(project)
    app = minor(version) if version else None
    indexed = [project.entry_place, *failure.places][-1].path if failure else ""
    for module in project.sources.modules.values():
        if module.relative == indexed:
            continue
        if module.error is None or _was_imported(project, module.relative):
            yield from _too_new(module, version)
            continue
        message, place = module.error
        if module.is_too_large:
            project.note(TOO_LARGE.format(module.relative))
        elif may_be_newer(module, app):
            project.note(UNCHECKED.format(module.relative, *sys.version_info))
        else:
            fix = FIXES.get(message, "Fix this line.")
            yield Problem(place, f"Python cannot read the file: {message}.", fix)


def _too_new(module: Module, version: str | None) -> Iterator[Problem]:
    """Yield syntax that this Python or the indexing one takes, and the app's does not."""
    if version is None:
        return
    app = minor(version)
    found = too_new(module, app)
    if module.error and may_be_newer(module, None) and not may_be_newer(module, app):
        message, place = module.error
        why = f"{message}, which a newer Python takes"
    elif found:
        place, what, since = found
        why = f"{what} needs Python 3.{since}"
    else:
        return
    message = f"Python {version}, on which the app runs, cannot read the file: {why}."
    yield Problem(place, message, "Write it in another way, or choose another version.")


def _outside_imports(project: Project) -> Iterator[Problem]:
    for imported in project.sources.outside_imports():
        message = "This relative import fails: it has more dots than there are packages around its module."
        names = ", ".join(imported.names)
        absolute = f"from {imported.name} import {names}" if imported.name else f"import {names}"
        yield Problem(imported.place, message, f'Write "{absolute}" instead.')


def _of_v1(project: Project) -> Iterator[Problem]:
    """Yield imports from the package that only the v1 programming model has."""
    for imported in project.sources.imports:
        top, _, rest = imported.name.partition(".")
        if top == OF_V1 and not project.sources.is_local(top):
            message = f"Only the v1 programming model has {OF_V1}."
            names = ", ".join(imported.names)
            right = f"from {rest} import {names}" if rest and names else f"import {rest or names}"
            yield Problem(imported.place, message, f'Write "{right}" instead.')


def _awaiting(project: Project) -> Iterator[Problem]:
    """Yield the first `await` of each function that is not async, which is a syntax error."""
    for module in project.sources.modules.values():
        if "await" not in module.text:
            continue
        for definition in module.definitions:
            nodes = own_nodes(definition) if isinstance(definition, ast.FunctionDef) else []
            # A generator expression may await in any function.
            inner = {n for g in nodes if isinstance(g, ast.GeneratorExp) for n in walk(g)}
            awaited = [n for n in nodes if isinstance(n, ast.Await) and n not in inner]
            if awaited:
                message = f"{definition.name} is not async, so Python refuses await in it."
                fix = f"Write async def {definition.name}."
                yield Problem(module.place(min(awaited, key=lambda n: n.lineno)), message, fix)


def _missing_imports(project: Project) -> Iterator[Problem]:
    for imported, name in project.sources.missing_imports():
        if not project.is_own(name) or name.startswith("azure."):
            continue  # A package of this name is imported, or AF413 reports the module azure.
        top = name.partition(".")[0]
        if top in shadowed(project):
            continue  # AF413 reports it.
        if top in sys.stdlib_module_names and project.sources.find(top) is None:
            continue  # Python imports its own module instead of a folder without __init__.py.
        if all(is_generated(project.root, part) for part in name.split(", ")):
            continue
        message = f"The project has no {name}, which this line imports."
        yield Problem(imported.place, message, "Correct the name, or add what is missing.")


def _is_mixed(project: Project, failure: Failure) -> bool:
    """Whether decorators of two apps or blueprints raised the error, which AF109 reports."""
    raised = {place.path_and_line for place in failure.places}
    places = [d.place for function in project.mixed_functions for d in function.decorations]
    return failure.type == "IndexError" and any(p.path_and_line in raised for p in places)


@rule("AF102", Severity.ERROR, "Importing the app ends its process")
def import_exits(project: Project) -> Iterator[Problem]:
    """Yield where importing the app ends its process."""
    failure = own_failure(project)
    has_ended = failure is not None and failure.kind in ("exit", "crash")
    ends = list(ends_at_import(project.sources)) if has_ended or by_sources(project) else []
    if failure and has_ended:
        place = place_of_failure(project, failure)
        how = "calls sys.exit()" if failure.kind == "exit" else _end(failure.message)
        here = [end for end in ends if end.place.path_and_line == place.path_and_line]
        parsers = [end.problem_of_parser for end in here if end.is_parser]
        yield parsers[0] if parsers else Problem(place, f"Importing the app {how}.", END_ELSEWHERE)
        return
    for end in ends:
        message = f"{end.name} ends the worker while the app is imported."
        yield end.problem_of_parser if end.is_parser else Problem(end.place, message, END_ELSEWHERE)


def _end(code: str) -> str:
    """Return how a process ended, by its exit code, which is negative on POSIX if a signal ended it."""
    # On Windows, 0 is a signal, too.
    if not code.startswith("-"):
        return "ends the process"
    try:
        # Imported here because it is slow to import, and few apps crash.
        import signal

        return f"ends the process with {signal.Signals(-int(code)).name}"
    except ValueError:
        return "ends the process"


@rule("AF103", Severity.ERROR, "Importing the app takes too long")
def import_hangs(project: Project) -> Iterator[Problem]:
    """Yield an app whose import does not end in time."""
    failure = own_failure(project)
    if failure and failure.kind == "time":
        message = f"Importing the app did not end within {failure.message} seconds."
        fix = "Move the slow code into a function that runs on first use."
        place = place_of_failure(project, failure)
        yield Problem(place, message, fix)


RULES = (import_error, import_exits, import_hangs)
