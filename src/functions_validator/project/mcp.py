"""The tools of the Model Context Protocol that an app offers, and their properties."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ..functions.decorators import DECORATORS
from ..functions.functions import Binding, Function, has_other_decorators
from ..model import Place
from ..sources.nodes import shows_arguments
from ..sources.typing_names import bare_annotation
from .project import Project

CONTEXT = "azure.functions.Context"


class Property(NamedTuple):
    """A property of a tool in JSON."""

    name: str
    type: str
    place: Place


class Decorator(NamedTuple):
    """A call of a method of an app or a blueprint that decorates a function."""

    method: str
    call: ast.Call


class Override(NamedTuple):
    """What `mcp_tool_property` says of a parameter; None for what is not known here."""

    is_array: bool | None
    is_required: bool | None
    place: Place


def decorators(project: Project, function: Function) -> list[Decorator]:
    """Return the decorators of an app or a blueprint, from above."""
    if function.definition is None or function.module is None:
        return []
    found = []
    for node in function.definition.decorator_list:
        call = node if isinstance(node, ast.Call) else None
        if call is None or not isinstance(call.func, ast.Attribute):
            continue
        if project.sources.container(function.module, call.func.value):
            found.append(Decorator(call.func.attr, call))
    return found


def _below_tool(calls: Sequence[Decorator]) -> int | None:
    """Return the index of what is below `mcp_tool` in a list of decorators; None without it."""
    methods = [method for method, _ in calls]
    return methods.index("mcp_tool") + 1 if "mcp_tool" in methods else None


def bindings_above_tool(project: Project, function: Function) -> list[Decorator]:
    """Return the bindings above `mcp_tool`, whose parameters it takes for properties."""
    calls = decorators(project, function)
    below = _below_tool(calls)
    return [] if below is None else list(filter(_is_other_binding, calls[: below - 1]))


def _is_other_binding(decorator: Decorator) -> bool:
    known = DECORATORS.get(decorator.method)
    return known is not None and not known.type.lower().endswith("trigger")


def contexts_of_tool(project: Project, function: Function) -> list[ast.arg]:
    """Return the parameters for a func.Context, which `mcp_tool` takes for properties."""
    module = function.module
    if module is None or _below_tool(decorators(project, function)) is None:
        return []
    return [
        argument
        for argument in function.parameters
        if argument.annotation
        and module.dotted(bare_annotation(module, argument.annotation)) == CONTEXT
    ]


def properties_in(project: Project, function: Function, binding: Binding) -> list[Property] | None:
    """Return the properties that the trigger of a tool has as JSON; None if it is not an array."""
    text = binding.text("toolProperties")
    if text is None:
        text = _dumped(project, function)
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


def _dumped(project: Project, function: Function) -> str:
    """Return the JSON of `tool_properties=json.dumps(...)` of what is written there, else ""."""
    for method, call in decorators(project, function):
        for keyword in call.keywords:
            if method == "mcp_tool_trigger" and keyword.arg == "tool_properties":
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
    if function.module is None or "mcp_tool" not in function.module.text:
        return
    calls = decorators(project, function)
    start = _below_tool(calls)
    if start is None:
        return
    for method, call in calls[start:]:
        if method == "mcp_tool_property" and shows_arguments(call):
            names = ("arg_name", "description", "property_type", "is_required", "as_array")
            given = dict(zip(names, call.args, strict=False))
            given |= {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
            values = {k: project.sources.evaluate(function.module, v) for k, v in given.items()}
            yield values, function.module.place(call)
