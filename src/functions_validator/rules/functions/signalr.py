"""Functions that SignalR Service triggers."""

from __future__ import annotations

from collections.abc import Iterator

from ...functions.functions import Binding, Function
from ...model import Problem, Severity
from ...project.project import Project
from ..rule import rule

TRIGGER = "signalrtrigger"
FIELDS = ("hubName", "category", "event")
CONNECTIONS, MESSAGES = "connections", "messages"
CONNECTION_EVENTS = ("connected", "disconnected")
STOPS = "so the whole host stops."


@rule("AF239", Severity.ERROR, "A SignalR trigger stops the host")
def stopping(project: Project) -> Iterator[Problem]:
    """Yield triggers without a hub, category or event, with unknown ones, and with those of another trigger."""
    seen: dict[tuple[str, ...], Function] = {}
    for function in project.functions:
        for binding in function.triggers:
            if binding.type.lower() != TRIGGER:
                continue
            missing = [field for field in FIELDS if binding.lacks(field)]
            if missing:
                message = (
                    f"The SignalR trigger of {function.label} lacks {', '.join(missing)}, {STOPS}"
                )
                fix = 'Add them, such as category="messages" and event="send".'
                yield Problem(binding.place, message, fix)
                continue
            given = [_resolved(project, binding, field) for field in FIELDS]
            yield from _unknown(binding, function, given[1], given[2])
            key = tuple(value.lower() for value in given if value)
            if len(key) < len(FIELDS) or function not in project.certain_functions:
                continue
            other = seen.setdefault(key, function)
            if other is not function:
                message = f"{other.label} already has the event {given[2]!r} of the hub {given[0]!r}, {STOPS}"
                fix = "Change the event of one of them, or make them one function."
                yield Problem(binding.place_of("event"), message, fix)


def _unknown(
    binding: Binding, function: Function, category: str | None, event: str | None
) -> Iterator[Problem]:
    """Yield a category or an event of connections that the extension does not have."""
    known = category.lower() if category else ""
    if known not in ("", CONNECTIONS, MESSAGES):
        message = f"SignalR has no category {category!r}, which {function.label} names, {STOPS}"
        fix = f'Write "{CONNECTIONS}" or "{MESSAGES}".'
        yield Problem(binding.place_of("category"), message, fix)
    elif known == CONNECTIONS and event and event.lower() not in CONNECTION_EVENTS:
        message = f"Connections have no event {event!r}, which {function.label} names, {STOPS}"
        fix = 'Write "connected" or "disconnected", or the category "messages".'
        yield Problem(binding.place_of("event"), message, fix)


def _resolved(project: Project, binding: Binding, field: str) -> str | None:
    """Return a field, whatever the case of its name, with the values of the settings that it names."""
    for name, value in binding.fields.items():
        if name.lower() == field.lower() and isinstance(value, str):
            return project.settings.resolve(value)
    return None


RULES = (stopping,)
