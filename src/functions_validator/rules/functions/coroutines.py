"""Asynchronous code that never runs."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

from ...functions.async_blocks import (
    GATHER,
    generators,
    unused_future,
    wrong_blocks,
    wrong_calls,
)
from ...functions.async_clients import coroutine_names, is_client_coroutine
from ...functions.awaited_values import wrong_awaits
from ...functions.functions import Function, has_other_decorators
from ...functions.middleware import ASGI, calls_middleware, owner_of
from ...functions.named_functions import function_meant
from ...model import Problem, Severity
from ...project.async_wrappers import wrong_wrappers
from ...project.durable_library import CLIENT_COROUTINES, CLIENT_OTHERS
from ...project.durable_parameters import CLIENT, durable_parameters
from ...project.project import Project
from ...sources.classes import method_meant, own_method
from ...sources.loops_at_import import RUNNING, UNTIL, allows_nesting
from ...sources.lost_results import Kind, Results
from ...sources.nodes import Definition, calls_of, is_generator, method_of, own_nodes
from ...sources.python_source import Module, last_name
from ...sources.scopes import is_local
from ..rule import rule

OF_ASYNCIO = ("asyncio.sleep", "asyncio.to_thread", "asyncio.wait", "asyncio.wait_for")
COROUTINE = Kind({"__await__", "close", "send", "throw"}, CLIENT_COROUTINES | CLIENT_OTHERS)
# In a function with a trigger: the worker takes its result without awaiting it.
OF_TRIGGER = COROUTINE._replace(is_lost_if_returned=True)
# The coroutines of AsgiMiddleware.
OF_MIDDLEWARE = ("handle_async", "notify_startup", "notify_shutdown")
# What awaits the coroutine that a plain function returns.
AWAITING = ("durableclient", "mcptooltrigger")
# What a library calls, which takes no asynchronous function.
SYNCHRONOUS = ("entitytrigger", "orchestrationtrigger")


@rule("AF243", Severity.ERROR, "Asynchronous code never runs")
def unawaited(project: Project) -> Iterator[Problem]:
    """Yield calls of coroutine functions without `await`, and loops that are started inside of one."""
    modules = [*project.sources.modules.values()]
    definitions = [one for module in modules for one in module.all(ast.AsyncFunctionDef)]
    of_clients = {module: coroutine_names(module) for module in modules}
    coroutines = {definition.name for definition in definitions}.union(
        CLIENT_COROUTINES,
        OF_MIDDLEWARE,
        (name.rpartition(".")[2] for name in (*OF_ASYNCIO, GATHER)),
        *of_clients.values(),
    )
    of_generators = generators(definitions)
    for module in modules:
        is_async = "async" in module.text or of_clients[module]
        if is_async or not coroutines.isdisjoint(module.aliases):
            yield from _in_module(project, module, coroutines, of_generators)
    for function in project.written_functions:
        types = _types(function)
        if types.isdisjoint(SYNCHRONOUS):
            is_awaited = not types.isdisjoint(AWAITING)
            yield from wrong_wrappers(project, function, OF_TRIGGER, is_awaited)


def _in_module(
    project: Project, module: Module, coroutines: Collection[str], of_generators: Collection[str]
) -> Iterator[Problem]:
    """Yield what is wrong in a module; the names of coroutine functions and of asynchronous generators are given."""
    nests = allows_nesting(project.sources)
    clients = durable_parameters(project, module, CLIENT)
    started = {*_started(project, module)}
    for definition in module.definitions:
        yield from wrong_blocks(project.sources, module, definition, of_generators)
        yield from wrong_awaits(project.sources, module, definition)
        kind = OF_TRIGGER if definition in started else COROUTINE
        results = Results(module, definition, kind, clients.get(definition, ""))
        for call in calls_of(definition):
            may_be_one = last_name(module, call.func) in coroutines
            if may_be_one and results.is_lost(call) and _is_coroutine(project, results, call):
                yield _dropped(module, definition, call)
            yield from unused_future(module, definition, call)
            is_started = definition in started
            yield from wrong_calls(project.sources, module, definition, call, is_started)
            if isinstance(definition, ast.AsyncFunctionDef) and not nests:
                yield from _nested(project, module, definition, call)


def _started(project: Project, module: Module) -> Iterator[Definition]:
    """Yield what triggers start, without another decorator or anything else that may await what it returns."""
    for function in project.functions_in(module):
        definition = function.definition
        if definition is None or not function.triggers or has_other_decorators(function):
            continue
        is_async = isinstance(definition, ast.AsyncFunctionDef)
        if is_async or _types(function).isdisjoint(AWAITING):
            yield definition


def _types(function: Function) -> set[str]:
    return {binding.type.lower() for binding in function.bindings}


def _is_coroutine(project: Project, results: Results, call: ast.Call) -> bool:
    """Whether a call certainly makes a coroutine: of the app, of Python or of a library."""
    module, definition, client = results.module, results.definition, results.source
    name = last_name(module, call.func)
    if client and method_of(call, client) in CLIENT_COROUTINES:
        return True
    if name in OF_MIDDLEWARE and calls_middleware(ASGI, project.sources, module, definition, call):
        return True
    return (
        module.dotted(call.func) in OF_ASYNCIO
        or is_client_coroutine(project.sources, module, definition, call)
        or _is_own_coroutine(project, module, definition, call.func)
    )


def _dropped(module: Module, definition: Definition, call: ast.Call) -> Problem:
    message = f"{ast.unparse(call.func)} does not run: nothing awaits it."
    if isinstance(definition, ast.FunctionDef):
        fix = f"Write async def {definition.name}, and await it."
    else:
        fix = _where_await_belongs(definition, call)
    return Problem(module.place(call), message, fix)


def _where_await_belongs(definition: Definition, call: ast.Call) -> str:
    """Return how to await a call: an await before all of `call().name` would wait for what is taken from it."""
    for node in own_nodes(definition):
        if isinstance(node, ast.Attribute | ast.Subscript) and node.value is call:
            taken = f".{node.attr}" if isinstance(node, ast.Attribute) else "[...]"
            is_called = any(other.func is node for other in calls_of(definition))
            awaited = f"(await {ast.unparse(call.func)}(...)){taken}{'(...)' if is_called else ''}"
            return f"Put await and parentheses around the call: {awaited}"
    return "Write await before it."


def _is_own_coroutine(
    project: Project, module: Module, around: Definition, called: ast.expr
) -> bool:
    """Whether what is called is a coroutine function or method of the app."""
    found = function_meant(project.sources, module, called)
    definition = found.definition if found else _method(project, module, around, called)
    if not isinstance(definition, ast.AsyncFunctionDef) or definition.decorator_list:
        return False
    return not is_generator(definition)


def _method(
    project: Project, module: Module, around: Definition, called: ast.expr
) -> Definition | None:
    """Return the method of the app that is called, unless an object may have another one of its name."""
    if not isinstance(called, ast.Attribute) or called.attr in project.sources.stored_attributes:
        return None
    if isinstance(called.value, ast.Name) and (method := own_method(module, around, called)):
        return None if method.name in _plain_methods(project) else method
    owner = owner_of(module, around, called)
    if owner is None or (isinstance(owner, ast.Call) and is_local(module, owner.func)):
        return None
    return method_meant(project.sources, module, owner, called.attr)


def _plain_methods(project: Project) -> set[str]:
    """Return the methods of all classes that are not asynchronous, one of which may be that of a subclass."""
    return {
        node.name
        for module in project.sources.modules.values()
        for class_ in module.all(ast.ClassDef)
        for node in class_.body
        if isinstance(node, ast.FunctionDef)
    }


def _nested(
    project: Project, module: Module, definition: Definition, call: ast.Call
) -> Iterator[Problem]:
    method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    if method == UNTIL or module.dotted(call.func) == RUNNING:
        fix = "Await the coroutine instead."
    elif method == "handle" and calls_middleware(ASGI, project.sources, module, definition, call):
        fix = "Write await, and handle_async instead."
    else:
        return
    message = f"{ast.unparse(call.func)} fails in {definition.name}, which runs in a loop itself."
    yield Problem(module.place(call), message, fix)


RULES = (unawaited,)
