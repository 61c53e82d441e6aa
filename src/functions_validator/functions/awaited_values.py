"""What code awaits, although it is synchronous: clients such as those of azure.cosmos, and functions of the app."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from ..model import Problem
from ..sources.import_graph import Sources
from ..sources.nodes import (
    COLLECTIONS,
    Definition,
    callee,
    catches,
    named_arguments,
    own_nodes,
    walk,
)
from ..sources.python_source import Module, last_name
from ..sources.unbound_names import stored_in_modules
from ..sources.unsure_code import dead_code
from .async_clients import TWINS, kind_of
from .named_functions import function_meant, results_meant

CREDENTIALS = "azure.identity"
# What a module has that asks whether it can await something, and the error of what it cannot await.
ASKING, EXPECTED = ("isawaitable", "iscoroutine"), {"TypeError"}
# What certainly cannot be awaited.
PLAIN = (*COLLECTIONS, ast.Constant, ast.Compare, ast.JoinedStr)


def wrong_awaits(sources: Sources, module: Module, definition: Definition) -> Iterator[Problem]:
    """Yield what a function awaits and cannot be awaited, and credentials that a client cannot await."""
    sure = _sure_nodes(module, definition)
    for node in sure if isinstance(definition, ast.AsyncFunctionDef) else ():
        if isinstance(node, ast.Await) and isinstance(node.value, ast.Call):
            yield from _plain_function(sources, module, node.value)
    if any(kind.partition(".")[0] in module.text for kind in TWINS):
        yield from _clients(sources, module, definition, sure)
        for node in own_nodes(definition):
            if isinstance(node, ast.Call):
                yield from _credentials(sources, module, definition, node)


def _sure_nodes(module: Module, definition: Definition) -> list[ast.AST]:
    """Return what runs in a function, except where the app expects values that cannot be awaited."""
    if any(word in module.text for word in ASKING):
        return []
    nodes = own_nodes(definition)
    tried = [
        statement
        for node in nodes
        if isinstance(node, ast.Try) and any(catches(one, EXPECTED) for one in node.handlers)
        for statement in node.body
    ]
    unsure = dead_code(module).union(part for one in tried for part in walk(one))
    return [node for node in nodes if node not in unsure]


def _plain_function(sources: Sources, module: Module, call: ast.Call) -> Iterator[Problem]:
    """Yield a call of a function of the app that certainly returns nothing that can be awaited."""
    found = results_meant(sources, module, call.func)
    meant = function_meant(sources, module, call.func)
    if found is None or meant is None or isinstance(meant.definition.body[-1], ast.Raise):
        return
    if meant.definition.name in stored_in_modules(sources):
        return
    if all(isinstance(value, PLAIN) for value in found[1]):
        name = ast.unparse(call.func)
        message = f"{name} is not an async function, so await fails."
        fix = f"Write it without await, or async def {meant.definition.name}."
        yield Problem(module.place(call), message, fix)


def _clients(
    sources: Sources, module: Module, definition: Definition, nodes: Sequence[ast.AST]
) -> Iterator[Problem]:
    """Yield the first place where a function awaits what a synchronous client returns, for each kind of client."""
    seen: set[str] = set()
    for node in nodes:
        for value, owner, instead in _awaited(node):
            if last_name(module, callee(value)) in sources.stored_attributes:
                continue
            kind = kind_of(sources, module, definition, owner)
            if kind in TWINS and kind not in seen:
                seen.add(kind)
                text = ast.unparse(value.func if isinstance(value, ast.Call) else value)
                message = f"{text} belongs to {kind}, which is synchronous, so this line fails."
                yield Problem(module.place(value), message, f"Use {TWINS[kind]}, or {instead}.")


def _awaited(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr, str]]:
    """Yield what a node awaits, the object that it comes from, and how to write it without await."""
    match node:
        case ast.Await(value=ast.Call(func=ast.Attribute(value=owner)) as call):
            yield call, owner, "write it without await"
        case ast.AsyncFor(iter=ast.Call(func=ast.Attribute(value=owner)) as call):
            yield call, owner, "write for"
        case ast.comprehension(is_async=1, iter=ast.Call(func=ast.Attribute(value=owner)) as call):
            yield call, owner, "write for"
        case ast.AsyncWith(items=items):
            for item in items:
                yield item.context_expr, item.context_expr, "write with"


def _credentials(
    sources: Sources, module: Module, definition: Definition, call: ast.Call
) -> Iterator[Problem]:
    """Yield asynchronous credentials that a synchronous client gets, which cannot await their tokens."""
    given = named_arguments(call, ("", "credential")).get("credential")
    if given is None or kind_of(sources, module, definition, given) != TWINS[CREDENTIALS]:
        return
    kind = kind_of(sources, module, definition, call)
    if kind in TWINS:
        message = f"A client of {kind} cannot await the tokens of {ast.unparse(given)}."
        fix = f"Import the credential from {CREDENTIALS}, or the client from {TWINS[kind]}."
        yield Problem(module.place(given), message, fix)
