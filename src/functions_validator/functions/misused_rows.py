"""Documents and rows of azure.functions, which are dicts with a few methods, and what they are used as instead."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..model import Problem
from ..sources.nodes import own_nodes
from .batch_items import ROWS
from .received_objects import ReceivedObjects

TYPES = {*ROWS.values()}
METHODS = {"clear", "copy", "data", "from_dict", "from_json", "fromkeys", "get", "items", "keys"}
METHODS |= {"pop", "popitem", "setdefault", "to_dict", "to_json", "update", "values"}


def misused_rows(received: ReceivedObjects) -> Iterator[Problem]:
    """Yield documents and rows that a function uses as objects with attributes, or as what JSON has."""
    if TYPES.isdisjoint((*received.items.values(), *received.lists.values())):
        return
    for node in own_nodes(received.definition):
        match node:
            case ast.Attribute(ctx=ast.Load()):
                yield from _unknown(received, node)
            case ast.Call(args=[value, *_], keywords=[]):
                if received.module.dotted(node.func) == "json.dumps":
                    yield from _unwritable(received, node, value)


def _type_of(received: ReceivedObjects, node: ast.expr) -> str | None:
    """Return the type of an expression that is a row, which only a loop binds or a number takes from a list."""
    type_ = None
    match node:
        case ast.Name(id=name):
            type_ = received.items.get(name)
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=int())):
            type_ = received.lists.get(name)
    return type_ if type_ in TYPES else None


def _unknown(received: ReceivedObjects, node: ast.Attribute) -> Iterator[Problem]:
    type_ = _type_of(received, node.value)
    if type_ is None or node.attr in METHODS or node.attr.startswith("_"):
        return
    if node.attr not in received.sources.stored_attributes:
        text = ast.unparse(node.value)
        message = f"{text} is a func.{type_}, which has no attribute {node.attr!r}."
        yield Problem(received.place(node), message, f'Write {text}["{node.attr}"].')


def _unwritable(received: ReceivedObjects, call: ast.Call, value: ast.expr) -> Iterator[Problem]:
    """Yield a call of json.dumps that gets a row, or a list of them."""
    text, type_, fix = ast.unparse(value), _type_of(received, value), ""
    if type_:
        fix = f"Write dict({text})."
    elif isinstance(value, ast.Name) and received.lists.get(value.id) in TYPES:
        type_, fix = f"{received.lists[value.id]}List", f"Write [dict(one) for one in {text}]."
    if fix:
        message = f"{text} is a func.{type_}, which json.dumps cannot write."
        yield Problem(received.place(call), message, fix)
