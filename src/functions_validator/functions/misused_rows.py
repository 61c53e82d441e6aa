"""Documents and rows of azure.functions, which are dicts with a few methods, and what they are used as instead."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ..model import Problem
from ..sources.nodes import own_nodes
from .batch_items import ROWS
from .received_objects import ReceivedObjects

METHODS = {"clear", "copy", "data", "from_dict", "from_json", "fromkeys", "get", "items", "keys"}
METHODS |= {"pop", "popitem", "setdefault", "to_dict", "to_json", "update", "values"}


class _Rows(NamedTuple):
    """The types of variables that are rows, and those of what is in parameters that are lists of them."""

    single: Mapping[str, str]
    lists: Mapping[str, str]

    def type_of(self, node: ast.expr) -> str | None:
        """Return the type of an expression that is a row."""
        match node:
            case ast.Name(id=name):
                return self.single.get(name)
            case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=int())):
                return self.lists.get(name)
        return None


def misused_rows(received: ReceivedObjects) -> Iterator[Problem]:
    """Yield documents and rows that a function uses as objects with attributes, or as what JSON has."""
    rows = _Rows(_of_rows(received.items), _of_rows(received.lists))
    for node in own_nodes(received.definition) if rows.single or rows.lists else ():
        match node:
            case ast.Attribute(ctx=ast.Load()):
                yield from _unknown(received, rows, node)
            case ast.Call(args=[value, *_], keywords=[]):
                if received.module.dotted(node.func) == "json.dumps":
                    yield from _unwritable(received, rows, node, value)


def _of_rows(types: Mapping[str, str]) -> Mapping[str, str]:
    return {name: type_ for name, type_ in types.items() if type_ in ROWS.values()}


def _unknown(received: ReceivedObjects, rows: _Rows, node: ast.Attribute) -> Iterator[Problem]:
    type_ = rows.type_of(node.value)
    if type_ is None or node.attr in METHODS or node.attr.startswith("_"):
        return
    if node.attr not in received.sources.stored_attributes:
        text = ast.unparse(node.value)
        message = f"{text} is a func.{type_}, which has no attribute {node.attr!r}."
        yield Problem(received.place(node), message, f'Write {text}["{node.attr}"].')


def _unwritable(
    received: ReceivedObjects, rows: _Rows, call: ast.Call, value: ast.expr
) -> Iterator[Problem]:
    """Yield a call of json.dumps that gets a row, or a list of them."""
    text, type_, fix = ast.unparse(value), rows.type_of(value), ""
    if type_:
        fix = f"Write dict({text})."
    elif isinstance(value, ast.Name) and value.id in rows.lists:
        type_, fix = f"{rows.lists[value.id]}List", f"Write [dict(one) for one in {text}]."
    if fix:
        message = f"{text} is a func.{type_}, which json.dumps cannot write."
        yield Problem(received.place(call), message, fix)
