"""Conditions that are false if a caller leaves something out of a request."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from ..sources.nodes import Definition, assigned_values, binds, own_nodes

# What of a request has only what the caller sends.
SENT = ("form", "params")


def chain_of(statement: ast.If) -> Sequence[ast.If]:
    """Return an `if` with each `elif` of it; none if an `else` follows."""
    chain = list(_each(statement))
    return [] if chain[-1].orelse else chain


def _each(statement: ast.If) -> Iterator[ast.If]:
    yield statement
    match statement.orelse:
        case [ast.If() as other]:
            yield from _each(other)


def may_all_be_false(definition: Definition, request: str, chain: Sequence[ast.If]) -> bool:
    """Whether all conditions are certainly false for some request, unless the function has looked at them before."""
    if not all(_may_be_false(definition, request, one.test) for one in chain):
        return False
    names = {name for one in chain for name in _mentioned(one.test)} - {request}
    return not any(
        isinstance(node, ast.If | ast.Assert | ast.While | ast.Match)
        and node not in chain
        and not names.isdisjoint(_mentioned(node))
        and _may_leave(node)
        for node in own_nodes(definition)
    )


def _may_be_false(definition: Definition, request: str, test: ast.expr) -> bool:
    match test:
        case ast.BoolOp(op=ast.And(), values=values):
            return any(_may_be_false(definition, request, one) for one in values)
        case ast.BoolOp(values=values):
            return all(_may_be_false(definition, request, one) for one in values)
        case ast.Compare(left=left, ops=[ast.IsNot()], comparators=[ast.Constant(value=None)]):
            return _may_be_missing(definition, request, left)
        case ast.Compare(left=ast.Constant(), ops=[ast.In()], comparators=[owner]):
            return _is_sent(definition, request, owner)
    return _may_be_missing(definition, request, test)


def _may_be_missing(definition: Definition, request: str, value: ast.expr) -> bool:
    """Whether a value certainly is None for some request."""
    match value:
        case ast.NamedExpr(value=assigned):
            return _may_be_missing(definition, request, assigned)
        case ast.Call(
            func=ast.Attribute(attr="get", value=owner), args=[ast.Constant()], keywords=[]
        ):
            return _is_sent(definition, request, owner)
        case ast.Name(id=name):
            values = _all_values(definition, name)
            return bool(values) and all(
                isinstance(one, ast.Call) and _may_be_missing(definition, request, one)
                for one in values
            )
    return False


def _is_sent(definition: Definition, request: str, owner: ast.expr) -> bool:
    """Whether the caller alone decides which keys something has: the parameters, or the body."""
    match owner:
        case ast.Attribute(value=ast.Name(id=name), attr=part):
            return name == request and part in SENT
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="get_json")):
            return name == request
        case ast.Name(id=name):
            values = _all_values(definition, name)
            calls = [one for one in values if isinstance(one, ast.Call)]
            return len(calls) == len(values) == 1 and _is_sent(definition, request, calls[0])
    return False


def _all_values(definition: Definition, name: str) -> Sequence[ast.expr]:
    """Return all that a function assigns to a variable; none if it may get its value otherwise."""
    values = assigned_values(definition, name)
    return values if sum(binds(node, name) for node in ast.walk(definition)) == len(values) else []


def _mentioned(node: ast.AST) -> set[object]:
    """Return the names and the keys in a condition."""
    condition = getattr(node, "test", None) or getattr(node, "subject", None) or node
    parts = list(ast.walk(condition))
    names: set[object] = {one.id for one in parts if isinstance(one, ast.Name)}
    return names | {one.value for one in parts if isinstance(one, ast.Constant) and one.value}


def _may_leave(statement: ast.AST) -> bool:
    """Whether the function may end in a statement; a call that is not kept may raise."""
    kinds = (ast.Return, ast.Raise, ast.Assert, ast.Expr)
    return any(isinstance(node, kinds) for node in ast.walk(statement))
