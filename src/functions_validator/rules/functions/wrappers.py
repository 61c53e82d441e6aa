"""The app's own decorators of functions."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ...functions.functions import Function
from ...functions.named_functions import function_meant
from ...model import Problem, Severity
from ...project.project import Project
from ...sources.nodes import Definition, callee, returned_function, walk
from ...sources.python_source import Module, parameters
from ..rule import rule


@rule("AF246", Severity.WARNING, "A decorator above the trigger does not run")
def idle_decorators(project: Project) -> Iterator[Problem]:
    """Yield decorators that wrap what the trigger's decorator returns, which nothing calls."""
    for function in project.written_functions:
        for node in _above(project, function):
            assert function.module is not None
            if _only_wraps(project, function.module, node):
                name = ast.unparse(callee(node))
                message = (
                    f"{name} is above the decorators of {function.label}, so the worker calls "
                    "the function without it."
                )
                fix = "Write it below them, directly above the function."
                yield Problem(function.module.place(node), message, fix)


def _above(project: Project, function: Function) -> Iterator[ast.expr]:
    """Yield the decorators above the first one of an app or a blueprint."""
    if function.definition is None or function.module is None or not function.decorations:
        return
    for node in function.definition.decorator_list:
        method = callee(node)
        owner = method.value if isinstance(method, ast.Attribute) else None
        if owner is not None and project.sources.container(function.module, owner):
            return
        yield node


def _only_wraps(project: Project, module: Module, node: ast.expr) -> bool:
    """Whether a decorator is one of the app that makes a function which calls the one that it gets."""
    found = function_meant(project.sources, module, callee(node))
    maker = found.definition if found else None
    if maker is not None and isinstance(node, ast.Call):
        maker = returned_function(maker)
    return maker is not None and _is_wrapper_maker(maker)


def _is_wrapper_maker(definition: Definition) -> bool:
    """Whether a function only passes its one argument to functools.wraps and calls it in the wrapper."""
    wrapper = returned_function(definition)
    arguments = parameters(definition)
    if wrapper is None or len(arguments) != 1:
        return False
    name = arguments[0].arg
    uses = [n for n in walk(definition) if isinstance(n, ast.Name) and n.id == name]
    calls = [
        call.func
        for call in walk(wrapper)
        if isinstance(call, ast.Call)
        if isinstance(call.func, ast.Name) and call.func.id == name
    ]
    wraps = [
        argument
        for decorator in wrapper.decorator_list
        if isinstance(decorator, ast.Call)
        for argument in decorator.args
    ]
    return bool(calls) and all(use in calls or use in wraps for use in uses)


RULES = (idle_decorators,)
