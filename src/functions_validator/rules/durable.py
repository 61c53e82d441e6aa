"""Durable functions that fail each time they run."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..model import Problem, Severity
from ..project.functions import Function
from ..project.project import Project
from .rule import rule


@rule("AF120", Severity.ERROR, "A function with a durable client is not asynchronous")
def synchronous_client(project: Project) -> Iterator[Problem]:
    """azure-functions-durable awaits every function that has a durable client. One that is no coroutine
    runs, and then fails with a TypeError.

    Write `async def`, and await the client's methods.
    """
    for function in _written(project, "durableClient"):
        if isinstance(function.definition, ast.FunctionDef):
            message = f"The function {function.label} has a durable client, but is not async."
            yield Problem(function.place, message, "Write async def, and await the client.")


@rule("AF121", Severity.ERROR, "An orchestrator is asynchronous")
def asynchronous_orchestrator(project: Project) -> Iterator[Problem]:
    """An orchestrator is a generator, which the library runs from its start for every result that comes
    in. One that is a coroutine never gets any further.

    Write `def`, and `yield` what the context gives you.
    """
    for function in _written(project, "orchestrationTrigger"):
        if isinstance(function.definition, ast.AsyncFunctionDef):
            message = f"The orchestrator {function.label} is async, and never runs."
            yield Problem(function.place, message, "Write def, and yield instead of await.")


def _written(project: Project, binding_type: str) -> Iterator[Function]:
    """Yield the functions with a binding of a type that no other decorator may have wrapped."""
    for function in project.written_functions:
        has_binding = any(binding.type == binding_type for binding in function.bindings)
        if has_binding and function.definition and not _is_wrapped(function):
            yield function


def _is_wrapped(function: Function) -> bool:
    assert function.definition
    return any(
        not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute)
        for node in function.definition.decorator_list
    )


RULES = (synchronous_client, asynchronous_orchestrator)
