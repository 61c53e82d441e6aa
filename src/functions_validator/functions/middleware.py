"""What passes a request to a web app: AsgiMiddleware, and WsgiMiddleware, which is not asynchronous."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..model import Problem
from ..sources.classes import made_by_call
from ..sources.import_graph import Sources
from ..sources.nodes import Definition, only_value, own_nodes
from ..sources.python_source import Module
from ..sources.scopes import is_local

ASGI = "azure.functions.AsgiMiddleware"
WSGI = "azure.functions.WsgiMiddleware"


def owner_of(module: Module, around: Definition, called: ast.expr) -> ast.expr | None:
    """Return the object whose method is called, or what a variable of the function stands for."""
    owner = called.value if isinstance(called, ast.Attribute) else None
    if isinstance(owner, ast.Name) and is_local(module, owner):
        return only_value(around, owner.id)
    return owner


def calls_middleware(
    middleware: str, sources: Sources, module: Module, around: Definition, call: ast.Call
) -> bool:
    """Whether a call certainly calls a method of a middleware."""
    owner = owner_of(module, around, call.func)
    made = made_by_call(sources, module, owner) if owner else None
    return made is not None and made[0].dotted(made[1].func) == middleware


def awaited_wsgi(sources: Sources, module: Module) -> Iterator[Problem]:
    """Yield what functions do with a WsgiMiddleware that only an AsgiMiddleware can do."""
    if ".handle" not in module.text:
        return
    for definition in module.definitions:
        for node in own_nodes(definition):
            match node:
                case ast.Call(func=ast.Attribute(attr="handle_async")) as call:
                    message = "{} does not exist, so this line fails."
                    fix = "Write handle instead, without await."
                case ast.Await(value=ast.Call(func=ast.Attribute(attr="handle")) as call):
                    message = "{} is not a coroutine, so this line fails."
                    fix = "Write it without await."
                case _:
                    continue
            if calls_middleware(WSGI, sources, module, definition, call):
                yield Problem(module.place(node), message.format(ast.unparse(call.func)), fix)
