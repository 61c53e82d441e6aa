"""Parameters that are annotated as text, and that a function uses as an object or as parsed JSON."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from ..model import Problem
from ..sources.nodes import own_nodes
from ..sources.python_source import Module
from ..sources.typing_names import bare_annotation
from ..sources.uncertain_names import uncertain_names
from .functions import Function

# What events and messages have, and dicts, and text has not.
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


def misused_text(function: Function, module: Module) -> Iterator[Problem]:
    """Yield attributes that text does not have, and items by their names."""
    texts = _texts(function, module)
    if not texts or function.definition is None:
        return
    for node in own_nodes(function.definition):
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=attr) if name in texts:
                if attr in OF_EVENTS:
                    type_ = OBJECTS.get(texts[name])
                    fix = f"Use {name} as it is"
                    fix += f", or annotate it as func.{type_}." if type_ else "."
                elif attr in OF_DICTS:
                    fix = f"Write json.loads({name}) first."
                else:
                    continue
                message = f"{name} is text, as it is annotated, which has no attribute {attr!r}."
                yield Problem(module.place(node), message, fix)
            case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=str())):
                if name in texts:
                    message = f"{name} is text, as it is annotated, which has no items by name."
                    yield Problem(module.place(node), message, f"Write json.loads({name}) first.")


# An activity gets what its caller gave, whatever the annotation is.
ACTIVITY = "activitytrigger"


def _texts(function: Function, module: Module) -> Mapping[str, str]:
    """Return the parameters that get text, with the types of their bindings."""
    found: dict[str, str] = {}
    for binding in function.bindings:
        argument = function.parameter(binding)
        if binding.direction != "in" or argument is None or argument.annotation is None:
            continue
        if binding.type.lower() == ACTIVITY:
            continue
        annotation = bare_annotation(module, argument.annotation)
        if isinstance(annotation, ast.Name) and module.dotted(annotation) == "str":
            found[argument.arg] = binding.type.lower()
    if not found or not any(_is_used(module.text, name) for name in found):
        return {}
    assert function.definition is not None
    uncertain = uncertain_names(function.definition)
    return {name: type_ for name, type_ in found.items() if name not in uncertain}


def _is_used(text: str, name: str) -> bool:
    used: Sequence[str] = [f"{name}.{attribute}" for attribute in (*OF_EVENTS, *OF_DICTS)]
    return any(one in text for one in (*used, f'{name}["', f"{name}['"))
