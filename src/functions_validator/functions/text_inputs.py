"""Parameters that are annotated as text, and that a function uses as an object or as parsed JSON."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from ..model import Problem
from ..sources.nodes import Definition, own_nodes
from ..sources.python_source import Module
from ..sources.uncertain_names import uncertain_names
from .functions import Binding, Function

# What events and messages have, what dicts have, and what text does not have.
OF_EVENTS = ("get_body", "get_json")
OF_DICTS = ("get", "items", "keys", "values")
# What each trigger gives, if it is not annotated as text.
OBJECTS: Mapping[str, str] = {
    "eventgridtrigger": "EventGridEvent",
    "eventhubtrigger": "EventHubEvent",
    "httptrigger": "HttpRequest",
    "kafkatrigger": "KafkaEvent",
    "queuetrigger": "QueueMessage",
    "servicebustrigger": "ServiceBusMessage",
}
# An activity gets what its caller gave, whatever the annotation is.
ACTIVITY = "activitytrigger"


def misused_text(function: Function, module: Module, definition: Definition) -> Iterator[Problem]:
    """Yield attributes that text does not have, and items by their names."""
    texts = {binding.name: binding for binding in function.bindings if _is_text(function, binding)}
    texts = texts and {k: v for k, v in texts.items() if k not in uncertain_names(definition)}
    for node in own_nodes(definition) if texts else ():
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=attr) if name in texts:
                if fix := _how_to_have(attr, name, texts[name]):
                    message = (
                        f"{name} is text, as it is annotated, which has no attribute {attr!r}."
                    )
                    yield Problem(module.place(node), message, fix)
            case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=str())):
                if name in texts:
                    message = f"{name} is text, as it is annotated, which has no items by name."
                    yield Problem(module.place(node), message, f"Write json.loads({name}) first.")


def _is_text(function: Function, binding: Binding) -> bool:
    """Whether the parameter of a binding gets text, since it is annotated so."""
    if binding.direction != "in" or binding.type.lower() == ACTIVITY:
        return False
    annotation = function.annotation(binding)
    if function.module is None or not isinstance(annotation, ast.Name):
        return False
    return function.module.dotted(annotation) == "str"


def _how_to_have(attribute: str, name: str, binding: Binding) -> str | None:
    """Return what to write instead of an attribute of an event or a dict; None for those of text."""
    if attribute in OF_DICTS:
        return f"Write json.loads({name}) first."
    if attribute not in OF_EVENTS:
        return None
    type_ = OBJECTS.get(binding.type.lower())
    return (
        f"Use {name} as it is, or annotate it as func.{type_}."
        if type_
        else f"Use {name} as it is."
    )
