"""The classes of an app: what their bodies say of constants and methods."""

from __future__ import annotations

import ast

from .import_graph import Sources
from .nodes import Definition
from .python_source import Module


def class_meant(
    sources: Sources, module: Module, node: ast.expr
) -> tuple[Module, ast.ClassDef] | None:
    """Return the one class of the app that a name refers to."""
    owner, _, name = module.dotted(node).rpartition(".")
    other = sources.find(owner) if owner else module
    found = [one for one in other.all(ast.ClassDef) if one.name == name] if other else []
    return (other, found[0]) if other and len(found) == 1 else None


def class_constant(
    sources: Sources, module: Module, node: ast.Attribute
) -> tuple[Module, ast.expr] | None:
    """Return what `Class.NAME` stands for, if the body of the class says it once."""
    found = class_meant(sources, module, node.value)
    if found is None:
        return None
    other, definition = found
    values = [
        statement.value
        for statement in definition.body
        if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value
        if any(isinstance(t, ast.Name) and t.id == node.attr for t in _targets(statement))
    ]
    return (other, values[0]) if len(values) == 1 else None


def _targets(statement: ast.Assign | ast.AnnAssign) -> list[ast.expr]:
    return statement.targets if isinstance(statement, ast.Assign) else [statement.target]


def method_meant(sources: Sources, module: Module, called: ast.expr) -> Definition | None:
    """Return the method that is called of an object which the app makes once, as `repository.save`."""
    if not isinstance(called, ast.Attribute):
        return None
    made = _made(sources, module, called.value)
    found = class_meant(sources, made[0], made[1].func) if made else None
    if found is None or found[1].bases or found[1].keywords or found[1].decorator_list:
        return None
    methods = [
        node
        for node in found[1].body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == called.attr
    ]
    return methods[0] if len(methods) == 1 else None


def _made(sources: Sources, module: Module, node: ast.expr) -> tuple[Module, ast.Call] | None:
    """Return the call that makes a constant of a module."""
    value = module.constants.get(node.id) if isinstance(node, ast.Name) else None
    owner, _, last = module.dotted(node).rpartition(".")
    other = sources.find(owner) if owner else None
    if value is None and other:
        module, value = other, other.constants.get(last)
    return (module, value) if isinstance(value, ast.Call) else None
