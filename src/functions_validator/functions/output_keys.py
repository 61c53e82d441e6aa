"""Documents and rows without the keys that their service needs."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from ..model import Problem
from ..sources.nodes import own_nodes
from ..sources.uncertain_names import uncertain_names
from .functions import Binding, Function
from .received_objects import ReceivedObjects
from .written_values import written_value

ID = "id"


def lacking_keys(received: ReceivedObjects, function: Function) -> Iterator[Problem]:
    """Yield documents and rows that an output gets without a key, so that the service refuses them."""
    needed = {binding.name: _needed(binding) for binding in function.bindings}
    outputs = {name: keys for name, keys in needed.items() if keys}
    if not outputs or not outputs.keys().isdisjoint(uncertain_names(received.definition)):
        return
    for node in own_nodes(received.definition):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="set"), args=[given]):
                keys = _keys(received, given) if name in outputs else None
                lacks = [one for one in outputs.get(name, ()) if keys and one.lower() not in keys]
                if keys and lacks:
                    message, fix = _answer(name, lacks)
                    yield Problem(received.place(node), message, fix)


def _answer(name: str, lacks: Sequence[str]) -> tuple[str, str]:
    if lacks[0] == ID:
        message = f"{name}.set gets a document without an id, which Azure Cosmos DB refuses."
        return message, 'Add "id" to it, such as str(uuid.uuid4()).'
    keys = " and ".join(lacks)
    return f"{name}.set gets a row without {keys}, which the table refuses.", f"Add {keys} to it."


def _needed(binding: Binding) -> list[str]:
    """Return the keys that the value of an output must have."""
    if binding.direction != "out" or not binding.is_complete:
        return []
    type_ = binding.type.lower()
    if type_ == "table":
        fields = {"PartitionKey": "partitionKey", "RowKey": "rowKey"}
        return [key for key, field in fields.items() if binding.lacks(field)]
    # Older versions of the extension, whose bindings have a collection, make an id themselves.
    return [ID] if type_ == "cosmosdb" and "containerName" in binding.fields else []


def _keys(received: ReceivedObjects, given: ast.expr) -> set[str] | None:
    """Return the keys of a dict that is written, in lower case; None if the sources do not show all."""
    value = written_value(received, given)
    if not isinstance(value, ast.Dict):
        return None
    keys = [key.value if isinstance(key, ast.Constant) else None for key in value.keys]
    return {key.lower() for key in keys if isinstance(key, str)} if all(keys) else None
