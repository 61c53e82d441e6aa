"""What fails with asynchronous code besides a call that nothing awaits: loops, blocks and lists of coroutines."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

from ..model import Problem
from ..sources.import_graph import Sources
from ..sources.nodes import Definition, is_generator, only_value, own_nodes
from ..sources.python_source import Module, last_name
from .async_clients import is_client
from .named_functions import function_meant

CURRENT_LOOP, GATHER = "asyncio.get_event_loop", "asyncio.gather"
# What gives a thread a loop, or expects that it has none.
HAS_LOOP = ("new_event_loop", "set_event_loop", "RuntimeError")
# Clients of other libraries that only `async with` can enter.
CLIENTS = {"aiohttp.ClientSession", "httpx.AsyncClient"}
CLIENT_NAMES = [client.rpartition(".")[2] for client in CLIENTS]
LISTS = (ast.List, ast.ListComp, ast.GeneratorExp)


def generators(definitions: Collection[Definition]) -> set[str]:
    """Return the names of those that are asynchronous generators."""
    return {
        definition.name
        for definition in definitions
        if isinstance(definition, ast.AsyncFunctionDef) and is_generator(definition)
    }


def wrong_calls(
    module: Module, definition: Definition, call: ast.Call, is_started: bool
) -> Iterator[Problem]:
    """Yield the loop of a thread that has none, as that of a plain function, and a list for `gather`."""
    called = last_name(module, call.func)
    if called == "get_event_loop" and isinstance(definition, ast.FunctionDef) and is_started:
        has_loop = any(word in module.text for word in HAS_LOOP)
        if module.dotted(call.func) == CURRENT_LOOP and not has_loop:
            message = (
                f"{ast.unparse(call.func)} fails in {definition.name}, "
                "which runs in a thread without a loop."
            )
            fix = f"Write asyncio.run(...), or async def {definition.name} and await."
            yield Problem(module.place(call), message, fix)
    elif called == "gather" and len(call.args) == 1 and module.dotted(call.func) == GATHER:
        [given] = call.args
        value = only_value(definition, given.id) if isinstance(given, ast.Name) else given
        if isinstance(value, LISTS):
            message = f"{ast.unparse(call.func)} takes coroutines, and not a list of them."
            yield Problem(module.place(call), message, f"Write * before {ast.unparse(given)}.")


def wrong_blocks(
    sources: Sources, module: Module, definition: Definition, names: Collection[str]
) -> Iterator[Problem]:
    """Yield `for` and `with` that need an `async` before them; `names` are those of asynchronous generators."""
    is_async = isinstance(definition, ast.AsyncFunctionDef)
    inside = "" if is_async else f" in async def {definition.name}"
    for node in own_nodes(definition):
        match node:
            case (
                ast.For(iter=ast.Call() as call)
                | ast.comprehension(iter=ast.Call() as call, is_async=0)
            ):
                if last_name(module, call.func) in names and _makes(sources, module, call):
                    text = ast.unparse(call.func)
                    message = f"{text} is an asynchronous generator, so this loop fails."
                    yield Problem(module.place(call), message, f"Write async for{inside}.")
            case ast.With(items=items):
                for item in items:
                    value = item.context_expr
                    if isinstance(value, ast.Call) and _is_client(
                        sources, module, definition, value
                    ):
                        message = f"{ast.unparse(value.func)} needs async with, so this line fails."
                        fix = f"Write async with{inside}."
                        yield Problem(module.place(value), message, fix)


def _is_client(sources: Sources, module: Module, definition: Definition, call: ast.Call) -> bool:
    return module.dotted(call.func) in CLIENTS or is_client(sources, module, definition, call)


def _makes(sources: Sources, module: Module, call: ast.Call) -> bool:
    """Whether a call certainly makes an asynchronous generator of the app."""
    found = function_meant(sources, module, call.func)
    definition = found.definition if found else None
    if definition is None or definition.decorator_list:
        return False
    return isinstance(definition, ast.AsyncFunctionDef) and is_generator(definition)
