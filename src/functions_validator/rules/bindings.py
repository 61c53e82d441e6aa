"""Names and bindings that the host rejects."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from ..data import read_table
from ..model import Problem, Severity
from ..project.decorators import DECORATORS
from ..project.functions import Binding, Function
from ..project.project import Project
from ..project.settings import reference_fault
from ..project.storage_names import NAME_RULE, blob_fault, queue_fault
from ..project.typos import meant
from .rule import rule

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,127}")
BATCHES = {"eventhubtrigger", "kafkatrigger", "servicebustrigger"}
SOURCES = (
    "queueName",
    "path",
    "eventHubName",
    "topicName",
    "subscriptionName",
    "tableName",
    "databaseName",
    "containerName",
    "schedule",
)
KNOWN_TYPES = {
    name.lower(): name
    for name in (
        *(decorator.type for decorator in DECORATORS.values()),
        *read_table("services")["binding_types"],
    )
}
ITEMS = {f"azure.functions.{name}" for name in ("EventHubEvent", "KafkaEvent", "ServiceBusMessage")}


@rule("AF201", Severity.ERROR, "A function's name is invalid")
def names(project: Project) -> Iterator[Problem]:
    """Yield functions whose names the host rejects."""
    for function in project.functions:
        name = function.name
        if isinstance(name, str) and (not NAME.fullmatch(name) or name.lower() == "host"):
            message = f"The host rejects the function name {name!r}."
            fix = (
                "Use at most 128 letters, digits, `-` and `_`, a letter first; `host` is reserved."
            )
            yield Problem(function.place, message, fix)


@rule("AF202", Severity.ERROR, "A queue, container or blob path is invalid")
def storage_names(project: Project) -> Iterator[Problem]:
    """Yield queues and paths of blobs that the host or Azure Storage does not allow."""
    for function in project.functions:
        for binding in function.bindings:
            kind = binding.type.lower()
            if kind in ("queuetrigger", "queue"):
                field = "queueName"
            elif kind in ("blobtrigger", "blob"):
                field = "path"
            else:
                continue
            written = binding.text(field)
            if written and (why := _storage_fault(project, binding, field, written)):
                what = "queue" if field == "queueName" else "blob path"
                message = f"The {what} {written!r} is invalid: {why}."
                yield Problem(binding.place_of(field), message, _storage_fix(binding, field, why))


def _storage_fault(project: Project, binding: Binding, field: str, written: str) -> str | None:
    """Return what is wrong with a queue or path, with the values of the settings that it names."""
    if why := reference_fault(written, project.settings):
        return why
    name = project.settings.resolve(written)
    if not name:
        return None
    if field == "queueName":
        return queue_fault(name, is_trigger=binding.is_trigger)
    return blob_fault(name, "trigger" if binding.is_trigger else binding.direction.lower())


def _storage_fix(binding: Binding, field: str, why: str) -> str:
    """Return how to fix it, and what happens otherwise."""
    example = "orders" if field == "queueName" else "orders/{name}"
    harm = "the function does not start"
    if not binding.is_trigger:
        harm = "each call of the function fails"
    elif field == "path" and why == NAME_RULE:
        harm = "the whole host can end some seconds after its start"
    return f"Write one such as {example}; with this one, {harm}."


@rule("AF203", Severity.ERROR, "The cardinality and the annotation do not match")
def cardinality(project: Project) -> Iterator[Problem]:
    """Yield parameters that take one event where a list arrives, or the reverse."""
    for function in project.functions:
        for binding in function.triggers:
            chosen = (binding.text("cardinality") or "").upper()
            argument = _argument(function, binding)
            if binding.type.lower() not in BATCHES or argument is None or not function.module:
                continue
            annotation = argument.annotation
            is_list = isinstance(annotation, ast.Subscript) and function.module.dotted(
                annotation.value
            ) in ("typing.List", "list")
            is_item = annotation is not None and function.module.dotted(annotation) in ITEMS
            place = function.module.place(argument)
            if chosen == "MANY" and is_item:
                message = f"{argument.arg!r} is annotated as one event, but receives a list."
                fix = "Annotate it with typing.List, or set the cardinality to ONE."
                yield Problem(place, message, fix)
            elif chosen == "ONE" and is_list:
                message = f"{argument.arg!r} is annotated as a list, but receives one event."
                fix = "Set the cardinality to MANY, or annotate it as one event."
                yield Problem(place, message, fix)


def _argument(function: Function, binding: Binding) -> ast.arg | None:
    """Return the parameter of a binding."""
    if function.definition is None:
        return None
    arguments = function.definition.args
    every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    return next((argument for argument in every if argument.arg == binding.name), None)


@rule("AF204", Severity.ERROR, "A binding has an unknown type")
def binding_types(project: Project) -> Iterator[Problem]:
    """Yield generic bindings whose type is a misspelled one."""
    for function in project.functions:
        for binding in function.bindings:
            wanted = binding.type.lower()
            if not wanted or wanted in KNOWN_TYPES:
                continue
            similar = meant(wanted, KNOWN_TYPES, 0.8)
            if similar:
                message = f"No extension has the binding type {binding.type!r}."
                fix = f"Change it to {KNOWN_TYPES[similar]!r}."
                yield Problem(binding.place_of("type"), message, fix)


@rule("AF205", Severity.ERROR, "Two bindings of a function have the same name")
def binding_names(project: Project) -> Iterator[Problem]:
    """Yield bindings with the name of another binding of the function."""
    for function in project.functions:
        seen: set[str] = set()
        for binding in function.bindings:
            if not isinstance(binding.name, str) or binding.name == "$return":
                continue
            if binding.name in seen:
                message = f"{function.label} has two bindings named {binding.name!r}."
                yield Problem(binding.place, message, "Use another parameter for one of them.")
            seen.add(binding.name)


@rule("AF206", Severity.ERROR, "A binding's queue, container, hub or table has no name")
def empty_names(project: Project) -> Iterator[Problem]:
    """Yield bindings whose queue, container, hub, table or schedule is empty."""
    for function in project.functions:
        for binding in function.bindings:
            for field in SOURCES:
                if binding.fields.get(field) == "":
                    message = f"The {binding.type} of {function.label} has an empty {field}."
                    fix = "Give it a value, or an app setting such as %ORDERS_QUEUE%."
                    yield Problem(binding.place_of(field), message, fix)


RULES = (names, storage_names, cardinality, binding_types, binding_names, empty_names)
