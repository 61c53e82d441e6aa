"""Names and bindings that the host refuses."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from ..data import read_table
from ..model import Problem, Severity
from ..project.decorators import DECORATORS
from ..project.functions import Binding, Function
from ..project.project import Project
from ..project.typos import meant
from .rule import rule

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,127}")
STORAGE_NAME = re.compile(r"(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*")
SPECIAL_CONTAINERS = {"$root", "$logs", "$web"}
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


@rule("AF201", Severity.ERROR, "A function's name is refused")
def names(project: Project) -> Iterator[Problem]:
    """The host takes names that begin with a letter and go on with letters, digits, `-` and `_`, up to
    128 in all; `host` is its own. It leaves out a function with another name.

    Give the function another name, or one by `function_name`.
    """
    for function in project.functions:
        name = function.name
        if isinstance(name, str) and (not NAME.fullmatch(name) or name.lower() == "host"):
            message = f"The host takes no function of the name {name!r}."
            fix = "Begin with a letter, and use letters, digits, `-` and `_` only."
            yield Problem(function.place, message, fix)


@rule("AF202", Severity.ERROR, "A queue or container cannot have such a name")
def storage_names(project: Project) -> Iterator[Problem]:
    """Queues and containers of Azure Storage have names of 3 to 63 lower-case letters, digits and single
    hyphens. A function with another name does not start or fails with each call.

    Choose a name that Azure Storage takes.
    """
    for function in project.functions:
        for binding in function.bindings:
            kind = binding.type.lower()
            if kind in ("queuetrigger", "queue"):
                field, name = "queueName", (binding.text("queueName") or "").lower()
            elif kind in ("blobtrigger", "blob"):
                field, name = "path", (binding.text("path") or "").partition("/")[0]
            else:
                continue
            if not binding.text(field) or re.search("[{}%:]", name):
                continue
            if name.isupper() or name in SPECIAL_CONTAINERS:
                continue
            if not STORAGE_NAME.fullmatch(name):
                message = f"Azure Storage has no queue or container of the name {name!r}."
                fix = "Use 3 to 63 lower-case letters, digits and single hyphens."
                yield Problem(binding.place_of(field), message, fix)


@rule("AF203", Severity.ERROR, "The cardinality and the annotation do not match")
def cardinality(project: Project) -> Iterator[Problem]:
    """With the cardinality MANY, the function gets a list, and with ONE a single event, whatever its
    parameter is annotated with; code that is written for the other fails with every event.

    Annotate the parameter with `typing.List` for MANY, and without it for ONE.
    """
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
                fix = "Annotate it with typing.List, or choose the cardinality ONE."
                yield Problem(place, f"{argument.arg!r} is a list of events, not one event.", fix)
            elif chosen == "ONE" and is_list:
                fix = "Choose the cardinality MANY, or annotate it without List."
                yield Problem(place, f"{argument.arg!r} is one event, not a list of events.", fix)


def _argument(function: Function, binding: Binding) -> ast.arg | None:
    """Return the parameter of a binding."""
    if function.definition is None:
        return None
    arguments = function.definition.args
    every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    return next((argument for argument in every if argument.arg == binding.name), None)


@rule("AF204", Severity.ERROR, "There is no such type of binding")
def binding_types(project: Project) -> Iterator[Problem]:
    """A generic trigger or binding names its type, which an extension must know. The host does not start
    a function with a type that none knows.

    Correct the type.
    """
    for function in project.functions:
        for binding in function.bindings:
            wanted = binding.type.lower()
            if not wanted or wanted in KNOWN_TYPES:
                continue
            similar = meant(wanted, KNOWN_TYPES, 0.8)
            if similar:
                message = f"No extension has a binding of the type {binding.type!r}."
                fix = f"Write {KNOWN_TYPES[similar]}."
                yield Problem(binding.place_of("type"), message, fix)


@rule("AF205", Severity.ERROR, "Two bindings of a function have the same name")
def binding_names(project: Project) -> Iterator[Problem]:
    """Each binding of a function has a parameter of its own, by whose name the host tells them apart.

    Name another parameter in one of the decorators.
    """
    for function in project.functions:
        seen: set[str] = set()
        for binding in function.bindings:
            if not isinstance(binding.name, str) or binding.name == "$return":
                continue
            if binding.name in seen:
                message = f"{function.label} has two bindings of the name {binding.name!r}."
                yield Problem(binding.place, message, "Name another parameter in one of them.")
            seen.add(binding.name)


@rule("AF206", Severity.ERROR, "A binding does not say what it is bound to")
def empty_names(project: Project) -> Iterator[Problem]:
    """A queue, a container, a hub or a table without a name cannot be followed, read or written: the host does not
    start the function.

    Write its name, or a setting that has it, as `%ORDERS_QUEUE%`.
    """
    for function in project.functions:
        for binding in function.bindings:
            for field in SOURCES:
                if binding.fields.get(field) == "":
                    message = f"The {binding.type} of {function.label} has an empty {field}."
                    yield Problem(binding.place_of(field), message, "Write its name.")


RULES = (names, storage_names, cardinality, binding_types, binding_names, empty_names)
