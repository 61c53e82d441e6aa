"""Requests and responses of HTTP streams, which are those of FastAPI and not those of azure.functions."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from ..model import Problem
from ..sources.nodes import Definition, own_nodes, value_meant
from ..sources.python_source import Module
from ..sources.typing_names import bare_annotation
from ..sources.uncertain_names import uncertain_names
from .functions import Function

STREAMS = "azurefunctions.extensions.http.fastapi"
RESPONSE = "azure.functions.HttpResponse"
# What a func.HttpRequest has, and what to use of a request of FastAPI.
INSTEAD: Mapping[str, str] = {
    "files": "await {}.form()",
    "get_body": "await {}.body()",
    "get_json": "await {}.json()",
    "params": "{}.query_params",
    "route_params": "{}.path_params",
}


def misused_streams(
    function: Function, module: Module, definition: Definition
) -> Iterator[Problem]:
    """Yield what a function with a request of FastAPI does as if it had a func.HttpRequest."""
    name = _request(function, module)
    if name is None or name in uncertain_names(definition):
        return
    for node in own_nodes(definition):
        match node:
            case ast.Attribute(value=ast.Name(id=owner), attr=attr) if owner == name:
                if attr in INSTEAD:
                    message = f"{name} is a request of FastAPI, which has no attribute {attr!r}."
                    fix = f"Use {INSTEAD[attr].format(name)}."
                    yield Problem(module.place(node), message, fix)
            case ast.Return(value=ast.expr() as value):
                made = value_meant(definition, value)
                if isinstance(made, ast.Call) and module.dotted(made.func) == RESPONSE:
                    message = "The caller of this function gets the fields of a func.HttpResponse as JSON."
                    fix = f"Return a Response of {STREAMS}."
                    yield Problem(module.place(node), message, fix)


def _request(function: Function, module: Module) -> str | None:
    """Return the parameter of a function that is a request of FastAPI."""
    trigger = function.binding_of_type("httpTrigger")
    argument = function.argument(str(trigger.name)) if trigger else None
    if argument is None or argument.annotation is None:
        return None
    is_stream = module.dotted(bare_annotation(module, argument.annotation)) == f"{STREAMS}.Request"
    return argument.arg if is_stream else None
