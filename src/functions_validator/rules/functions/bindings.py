"""Names and bindings that the host rejects."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ...data import read_table
from ...functions.decorators import DECORATORS
from ...functions.functions import Binding, Function, has_other_decorators
from ...model import Place, Problem, Severity
from ...pattern import Pattern
from ...project.project import Project
from ...project.settings import reference_fault
from ...sources.nodes import own_nodes, walk
from ...sources.python_source import LISTS, Module
from ...sources.uncertain_names import uncertain_names
from ...typos import similar_name
from ...values.storage_names import NAME_RULE, blob_fault, queue_fault, table_fault
from ..rule import rule
from .empty_names import PART_NONE, is_computed

NAME = Pattern(r"[A-Za-z][A-Za-z0-9_-]{0,127}")
QUEUE, PATH, TABLE = "queueName", "path", "tableName"
STORAGE_FIELDS = {
    "queue": QUEUE,
    "queuetrigger": QUEUE,
    "blob": PATH,
    "blobtrigger": PATH,
    "table": TABLE,
}
# What each field names, and an example of it.
STORED = {
    QUEUE: ("queue", "a name such as orders"),
    PATH: ("blob path", "a path such as orders/{name}"),
    TABLE: ("table", "a name such as Orders"),
}
BATCHES = {"eventhubtrigger", "kafkatrigger", "servicebustrigger"}
KNOWN_TYPES = {
    name.lower(): name
    for name in (
        *(decorator.type for decorator in DECORATORS.values()),
        *read_table("services")["binding_types"],
    )
}
ITEMS = {
    *(f"azure.functions.{name}" for name in ("EventHubEvent", "KafkaEvent", "ServiceBusMessage")),
    "azurefunctions.extensions.bindings.eventhub.EventData",
    "azurefunctions.extensions.bindings.servicebus.ServiceBusReceivedMessage",
}
# What works with a list, but not with an event, or tells them apart.
OF_LISTS = {"enumerate", "isinstance", "len", "list", "sorted"}
# What an event has, and a list does not.
OF_EVENTS = {"get_body", "metadata"}
# Of these, the worker refuses some for another reason.
SEQUENCES = {*LISTS, "collections.abc.Sequence", "typing.Sequence"}


@rule("AF201", Severity.ERROR, "A function's name is invalid")
def names(project: Project) -> Iterator[Problem]:
    """Yield functions whose names the host rejects."""
    for function in project.functions:
        name = function.name
        if isinstance(name, str) and (not NAME.fullmatch(name) or name.lower() == "host"):
            message = f"The host rejects the function name {name!r}."
            fix = "Use at most 128 letters, digits, `-` and `_`, beginning with a letter. `host` is reserved."
            yield Problem(function.place, message, fix)


@rule("AF202", Severity.ERROR, "A queue, container, blob path or table is invalid")
def storage_names(project: Project) -> Iterator[Problem]:
    """Yield queues, paths of blobs and tables that the host or Azure Storage does not allow."""
    for function in project.functions:
        for binding in function.bindings:
            field = STORAGE_FIELDS.get(binding.type.lower())
            written = binding.text(field) if field else None
            if field is None or not written:
                continue
            if PART_NONE.search(written) and is_computed(project, function, binding, field):
                continue  # AF206 reports it.
            if why := _storage_fault(project, binding, field, written):
                message = f"The {STORED[field][0]} {written!r} is invalid: {why}."
                yield Problem(binding.place_of(field), message, _storage_fix(binding, field, why))


def _storage_fault(project: Project, binding: Binding, field: str, written: str) -> str | None:
    """Return what is wrong with a queue or path, with the values of the settings that it names."""
    if why := reference_fault(written, project.settings):
        return why
    name = project.settings.resolve(written)
    if not name:
        return None
    if field == QUEUE:
        return queue_fault(name, is_trigger=binding.is_trigger)
    if field == TABLE:
        return table_fault(name)
    return blob_fault(name, "trigger" if binding.is_trigger else binding.direction.lower())


def _storage_fix(binding: Binding, field: str, why: str) -> str:
    """Return how to fix it, and what happens otherwise."""
    harm = "the function does not start"
    if not binding.is_trigger:
        harm = "each call of the function fails"
    elif field == PATH and why == NAME_RULE:
        harm = "the whole host can end some seconds after its start"
    return f"Write {STORED[field][1]}. Otherwise, {harm}."


@rule("AF203", Severity.ERROR, "The cardinality and the annotation do not match")
def cardinality(project: Project) -> Iterator[Problem]:
    """Yield parameters that take one event where a list arrives, or the reverse."""
    for function in project.functions:
        for binding in function.triggers:
            if binding.type.lower() in BATCHES and function.module:
                yield from _unlike_cardinality(function, function.module, binding)


def _unlike_cardinality(function: Function, module: Module, binding: Binding) -> Iterator[Problem]:
    """Yield the parameter of a trigger if it, or the use of it, does not fit what the cardinality gives."""
    parameter, annotation = function.parameter(binding), function.annotation(binding)
    if parameter is None:
        return
    name, place = parameter.arg, module.place(parameter)
    chosen = "ONE" if binding.lacks("cardinality") else binding.text("cardinality") or ""
    if annotation is None:
        yield from _unlike_use(function, name, chosen.upper(), place)
    elif chosen.upper() == "MANY" and module.dotted(annotation) in ITEMS:
        # The annotation of the types of azure.functions decides nothing.
        is_free = module.dotted(annotation).startswith("azure.functions.")
        if not (is_free and any(_uses(function, name))):
            message = f"{name!r} is annotated as one event, but receives a list."
            fix = "Annotate it with typing.List, or set the cardinality to ONE."
            yield Problem(place, message, fix)
    elif chosen.upper() == "ONE" and _is_list(module, annotation):
        if "isinstance" in _uses(function, name):
            return
        message = f"{name!r} is annotated as a list, but receives one event"
        message += ", which is the default." if "cardinality" not in binding.fields else "."
        fix = "Set the cardinality to MANY, or annotate it as one event."
        yield Problem(place, message, fix)


def _unlike_use(function: Function, name: str, chosen: str, place: Place) -> Iterator[Problem]:
    """Yield a parameter without an annotation that a function uses as the reverse of what it receives."""
    definition = function.definition
    if definition is None or has_other_decorators(function) or name in uncertain_names(definition):
        return
    uses = set(_uses(function, name))
    if chosen == "ONE" and uses:
        message = f"{name!r} receives one event, and this function uses it as a list."
        yield Problem(place, message, "Set the cardinality to MANY, or use it as one event.")
    elif chosen == "MANY" and not uses:
        nodes = [node for node in own_nodes(definition) if isinstance(node, ast.Attribute)]
        used = (n for n in nodes if isinstance(n.value, ast.Name) and n.value.id == name)
        if any(node.attr in OF_EVENTS for node in used):
            message = f"{name!r} receives a list, and this function uses it as one event."
            yield Problem(place, message, "Loop over it, or set the cardinality to ONE.")


def _uses(function: Function, name: str) -> Iterator[str]:
    """Yield what a function does with a parameter that no single event allows, or that asks what it is."""
    for node in walk(function.definition) if function.definition else ():
        if isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            if isinstance(node.iter, ast.Name) and node.iter.id == name:
                yield "for"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            given = [argument.id for argument in node.args if isinstance(argument, ast.Name)]
            if node.func.id in OF_LISTS and name in given:
                yield node.func.id


def _is_list(module: Module, annotation: ast.expr) -> bool:
    node = annotation.value if isinstance(annotation, ast.Subscript) else annotation
    return module.dotted(node) in SEQUENCES


@rule("AF204", Severity.ERROR, "A binding has an unknown type")
def binding_types(project: Project) -> Iterator[Problem]:
    """Yield generic bindings whose type is a misspelled one."""
    for function in project.functions:
        for binding in function.bindings:
            wanted = binding.type.lower()
            if not wanted or wanted in KNOWN_TYPES:
                continue
            similar = similar_name(wanted, KNOWN_TYPES, 0.8)
            if similar:
                message = f"No extension has the binding type {binding.type!r}."
                fix = f"Change it to {KNOWN_TYPES[similar]!r}."
                yield Problem(binding.place_of("type"), message, fix)


@rule("AF205", Severity.ERROR, "Two bindings of a function have the same name")
def binding_names(project: Project) -> Iterator[Problem]:
    """Yield bindings with the name of another binding of the function."""
    for function in project.functions:
        if len(function.triggers) > 1:
            continue  # AF117 reports it.
        seen: dict[str, str] = {}
        for binding in function.bindings:
            name = binding.name
            if not isinstance(name, str):
                continue
            other = seen.get(name.lower())
            seen[name.lower()] = name
            if other is None:
                continue
            message = f"{function.label} has two bindings named {name!r}"
            fix = "Use another parameter for one of them."
            if name == "$return":
                message += ", so the host does not start it"
                fix = "Give one of them a parameter with func.Out[...]."
            elif name != other:
                both = " and ".join(map(repr, sorted((name, other))))
                message = (
                    f"{function.label} has bindings named {both}, which are one name to the host"
                )
            yield Problem(_place(function, binding), f"{message}.", fix)


def _place(function: Function, binding: Binding) -> Place:
    """Return the place of a binding; that of a route's answer does not help beside another `$return`."""
    same = [b for b in function.bindings if b.name == binding.name]
    return next((b.place for b in same if b.type != "http"), binding.place)


RULES = (names, storage_names, cardinality, binding_types, binding_names)
