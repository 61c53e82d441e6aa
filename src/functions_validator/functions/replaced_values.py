"""Values that a function gives to an output in a loop, each of which replaces the one before it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from ..model import Problem
from ..sources.nodes import own_nodes, walk
from ..sources.uncertain_names import uncertain_names
from .functions import Binding
from .received_objects import ReceivedObjects

# The outputs that write all values that they get at once, with what holds these.
AT_ONCE = {
    "cosmosdb": "a func.DocumentList",
    "eventgrid": "a list",
    "eventhub": "a list",
    "mysql": "a func.MySqlRowList",
    "queue": "a list",
    "sql": "a func.SqlRowList",
}


def replaced_values(received: ReceivedObjects, outputs: Sequence[Binding]) -> Iterator[Problem]:
    """Yield the values of a loop that an output gets one by one, so that it writes only the last one."""
    bound_again = uncertain_names(received.definition)
    types = {one.name: one.type.lower() for one in outputs if one.name not in bound_again}
    for loop in own_nodes(received.definition):
        if not isinstance(loop, ast.For | ast.AsyncFor) or _may_end(loop):
            continue
        for statement in loop.body:
            match statement:
                case ast.Expr(
                    value=ast.Call(
                        func=ast.Attribute(value=ast.Name(id=name), attr="set"), args=[given]
                    ) as call
                ) if types.get(name) in AT_ONCE and _is_of_loop(loop, given):
                    message = f"Each {name}.set replaces the value before it, so only the last one is written."
                    fix = f"Write {name}.set(...) once below the loop, with {AT_ONCE[types[name]]}."
                    yield Problem(received.place(call), message, fix)


def _may_end(loop: ast.For | ast.AsyncFor) -> bool:
    """Whether a loop may give the output one value alone."""
    return isinstance(loop.iter, ast.Subscript) or any(
        isinstance(node, ast.Break | ast.Return | ast.Continue) for node in walk(loop)
    )


def _is_of_loop(loop: ast.For | ast.AsyncFor, given: ast.expr) -> bool:
    """Whether a value is made of nothing but the item of a loop."""
    items = {node.id for node in ast.walk(loop.target) if isinstance(node, ast.Name)}
    called = [node.func for node in ast.walk(given) if isinstance(node, ast.Call)]
    makers = {id(node) for function in called for node in ast.walk(function)}
    names = [
        node.id for node in ast.walk(given) if isinstance(node, ast.Name) and id(node) not in makers
    ]
    return bool(names) and items.issuperset(names)
