"""Tools, resources and prompts of the Model Context Protocol."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from ...functions.functions import Binding, Function
from ...model import Problem, Severity
from ...pattern import Pattern
from ...project.connections import SETTING
from ...project.mcp import (
    bindings_above_tool,
    contexts_of_tool,
    overridden,
    properties_in,
    without_parameter,
)
from ...project.project import Project
from ...sources.python_source import LISTS, defaults
from ...sources.typing_names import bare_annotation
from ..rule import rule

# What must be unique, apart from case, and what it is called.
KEYS = {
    "mcptooltrigger": ("toolName", "tool", "name"),
    "mcpresourcetrigger": ("uri", "resource", "URI"),
    "mcpprompttrigger": ("promptName", "prompt", "name"),
}
# The types of JSON Schema, and what Python and others call them.
TYPES = ("string", "number", "integer", "boolean", "object")
MEANT = {
    **dict.fromkeys(("str", "text", "date", "datetime"), "string"),
    **dict.fromkeys(("float", "double", "decimal"), "number"),
    **dict.fromkeys(("int", "long"), "integer"),
    "bool": "boolean",
    "dict": "object",
}
STOPS = "so the whole host stops."
# The host runs on Linux, where a path from the root is absolute, too.
ABSOLUTE = Pattern(r"[A-Za-z][A-Za-z0-9+.-]*:\S|/")
PARAMETER = Pattern(r"\{[^{}]+\}", parts=("{",))
HEX = Pattern(r"[0-9A-Fa-f]{2}")


@rule("AF230", Severity.ERROR, "An MCP tool, resource or prompt stops the host")
def stopping(project: Project) -> Iterator[Problem]:
    """Yield what the MCP extension does not take: names that are not unique, and URIs."""
    seen: dict[tuple[str, str], Function] = {}
    for function in project.certain_functions:
        for binding in function.triggers:
            kind = binding.type.lower()
            field, what, key = KEYS.get(kind, ("", "", ""))
            name = binding.text(field)
            if name is None:
                continue
            place = binding.place_of(field)
            # The names of the parameters of a URI make no difference.
            same = PARAMETER.sub("{}", name) if field == "uri" else name
            other = seen.setdefault((kind, same.lower()), function)
            if other is not function:
                message = f"The MCP {what} of {other.label} already has the {key} {name!r}, {STOPS}"
                yield Problem(place, message, f"Change the {key} of one of them.")
            if field == "uri" and (why := _uri_fault(name)):
                message = f"The URI {name!r} {why}, {STOPS}"
                yield Problem(
                    place, message, "Write one such as shop://prices or shop://prices/{id}."
                )
    for function in project.functions:
        for binding in function.triggers:
            is_tool = binding.type.lower() == "mcptooltrigger"
            if is_tool and properties_in(function, binding) is None:
                message = f"tool_properties of {function.label} is not a JSON array, {STOPS}"
                fix = "Write a list of objects, such as with json.dumps([...])."
                yield Problem(binding.place_of("toolProperties"), message, fix)


def _uri_fault(uri: str) -> str | None:
    if any(not HEX.fullmatch(name) for name in SETTING.findall(uri)):
        return "has a reference to a setting, which the host does not resolve"
    if "{?" in uri:
        return "has a query in braces"
    if why := _parameter_fault(uri):
        return why
    if "_" in uri.partition(":")[0] and ":" in uri:
        return "has an underscore before the colon"
    return None if ABSOLUTE.match(uri) else "is not absolute"


def _parameter_fault(uri: str) -> str | None:
    names = [name[1:-1] for name in PARAMETER.findall(uri)]
    if uri.count("{") != uri.count("}") or ("{" in uri and not names):
        return "has braces that do not match"
    if "}{" in uri:
        return "has two parameters side by side"
    if any(character in name for name in names for character in "/#?& "):
        return "has a parameter with a space, a slash or another sign of a URI"
    plain = [re.sub(r"\W", "_", name.lower(), flags=re.ASCII) for name in names]
    return "has a parameter twice" if len({*plain}) < len(plain) else None


@rule("AF231", Severity.ERROR, "An MCP tool's parameter becomes a property")
def parameters(project: Project) -> Iterator[Problem]:
    """Yield bindings above `mcp_tool`, and contexts: the worker refuses the app with them."""
    for function in project.written_functions:
        if function.module is None:
            continue
        for decoration in bindings_above_tool(function):
            message = (
                f"{decoration.name} is above mcp_tool, which treats its parameter as a property of "
                f"{function.label}, so the worker rejects the whole app."
            )
            yield Problem(decoration.place, message, "Move it below mcp_tool.")
        for argument in contexts_of_tool(function):
            harm = "treats it as a property of the tool"
            if argument.arg == "context":
                harm += ", and the worker rejects the whole app"
            message = f"{argument.arg!r} of {function.label} is a func.Context: mcp_tool {harm}."
            fix = "Remove it, or use func.MCPToolContext for what the assistant sent."
            yield Problem(function.module.place(argument), message, fix)


@rule("AF232", Severity.WARNING, "A property of an MCP tool is not what its parameter says")
def properties(project: Project) -> Iterator[Problem]:
    """Yield properties that an assistant cannot read, and those that differ from the signature."""
    for function in project.functions:
        for binding in function.triggers:
            if binding.type.lower() == "mcptooltrigger":
                yield from _unclear(function, binding)
        for name, place in without_parameter(project, function):
            message = f"{function.label} has no parameter {name!r}, so this property has no effect."
            fix = "Write the name of a parameter."
            yield Problem(place, message, fix)
        for argument, one in overridden(project, function):
            optional = defaults(function.definition) if function.definition else ()
            if argument in optional and one.is_required:
                message = f"{argument.arg!r} of {function.label} has a default, but its property is required."
                yield Problem(one.place, message, "Add is_required=False.")
            if _is_list(function, argument.annotation) and one.is_array is False:
                message = (
                    f"{argument.arg!r} of {function.label} is a list, but its property is not."
                )
                yield Problem(one.place, message, "Add as_array=True.")


def _unclear(function: Function, binding: Binding) -> Iterator[Problem]:
    """Yield properties in JSON without a name, and those whose type an assistant cannot read."""
    for one in properties_in(function, binding) or ():
        if not one.name.strip():
            message = (
                f"A property of {function.label} has no propertyName, so the tool does not have it."
            )
            fix = 'Write "propertyName", "propertyType" and "description".'
            yield Problem(one.place, message, fix)
        elif one.type.lower() == "array":
            message = f"The property {one.name!r} of {function.label} has no type for its items."
            fix = 'Write the type of an item and "isArray": true.'
            yield Problem(one.place, message, fix)
        elif one.type and one.type not in TYPES:
            message = f"The property {one.name!r} of {function.label} has the type {one.type!r}, which JSON does not have."
            right = MEANT.get(one.type.lower(), one.type.lower())
            fix = f'Write "{right}".' if right in TYPES else f"Choose one of {', '.join(TYPES)}."
            yield Problem(one.place, message, fix)


def _is_list(function: Function, annotation: ast.expr | None) -> bool:
    """Whether an annotation is `List[...]`, or that or None."""
    if annotation is None or function.module is None:
        return False
    annotation = bare_annotation(function.module, annotation)
    if not isinstance(annotation, ast.Subscript):
        return False
    name = function.module.dotted(annotation.value)
    if name == "typing.Optional":
        return _is_list(function, annotation.slice)
    return name in LISTS


RULES = (stopping, parameters, properties)
