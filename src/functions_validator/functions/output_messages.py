"""Messages without what the extensions of SignalR, Web PubSub and Event Grid need of them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping

from ..model import Problem
from ..sources.nodes import own_nodes, text_of, value_meant
from ..sources.python_source import Module
from ..sources.uncertain_names import uncertain_names
from ..typos import similar_name
from ..words import listed
from .functions import Function
from .json_values import DUMPS
from .received_objects import ReceivedObjects
from .written_values import written_value

GROUP_ACTIONS = ("add", "remove", "removeAll")
# What is wrong with a message, and what to do.
Fault = tuple[str, str]
EVENT = ("id", "subject", "eventType", "dataVersion")
ACTIONS = (
    *("sendToAll", "sendToUser", "sendToGroup", "sendToConnection"),
    *("addUserToGroup", "addConnectionToGroup", "removeUserFromGroup", "removeUserFromAllGroups"),
    *("removeConnectionFromGroup", "grantPermission", "revokePermission"),
    *("closeAllConnections", "closeClientConnection", "closeGroupConnections"),
)


def refused_messages(received: ReceivedObjects, function: Function) -> Iterator[Problem]:
    """Yield messages that an output gets as a dict, and that its extension refuses."""
    outputs = {
        binding.name: check
        for binding in function.bindings
        if binding.direction == "out" and (check := _CHECKS.get(binding.type.lower()))
    }
    if not outputs or not outputs.keys().isdisjoint(uncertain_names(received.definition)):
        return
    for node in own_nodes(received.definition):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="set"), args=[given]):
                is_dict = isinstance(value_meant(received.definition, given), ast.Dict)
                if name not in outputs or (is_dict and outputs[name] is _of_event_grid):
                    continue  # A dict is not written to Event Grid at all.
                for message in _messages(received, given):
                    if found := outputs[name](received.module, message):
                        what, fix = found
                        yield Problem(received.place(node), f"{name}.set gets {what}.", fix)
                        break


def _messages(received: ReceivedObjects, given: ast.expr) -> Iterator[Mapping[str, ast.expr]]:
    """Yield the dicts that are written, all of whose keys the sources show."""
    value = written_value(received, given)
    many = value.elts if isinstance(value, ast.List) else [value]
    for one in many:
        found = written_value(received, one) if one else None
        if not isinstance(found, ast.Dict):
            continue
        keys = [text.lower() for key in found.keys if (text := text_of(key)) is not None]
        if keys and len(keys) == len(found.keys):
            yield dict(zip(keys, found.values, strict=True))


def _of_signalr(module: Module, message: Mapping[str, ast.expr]) -> Fault | None:
    if "action" in message and "target" not in message:
        return _of_group(message)
    if lacks := [key for key in ("target", "arguments") if key not in message]:
        keys = " and ".join(lacks)
        return f"a message without {keys}, which SignalR refuses", f"Add {keys} to it."
    arguments = message["arguments"]
    is_text = isinstance(arguments, ast.Constant | ast.JoinedStr) or _is_dumped(module, arguments)
    if is_text or isinstance(arguments, ast.Dict):
        what = "a message whose arguments are not a list, which SignalR refuses"
        return what, "Write a list, such as [order]."
    return None


def _of_group(message: Mapping[str, ast.expr]) -> Fault | None:
    """Return what is wrong with a change of a group of SignalR."""
    action = text_of(message["action"])
    if action is not None and action.lower() not in map(str.lower, GROUP_ACTIONS):
        what = f'the action "{action}", which SignalR does not have'
        return what, f"Write {listed(GROUP_ACTIONS, 'or')}."
    if "userid" not in message and "connectionid" not in message:
        what = "an action without userId and connectionId, which SignalR refuses"
        return what, "Add one of them to it."
    return None


def _of_web_pubsub(module: Module, message: Mapping[str, ast.expr]) -> Fault | None:
    if "actionname" not in message:
        return "an action without actionName, which Web PubSub refuses", "Add actionName to it."
    name = text_of(message["actionname"])
    known = {action.lower(): action for action in ACTIONS}
    if name is None:
        return None
    if name.lower() not in known:
        nearest = similar_name(name.lower(), known)
        fix = f"Write {known[nearest]}." if nearest else f"Write one of {', '.join(ACTIONS)}."
        return f'the action "{name}", which Web PubSub does not have', fix
    data = message.get("data")
    is_buffer = isinstance(data, ast.Dict) and "type" in map(text_of, data.keys)
    is_other = isinstance(data, ast.Dict | ast.List | ast.ListComp | ast.DictComp) and not is_buffer
    if is_other and name.lower().startswith("send"):
        return "data that is not text, which Web PubSub refuses", "Write json.dumps(...) for it."
    return None


def _of_event_grid(module: Module, message: Mapping[str, ast.expr]) -> Fault | None:
    lacks = [key for key in EVENT if key.lower() not in message]
    if not lacks or "specversion" in message:
        return None
    keys = ", ".join(lacks)
    return f"an event without {keys}, which fails", "Write func.EventGridOutputEvent(...)."


def _is_dumped(module: Module, value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and module.dotted(value.func) == DUMPS


_CHECKS: Mapping[str, Callable[[Module, Mapping[str, ast.expr]], Fault | None]] = {
    "signalr": _of_signalr,
    "webpubsub": _of_web_pubsub,
    "eventgrid": _of_event_grid,
}
