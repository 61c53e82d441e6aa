"""Asynchronous code that never runs."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ...functions.async_blocks import CLIENT_NAMES, generators, wrong_blocks, wrong_calls
from ...functions.async_clients import coroutine_names, is_client_coroutine
from ...functions.functions import has_other_decorators
from ...functions.middleware import ASGI, calls_middleware, owner_of
from ...functions.named_functions import function_meant, is_local
from ...model import Problem, Severity
from ...project.durable_library import CLIENT_COROUTINES, CLIENT_OTHERS
from ...project.durable_parameters import CLIENT, durable_parameters
from ...project.project import Project
from ...sources.classes import method_meant, own_method
from ...sources.lost_results import Kind, Results, calls_of, method_of
from ...sources.nodes import Definition, is_generator, own_nodes
from ...sources.python_source import Module, last_name
from ..rule import rule

SLEEP = "asyncio.sleep"
RUNNING = "asyncio.run"
UNTIL = "run_until_complete"
# A package that lets a loop run inside of another.
NESTING = "nest_asyncio"
COROUTINE = Kind({"__await__", "close", "send", "throw"}, CLIENT_COROUTINES | CLIENT_OTHERS)
# In what a trigger starts, whose result the worker takes as it is.
OF_TRIGGER = COROUTINE._replace(is_lost_if_returned=True)
# The coroutines of AsgiMiddleware.
OF_MIDDLEWARE = ("handle_async", "notify_startup", "notify_shutdown")
# What awaits the coroutine that a plain function returns.
AWAITING = ("durableclient", "mcptooltrigger")


@rule("AF243", Severity.ERROR, "Asynchronous code never runs")
def unawaited(project: Project) -> Iterator[Problem]:
    """Yield calls of coroutine functions without `await`, and loops that are started inside of one."""
    nests = any(imported.name == NESTING for imported in project.sources.imports)
    modules = project.sources.modules.values()
    own = [definition for module in modules for definition in module.all(ast.AsyncFunctionDef)]
    of_generators = generators(own)
    names = {definition.name for definition in own}
    names |= {*CLIENT_COROUTINES, *OF_MIDDLEWARE, SLEEP.rpartition(".")[2]}
    of_clients = {module.relative: coroutine_names(module) for module in modules}
    names |= {name for found in of_clients.values() for name in found}
    for module in modules:
        has_client = bool(of_clients[module.relative])
        if "async" not in module.text and not has_client and names.isdisjoint(module.aliases):
            continue
        has_blocks = has_client or any(
            word in module.text for word in (*of_generators, *CLIENT_NAMES)
        )
        clients = durable_parameters(project, module, CLIENT)
        started = {*_started(project, module)}
        for definition in module.definitions:
            is_async = isinstance(definition, ast.AsyncFunctionDef)
            client = clients.get(definition, "")
            if has_blocks:
                yield from wrong_blocks(project.sources, module, definition, of_generators)
            for call in calls_of(definition):
                may_be = last_name(module, call.func) in names
                kind = OF_TRIGGER if definition in started else COROUTINE
                results = Results(module, definition, kind, client)
                if may_be and _is_dropped(project, results, call):
                    yield _dropped(module, definition, call)
                yield from wrong_calls(module, definition, call, definition in started)
                if is_async and not nests:
                    yield from _nested(project, module, definition, call)


def _started(project: Project, module: Module) -> Iterator[Definition]:
    """Yield what triggers start, without another decorator or anything else that may await what it returns."""
    for function in project.functions_in(module):
        definition = function.definition
        if definition is None or not function.triggers or has_other_decorators(function):
            continue
        types = {binding.type.lower() for binding in function.bindings}
        if isinstance(definition, ast.AsyncFunctionDef) or types.isdisjoint(AWAITING):
            yield definition


def _is_dropped(project: Project, results: Results, call: ast.Call) -> bool:
    """Whether a call makes a coroutine that nothing awaits."""
    module, definition, client = results.module, results.definition, results.source
    if not results.is_lost(call):
        return False
    is_of_client = bool(client) and method_of(call, client) in CLIENT_COROUTINES
    is_sleep = module.dotted(call.func) == SLEEP
    return (
        is_of_client
        or is_sleep
        or (
            last_name(module, call.func) in OF_MIDDLEWARE
            and calls_middleware(ASGI, project.sources, module, definition, call)
        )
        or is_client_coroutine(project.sources, module, definition, call)
        or _is_coroutine(project, module, definition, call.func)
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


def _is_coroutine(project: Project, module: Module, around: Definition, called: ast.expr) -> bool:
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
