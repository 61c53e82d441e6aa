"""Durable functions that are passed where their names are needed."""

from __future__ import annotations

from collections.abc import Iterator

from ...model import Problem, Severity
from ...project.durable import (
    ENTITY,
    NOUNS,
    OF_CLIENT,
    calls,
    durable_name,
    is_second_version,
    passed_function,
    uses_durable,
)
from ...project.project import Project
from ..rule import rule


@rule("AF125", Severity.ERROR, "A durable function is passed instead of its name")
def function_for_name(project: Project) -> Iterator[Problem]:
    """Yield calls that take the object which the decorators made of a function, and need a name."""
    if not uses_durable(project):
        return
    for call in calls(project):
        needs_name = call.method in OF_CLIENT or call.trigger == ENTITY
        if not needs_name and is_second_version(project) is not True:
            continue
        definition, function = passed_function(project, call) or (None, None)
        types = {binding.type for binding in function.triggers} if function else set()
        if definition is None or function is None or call.trigger not in types:
            continue  # AF122 reports one of another kind.
        message = f"{call.method} needs the name of an {NOUNS[call.trigger]}, not the decorated function {definition.name}."
        name = durable_name(function, call.trigger)
        fix = f'Write "{name}" instead.' if isinstance(name, str) else "Write its name instead."
        yield Problem(call.place, message, fix)


RULES = (function_for_name,)
