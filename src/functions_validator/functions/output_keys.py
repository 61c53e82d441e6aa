"""Documents and rows without the keys that their service needs."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from ..model import Problem
from ..sources.nodes import own_nodes, value_meant
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
                values = _values(received, given) if name in outputs else {}
                lacks = [one for one in outputs.get(name, ()) if one.lower() not in values]
                if values and lacks:
                    message, fix = _answer(name, lacks)
                    yield Problem(received.place(node), message, fix)
                elif values and outputs[name] == [ID] and _is_number(values[ID]):
                    if isinstance(value_meant(received.definition, given), ast.Dict):
                        continue  # It is not written at all.
                    message = f"{name}.set gets a document whose id is a number, which Azure Cosmos DB refuses."
                    yield Problem(received.place(node), message, "Write the id as text.")


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


def _values(received: ReceivedObjects, given: ast.expr) -> Mapping[str, ast.expr]:
    """Return the values of a dict that is written, by their keys in lower case; none if the sources do not show all."""
    value = written_value(received, given)
    if not isinstance(value, ast.Dict):
        return {}
    keys = [key.value if isinstance(key, ast.Constant) else None for key in value.keys]
    if not all(isinstance(key, str) for key in keys):
        return {}
    return dict(zip((str(key).lower() for key in keys), value.values, strict=True))


def _is_number(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and isinstance(value.value, int | float)
