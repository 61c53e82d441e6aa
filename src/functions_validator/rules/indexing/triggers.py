"""Triggers, names and decorators of functions."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ...functions.functions import METHODS, Function, lacks_trigger
from ...functions.registrations import registered_twice
from ...model import Problem, Severity
from ...project.import_failures import is_second_trigger, own_failure, place_of_failure
from ...project.project import Project
from ...project.wrappers import named_by_wrappers
from ...sources.python_source import APP
from ..rule import rule

ADD_TRIGGER = "Add the decorator of a trigger, such as route(...) or timer_trigger(...)."


@rule("AF116", Severity.ERROR, "A function has no trigger")
def no_trigger(project: Project) -> Iterator[Problem]:
    """Yield functions without a trigger."""
    for function in _complete_functions(project):
        if lacks_trigger(function) and function not in project.mixed_functions:
            yield _trigger_problem(function, "has no trigger", ADD_TRIGGER)
    for rejection in project.index.rejections if project.index else ():
        if rejection.kind == "no-trigger" and not project.is_mixed(rejection.place.path):
            written = project.written_at(rejection.place)
            message = f"The function {rejection.function} has no trigger."
            yield Problem(written.place if written else rejection.place, message, ADD_TRIGGER)


@rule("AF117", Severity.ERROR, "A function has two triggers")
def two_triggers(project: Project) -> Iterator[Problem]:
    """Yield functions with more than one trigger."""
    fix = "Write a function for each trigger, and let both call the same code."
    written = [f for f in _complete_functions(project) if len(f.triggers) > 1]
    for function in written:
        yield _trigger_problem(function, "has two triggers", fix)
    failure = own_failure(project)
    if failure and is_second_trigger(failure) and not written:
        place = place_of_failure(project, failure)
        yield Problem(place, "A function has two triggers.", fix)


def _complete_functions(project: Project) -> list[Function]:
    """Return the functions that the sources fully show; none if the app was imported."""
    if project.is_indexed:
        return []
    return [function for function in project.written_functions if function.is_fully_known]


def _trigger_problem(function: Function, what: str, fix: str) -> Problem:
    return Problem(function.place, f"The function {function.label} {what}.", fix)


@rule("AF118", Severity.ERROR, "Two functions have the same name")
def duplicate_names(project: Project) -> Iterator[Problem]:
    """Yield functions whose names another function has already, apart from case."""
    again = list(registered_twice(project.sources))
    yield from again
    wrapped = {
        wrapper: functions
        for wrapper, functions in named_by_wrappers(project).items()
        if len(functions) > 1
    }
    for (module, definition), (one, other, *_) in wrapped.items():
        message = (
            f"{one.label} and {other.label} both have the name of {definition.name}, "
            "which wraps them."
        )
        fix = f"Write @functools.wraps(...) above {definition.name}."
        yield Problem(module.place(definition), message, fix)
    wrappers = [(module.relative, definition.lineno) for module, definition in wrapped]
    built_in: list[Function] = []
    for function, other in _same_names(project):
        if not function.place.path:
            # A function of azure-functions-durable, which each of its blueprints adds.
            built_in.append(function)
        elif function.place != other.place:
            where = f"{other.place.path}:{other.place.line}"
            message = f'The function in {where} already has the name "{other.name}".'
            yield Problem(function.place, message, "Rename one of the two.")
        elif not again and function.place.path_and_line not in wrappers:
            message = f"The app has the function {function.label} twice."
            fix = "Register its blueprint once, or give each function a name of its own."
            yield Problem(function.place, message, fix)
    for function in built_in[:1]:
        yield _built_in_twice(project, function)


def _same_names(project: Project) -> Iterator[tuple[Function, Function]]:
    """Yield functions with the first one that has their name, apart from case."""
    first: dict[str, Function] = {}
    for function in project.functions:
        if isinstance(function.name, str) and function.is_fully_known:
            other = first.setdefault(function.name.lower(), function)
            if other is not function:
                yield function, other


def _built_in_twice(project: Project, function: Function) -> Problem:
    entry = project.sources.entry
    apps = [c.place for c in entry.containers.values() if c.kind == APP] if entry else []
    message = f"Two blueprints add the function {function.label}, so func.FunctionApp has it twice."
    place = apps[0] if apps else project.entry_place
    return Problem(place, message, "Use df.DFApp(...), which has it once, or func.Blueprint().")


@rule("AF119", Severity.ERROR, "A decorator is not called")
def uncalled_decorator(project: Project) -> Iterator[Problem]:
    """Yield decorators of an app or a blueprint without parentheses."""
    for module in project.sources.modules.values():
        for decorator in module.decorators:
            if not isinstance(decorator, ast.Attribute) or decorator.attr not in METHODS:
                continue
            if project.sources.container(module, decorator.value):
                name = ast.unparse(decorator)
                message = (
                    f"The decorator {name} is not called, so the app does not have the function."
                )
                yield Problem(module.place(decorator), message, f"Write @{name}(...).")


RULES = (no_trigger, two_triggers, duplicate_names, uncalled_decorator)
