"""What the app writes into its own folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...functions.functions import has_other_decorators, is_conditional
from ...functions.named_functions import NamedFunction, function_meant
from ...model import Problem, Severity
from ...project.import_failures import written_in_azure
from ...project.project import Project
from ...sources.opened_files import stays_in_app
from ...sources.own_writes import Written, certain_calls, own_writes
from ..rule import rule

WRITES_AT_IMPORT = "Importing the app writes {}, which fails if the app runs from a package."
WRITES = "The app writes {} into its own folder, which fails if it runs from a package."
WRITE_ELSEWHERE = "Write to tempfile.gettempdir() instead."


@rule("AF104", Severity.WARNING, "The app writes into its own folder")
def own_folder(project: Project) -> Iterator[Problem]:
    """Yield files of the app that are written when it is imported, or when a function runs."""
    # The first place where each is written.
    written = dict(reversed(written_in_azure(project)))
    for path, place in written.items():
        where = place if place.path else project.entry_place
        yield Problem(where, WRITES_AT_IMPORT.format(path), WRITE_ELSEWHERE)
    if project.text("Dockerfile") is None and stays_in_app(project.sources):
        reported = {place.path_and_line for place in written.values()}
        for one in _written_by_functions(project):
            if one.place.path_and_line not in reported:
                yield Problem(one.place, WRITES.format(one.path), WRITE_ELSEWHERE)


def _written_by_functions(project: Project) -> Sequence[Written]:
    found = [one for called in _called(project) for one in own_writes(project.sources, *called)]
    # The folder of the app in an image can be written.
    return [] if found and project.images else found


def _called(project: Project) -> list[NamedFunction]:
    """Return the functions that triggers start, and those at the top of modules that these always call."""
    found = [
        NamedFunction(function.module, function.definition)
        for function in project.certain_functions
        if function.module and function.definition and function.triggers
        if not has_other_decorators(function) and not is_conditional(function)
    ]
    for module, definition in found:
        for call in certain_calls(definition):
            other = function_meant(project.sources, module, call.func)
            if other and other not in found and not other.definition.decorator_list:
                found.append(other)
    return found


RULES = (own_folder,)
