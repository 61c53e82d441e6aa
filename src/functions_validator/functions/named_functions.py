"""The function of the app that an expression refers to, and the names that it may have as its value."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import NamedTuple

from ..sources.import_graph import Sources
from ..sources.nodes import Definition, binds, targets
from ..sources.python_source import Module, enclosing, parameters


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
        for part in ast.walk(around[0])
        if isinstance(part, ast.Name) and part.id == node.id and isinstance(part.ctx, ast.Store)
    ]
    if not stores:
        return None
    if len(stores) > 1:
        return []
    for part in ast.walk(around[0]):
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
    if other is None or is_local(module, node):
        return None
    found = [
        statement
        for statement in other.tree.body
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef) and statement.name == name
    ]
    bound = [part for part in other.assignments if _assigns(part, name)]
    return NamedFunction(other, found[0]) if len(found) == 1 and not bound else None


def is_local(module: Module, node: ast.expr) -> bool:
    """Whether a name is one of a function around it: a parameter, a variable, or a function or class in it.

    A name that an import binds is none of these: the module knows what it stands for.
    """
    if not isinstance(node, ast.Name):
        return False
    return any(
        binds(part, node.id) and part is not around
        for around in enclosing(module, node)
        for part in ast.walk(around)
        if not isinstance(part, ast.alias | ast.Global)
    )


def _assigns(part: ast.Assign | ast.AnnAssign, name: str) -> bool:
    return any(isinstance(one, ast.Name) and one.id == name for one in targets(part))
