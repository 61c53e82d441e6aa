"""What code reads from JSON, which mostly is a dict or a list, and what HTTP clients answer."""

from __future__ import annotations

import ast

from ..sources.nodes import Definition, value_meant, walk
from ..sources.python_source import Module

PARSED, ANSWER = "parsed JSON, such as a dict", "the response of another server"
LOADS = {"json.load", "json.loads", "orjson.loads"}
LIBRARIES = ("httpx", "requests")
VERBS = ("delete", "get", "patch", "post", "put", "request")


def parsed_or_answered(module: Module, definition: Definition, node: ast.expr) -> str | None:
    """Return PARSED or ANSWER if a value of a function is one of these, and the function does not look at its type."""
    if isinstance(node, ast.Name) and _is_looked_at(definition, node.id):
        return None
    value = value_meant(definition, node)
    if is_parsed(module, definition, value):
        return PARSED
    return ANSWER if _is_answer(module, value) else None


def is_parsed(module: Module, definition: Definition, value: ast.expr) -> bool:
    """Whether a value of a function is what a call reads from JSON, without arguments that make other objects."""
    if not isinstance(value, ast.Call) or value.keywords:
        return False
    if module.dotted(value.func) in LOADS:
        return True
    match value.func:
        case ast.Attribute(attr="get_json"):
            return True
        case ast.Attribute(attr="json", value=owner):
            return _is_answer(module, value_meant(definition, owner))
    return False


def _is_answer(module: Module, value: ast.expr) -> bool:
    """Whether a value is what a function of requests or httpx returns."""
    if not isinstance(value, ast.Call):
        return False
    library, _, verb = module.dotted(value.func).rpartition(".")
    return library in LIBRARIES and verb in VERBS


def _is_looked_at(definition: Definition, name: str) -> bool:
    """Whether a function asks of which type a variable is."""
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("isinstance", "type")
        and [ast.unparse(one) for one in node.args[:1]] == [name]
        for node in walk(definition)
    )
