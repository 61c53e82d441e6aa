"""Binding expressions such as `{name}`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ...functions.functions import Binding, Function
from ...model import Problem, Severity
from ...pattern import Pattern
from ...project.project import Project
from ...typos import similar_name
from ..rule import rule

EXPRESSION = Pattern(r"(?<!\{)\{([^{}]+)\}(?!\})", parts=("{",))
# The fields that may have expressions; in others, braces are text.
FIELDS = {
    "path",
    "blobPath",
    "queueName",
    "topicName",
    "eventHubName",
    "tableName",
    "partitionKey",
    "rowKey",
    "id",
    "containerName",
    "collectionName",
    "databaseName",
}
# What every function has.
SYSTEM = {"rand-guid", "datetime", "sys"}
# What a trigger has besides the names in its path. Others also have the properties of a message, which no file shows.
OF_TRIGGER: Mapping[str, set[str]] = {
    "blobtrigger": {"blobtrigger", "uri", "properties", "metadata", "name"},
    "timertrigger": set(),
}


@rule("AF240", Severity.ERROR, "A binding expression has no value")
def expressions(project: Project) -> Iterator[Problem]:
    """Yield expressions in inputs and outputs that the trigger does not give a value."""
    for function in project.functions:
        known = _names(project, function)
        if known is None:
            continue
        for binding in function.bindings:
            if not binding.is_trigger:
                yield from _unknown(function, binding, known)


def _names(project: Project, function: Function) -> set[str] | None:
    """Return the names that have a value, in lower case; None if they are not known for certain."""
    if len(function.triggers) != 1:
        return None
    [trigger] = function.triggers
    own = OF_TRIGGER.get(trigger.type.lower())
    if own is None:
        return None
    if trigger.type.lower() == "timertrigger":
        return SYSTEM
    path = project.settings.resolve(trigger.text("path") or "")
    return SYSTEM | own | {name.lower() for name in EXPRESSION.findall(path)} if path else None


def _unknown(function: Function, binding: Binding, known: set[str]) -> Iterator[Problem]:
    for field in (name for name in binding.fields if name in FIELDS):
        for expression in EXPRESSION.findall(binding.text(field) or ""):
            name = re.split(r"[:.]", expression)[0].strip().lower()
            if name in known:
                continue
            message = f"{{{expression}}} has no value in {function.label}, so each call fails."
            similar = similar_name(name, dict.fromkeys(known, ""))
            fix = f"Write {{{similar}}}." if similar else "Use a name in the path of the trigger."
            if not known - SYSTEM:
                fix = "Use {DateTime} or {rand-guid}, or write it with the SDK."
            yield Problem(binding.place_of(field), message, fix)


RULES = (expressions,)
