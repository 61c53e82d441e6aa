"""Values that a function gives to the parameters of its outputs, and that these cannot write."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from ..model import Problem
from ..sources.nodes import COLLECTIONS, Definition, is_none, own_nodes, text_of, value_meant, walk
from ..sources.python_source import Module
from ..sources.uncertain_names import uncertain_names
from .annotations import followed
from .functions import Binding, Function
from .json_values import unwritable
from .output_keys import lacking_keys
from .output_messages import refused_messages
from .output_objects import unwritable_objects
from .received_objects import ReceivedObjects
from .received_times import time_in
from .replaced_values import replaced_values
from .unlike_text import TABLE, is_parsed, unlike_text

# What turns a dict into a value that an output takes.
OF_DICT = {
    "blob": "json.dumps(...)",
    "cosmosdb": "func.Document.from_dict(...)",
    "eventgrid": "func.EventGridOutputEvent(...)",
    "eventhub": "json.dumps(...)",
    "kafka": "json.dumps(...)",
    "mysql": "func.MySqlRow.from_dict(...)",
    "queue": "json.dumps(...)",
    "servicebus": "json.dumps(...)",
    "sql": "func.SqlRow.from_dict(...)",
}
# The outputs that write objects of their own only, and no other value that JSON has.
OF_OBJECTS = {"cosmosdb", "mysql", "sql"}
# An output that writes lists of dicts, and one that writes nothing but text and bytes.
OF_LISTS, KAFKA = {"eventhub"}, "kafka"
BLOB = "blob"
BUFFERS = ("io.BytesIO", "io.StringIO")


def wrong_outputs(received: ReceivedObjects, function: Function) -> Iterator[Problem]:
    """Yield values that an output does not write, and assignments to its parameter, which write nothing."""
    outputs = [binding for binding in function.bindings if binding.direction == "out"]
    if outputs:
        yield from _unwritable(received, function, outputs)
        yield from lacking_keys(received, function)
        yield from refused_messages(received, function)
        yield from unwritable_objects(received, function)
        yield from _only_assigned(received, function, outputs)
        yield from replaced_values(received, outputs)


def _unwritable(
    received: ReceivedObjects, function: Function, outputs: Sequence[Binding]
) -> Iterator[Problem]:
    """Yield dicts, lists of them and text that an output gets and cannot write."""
    bound_again = uncertain_names(received.definition)
    types = {
        binding.name: type_
        for binding in outputs
        if binding.name not in bound_again and (type_ := binding.type.lower()) in OF_DICT
    }
    for node in own_nodes(received.definition) if types else ():
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="set"), args=[given]):
                if name not in types:
                    continue
                value = value_meant(received.definition, given)
                if _writes_json(received, function, name):
                    found = _not_json(received, types[name], given, value)
                else:
                    found = _unlike_output(received, types[name], name, value)
                if found:
                    what, fix = found
                    yield Problem(received.place(node), f"{name}.set {what}.", fix)
                elif time := time_in(received, given):
                    yield time


def _unlike_output(
    received: ReceivedObjects, type_: str, name: str, value: ast.expr
) -> tuple[str, str] | None:
    """Return what an output gets that it does not write, and what to do; only `func.Out[str]` writes all that JSON has."""
    as_text = f"Annotate {name} as func.Out[str]."
    as_objects = f"Write {OF_DICT[type_]} for each dict."
    if type_ == KAFKA and not is_none(value):
        return "fails: a Kafka output takes only func.Out[str] or func.Out[bytes]", as_text
    if type_ in OF_OBJECTS and is_parsed(
        received.sources, received.module, received.definition, value
    ):
        return "gets parsed JSON, which this output cannot write", as_objects
    if type_ in OF_OBJECTS and _is_text(received.module, value):
        return "gets text, which this output cannot write", as_text
    is_dict = isinstance(value, ast.Dict | ast.DictComp)
    if is_dict or (_is_list_of_dicts(value) and type_ not in OF_LISTS):
        return f"gets {COLLECTIONS[type(value)]}, which this output cannot write", as_objects
    return None


def _not_json(
    received: ReceivedObjects, type_: str, given: ast.expr, value: ast.expr
) -> tuple[str, str] | None:
    """Return what an output of text or bytes gets that it does not write, and what to do."""
    is_buffer = isinstance(value, ast.Call) and received.module.dotted(value.func) in BUFFERS
    if is_buffer and type_ != BLOB:
        why = "gets a file, which only the output of a blob writes"
        return why, f"Write {ast.unparse(given)}.getvalue()."
    if unlike_text(received.sources, received.module, received.definition, given) == TABLE:
        text = ast.unparse(given)
        return "gets a DataFrame, which no output writes", f"Write {text}.to_csv(index=False)."
    is_json = isinstance(value, ast.Dict | ast.List)
    if is_json and (
        what := unwritable(received.sources, received.module, received.definition, given)
    ):
        return f"gets {what}, which JSON does not have", "Write it as text, such as str(...)."
    return None


def _writes_json(received: ReceivedObjects, function: Function, name: str) -> bool:
    """Whether an output writes any value as JSON, since it is annotated as one of text or bytes."""
    argument = function.argument(name)
    if argument is None or argument.annotation is None:
        return False
    module, annotation = followed(received.sources, received.module, argument.annotation)
    if not isinstance(annotation, ast.Subscript):
        return False
    _, inside = followed(received.sources, module, annotation.slice)
    return module.dotted(inside) in ("bytes", "str")


def _only_assigned(
    received: ReceivedObjects, function: Function, outputs: Sequence[Binding]
) -> Iterator[Problem]:
    """Yield assignments to the parameter of an output, which nothing else uses."""
    for name in (str(binding.name) for binding in outputs):
        used = _uses(received.definition, name) if function.argument(name) else ()
        if used and all(isinstance(one.ctx, ast.Store) for one in used):
            message = f"This line only changes the variable {name}, so the output writes nothing."
            yield Problem(received.place(used[0]), message, f"Write {name}.set(...).")


def _uses(definition: Definition, name: str) -> Sequence[ast.Name]:
    """Return where a function, or what is inside of it, has a name, without annotations of it that have no value."""
    nodes = walk(definition)
    bare = [node.target for node in nodes if isinstance(node, ast.AnnAssign) and not node.value]
    named = (node for node in nodes if isinstance(node, ast.Name) and node.id == name)
    return [node for node in named if node not in bare]


def _is_list_of_dicts(value: ast.expr) -> bool:
    match value:
        case ast.List(elts=[first, *_]) | ast.ListComp(elt=first):
            return isinstance(first, ast.Dict | ast.DictComp)
    return False


def _is_text(module: Module, value: ast.expr) -> bool:
    if isinstance(value, ast.Call):
        return module.dotted(value.func) == "json.dumps"
    return isinstance(value, ast.JoinedStr) or text_of(value) is not None
