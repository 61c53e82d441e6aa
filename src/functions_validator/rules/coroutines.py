"""Asynchronous code that never runs."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..model import Problem, Severity
from ..project.durable_names import function_meant
from ..project.nodes import Definition, own_nodes
from ..project.project import Project
from ..project.python_source import Module
from .rule import rule

HTTP_RESPONSE = "azure.functions.HttpResponse"
SLEEP = "asyncio.sleep"
RUNNING = "asyncio.run"
UNTIL = "run_until_complete"
# A package that lets a loop run inside of another.
NESTING = "nest_asyncio"


@rule("AF243", Severity.ERROR, "Asynchronous code never runs")
def unawaited(project: Project) -> Iterator[Problem]:
    """Yield calls of coroutine functions without `await`, and loops that are started inside of one."""
    nests = any(imported.name == NESTING for imported in project.sources.imports)
    for module in project.sources.modules.values():
        if "async" not in module.text:
            continue
        for definition in module.definitions:
            is_async = isinstance(definition, ast.AsyncFunctionDef)
            for node in own_nodes(definition):
                for call in _without_await(module, node):
                    yield from _dropped(project, module, definition, call)
                if is_async and not nests and isinstance(node, ast.Call):
                    yield from _nested(module, definition, node)


def _without_await(module: Module, node: ast.AST) -> Iterator[ast.Call]:
    """Yield calls whose result nothing can await: those that are statements, or the body of a response."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield node.value
    elif isinstance(node, ast.Call) and module.dotted(node.func) == HTTP_RESPONSE:
        yield from (part for part in node.args[:1] if isinstance(part, ast.Call))


def _dropped(
    project: Project, module: Module, definition: Definition, call: ast.Call
) -> Iterator[Problem]:
    name = module.dotted(call.func)
    if name != SLEEP and not _is_coroutine(project, module, call.func):
        return
    message = f"{ast.unparse(call.func)} does not run: nothing awaits it."
    fix = "Write await before it."
    if isinstance(definition, ast.FunctionDef):
        fix = f"Write async def {definition.name}, and await it."
    yield Problem(module.place(call), message, fix)


def _is_coroutine(project: Project, module: Module, called: ast.expr) -> bool:
    found = function_meant(project.sources, module, called)
    if found is None:
        return False
    _, definition = found
    if not isinstance(definition, ast.AsyncFunctionDef) or definition.decorator_list:
        return False
    return not any(isinstance(node, ast.Yield) for node in own_nodes(definition))


def _nested(module: Module, definition: Definition, call: ast.Call) -> Iterator[Problem]:
    is_until = isinstance(call.func, ast.Attribute) and call.func.attr == UNTIL
    if is_until or module.dotted(call.func) == RUNNING:
        message = (
            f"{ast.unparse(call.func)} fails in {definition.name}, which runs in a loop itself."
        )
        yield Problem(module.place(call), message, "Await the coroutine instead.")


RULES = (unawaited,)
