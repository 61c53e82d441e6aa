"""What fails with asynchronous code besides a call that nothing awaits: loops, blocks and lists of coroutines."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

from ..model import Problem
from ..sources.import_graph import Sources
from ..sources.lost_results import Kind, Results
from ..sources.nodes import (
    Definition,
    catches,
    is_generator,
    own_nodes,
    reads_of,
    value_meant,
    walk,
)
from ..sources.python_source import Module, last_name
from .async_clients import is_client
from .named_functions import function_meant

GATHER = "asyncio.gather"
FUTURE = Kind(
    {"__await__", "add_done_callback", "cancel", "cancelled", "done", "exception", "result"}
)
# What needs the loop of its thread.
OF_LOOPS = {"asyncio.create_task", "asyncio.ensure_future", "asyncio.get_event_loop", GATHER}
# What gives a thread a loop, in any module, and what expects that it has none, in the same one.
HAS_LOOP = ("new_event_loop", "set_event_loop", "asyncio.Runner", "nest_asyncio")
EXPECTS_NONE = "RuntimeError"
ERRORS = {"Exception", "BaseException"}
# Clients of other libraries that only `async with` can enter.
CLIENTS = {"aiohttp.ClientSession", "httpx.AsyncClient"}
LISTS = (ast.List, ast.ListComp, ast.GeneratorExp)


def generators(definitions: Collection[Definition]) -> set[str]:
    """Return the names of those that are asynchronous generators."""
    return {
        definition.name
        for definition in definitions
        if isinstance(definition, ast.AsyncFunctionDef) and is_generator(definition)
    }


def wrong_calls(
    sources: Sources, module: Module, definition: Definition, call: ast.Call, is_started: bool
) -> Iterator[Problem]:
    """Yield calls that need the loop of a thread without one, and calls of `gather` with a list."""
    called = module.dotted(call.func)
    if called in OF_LOOPS and isinstance(definition, ast.FunctionDef) and is_started:
        names = {keyword.arg for keyword in call.keywords}
        if names.isdisjoint(("loop", None)) and not _has_loop(sources, module, definition, call):
            message = (
                f"{ast.unparse(call.func)} fails in {definition.name}, "
                "which runs in a thread without a loop."
            )
            fix = f"Write asyncio.run(...), or async def {definition.name} and await."
            yield Problem(module.place(call), message, fix)
    elif called == GATHER and len(call.args) == 1:
        [given] = call.args
        if isinstance(value_meant(definition, given), LISTS):
            message = f"{ast.unparse(call.func)} takes coroutines, and not a list of them."
            yield Problem(module.place(call), message, f"Write * before {ast.unparse(given)}.")


def unused_future(module: Module, definition: Definition, call: ast.Call) -> Iterator[Problem]:
    """Yield a call of `gather` in a coroutine that uses what it gives as if it were the results."""
    is_coroutine = isinstance(definition, ast.AsyncFunctionDef)
    if not is_coroutine or module.dotted(call.func) != GATHER:
        return
    for node in own_nodes(definition):
        match node:
            case ast.Expr(value=value) if value is call:
                return
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if value is call:
                if not any(reads_of(statement, name) for statement in definition.body):
                    return
    if Results(module, definition, FUTURE).is_lost(call):
        message = f"{ast.unparse(call.func)} gives a future, and not the results that are used."
        yield Problem(module.place(call), message, "Write await before it.")


def _has_loop(sources: Sources, module: Module, definition: Definition, call: ast.Call) -> bool:
    """Whether the app may give a thread a loop, or take another one if a call fails."""
    if any(word in one.text for one in sources.modules.values() for word in HAS_LOOP):
        return True
    tries = [node for node in own_nodes(definition) if isinstance(node, ast.Try)]
    return EXPECTS_NONE in module.text or any(
        catches(handler, ERRORS) and "loop" in ast.unparse(handler)
        for node in tries
        if any(call in walk(statement) for statement in node.body)
        for handler in node.handlers
    )


def wrong_blocks(
    sources: Sources, module: Module, definition: Definition, names: Collection[str]
) -> Iterator[Problem]:
    """Yield `for` and `with` that need an `async` before them; `names` are those of asynchronous generators."""
    is_coroutine = isinstance(definition, ast.AsyncFunctionDef)
    inside = "" if is_coroutine else f" in async def {definition.name}"
    for node in own_nodes(definition):
        if isinstance(node, ast.With):
            for value in [item.context_expr for item in node.items]:
                if isinstance(value, ast.Call) and _is_client(sources, module, definition, value):
                    message = f"{ast.unparse(value.func)} needs async with, so this line fails."
                    yield Problem(module.place(value), message, f"Write async with{inside}.")
        elif isinstance(node, ast.For | ast.comprehension) and isinstance(node.iter, ast.Call):
            call = node.iter
            is_async = isinstance(node, ast.comprehension) and bool(node.is_async)
            may_be_one = last_name(module, call.func) in names
            if not is_async and may_be_one and _makes_generator(sources, module, call):
                message = (
                    f"{ast.unparse(call.func)} is an asynchronous generator, so this loop fails."
                )
                yield Problem(module.place(call), message, f"Write async for{inside}.")


def _is_client(sources: Sources, module: Module, definition: Definition, call: ast.Call) -> bool:
    return module.dotted(call.func) in CLIENTS or is_client(sources, module, definition, call)


def _makes_generator(sources: Sources, module: Module, call: ast.Call) -> bool:
    """Whether a call certainly makes an asynchronous generator of the app."""
    found = function_meant(sources, module, call.func)
    if found is None or found.definition.decorator_list:
        return False
    return isinstance(found.definition, ast.AsyncFunctionDef) and is_generator(found.definition)
