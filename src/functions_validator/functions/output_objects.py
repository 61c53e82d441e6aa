"""Documents, rows and events for an output, with values that JSON does not have."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..model import Problem
from ..sources.nodes import named_arguments, own_nodes, shows_arguments
from ..sources.python_source import Module
from ..sources.uncertain_names import uncertain_names
from .functions import Function
from .json_values import unwritable
from .received_objects import ReceivedObjects
from .received_times import time_in
from .written_values import unchanged_value

OUTPUTS = ("cosmosdb", "eventgrid", "mysql", "sql")
LISTS = tuple(f"azure.functions.{name}List" for name in ("Document", "MySqlRow", "SqlRow"))
FROM_DICT = {
    f"azure.functions.{name}.from_dict": what
    for name, what in (("Document", "document"), ("MySqlRow", "row"), ("SqlRow", "row"))
}
EVENT = "azure.functions.EventGridOutputEvent"
ARGUMENTS = ("id", "data", "subject", "event_type", "event_time", "data_version")
TIME = "event_time"
# What makes text of a time.
AS_TEXT = ("ctime", "isoformat", "strftime")


def unwritable_objects(received: ReceivedObjects, function: Function) -> Iterator[Problem]:
    """Yield what an output gets as an object, and the worker cannot write, and events that cannot be made."""
    names = {
        binding.name
        for binding in function.bindings
        if binding.direction == "out" and binding.type.lower() in OUTPUTS
    }
    if not names or not names.isdisjoint(uncertain_names(received.definition)):
        return
    module, definition = received.module, received.definition
    for node in own_nodes(definition):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="set"), args=[given]):
                for what, value in _contents(received, given) if name in names else ():
                    if wrong := unwritable(received.sources, module, definition, value):
                        message = f"{name}.set gets {what} with {wrong}, which JSON does not have."
                        fix = "Write it as text or a number, such as str(...)."
                        yield Problem(received.place(node), message, fix)
                    elif time := time_in(received, value):
                        yield time
            case ast.Call(func=called) if module.dotted(called) == EVENT:
                if found := _wrong_event(module, node):
                    yield Problem(received.place(node), *found)


def _contents(received: ReceivedObjects, given: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """Yield what is in the objects that an output gets, each with a name for the object."""
    value = unchanged_value(received, given)
    if isinstance(value, ast.Call) and received.module.dotted(value.func) in LISTS and value.args:
        value = unchanged_value(received, value.args[0])
    for one in value.elts if isinstance(value, ast.List) else [value]:
        made = unchanged_value(received, one) if one else None
        if not isinstance(made, ast.Call):
            continue
        called = received.module.dotted(made.func)
        if called in FROM_DICT and len(made.args) == 1:
            yield f"a {FROM_DICT[called]}", made.args[0]
        elif called == EVENT and (data := named_arguments(made, ()).get("data")):
            yield "an event", data


def _wrong_event(module: Module, call: ast.Call) -> tuple[str, str] | None:
    """Return what is wrong with the arguments of an event, and how to fix it."""
    if not shows_arguments(call):
        return None
    text = ast.unparse(call.func)
    if call.args:
        return f"{text} takes arguments with names only, so this line fails.", _takes()
    given = named_arguments(call, ())
    if unknown := next((name for name in given if name not in ARGUMENTS), None):
        return f"{text} has no argument {unknown!r}, so this line fails.", _takes()
    if missing := [name for name in ARGUMENTS if name not in given]:
        lacks = " and ".join(missing)
        return f"{text} needs {lacks}, so this line fails.", f"Add {lacks}."
    match given[TIME]:
        case ast.Constant(value=str()) | ast.JoinedStr():
            is_text = True
        case ast.Call(func=ast.Attribute(attr=method)):
            is_text = method in AS_TEXT
        case ast.Call(func=ast.Name(id="str")):
            is_text = not module.redefines("str")
        case _:
            is_text = False
    if not is_text:
        return None
    message = f"The {TIME} of {text} is text, which this output cannot write."
    return message, "Write a datetime, such as datetime.now(UTC)."


def _takes() -> str:
    return f"Write {', '.join(f'{name}=' for name in ARGUMENTS)}."
