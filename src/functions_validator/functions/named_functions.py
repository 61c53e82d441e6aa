"""The function of the app that an expression refers to, and the names that it may have as its value."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from ..sources.import_graph import Sources
from ..sources.nodes import Definition, is_generator, only_value, own_nodes, walk
from ..sources.python_source import Module, enclosing, parameters
from ..sources.scopes import is_local, times_given


class NamedFunction(NamedTuple):
    """The function of the app that an expression refers to, and its module."""

    module: Module
    definition: Definition


def names_meant(sources: Sources, module: Module, node: ast.expr) -> Sequence[str]:
    """Return the names that an expression may have as its value; none if only the running app knows."""
    if isinstance(node, ast.IfExp):
        return [
            *names_meant(sources, module, node.body),
            *names_meant(sources, module, node.orelse),
        ]
    if isinstance(node, ast.Name) and (around := enclosing(module, node)):
        local = _local_names(sources, module, node, around)
        if local is not None:
            return local
    value = sources.evaluate(module, node)
    return [value] if isinstance(value, str) else []


def _local_names(
    sources: Sources, module: Module, node: ast.Name, around: Sequence[Definition]
) -> Sequence[str] | None:
    """Return the values of a variable of the functions around a node; None if it is none of theirs."""
    for definition in around:
        if any(parameter.arg == node.id for parameter in parameters(definition)):
            return []
    stores = [
        part
        for part in walk(around[0])
        if isinstance(part, ast.Name) and part.id == node.id and isinstance(part.ctx, ast.Store)
    ]
    if not stores:
        return None
    if len(stores) > 1:
        return []
    for part in walk(around[0]):
        value: object = None
        if isinstance(part, ast.Assign) and stores[0] in part.targets:
            value = sources.evaluate(module, part.value)
        elif isinstance(part, ast.For) and part.target is stores[0]:
            value = sources.evaluate(module, part.iter)
        if isinstance(value, str):
            return [value]
        if isinstance(value, list):
            return [item for item in value if isinstance(item, str)]
    return []


def function_meant(sources: Sources, module: Module, node: ast.expr) -> NamedFunction | None:
    """Return the function of the app, at the top of a module, that a name refers to."""
    other, name = sources.where_defined(module, node)
    if other is None:
        return None
    found = _functions_at_top(other).get(name, ())
    is_one = len(found) == 1 == times_given(other, name)
    return NamedFunction(other, found[0]) if is_one and not is_local(module, node) else None


@lru_cache(maxsize=1024)
def _functions_at_top(module: Module) -> Mapping[str, Sequence[Definition]]:
    """Return the functions that the statements of a module define, by their names."""
    found: dict[str, list[Definition]] = {}
    for statement in module.tree.body:
        if isinstance(statement, Definition):
            found.setdefault(statement.name, []).append(statement)
    return found


def results_meant(
    sources: Sources, module: Module, called: ast.expr, *, is_awaited: bool = False
) -> tuple[Module, Sequence[ast.expr | None]] | None:
    """Return what a call of a plain function of the app may give, and the module in which that is written.

    It has None for what is not known. It is None for other functions.
    """
    found = function_meant(sources, module, called)
    if found is None or found.definition.decorator_list:
        return None
    other, definition = found
    is_right = is_awaited == isinstance(definition, ast.AsyncFunctionDef)
    if not is_right or is_generator(definition):
        return None
    values = [node.value for node in own_nodes(definition) if isinstance(node, ast.Return)]
    return other, [
        only_value(definition, one.id) if isinstance(one, ast.Name) else one for one in values
    ]
