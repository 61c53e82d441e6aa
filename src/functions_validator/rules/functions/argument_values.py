"""Arguments of decorators that Python takes, and whose values the host rejects."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping, Sequence

from ...data import read_table
from ...functions.decorators import field_name
from ...functions.functions import Binding, Function
from ...model import Problem, Severity
from ...pattern import Pattern
from ...project.project import Project
from ...typos import similar_name
from ...words import listed
from ..rule import rule
from .sql_commands import commands

# What the host converts a field into: "json" is an object, and a list has the names that the field takes.
KINDS: Mapping[str, Mapping[str, str | Sequence[str]]] = {
    type_.lower(): {field.lower(): kind for field, kind in fields.items()}
    for type_, fields in read_table("services")["field_kinds"].items()
}
# The least and the most that the library of a service takes.
LIMITS: Mapping[str, Mapping[str, Sequence[int]]] = {
    type_.lower(): {field.lower(): limits for field, limits in fields.items()}
    for type_, fields in read_table("services")["field_limits"].items()
}
WANTED = {
    "bool": "True or False",
    "int": "a whole number",
    "milliseconds": "a whole number of milliseconds",
    "time": "a time such as '2026-01-31T12:00:00Z'",
}
WHOLE = Pattern(r"\s*[+-]?\d+\s*")
# What the host or a call replaces.
REPLACED = Pattern(r"%[^%]+%|\{[^{}]+\}")
# The fields with the connection, the database and the container that a trigger watches, and those of its leases.
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
LEASES = "leases"
SDK = "azurefunctions.extensions.bindings."


@rule("AF252", Severity.ERROR, "The host rejects the value of an argument")
def rejected(project: Project) -> Iterator[Problem]:
    """Yield values of another type, those that exclude each other, and commands of SQL that cannot run."""
    for function in project.functions:
        for binding in function.bindings:
            yield from _of_other_types(function, binding)
            yield from _outside_limits(function, binding)
            match binding.type.lower():
                case "cosmosdbtrigger":
                    yield from _change_feed(project, function, binding)
                case "cosmosdb":
                    yield from _documents(function, binding)
                case "sql" | "mysql":
                    yield from commands(function, binding)


def _of_other_types(function: Function, binding: Binding) -> Iterator[Problem]:
    """Yield fields that the host cannot convert into the type that it needs."""
    kinds = KINDS.get(binding.type.lower(), {})
    for field, value in binding.fields.items():
        kind = kinds.get(field.lower())
        if kind == "json":
            yield from _objects(function, binding, field)
        elif not kind or not isinstance(value, str) or not value or REPLACED.search(value):
            continue
        elif advice := _misfit(kind, value, is_text=_is_text(function, binding, field)):
            message = f"The {field} of {function.label} is {value!r}, which the host rejects."
            yield Problem(binding.place_of(field), message, f"Write {advice}.")


def _outside_limits(function: Function, binding: Binding) -> Iterator[Problem]:
    """Yield numbers with which the library of a service does not start."""
    limits = LIMITS.get(binding.type.lower(), {})
    for field, value in binding.fields.items():
        least, most = limits.get(field.lower(), (0, 0))
        text = "" if isinstance(value, bool) else str(value)
        if most and WHOLE.fullmatch(text) and not least <= int(text) <= most:
            message = f"The {field} of {function.label} is {value}, which the host rejects."
            yield Problem(binding.place_of(field), message, f"Write {least} to {most}.")


def _misfit(kind: str | Sequence[str], value: str, *, is_text: bool) -> str | None:
    """Return what to write in place of a text that is not of a kind."""
    if not isinstance(kind, str):
        return _unknown_name(kind, value, is_text=is_text)
    fits = {
        "bool": value.strip().lower() in ("true", "false"),
        "time": any(map(str.isdigit, value)),
    }
    return None if fits.get(kind, WHOLE.fullmatch(value)) else WANTED[kind]


def _unknown_name(kind: Sequence[str], value: str, *, is_text: bool) -> str | None:
    """Return what to write in place of a name that the host does not know: it takes several, and numbers of names."""
    names = {name.lower(): name for name in kind}
    parts = value.lower().split(",")
    if all(part.strip() in names or WHOLE.fullmatch(part) for part in parts):
        return None
    plain = re.sub("[^a-z]", "", value.lower())
    if plain in names and not is_text:
        return None
    close = similar_name(plain, names)
    wanted = (names[close],) if close else kind
    return listed([repr(name) for name in wanted], "or")


def _is_text(function: Function, binding: Binding, field: str) -> bool:
    """Whether a field is written as text, and not as the member of an enumeration, which is read as its name."""
    given = (
        keyword.value
        for decoration in function.decorations
        if decoration.place == binding.place
        for keyword in decoration.call.keywords
        if keyword.arg and field in (keyword.arg, field_name(keyword.arg))
    )
    return isinstance(next(given, None), ast.Constant)


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
    """Yield a trigger with two starts, and one with its leases in what it watches."""
    if (
        binding.text("startFromTime")
        and str(binding.fields.get("startFromBeginning")).lower() == "true"
    ):
        message = f"{function.label} starts from the beginning and from a time, so the host does not start it."
        fix = "Remove start_from_beginning or start_from_time."
        yield Problem(binding.place_of("startFromTime"), message, fix)
    watched = [_text(project, binding, *names) for names in WATCHED]
    kept = [_text(project, binding, *names) for names in KEPT]
    is_default = kept[-1] is None and _is_left_out(binding, KEPT[-1])
    if is_default:
        kept[-1] = LEASES
    # Without them, the leases are in the same database of the same account.
    for index in (0, 1):
        if _is_left_out(binding, KEPT[index]):
            kept[index] = watched[index]
    if None not in watched and watched == kept:
        message = f"{function.label} keeps its leases in the container that it watches, so the host does not start it."
        name = next(name for name in KEPT[-1] if is_default or not binding.lacks(name))
        fix = "Give it another lease_container_name."
        if is_default:
            fix = f"Give it a lease_container_name: without one, it is '{LEASES}'."
        yield Problem(binding.place_of(name), message, fix)


def _is_left_out(binding: Binding, names: Sequence[str]) -> bool:
    return all(binding.lacks(name) for name in names)


def _text(project: Project, binding: Binding, *names: str) -> str | None:
    """Return the first of the fields that is given, as the host compares it; None if it is not known."""
    given = next((text for name in names if (text := binding.text(name))), None)
    if given is None:
        return None
    resolved = project.settings.resolve(given)
    return (given if resolved is None else resolved).lower()


def _documents(function: Function, binding: Binding) -> Iterator[Problem]:
    """Yield an input with both an id and a query, unless it may be a client, which takes both."""
    is_input = binding.direction.lower() == "in" and not _may_be_client(function, binding)
    if is_input and binding.text("id") and binding.text("sqlQuery"):
        message = f"{function.label} has both an id and a query for {binding.name}, so the host does not start it."
        fix = "Remove one of them: id gives one document, and sql_query gives a list."
        yield Problem(binding.place_of("sqlQuery"), message, fix)


def _may_be_client(function: Function, binding: Binding) -> bool:
    if function.parameter(binding) is None or function.module is None:
        return True
    annotation = function.annotation(binding)
    return annotation is not None and function.module.dotted(annotation).startswith(SDK)


RULES = (rejected,)
