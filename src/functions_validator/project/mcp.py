"""The tools of the Model Context Protocol that an app offers, and their properties."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ..functions.decorators import DECORATORS
from ..functions.functions import TOOL, Binding, Decoration, Function, has_other_decorators
from ..model import Place
from ..sources.nodes import named_arguments, shows_arguments
from ..sources.typing_names import bare_annotation
from .project import Project

CONTEXT = "azure.functions.Context"
# What `mcp_tool_property` takes, in order.
PROPERTY_ARGUMENTS = ("arg_name", "description", "property_type", "is_required", "as_array")


class Property(NamedTuple):
    """A property of a tool in JSON."""

    name: str
    type: str
    place: Place


class Override(NamedTuple):
    """What `mcp_tool_property` says of a parameter; None for what is not known here."""

    is_array: bool | None
    is_required: bool | None
    place: Place


def _above_and_below_tool(
    function: Function,
) -> tuple[Sequence[Decoration], Sequence[Decoration]] | None:
    """Return the decorators above and below the first `mcp_tool` of a function; None if it has none."""
    found = function.decorations
    index = next((i for i, one in enumerate(found) if one.name == TOOL), None)
    return None if index is None else (found[:index], found[index + 1 :])


def bindings_above_tool(function: Function) -> list[Decoration]:
    """Return the inputs and outputs above `mcp_tool`, whose parameters it takes for properties."""
    above, _ = _above_and_below_tool(function) or ((), ())
    return [one for one in above if one.name in DECORATORS and not one.is_trigger]


def contexts_of_tool(function: Function) -> list[ast.arg]:
    """Return the parameters for a func.Context, which `mcp_tool` takes for properties."""
    module = function.module
    if module is None or _above_and_below_tool(function) is None:
        return []
    return [
        argument
        for argument in function.parameters
        if argument.annotation
        and module.dotted(bare_annotation(module, argument.annotation)) == CONTEXT
    ]


def properties_in(function: Function, binding: Binding) -> list[Property] | None:
    """Return the properties that the trigger of a tool has as JSON; None if it is not an array."""
    text = binding.text("toolProperties")
    if text is None:
        text = _dumped(function)
    if not text:
        return []
    try:
        content = json.loads(text)
    except ValueError:
        return None
    if not isinstance(content, list):
        return None
    place = binding.place_of("toolProperties")
    return [_property(item, place) for item in content if isinstance(item, dict)]


def _property(item: Mapping[str, Any], place: Place) -> Property:
    lowered = {key.lower(): value for key, value in item.items()}
    name, type_ = lowered.get("propertyname", ""), lowered.get("propertytype", "")
    return Property(str(name), str(type_), place)


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _dumped(function: Function) -> str:
    """Return the JSON of `tool_properties=json.dumps(...)` of what is written there, else ""."""
    for decoration in function.decorations:
        for keyword in decoration.call.keywords:
            if decoration.name == "mcp_tool_trigger" and keyword.arg == "tool_properties":
                return _json_of(function, keyword.value)
    return ""


def _json_of(function: Function, node: ast.expr) -> str:
    assert function.module
    constants = function.module.constants
    node = constants.get(node.id, node) if isinstance(node, ast.Name) else node
    if not isinstance(node, ast.Call) or function.module.dotted(node.func) != "json.dumps":
        return ""
    value = node.args[0] if node.args else None
    value = constants.get(value.id, value) if isinstance(value, ast.Name) else value
    try:
        return json.dumps(ast.literal_eval(value)) if value else ""
    except (ValueError, TypeError, SyntaxError):
        return ""


def overridden(project: Project, function: Function) -> Iterator[tuple[ast.arg, Override]]:
    """Yield the parameters of a tool whose properties `mcp_tool_property` gives.

    What it leaves out is required, and not an array: only None would leave it to the signature.
    """
    by_name = {argument.arg: argument for argument in function.parameters}
    for values, place in _given_properties(project, function):
        if argument := by_name.get(str(values.get("arg_name"))):
            array, required = values.get("as_array", False), values.get("is_required", True)
            yield argument, Override(_flag(array), _flag(required), place)


def without_parameter(project: Project, function: Function) -> Iterator[tuple[str, Place]]:
    """Yield the names in `mcp_tool_property` that no parameter of the tool has."""
    names = {argument.arg for argument in function.parameters}
    for values, place in _given_properties(project, function):
        name = values.get("arg_name")
        if isinstance(name, str) and name not in names and not has_other_decorators(function):
            yield name, place


def _given_properties(
    project: Project, function: Function
) -> Iterator[tuple[Mapping[str, object], Place]]:
    """Yield the arguments of each `mcp_tool_property` of a tool, with its place."""
    _, below = _above_and_below_tool(function) or ((), ())
    for decoration in below:
        call = decoration.call
        if decoration.name == "mcp_tool_property" and shows_arguments(call) and function.module:
            given = named_arguments(call, PROPERTY_ARGUMENTS)
            values = {k: project.sources.evaluate(function.module, v) for k, v in given.items()}
            yield values, decoration.place
