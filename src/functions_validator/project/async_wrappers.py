"""Wrappers of the app where one is asynchronous and the other is not: the wrapper, or the function in it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..functions.functions import Function
from ..model import Problem
from ..sources.library_names import LIBRARY
from ..sources.lost_results import Kind, Results
from ..sources.nodes import (
    Definition,
    calls_of,
    is_generator,
    own_nodes,
    reads_of,
    value_meant,
    walk,
)
from ..sources.python_source import Module
from .project import Project
from .wrappers import only_wrapper

# What asks whether a function, or its result, is asynchronous, or says so of a wrapper.
ASKING = ("__await__", "_is_coroutine", "co_flags", "isawaitable", "iscoroutine", "markcoroutine")
OF_LIBRARY = f"{LIBRARY}."
TEXTS = ("json.dumps", "str")


def wrong_wrappers(
    project: Project, function: Function, kind: Kind, is_awaited: bool
) -> Iterator[Problem]:
    """Yield a wrapper that does not await the function, or awaits one that is not asynchronous.

    `kind` is that of coroutines which a function returns; `is_awaited` says whether something awaits these.
    """
    found, wrapped = only_wrapper(project, function), function.definition
    if found is None or wrapped is None or is_generator(wrapped):
        return
    (module, wrapper), name = found
    if any(word in module.text for word in ASKING) or is_generator(wrapper):
        return
    calls = [call for call in calls_of(wrapper) if _is_named(call.func, name)]
    if not calls or _reads(wrapper, name) != {call.func for call in calls}:
        return
    if isinstance(wrapped, ast.AsyncFunctionDef) and isinstance(wrapper, ast.FunctionDef):
        results = Results(module, wrapper, kind)
        if all(map(results.is_lost, calls)) and not is_awaited:
            message = f"{function.label} does not run: nothing in {wrapper.name} awaits it."
            fix = f"Write async def {wrapper.name}, and await {name}(...)."
            yield Problem(function.place, message, fix)
    elif isinstance(wrapped, ast.FunctionDef) and isinstance(wrapper, ast.AsyncFunctionDef):
        awaited = [node.value for node in own_nodes(wrapper) if isinstance(node, ast.Await)]
        if {*calls}.issubset(awaited) and _is_plain(function.module, wrapped):
            message = f"{wrapper.name} awaits {function.label}, which is not async, so it fails."
            yield Problem(function.place, message, f"Write async def {wrapped.name}.")


def _is_named(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _reads(wrapper: Definition, name: str) -> set[ast.Name]:
    """Return where a wrapper reads the function in it, without those of its name, as for a log."""
    inside = [node for statement in wrapper.body for node in walk(statement)]
    read = {node for statement in wrapper.body for node in reads_of(statement, name)}
    return read.difference(
        node.value for node in inside if isinstance(node, ast.Attribute) and node.attr == "__name__"
    )


def _is_plain(module: Module | None, definition: ast.FunctionDef) -> bool:
    """Whether a function says, and shows, that it returns something which cannot be awaited."""
    if module is None or not _says_so(module, definition.returns):
        return False
    returns = [node for node in own_nodes(definition) if isinstance(node, ast.Return)]
    values = [value_meant(definition, node.value) for node in returns if node.value]
    return all(_is_value(module, value) for value in values)


def _says_so(module: Module, annotation: ast.expr | None) -> bool:
    match annotation:
        case ast.Constant(value=None) | ast.Name(id="str"):
            return True
        case ast.expr():
            return module.dotted(annotation).startswith(OF_LIBRARY)
    return False


def _is_value(module: Module, value: ast.expr) -> bool:
    if isinstance(value, ast.Call):
        called = module.dotted(value.func)
        return called in TEXTS or called.startswith(OF_LIBRARY)
    return isinstance(value, ast.Constant | ast.JoinedStr)
