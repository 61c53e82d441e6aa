"""The import of the entry point, with which everything begins."""

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
    """The worker imports `function_app.py`. If that fails, the host shows no function at all, and
    says so only in its own log: Application Insights has nothing.

    Mend what the line does, or the module that it imports.
    """
    failure = own_failure(project)
    if failure and failure.kind == "import" and not is_second_trigger(failure):
        place = failure.places[-1] if failure.places else entry_place(project)
        message = f"Importing the app fails with {failure.type}: {failure.message}"
        yield Problem(place, message.rstrip(".") + ".", "Mend this line or what it imports.")
    if project.index is None or project.index.failure:
        indexed = failure.places[-1].path if failure and failure.places else ""
        for module in project.sources.modules.values():
            if module.error and module.relative != indexed:
                message, place = module.error
                yield Problem(place, f"Python cannot read the file: {message}.", "Mend this line.")
    if by_sources(project):
        yield from _missing_imports(project)
        yield from _misspelt_decorators(project)


def _missing_imports(project: Project) -> Iterator[Problem]:
    for imported, name in project.sources.missing_imports():
        message = f"The project has no {name}, which is imported here."
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
                yield Problem(module.place(decorator), message, f"Write {similar}.")


@rule("AF102", Severity.ERROR, "Importing the app ends its process")
def import_exits(project: Project) -> Iterator[Problem]:
    """The worker's process ends with the app's: `sys.exit()` or a crash while `function_app.py` is
    imported leaves the host without a worker, which it starts again and again.

    Raise an exception that tells what is wrong, or do the work in a function.
    """
    failure = own_failure(project)
    if failure and failure.kind in ("exit", "crash"):
        place = failure.places[-1] if failure.places else entry_place(project)
        how = "calls sys.exit()" if failure.kind == "exit" else "ends the process"
        fix = "Do it in a function, or raise an exception that says what is wrong."
        yield Problem(place, f"Importing the app {how}.", fix)


@rule("AF103", Severity.ERROR, "Importing the app takes too long")
def import_hangs(project: Project) -> Iterator[Problem]:
    """The host waits about a minute for the worker to index the app. A module that waits, loops or
    serves while it is imported keeps all functions from starting.

    Do the work in a function, on first use.
    """
    failure = own_failure(project)
    if failure and failure.kind == "time":
        message = f"Importing the app did not end within {failure.message} seconds."
        yield Problem(entry_place(project), message, "Do in a function what takes so long.")


@rule("AF104", Severity.WARNING, "Importing the app writes into its own folder")
def writes_at_import(project: Project) -> Iterator[Problem]:
    """In Azure an app mostly runs from a package, whose folder cannot be written: then the import
    fails, and with it every function.

    Write to `tempfile.gettempdir()`, and do it in a function.
    """
    for path in dict.fromkeys(project.index.written if project.index else ()):
        message = f"Importing the app writes {path}, which fails where it runs from a package."
        yield Problem(entry_place(project), message, "Write to tempfile.gettempdir() instead.")


RULES = (import_error, import_exits, import_hangs, writes_at_import)
