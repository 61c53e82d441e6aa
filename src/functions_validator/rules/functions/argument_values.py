"""Arguments of decorators that Python takes, and whose values the host rejects."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from ...data import read_table
from ...functions.functions import Binding, Function
from ...model import Problem, Severity
from ...pattern import Pattern
from ...project.project import Project
from ...typos import similar_name
from ..rule import rule

# What the host converts a field into: "bool", "int", "json" (an object), or one of several names.
KINDS: Mapping[str, Mapping[str, str | Sequence[str]]] = {
    type_.lower(): {field.lower(): kind for field, kind in fields.items()}
    for type_, fields in read_table("services")["field_kinds"].items()
}
# The least and the most that the library of a service takes.
LIMITS: Mapping[str, Mapping[str, Sequence[int]]] = {
    type_.lower(): {field.lower(): limits for field, limits in fields.items()}
    for type_, fields in read_table("services")["field_limits"].items()
}
WHOLE = Pattern(r"\s*[+-]?\d+\s*")
# What the host or a call replaces.
REPLACED = Pattern(r"%[^%]+%|\{[^{}]+\}")
WITH_PARAMETERS = ("sql", "mysql")
LEASES = "leases"


@rule("AF252", Severity.ERROR, "The host rejects the value of an argument")
def rejected(project: Project) -> Iterator[Problem]:
    """Yield values of another type, those that contradict each other, and malformed parameters of SQL."""
    for function in project.functions:
        for binding in function.bindings:
            type_ = binding.type.lower()
            yield from _of_other_types(function, binding)
            yield from _outside_limits(function, binding)
            if type_ == "cosmosdbtrigger":
                yield from _change_feed(project, function, binding)
            elif type_ in WITH_PARAMETERS and binding.direction.lower() == "in":
                yield from _parameters(function, binding)


def _of_other_types(function: Function, binding: Binding) -> Iterator[Problem]:
    """Yield fields that the host cannot convert into the type that it needs."""
    kinds = KINDS.get(binding.type.lower(), {})
    for field, value in binding.fields.items():
        kind = kinds.get(field.lower())
        if kind == "json":
            yield from _objects(function, binding, field)
        elif kind and isinstance(value, str) and (advice := _misfit(kind, value)):
            message = f"The {field} of {function.label} is {value!r}, which the host rejects."
            yield Problem(binding.place_of(field), message, advice)


def _outside_limits(function: Function, binding: Binding) -> Iterator[Problem]:
    """Yield numbers with which the library of a service does not start."""
    limits = LIMITS.get(binding.type.lower(), {})
    for field, value in binding.fields.items():
        least, most = limits.get(field.lower(), (0, 0))
        text = "" if isinstance(value, bool) else str(value)
        if most and WHOLE.fullmatch(text) and not least <= int(text) <= most:
            message = f"The {field} of {function.label} is {value}, which the host rejects."
            yield Problem(binding.place_of(field), message, f"Write {least} to {most}.")


def _misfit(kind: str | Sequence[str], value: str) -> str | None:
    """Return what to write in place of a text that is not of a kind."""
    if not value or REPLACED.search(value):
        return None
    text = value.strip().lower()
    if kind == "bool":
        return None if text in ("true", "false") else "Write True or False."
    if WHOLE.fullmatch(value):
        return None
    if kind == "int":
        return "Write a whole number."
    names = {name.lower(): name for name in kind}
    # The members of enumerations have underscores, as EVENT_GRID.
    plain = re.sub("[^a-z]", "", text)
    if plain in names:
        return None
    close = similar_name(plain, names)
    *others, last = (names[close],) if close else kind
    return f"Write {', '.join(map(repr, others))}{' or ' if others else ''}{last!r}."


def _objects(function: Function, binding: Binding, field: str) -> Iterator[Problem]:
    """Yield a field that is not the text of a JSON object."""
    value = binding.fields[field]
    if isinstance(value, str) and value.strip():
        try:
            if isinstance(json.loads(value), dict):
                return
        except ValueError:
            pass
    elif not isinstance(value, dict | list):
        return
    message = (
        f"The {field} of {function.label} is not the text of a JSON object, so the host rejects it."
    )
    yield Problem(binding.place_of(field), message, "Write it with json.dumps({...}).")


def _change_feed(project: Project, function: Function, binding: Binding) -> Iterator[Problem]:
    """Yield a trigger with two starts, with a start that is no time, and with its leases in what it watches."""
    start = binding.text("startFromTime")
    begins = str(binding.fields.get("startFromBeginning")).lower() == "true"
    place = binding.place_of("startFromTime")
    if start and begins:
        message = f"{function.label} starts from the beginning and from a time, so the host does not start it."
        yield Problem(place, message, "Remove start_from_beginning or start_from_time.")
    elif start and not re.search(r"\d", start) and not REPLACED.search(start):
        message = (
            f"The startFromTime of {function.label} is {start!r}, so the host does not start it."
        )
        yield Problem(place, message, "Write a time such as '2026-01-31T12:00:00Z'.")
    watched = [_text(project, binding, *names) for names in WATCHED]
    kept = [_text(project, binding, *names) for names in KEPT]
    if kept[-1] is None and _is_left_out(binding, KEPT[-1]):
        kept[-1] = LEASES
    # Without them, the leases are in the same database of the same account.
    for index in (0, 1):
        if _is_left_out(binding, KEPT[index]):
            kept[index] = watched[index]
    if None not in watched and watched == kept:
        message = f"{function.label} keeps its leases in the container that it watches, so the host does not start it."
        fix = "Give it another lease_container_name."
        yield Problem(binding.place_of(KEPT[-1][0]), message, fix)


WATCHED = (
    ("connection", "connectionStringSetting"),
    ("databaseName",),
    ("containerName", "collectionName"),
)
KEPT = (
    ("leaseConnection", "leaseConnectionStringSetting"),
    ("leaseDatabaseName",),
    ("leaseContainerName", "leaseCollectionName"),
)


def _is_left_out(binding: Binding, names: Sequence[str]) -> bool:
    return all(binding.lacks(name) for name in names)


def _text(project: Project, binding: Binding, *names: str) -> str | None:
    """Return the first of the fields that is given, as the host compares it; None if it is not known."""
    given = next((text for name in names if (text := binding.text(name))), None)
    if given is None:
        return None
    resolved = project.settings.resolve(given)
    return (given if resolved is None else resolved).lower()


def _parameters(function: Function, binding: Binding) -> Iterator[Problem]:
    """Yield the parameters of a query if the host cannot read them."""
    written = binding.text("parameters") or ""
    if "%" in written:
        return
    for pair in REPLACED.sub("x", written).split(","):
        name, equals, value = pair.partition("=")
        if pair and not (name.startswith("@") and equals and "=" not in value):
            message = f"The host cannot read the parameters {written!r}, so each call of {function.label} fails."
            fix = "Write them as in '@id={id},@size=3', without spaces."
            yield Problem(binding.place_of("parameters"), message, fix)
            return


RULES = (rejected,)
