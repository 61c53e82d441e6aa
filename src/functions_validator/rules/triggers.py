"""Triggers, names and decorators of functions."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..indexing.failures import entry_place, is_indexed, is_second_trigger, own_failure
from ..model import Problem, Severity
from ..project.functions import METHODS, Function
from ..project.project import Project
from .rule import rule


@rule("AF116", Severity.ERROR, "A function has no trigger")
def no_trigger(project: Project) -> Iterator[Problem]:
    """A function starts by exactly one trigger. Without one, the worker rejects the whole app.

    Add a trigger, such as `@bp.route(...)` or `@bp.queue_trigger(...)`.
    """
    for function in _complete_functions(project):
        if not function.triggers and function.bindings:
            yield _trigger_problem(function, "has no trigger", "Add a trigger's decorator.")
    for rejection in project.index.rejections if project.index else ():
        if rejection.kind == "no-trigger":
            message = f"The function {rejection.function} has no trigger."
            yield Problem(rejection.place, message, "Add a trigger's decorator.")


@rule("AF117", Severity.ERROR, "A function has two triggers")
def two_triggers(project: Project) -> Iterator[Problem]:
    """A function starts by exactly one trigger. The second decorator raises while the app is
    imported, so that the host shows no function at all.

    Write a function for each trigger, and let both call the same code.
    """
    fix = "Write a function for each, and let both call the same code."
    written = [f for f in _complete_functions(project) if len(f.triggers) > 1]
    for function in written:
        yield _trigger_problem(function, "has two triggers", fix)
    failure = own_failure(project)
    if failure and is_second_trigger(failure) and not written:
        place = failure.places[-1] if failure.places else entry_place(project)
        yield Problem(place, "A function has two triggers.", fix)


def _complete_functions(project: Project) -> list[Function]:
    """Return the functions as written, without those that only the running app would show."""
    return [f for f in project.written_functions if f.certain] if not is_indexed(project) else []


def _trigger_problem(function: Function, what: str, fix: str) -> Problem:
    return Problem(function.place, f"The function {function.label} {what}.", fix)


@rule("AF118", Severity.ERROR, "Two functions have the same name")
def duplicate_names(project: Project) -> Iterator[Problem]:
    """A function's name is unique in the app, over all blueprints and whatever the case of its
    letters; otherwise the worker or the host rejects the app.

    Rename one of them, or give it another name with `@bp.function_name("...")`.
    """
    first: dict[str, Function] = {}
    for function in project.functions:
        if not isinstance(function.name, str) or not function.certain:
            continue
        other = first.setdefault(function.name.lower(), function)
        if other is not function:
            where = f"{other.place.path}:{other.place.line}"
            message = f'The name "{function.name}" is that of the function in {where} too.'
            yield Problem(function.place, message, "Rename one of the two.")


@rule("AF119", Severity.ERROR, "A decorator is not called")
def uncalled_decorator(project: Project) -> Iterator[Problem]:
    """`@app.route` without its parentheses takes the function for the route: nothing fails, but the app
    has no such function.

    Call the decorator: `@app.route()`.
    """
    for module in project.sources.modules.values():
        for decorator in module.decorators:
            if not isinstance(decorator, ast.Attribute) or decorator.attr not in METHODS:
                continue
            if project.sources.container(module, decorator.value):
                name = ast.unparse(decorator)
                message = f"The decorator {name} is not called, so the function is not in the app."
                yield Problem(module.place(decorator), message, f"Write @{name}(...).")


RULES = (no_trigger, two_triggers, duplicate_names, uncalled_decorator)
