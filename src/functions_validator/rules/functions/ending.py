"""Functions that end the process in which the worker runs all of them."""

from __future__ import annotations

from collections.abc import Iterator

from ...functions.named_functions import NamedFunction
from ...functions.process_ends import End, process_ends
from ...model import Problem, Severity
from ...project.project import Project
from ..rule import rule


@rule("AF253", Severity.ERROR, "A function ends the worker")
def ends_worker(project: Project) -> Iterator[Problem]:
    """Yield what ends the process of the worker while a function runs."""
    starts = [
        NamedFunction(function.module, function.definition)
        for function in project.written_functions
        if function.module and function.definition
    ]
    yield from map(_problem, process_ends(project.sources, starts))


def _problem(end: End) -> Problem:
    if end.is_parser:
        return end.problem_of_parser
    message = f"{end.name} ends the worker, and with it all functions that run there."
    return Problem(end.place, message, "Return instead, or raise another exception.")


RULES = (ends_worker,)
