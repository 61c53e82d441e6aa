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
    """Yield functions that have a durable client and are not coroutines."""
    for function in _written(project, "durableClient"):
        if isinstance(function.definition, ast.FunctionDef):
            message = f"The function {function.label} has a durable client, but is not async."
            fix = "Write async def, and await the client's methods."
            yield Problem(function.place, message, fix)


@rule("AF121", Severity.ERROR, "An orchestrator is asynchronous")
def asynchronous_orchestrator(project: Project) -> Iterator[Problem]:
    """Yield orchestrators that are coroutines instead of generators."""
    for function in _written(project, "orchestrationTrigger"):
        if isinstance(function.definition, ast.AsyncFunctionDef):
            message = f"The orchestrator {function.label} is async, so it never runs."
            fix = "Write def instead of async def, and yield instead of await."
            yield Problem(function.place, message, fix)


def _written(project: Project, binding_type: str) -> Iterator[Function]:
    """Yield the functions with a binding of a type, unless another decorator may wrap them."""
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
