"""Attributes that the objects of azure.functions do not have, and methods that are used as what they do not return."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..model import Problem
from ..sources.nodes import own_nodes, value_meant
from ..sources.uncertain_names import asked_names
from .misused_objects import not_called
from .other_names import instead
from .received_objects import ATTRIBUTES, ReceivedObjects
from .unlike_text import is_parsed

METHODS = ("get_body", "get_json", "read")
# What JSON makes.
JSON = (bool, dict, float, int, list, str)
# What a message of the SDK does, and one of azure.functions does not.
SETTLING = {"abandon", "complete", "dead_letter", "deadletter", "defer", "renew_lock"}
SETTLED = (
    "The host settles it when the function ends. To do so in the function, take a "
    "ServiceBusReceivedMessage of azurefunctions.extensions.bindings.servicebus."
)


def misused_attributes(received: ReceivedObjects) -> Iterator[Problem]:
    """Yield unknown attributes, methods that are not called, and results that are awaited or used as parsed JSON."""
    for node in own_nodes(received.definition) if received.types or received.lists else ():
        if check := CHECKS.get(type(node)):
            yield from check(received, node)


def _attribute(received: ReceivedObjects, node: ast.Attribute) -> Iterator[Problem]:
    if isinstance(node.value, ast.Name):
        if node.value.id in received.types:
            yield from _unknown(received, node, node.value.id)
        yield from _of_list(received, node, node.value.id)
    yield from _uncalled(received, node.value)
    yield from _unparsed(received, node.value, node.attr)
    yield from _of_json(received, node)


def _subscript(received: ReceivedObjects, node: ast.Subscript) -> Iterator[Problem]:
    yield from _uncalled(received, node.value)
    match node.slice:
        case ast.Constant(value=str()):
            yield from _unparsed(received, node.value)


def _call(received: ReceivedObjects, call: ast.Call) -> Iterator[Problem]:
    """Yield what is wrong with what is parsed as JSON."""
    if not call.args:
        return
    [given, *_] = call.args
    if isinstance(call.func, ast.Attribute) and call.func.attr == "loads":
        yield from _uncalled(received, given)
    match given:
        case ast.Call(func=ast.Name(id="str"), args=[ast.Name() as inside], keywords=[]):
            given = inside
    if isinstance(given, ast.Name) and given.id in received.types:
        # A module that names the error expects that json.loads cannot read the value.
        is_json = received.module.dotted(call.func) == "json.loads"
        if is_json and "TypeError" not in received.module.text:
            yield from _parsed(received, call, given.id)


def _await(received: ReceivedObjects, node: ast.Await) -> Iterator[Problem]:
    if received.called_method(node.value):
        message = f"{ast.unparse(node.value)} is not a coroutine, so this line fails."
        yield Problem(received.place(node), message, "Write it without await.")


def _unknown(received: ReceivedObjects, node: ast.Attribute, name: str) -> Iterator[Problem]:
    """Yield an attribute that an object does not have, and that the app does not give to it."""
    known, type_ = received.attributes(name), received.types[name]
    if node.attr.startswith("_") or node.attr in known:
        return
    if node.attr not in received.sources.stored_attributes:
        is_settling = type_ == "ServiceBusMessage" and node.attr in SETTLING
        message = f"{name} is a func.{type_}, which has no attribute {node.attr!r}."
        fix = SETTLED if is_settling else instead(node.attr, known)
        yield Problem(received.place(node), message, fix)


def _of_json(received: ReceivedObjects, node: ast.Attribute) -> Iterator[Problem]:
    """Yield an attribute that no value has which JSON makes, as if the value were an object of JavaScript."""
    sources, definition, used = received.sources, received.definition, node.value
    value = value_meant(definition, used)
    if any(hasattr(type_, node.attr) for type_ in JSON) or not isinstance(node.ctx, ast.Load):
        return
    is_own = received.called_method(value) == "get_json"
    if not is_own and not is_parsed(sources, received.module, definition, value):
        return
    if isinstance(used, ast.Name) and used.id in asked_names(definition):
        return
    text = ast.unparse(used)
    message = f"{text} is parsed JSON, such as a dict, which has no attribute {node.attr!r}."
    yield Problem(received.place(node), message, f'Write {text}["{node.attr}"].')


def _of_list(received: ReceivedObjects, node: ast.Attribute, name: str) -> Iterator[Problem]:
    """Yield an attribute of an event that a list of events does not have."""
    type_ = received.lists.get(name, "")
    if node.attr in ATTRIBUTES.get(type_, ()) and name not in received.single:
        message = f"{name} is a list of func.{type_}, which has no attribute {node.attr!r}."
        fix = f"Use {node.attr} of each item, in a loop over {name}."
        yield Problem(received.place(node), message, fix)


def _uncalled(received: ReceivedObjects, used: ast.expr) -> Iterator[Problem]:
    """Yield a method that is used as if it were what it returns."""
    if method := received.uncalled_method(value_meant(received.definition, used), METHODS):
        yield not_called(received, method)


def _parsed(received: ReceivedObjects, call: ast.Call, name: str) -> Iterator[Problem]:
    """Yield a call of json.loads that gets an object with a body, and not the body."""
    if method := received.first_attribute(name, ("get_body", "read", "get_json")):
        text = f"{name}.{method}()"
        message = f"{name} is a func.{received.types[name]}, which json.loads cannot read."
        is_parsed = method == "get_json"
        fix = f"Use {text}, which is parsed." if is_parsed else f"Write json.loads({text})."
        yield Problem(received.place(call), message, fix)


def _unparsed(received: ReceivedObjects, used: ast.expr, attribute: str = "") -> Iterator[Problem]:
    """Yield a body in bytes, or the text in it, that is used as if it were parsed."""
    body = value_meant(received.definition, used)
    source, is_text = body, False
    match body:
        case ast.Call(func=ast.Attribute(value=decoded, attr="decode")):
            source, is_text = decoded, True
    has_attribute = attribute and hasattr(str if is_text else bytes, attribute)
    if received.called_method(source) != "get_body" or has_attribute:
        return
    if isinstance(used, ast.Name) and used.id in asked_names(received.definition):
        return
    text = ast.unparse(body)
    what = "text, not the JSON in it" if is_text else "bytes, not the JSON in them"
    message = f"{text} is {what}, which this function uses."
    yield Problem(received.place(body), message, f"Write json.loads({text}).")


CHECKS: Mapping[type, Callable[[ReceivedObjects, Any], Iterator[Problem]]] = {
    ast.Attribute: _attribute,
    ast.Await: _await,
    ast.Call: _call,
    ast.Subscript: _subscript,
}
