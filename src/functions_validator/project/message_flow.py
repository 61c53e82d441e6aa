"""Where the messages of functions come from and where they go, to find functions that start each other."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ..data import read_table
from ..functions.functions import Binding
from ..pattern import Pattern
from .settings import Settings, canonical

FLOW: Mapping[str, Mapping[str, Sequence[str]]] = read_table("services")["message_flow"]
# Of which sources each message starts one of the functions with the same fields; with the defaults of the fields.
SHARED: Mapping[str, Mapping[str, str]] = read_table("services")["shared_messages"]
SUBSCRIPTION = ("topicName", "subscriptionName")
BLOB = "blob"
# Whose names are the same in any letter case.
ANY_CASE = ("queue", "servicebus", "eventhub", "sql", "mysql")
# Leaves out the marks around the names of tables.
UNQUOTED = str.maketrans("", "", '[]`"')
PARAMETER = Pattern(r"\{[^{}]*\}")
# A value of a parameter of a blob's path.
SAMPLE = "abc"


class Channel(NamedTuple):
    """What messages go through, such as a queue; for blobs, the name is a path."""

    service: str
    connection: str
    name: str

    def starts(self, other: Channel) -> bool:
        """Whether what is written here always starts a function that is triggered by the other."""
        if self[:2] != other[:2]:
            return False
        return _matches(self.name, other.name) if self.service == BLOB else self == other


class Reader(NamedTuple):
    """Who takes messages from a channel, such as a consumer group: each message starts only one function of a reader."""

    channel: Channel
    group: Sequence[str]


def source_of(settings: Settings, trigger: Binding) -> Channel | None:
    """Return what starts a function; None if it is not known, or if filters may leave messages out."""
    if trigger.text("topicName"):
        return None
    return _channel(settings, trigger, trigger.type.lower().removesuffix("trigger"))


def reader_of(settings: Settings, trigger: Binding) -> Reader | None:
    """Return who takes the messages of a trigger; None if it is not known, or if all functions get each message."""
    service = trigger.type.lower().removesuffix("trigger")
    fields = next((SHARED[name] for name in SHARED if name.lower() == service), None)
    if fields is None:
        return None
    names = SUBSCRIPTION if trigger.text("topicName") else None
    channel = _channel(settings, trigger, service, names)
    group = [_or_default(settings, trigger, name.split("/"), fields[name]) for name in fields]
    known = tuple(value for value in group if value is not None)
    return Reader(channel, known) if channel and len(known) == len(group) else None


def target_of(settings: Settings, output: Binding) -> Channel | None:
    """Return what an output writes to; None if it is not known."""
    if output.direction.lower() != "out":
        return None
    return _channel(settings, output, output.type.lower())


def _channel(
    settings: Settings, binding: Binding, service: str, name_fields: Sequence[str] | None = None
) -> Channel | None:
    flow = next((FLOW[name] for name in FLOW if name.lower() == service), None)
    if flow is None:
        return None
    default = next(iter(flow.get("default", ())), None)
    connection = _or_default(settings, binding, flow["connection"], default)
    names = [_first(settings, binding, one.split("/")) for one in name_fields or flow["names"]]
    if connection is None or not all(names):
        return None
    name = _as_compared(service, "/".join(str(one) for one in names))
    if name is None:
        return None
    return Channel(service, canonical(connection).removeprefix("azurewebjobs"), name)


def _as_compared(service: str, name: str) -> str | None:
    """Return a name as the service compares it; None if a message decides about it, or braces in a path are text."""
    if service == BLOB:
        return None if "{{" in name else name
    name = name.translate(UNQUOTED)
    name = name.lower() if service in ANY_CASE else name
    if "{" in name:
        return None
    return name.removeprefix("dbo.") if service == "sql" else name


def _first(settings: Settings, binding: Binding, fields: Sequence[str]) -> str | None:
    for field in fields:
        if text := binding.text(field):
            return settings.resolve(text) or None
    return None


def _or_default(
    settings: Settings, binding: Binding, fields: Sequence[str], default: str | None
) -> str | None:
    """Return the first of some fields that is given, with the values of settings, or if none is, the default."""
    if all(binding.lacks(field) for field in fields):
        return default
    return _first(settings, binding, fields)


def _matches(path: str, pattern: str) -> bool:
    """Whether a blob with a path is one that a trigger with a pattern takes."""
    sample = PARAMETER.sub(SAMPLE, path)
    literals = map(re.escape, PARAMETER.compiled.split(pattern))
    wanted = ".+".join(literals) + ("" if "/" in pattern else "/.+")
    return re.fullmatch(wanted, sample) is not None
