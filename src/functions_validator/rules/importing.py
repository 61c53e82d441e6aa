"""The import of the entry point, on which everything else depends."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..indexing.failures import by_sources, entry_place, is_second_trigger, own_failure
from ..model import Problem, Severity
from ..project.functions import METHODS
from ..project.project import Project
from ..project.typos import meant
from .rule import rule


@rule("AF101", Severity.ERROR, "The app cannot be imported")
def import_error(project: Project) -> Iterator[Problem]:
    """Yield what raises an error when the app is imported."""
    failure = own_failure(project)
    if failure and failure.kind == "import" and not is_second_trigger(failure):
        place = failure.places[-1] if failure.places else entry_place(project)
        message = f"Importing the app fails with {failure.type}: {failure.message}"
        yield Problem(place, message.rstrip(".") + ".", "Fix this line or what it imports.")
    if project.index is None or project.index.failure:
        indexed = failure.places[-1].path if failure and failure.places else ""
        for module in project.sources.modules.values():
            if module.error and module.relative != indexed:
                message, place = module.error
                yield Problem(place, f"Python cannot read the file: {message}.", "Fix this line.")
    if by_sources(project):
        yield from _missing_imports(project)
        yield from _misspelt_decorators(project)


def _missing_imports(project: Project) -> Iterator[Problem]:
    for imported, name in project.sources.missing_imports():
        message = f"The project has no {name}, which this line imports."
        yield Problem(imported.place, message, "Correct the name, or add what is missing.")


def _misspelt_decorators(project: Project) -> Iterator[Problem]:
    for module in project.sources.modules.values():
        for decorator in module.decorators:
            method = decorator.func if isinstance(decorator, ast.Call) else decorator
            if not isinstance(method, ast.Attribute) or method.attr in METHODS:
                continue
            similar = meant(method.attr.lower(), METHODS)
            if similar and project.sources.container(module, method.value):
                message = f'There is no decorator "{method.attr}".'
                fix = f'Write "{similar}" instead.'
                yield Problem(module.place(decorator), message, fix)


@rule("AF102", Severity.ERROR, "Importing the app ends its process")
def import_exits(project: Project) -> Iterator[Problem]:
    """Yield where importing the app ends its process."""
    failure = own_failure(project)
    if failure and failure.kind in ("exit", "crash"):
        place = failure.places[-1] if failure.places else entry_place(project)
        how = "calls sys.exit()" if failure.kind == "exit" else "ends the process"
        fix = "Move this into a function, or raise an exception that says what is wrong."
        yield Problem(place, f"Importing the app {how}.", fix)


@rule("AF103", Severity.ERROR, "Importing the app takes too long")
def import_hangs(project: Project) -> Iterator[Problem]:
    """Yield an app whose import does not end in time."""
    failure = own_failure(project)
    if failure and failure.kind == "time":
        message = f"Importing the app did not end within {failure.message} seconds."
        fix = "Move the slow code into a function that runs on first use."
        yield Problem(entry_place(project), message, fix)


@rule("AF104", Severity.WARNING, "Importing the app writes into its own folder")
def writes_at_import(project: Project) -> Iterator[Problem]:
    """Yield files of the app that are written when it is imported."""
    for path in dict.fromkeys(project.index.written if project.index else ()):
        message = f"Importing the app writes {path}, which fails if the app runs from a package."
        yield Problem(entry_place(project), message, "Write to tempfile.gettempdir() instead.")


RULES = (import_error, import_exits, import_hangs, writes_at_import)
