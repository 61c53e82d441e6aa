"""Times of events and messages, which JSON does not have."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from ..model import Problem
from ..sources.nodes import keyed_values
from .received_objects import ReceivedObjects
from .written_values import unchanged_value

# The attributes of each type that are datetimes.
TIMES: Mapping[str, Sequence[str]] = {
    "EventGridEvent": ("event_time",),
    "EventHubEvent": ("enqueued_time",),
    "QueueMessage": ("expiration_time", "insertion_time", "time_next_visible"),
    "ServiceBusMessage": ("enqueued_time_utc", "expires_at_utc"),
}

# What makes a time without a time zone, if it gets no argument.
NAIVE = ("datetime.datetime.now", "datetime.datetime.utcnow")


def naive_time(received: ReceivedObjects, left: ast.expr, right: ast.expr) -> Problem | None:
    """Return a problem with a time that has no time zone, next to one of a received object, which has one."""
    for time, other in ((left, right), (right, left)):
        value = received.meant(other)
        if _is_time(received, time) and isinstance(value, ast.Call):
            is_naive = received.module.dotted(value.func) in NAIVE
            if is_naive and not value.args and not value.keywords:
                message = f"{ast.unparse(time)} has a time zone, and {ast.unparse(value)} has none, so this line fails."
                fix = "Write datetime.now(timezone.utc), with timezone from datetime."
                return Problem(received.place(value), message, fix)
    return None


def _is_time(received: ReceivedObjects, node: ast.expr) -> bool:
    """Whether an expression is a time of a received object."""
    match node:
        case ast.Attribute(value=ast.Name(id=name), attr=attr):
            return attr in TIMES.get(received.types.get(name, ""), ())
    return False


def time_in(received: ReceivedObjects, given: ast.expr) -> Problem | None:
    """Return a problem with a time of a received object in what is written as JSON."""
    waiting, names = [given], set[str]()
    while waiting:
        part = waiting.pop(0)
        match part:
            case ast.Name(id=name) if name not in names:
                names.add(name)
                waiting += [value] if (value := unchanged_value(received, part)) else []
            case ast.Dict():
                waiting += keyed_values(part)
            case ast.List() | ast.Tuple():
                waiting += part.elts
            case ast.Attribute() if _is_time(received, part):
                text = ast.unparse(part)
                message = f"{text} is a datetime, which JSON does not have, so this line fails."
                return Problem(received.place(part), message, f"Write {text}.isoformat().")
    return None
