"""Conditions that are false if a caller leaves something out of a request."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from ..sources.import_graph import Unknown
from ..sources.lost_results import LOGGING
from ..sources.nodes import Definition, all_values, own_nodes, text_of, walk

# What of a request has only what the caller sends, and what else of it has a `get` that never fails.
SENT = ("form", "params")
READ = (*SENT, "headers", "route_params")
LOGGERS = ("LOG", "LOGGER", "log", "logger", "logging")
# What neither leaves a function nor fails, whatever the caller leaves out.
HARMLESS = (
    *(ast.Assign, ast.AnnAssign, ast.Expr, ast.Pass, ast.Try),
    *(ast.Constant, ast.JoinedStr, ast.Name, ast.keyword),
)


def chain_of(statement: ast.If) -> Sequence[ast.If]:
    """Return an `if` with each `elif` of it; none if an `else` follows."""
    chain = list(_each(statement))
    return [] if chain[-1].orelse else chain


def _each(statement: ast.If) -> Iterator[ast.If]:
    yield statement
    match statement.orelse:
        case [ast.If() as other]:
            yield from _each(other)


def needed_keys(
    definition: Definition, request: str | Unknown, chain: Sequence[ast.If]
) -> Sequence[str]:
    """Return the keys of a request without which all conditions are certainly false; none if that is not sure.

    It is sure only if the function does nothing before that may fail or return without these keys.
    """
    found = [_keys(definition, request, one.test) for one in chain]
    if not all(found) or not _is_only_way(definition, request, chain):
        return []
    return list(dict.fromkeys(key for keys in found for key in keys))


def other_methods(
    definition: Definition, request: str | Unknown, chain: Sequence[ast.If], methods: Sequence[str]
) -> Sequence[str]:
    """Return those of the methods for which all conditions are certainly false; none if that is not sure."""
    found = [_methods(request, one.test) for one in chain]
    if not all(found) or not _is_only_way(definition, request, chain):
        return []
    return [one for one in methods if not any(one in handled for handled in found)]


def _methods(request: str | Unknown, test: ast.expr) -> Sequence[str]:
    """Return the methods of a request for which a condition is true; none if it asks for anything else."""
    match test:
        case ast.Compare(
            left=ast.Attribute(value=ast.Name(id=name), attr="method"),
            ops=[ast.Eq() | ast.In() as operator],
            comparators=[other],
        ) if name == request:
            given = other.elts if isinstance(other, ast.List | ast.Set | ast.Tuple) else [other]
            texts = [text for one in given if (text := text_of(one))]
            is_sure = isinstance(operator, ast.Eq) == (given == [other])
            return texts if is_sure and len(texts) == len(given) else []
    return []


def _is_only_way(definition: Definition, request: str | Unknown, chain: Sequence[ast.If]) -> bool:
    """Whether a function does nothing besides some conditions that may fail or return."""
    apart = {*walk(chain[0])}
    for node in own_nodes(definition):
        if isinstance(node, ast.ExceptHandler):
            # No handler runs: what is harmless raises nothing if the caller sends an empty object.
            apart.update(walk(node))
    others = (node for node in own_nodes(definition) if node not in apart)
    return all(_is_harmless(definition, request, node) for node in others)


def _keys(definition: Definition, request: str | Unknown, test: ast.expr) -> Sequence[str]:
    """Return the keys without which a condition is certainly false; none if that is not sure."""
    match test:
        case ast.BoolOp(op=ast.And(), values=[first, *_]):
            return _keys(definition, request, first)
        case ast.BoolOp(values=values):
            found = [_keys(definition, request, one) for one in values]
            return [key for keys in found for key in keys] if all(found) else []
        case ast.Compare(left=left, ops=[ast.IsNot()], comparators=[ast.Constant(value=None)]):
            return _key_of(definition, request, left)
        case ast.Compare(
            left=ast.Constant(value=str(key)), ops=[ast.In()], comparators=[owner]
        ) if _is_sent(definition, request, owner):
            return [key]
    return _key_of(definition, request, test)


def _key_of(definition: Definition, request: str | Unknown, value: ast.expr) -> Sequence[str]:
    """Return the keys without which a value certainly is None."""
    match value:
        case ast.NamedExpr(value=assigned):
            return _key_of(definition, request, assigned)
        case ast.Call(
            func=ast.Attribute(attr="get", value=owner),
            args=[ast.Constant(value=str(key))],
            keywords=[],
        ) if _is_sent(definition, request, owner):
            return [key]
        case ast.Name(id=name):
            values = all_values(definition, name)
            found = [
                _key_of(definition, request, one) if isinstance(one, ast.Call) else []
                for one in values
            ]
            return [key for keys in found for key in keys] if all(found) else []
    return []


def _is_sent(definition: Definition, request: str | Unknown, owner: ast.expr) -> bool:
    """Whether the caller alone decides which keys something has: the parameters, or the body."""
    match owner:
        case ast.Attribute(value=ast.Name(id=name), attr=part):
            return name == request and part in SENT
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="get_json")):
            return name == request
        case ast.Name(id=name):
            values = all_values(definition, name)
            calls = [one for one in values if isinstance(one, ast.Call)]
            return len(calls) == len(values) == 1 and _is_sent(definition, request, calls[0])
    return False


def _is_harmless(definition: Definition, request: str | Unknown, node: ast.AST) -> bool:
    """Whether a node itself does nothing that may leave the function."""
    match node:
        case ast.If(test=ast.UnaryOp(op=ast.Not())) | ast.UnaryOp(op=ast.Not()):
            return True
        case ast.Attribute(value=ast.Name(id=name)):
            return name in (request, *LOGGERS) or node.attr == "get"
        case ast.Attribute():
            return node.attr == "get"
        case ast.FormattedValue(format_spec=None):
            return True
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method)) if (
            name in LOGGERS or name == request
        ):
            return method in ("get_json", *LOGGING)
        case ast.Call(func=ast.Attribute(value=owner, attr="get")):
            return _is_sent(definition, request, owner) or (
                isinstance(owner, ast.Attribute)
                and isinstance(owner.value, ast.Name)
                and owner.value.id == request
                and owner.attr in READ
            )
    return isinstance(node, HARMLESS)
