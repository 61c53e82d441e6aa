"""What a function writes to an output, through names and calls."""

from __future__ import annotations

import ast

from ..sources.nodes import only_value
from ..sources.python_source import Module
from .json_values import DUMPS, may_change
from .received_objects import ReceivedObjects

DOCUMENTS = ("azure.functions.Document.from_dict", "azure.functions.Document.from_json")
# The most names and calls between a value and what writes it.
LONGEST = 6


def written_value(received: ReceivedObjects, given: ast.expr) -> ast.expr | None:
    """Return the value that an output gets, such as a dict; None if the sources do not show it."""
    value: ast.expr | None = given
    for _ in range(LONGEST):
        if isinstance(value, ast.Name):
            value = unchanged_value(received, value)
        elif isinstance(value, ast.Call) and _writes(received.module, value):
            value = value.args[0]
    return value


def unchanged_value(received: ReceivedObjects, node: ast.expr) -> ast.expr | None:
    """Return what a name stands for, or another expression itself; None for a name whose value may change."""
    if not isinstance(node, ast.Name):
        return node
    if may_change(received.sources, received.module, received.definition, node.id):
        return None
    return only_value(received.definition, node.id)


def _writes(module: Module, call: ast.Call) -> bool:
    return module.dotted(call.func) in (*DOCUMENTS, DUMPS) and len(call.args) == 1
