"""What to write instead of an annotation that the worker rejects."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from ..functions.annotations import IN, OUT, RESULT, accepted_types, extension_meant
from ..functions.functions import Binding, Function
from ..functions.stream_objects import STREAMS
from ..sources.import_graph import Sources
from ..sources.nodes import Definition, is_none
from ..sources.python_source import Module, defaults, unquoted
from ..sources.undefined_names import only_checked
from ..words import listed
from .durable import ACTIVITY
from .parameters import CONTEXT

# The triggers whose messages may come as a list.
BATCHED = {"eventHubTrigger", "kafkaTrigger", "serviceBusTrigger"}
HTTP = ("http", "httpTrigger")
LIST = "List["
OR_NONE = "or remove the annotation."
ANY = f"Use the type from azure.functions for this binding (in typing.List[...] for a batch), {OR_NONE}"
OF_CONTEXT = f"Annotate it with func.Context, {OR_NONE}"
OF_ACTIVITY = f"Annotate it with a class, such as dict or str, {OR_NONE}"


def advice(sources: Sources, function: Function | None, parameter: str) -> str:
    """Return what to do about the annotation of a parameter, or of the result ("return")."""
    if parameter == CONTEXT and (function is None or function.binding(CONTEXT) is None):
        return OF_CONTEXT
    if function is None or function.module is None or function.definition is None:
        return ANY
    argument = function.argument(parameter)
    annotation = function.definition.returns if parameter == "return" else None
    annotation = argument.annotation if argument else annotation
    if annotation and (fix := _of_annotation(sources, function.module, annotation)):
        return fix
    if function.binding(parameter) and _is_none_by_default(function.definition, parameter):
        return "Remove the default None: on Python 3.10, it makes the annotation Optional."
    if {binding.type for binding in function.bindings} == {ACTIVITY}:
        return OF_ACTIVITY
    if item := _item_of_batch(function, parameter):
        return f"Import List from typing, and write List[{item}] instead."
    binding = function.binding("$return" if parameter == "return" else parameter)
    if binding is None or (binding.type in HTTP and STREAMS in function.module.text):
        return ANY
    types = _accepted(binding, is_result=parameter == "return")
    return f"Annotate it with {listed(types, 'or')}, {OR_NONE}" if types else ANY


def _of_annotation(sources: Sources, module: Module, annotation: ast.expr) -> str | None:
    """Return what to do about an annotation that names the right type in a way that the worker does not read."""
    if statement := extension_meant(module, annotation):
        return f'Write "{statement}" instead.'
    if checked := only_checked(module, unquoted(annotation)):
        return checked[1]
    other, name = sources.where_defined(module, annotation)
    if other is not None and name in other.type_statements:
        return f'Write "{name} = ..." without "type".'
    return None


def _is_none_by_default(definition: Definition, name: str) -> bool:
    return any(
        parameter.arg == name and is_none(default)
        for parameter, default in defaults(definition).items()
    )


def _item_of_batch(function: Function, parameter: str) -> str:
    """Return the type of azure.functions in an annotation such as `list[func.EventHubEvent]`, or ""."""
    argument, binding = function.argument(parameter), function.binding(parameter)
    annotation = argument.annotation if argument else None
    if not (function.module and binding and isinstance(annotation, ast.Subscript)):
        return ""
    item = function.module.dotted(annotation.slice)
    is_batch = binding.type in BATCHED and item.startswith("azure.functions.")
    is_list = function.module.dotted(annotation.value) == "list"
    return ast.unparse(annotation.slice) if is_batch and is_list else ""


def _accepted(binding: Binding, *, is_result: bool) -> Sequence[str]:
    """Return the types that the worker takes for a binding, those of azure.functions first."""
    row = RESULT if is_result else OUT if binding.direction == "out" else IN
    known = [name for name in accepted_types(row, binding.type) if "bytes" not in name]
    if row == IN:
        is_batch = (binding.text("cardinality") or "").upper() == "MANY"
        known = [name for name in known if name.startswith(LIST) == is_batch]
    known = [name for name in known if not name.startswith("Dict[") and not name.endswith("IO")]
    known.sort(key=lambda name: not name.startswith("func."))
    known = [name.replace(LIST, f"typing.{LIST}") for name in known]
    return [f"func.Out[{name}]" for name in known] if row == OUT else known
