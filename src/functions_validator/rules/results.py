"""What functions return."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..model import Problem, Severity
from ..project.functions import Binding, Function
from ..project.nodes import own_nodes
from ..project.project import Project
from ..project.python_source import Module
from ..project.streams import imports_streams
from .rule import rule

RESULT = "$return"
# Triggers whose functions have no result but that of an output; durable functions and MCP tools have one of their own.
WITHOUT_RESULT = {
    "timertrigger",
    "queuetrigger",
    "blobtrigger",
    "servicebustrigger",
    "eventhubtrigger",
    "eventgridtrigger",
    "cosmosdbtrigger",
    "kafkatrigger",
    "sqltrigger",
}
COLLECTIONS = {
    ast.Dict: "a dict",
    ast.DictComp: "a dict",
    ast.List: "a list",
    ast.ListComp: "a list",
    ast.Tuple: "a tuple",
    ast.Set: "a set",
    ast.SetComp: "a set",
}
TEXTS = {"str", "json.dumps"}
LIBRARY = "azure.functions."


@rule("AF242", Severity.ERROR, "A function returns what the worker does not take")
def results(project: Project) -> Iterator[Problem]:
    """Yield results of HTTP functions that are no responses, and results that no output takes."""
    if any(map(imports_streams, project.sources.imports)):
        return
    for function in project.written_functions:
        if function.certain and function.module is not None and len(function.triggers) == 1:
            kind = function.triggers[0].type.lower()
            names = {binding.name for binding in function.bindings}
            if kind == "httptrigger" and any(map(_is_response, function.bindings)):
                yield from _wrong_responses(function, function.module)
            elif kind in WITHOUT_RESULT and RESULT not in names:
                yield from _lost_results(function, function.module)


def _is_response(binding: Binding) -> bool:
    return binding.type.lower() == "http" and binding.name == RESULT


def _wrong_responses(function: Function, module: Module) -> Iterator[Problem]:
    assert function.definition is not None
    nodes = list(own_nodes(function.definition))
    fix = "Return a str or func.HttpResponse(...)."
    harm = "so the caller gets a response 500 without a text"
    if any(isinstance(node, ast.Yield | ast.YieldFrom) for node in nodes):
        message = f"{function.label} is a generator, {harm}."
        yield Problem(function.place, message, fix)
        return
    returns = [node for node in nodes if isinstance(node, ast.Return)]
    for node in returns:
        kind = "None" if node.value is None else _kind(node.value)
        if kind:
            message = f"{function.label} returns {kind}, {harm}."
            yield Problem(module.place(node), message, fix)
    if isinstance(function.definition.returns, ast.Constant):
        return  # AF114 reports the annotation.
    ends = any(isinstance(node, ast.Raise | ast.While | ast.Assert) for node in nodes)
    if not returns and not ends and not _is_stub(function.definition):
        yield Problem(function.place, f"{function.label} returns nothing, {harm}.", fix)


def _is_stub(definition: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function has nothing but its documentation and `...` or `pass`."""
    return all(
        isinstance(node, ast.Pass)
        or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        for node in definition.body
    )


def _kind(value: ast.expr) -> str | None:
    """Return what a value is, if it certainly is no text."""
    if isinstance(value, ast.Constant):
        is_text = isinstance(value.value, str)
        return (
            None
            if is_text
            else "None"
            if value.value is None
            else f"the {_named(value.value)} {value.value!r}"
        )
    return COLLECTIONS.get(type(value))


def _named(value: object) -> str:
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else "value"


def _lost_results(function: Function, module: Module) -> Iterator[Problem]:
    assert function.definition is not None
    for node in own_nodes(function.definition):
        if (
            isinstance(node, ast.Return)
            and node.value is not None
            and _is_something(module, node.value)
        ):
            message = (
                f"{function.label} returns a value, but has no output for it, so each call fails."
            )
            fix = f'Return nothing, or add an output with arg_name="{RESULT}".'
            yield Problem(module.place(node), message, fix)


def _is_something(module: Module, value: ast.expr) -> bool:
    """Whether a value certainly is not None."""
    if isinstance(value, ast.Constant):
        return value.value is not None
    if isinstance(value, ast.Call):
        name = module.dotted(value.func)
        return name in TEXTS or name.startswith(LIBRARY)
    return isinstance(value, ast.JoinedStr) or type(value) in COLLECTIONS


RULES = (results,)
