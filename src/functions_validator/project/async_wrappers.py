"""Wrappers of the app where one is asynchronous and the other is not: the wrapper, or the function in it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..functions.functions import Function
from ..model import Problem
from ..sources.lost_results import Kind, Results, calls_of
from ..sources.nodes import is_generator, own_nodes
from ..sources.python_source import Module
from .project import Project
from .wrappers import only_wrapper

# What asks whether a function, or its result, is asynchronous.
ASKING = ("iscoroutine", "isawaitable", "__await__")
LIBRARY = "azure.functions."


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
    if isinstance(wrapped, ast.AsyncFunctionDef) and isinstance(wrapper, ast.FunctionDef):
        results = Results(module, wrapper, kind)
        if any(results.is_lost(call) for call in calls) and not is_awaited:
            message = f"{function.label} does not run: nothing in {wrapper.name} awaits it."
            fix = f"Write async def {wrapper.name}, and await {name}(...)."
            yield Problem(function.place, message, fix)
    elif isinstance(wrapped, ast.FunctionDef) and isinstance(wrapper, ast.AsyncFunctionDef):
        awaited = [node.value for node in own_nodes(wrapper) if isinstance(node, ast.Await)]
        if not set(calls).isdisjoint(awaited) and _is_plain(function.module, wrapped):
            message = f"{wrapper.name} awaits {function.label}, which is not async, so it fails."
            yield Problem(function.place, message, f"Write async def {wrapped.name}.")


def _is_named(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _is_plain(module: Module | None, definition: ast.FunctionDef) -> bool:
    """Whether a function says that it returns something which cannot be awaited."""
    match definition.returns:
        case ast.Constant(value=None) | ast.Name(id="str"):
            return True
        case ast.expr() as annotation if module:
            return module.dotted(annotation).startswith(LIBRARY)
    return False
