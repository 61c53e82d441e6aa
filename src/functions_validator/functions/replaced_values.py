"""Values that a function gives to an output in a loop, each of which replaces the one before it."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection, Iterator, Sequence

from ..model import Problem
from ..sources.nodes import (
    Definition,
    binds,
    first_name,
    own_nodes,
    reads_of,
    times_bound,
    value_meant,
    walk,
)
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
# The methods that give all items of a message, a dict or a file.
READING = ("get", "get_json", "items", "loads", "readlines", "split", "splitlines", "values")


def replaced_values(received: ReceivedObjects, outputs: Sequence[Binding]) -> Iterator[Problem]:
    """Yield the values of a loop that an output gets one by one, so that it writes only the last one."""
    definition = received.definition
    bound_again = uncertain_names(definition)
    types = {one.name: one.type.lower() for one in outputs if one.name not in bound_again}
    for loop in own_nodes(definition):
        if not isinstance(loop, ast.For | ast.AsyncFor) or _may_end(loop):
            continue
        if not _may_have_more(definition, loop.iter):
            continue
        for call, name in _setting(loop):
            is_replaced = types.get(name) in AT_ONCE and _is_of_loop(received, loop, call.args[0])
            # With another read of its name, it may get all values elsewhere.
            if is_replaced and len(reads_of(definition, name)) == 1:
                message = f"Each {name}.set replaces the value before it, so only the last one is written."
                fix = f"Write {name}.set(...) once below the loop, with {AT_ONCE[types[name]]}."
                yield Problem(received.place(call), message, fix)


def _setting(loop: ast.For | ast.AsyncFor) -> Iterator[tuple[ast.Call, str]]:
    """Yield the statements of a loop such as `output.set(item)`, each with the name of the output."""
    for statement in _steps(loop.body):
        match statement:
            case ast.Expr(value=ast.Call(func=ast.Attribute(attr="set") as method) as call):
                if isinstance(method.value, ast.Name) and len(call.args) == 1:
                    yield call, method.value.id


def _steps(block: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements that a block runs without a condition, until one of them fails."""
    for statement in block:
        yield statement
        if isinstance(statement, ast.Try | ast.With):
            yield from _steps(statement.body)


def _may_end(loop: ast.For | ast.AsyncFor) -> bool:
    """Whether a loop may give the output one value alone."""
    is_raised = any(isinstance(statement, ast.Raise) for statement in loop.body)
    return is_raised or any(
        isinstance(node, ast.Break | ast.Return | ast.Continue) for node in walk(loop)
    )


def _may_have_more(definition: Definition, iterated: ast.expr) -> bool:
    """Whether a loop is over all of something that may have several items, in an order that says nothing."""
    match value_meant(definition, iterated):
        case ast.Name(id=name):
            return times_bound(definition, name) == 1
        case ast.List(elts=items) | ast.Tuple(elts=items):
            return len(items) > 1
        case ast.Call(func=ast.Name(id="enumerate"), args=[inside, *_]):
            return _may_have_more(definition, inside)
        case ast.Call(func=ast.Attribute(value=owner, attr=method)):
            return method in READING and not isinstance(value_meant(definition, owner), ast.Dict)
        case ast.Subscript(value=owner, slice=ast.Constant(value=str())):
            return not isinstance(value_meant(definition, owner), ast.Dict)
        case ast.ListComp(generators=[one]) | ast.GeneratorExp(generators=[one]):
            return not one.ifs and _may_have_more(definition, one.iter)
    return False


def _is_of_loop(received: ReceivedObjects, loop: ast.For | ast.AsyncFor, given: ast.expr) -> bool:
    """Whether a value is made of nothing but the item of a loop."""
    targets = loop.target.elts if isinstance(loop.target, ast.Tuple) else [loop.target]
    items = {node.id for node in targets if isinstance(node, ast.Name)}
    inside = [node for statement in loop.body for node in walk(statement)]
    if any(binds(node, item) for node in inside for item in items):
        return False
    for statement in _steps(loop.body):
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                is_only = times_bound(received.definition, name) == 1
                if is_only and _is_of_items(received, value, items):
                    items.add(name)
    return _is_of_items(received, given, items)


def _is_of_items(received: ReceivedObjects, value: ast.expr, items: Collection[str]) -> bool:
    """Whether a value is made of nothing but variables of a loop."""
    nodes = [*ast.walk(value)]
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    if not all(_is_maker(received, call.func, items) for call in calls):
        return False
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    made = {one.id for call in calls if (one := first_name(call.func))}.difference(items)
    return not names.isdisjoint(items) and names <= made.union(items)


def _is_maker(received: ReceivedObjects, called: ast.expr, items: Collection[str]) -> bool:
    """Whether what is called is in the item, in Python or in a library, and so keeps nothing of other items."""
    name = first_name(called)
    if name is None or name.id in items:
        return name is not None
    if times_bound(received.definition, name.id):
        return False
    if name.id in received.module.aliases:
        return received.sources.where_defined(received.module, called)[0] is None
    return hasattr(builtins, name.id) and not received.module.redefines(name.id)
