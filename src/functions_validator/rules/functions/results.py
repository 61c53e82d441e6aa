"""What functions return."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from ...functions.functions import Binding, Function, has_other_decorators
from ...functions.json_values import collection_made, collection_of_call, own_object, unwritable
from ...functions.named_functions import function_meant
from ...functions.optional_values import chain_of, needed_keys, other_methods
from ...functions.process_ends import end_of
from ...functions.unlike_text import unlike_text
from ...model import Place, Problem, Severity
from ...project.durable import ACTIVITY, ENTITY, ORCHESTRATOR, is_second_version
from ...project.entity_results import ignored_results
from ...project.project import Project
from ...project.streams import imports_streams
from ...sources.library_names import LIBRARY
from ...sources.lost_results import LOGGING
from ...sources.nodes import (
    COLLECTIONS,
    Definition,
    is_generator,
    own_nodes,
    value_meant,
    walk,
)
from ...sources.python_source import Module
from ..rule import rule

RESULT = "$return"
USUAL_METHODS = ("GET", "POST")
RESPOND = "Return a str or func.HttpResponse(...)."
# Triggers whose functions return only the value of an output; durable functions and MCP tools have other results.
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
# The triggers of durable functions that have a result.
DURABLE = (ACTIVITY.lower(), ORCHESTRATOR.lower())
# The web frameworks, and how the names of what makes their responses end.
FRAMEWORKS = {"django": "Django", "fastapi": "FastAPI", "flask": "Flask", "starlette": "Starlette"}
OF_FRAMEWORKS = ("Response", "jsonify", "make_response")
TEXTS = {"str", "json.dumps"}
OF_LIBRARY = f"{LIBRARY}."


@rule("AF242", Severity.ERROR, "A function returns a value that the worker does not accept")
def results(project: Project) -> Iterator[Problem]:
    """Yield results of HTTP functions that are not responses, and results that no output takes."""
    if any(map(imports_streams, project.sources.imports)):
        return
    for function in project.written_functions:
        module, definition = function.module, function.definition
        if module is None or definition is None or not function.is_fully_known:
            continue
        if len(function.triggers) != 1:
            continue
        kind = function.triggers[0].type.lower()
        names = {binding.name for binding in function.bindings}
        if kind in DURABLE:
            yield from _unwritable_results(project, function, module, definition)
        elif kind == ENTITY.lower():
            yield from ignored_results(project, function, module, definition)
        elif kind == "httptrigger" and any(map(_is_response, function.bindings)):
            yield from _wrong_responses(project, function, module, definition)
        elif (kind in WITHOUT_RESULT or _has_no_response(function)) and RESULT not in names:
            yield from _lost_results(function, module, definition)


def _unwritable_results(
    project: Project, function: Function, module: Module, definition: Definition
) -> Iterator[Problem]:
    """Yield results of activities and orchestrators that JSON does not have."""
    if has_other_decorators(function):
        return
    is_activity = function.triggers[0].type == ACTIVITY
    if is_activity and is_generator(definition) and is_second_version(project) is False:
        message = f"{function.label} is a generator, which cannot be written as JSON."
        yield Problem(function.place, message, "Return a list instead.")
        return
    for node in own_nodes(definition):
        if not isinstance(node, ast.Return) or node.value is None:
            continue
        what = unwritable(project.sources, module, definition, node.value)
        if what and is_second_version(project) is False:
            message = f"{function.label} returns {what}, which cannot be written as JSON."
            fix = "Return text, numbers, lists or dicts, or a class that has to_json and from_json."
            yield Problem(module.place(node), message, fix)


def _is_response(binding: Binding) -> bool:
    return binding.type.lower() == "http" and binding.name == RESULT


def _has_no_response(function: Function) -> bool:
    """Whether a function with an HTTP trigger, such as a generic one, has no HTTP output."""
    types = {binding.type.lower() for binding in function.bindings}
    return "httptrigger" in types and "http" not in types


def _wrong_responses(
    project: Project, function: Function, module: Module, definition: Definition
) -> Iterator[Problem]:
    """Yield what an HTTP function returns instead of a response, and where it ends without one."""
    if is_generator(definition):
        yield _no_response(function, function.place, "is a generator")
        return
    nodes = own_nodes(definition)
    returns = [node for node in nodes if isinstance(node, ast.Return)]
    for node in returns:
        if kind := _other_than_response(project, module, definition, node.value):
            yield _no_response(function, module.place(node), f"returns {kind}")
    # AF114 reports an annotation that is a constant.
    if isinstance(definition.returns, ast.Constant) or _is_stub(definition):
        return
    may_stop = any(
        isinstance(node, ast.Raise | ast.While | ast.Assert)
        or end_of(project.sources, module, definition, node)
        for node in nodes
    )
    if not returns and not may_stop:
        yield _no_response(function, function.place, "returns nothing")
        return
    for last in _ends(project, module, definition.body):
        yield _no_response(function, module.place(last), "returns nothing after this line")
    trigger = function.triggers[0]
    for last in _last_conditions(definition.body):
        if others := other_methods(definition, trigger.name, chain_of(last), _methods(trigger)):
            what = f"returns nothing for the method {others[0]}"
            fix = f"{RESPOND[:-1]} in that case, too."
            yield _no_response(function, module.place(last), what, fix)
        if keys := needed_keys(definition, trigger.name, chain_of(last)):
            what = f"returns nothing for a request without {' and '.join(keys)}"
            fix = f"{RESPOND[:-1]} in that case, too."
            yield _no_response(function, module.place(last), what, fix)


def _methods(trigger: Binding) -> Sequence[str]:
    """Return the methods that a function certainly takes, and its callers use."""
    if trigger.lacks("methods"):
        return USUAL_METHODS
    methods = trigger.fields.get("methods")
    names = methods if isinstance(methods, list | tuple) else ()
    return [str(one).rpartition(".")[2].upper() for one in names]


def _no_response(function: Function, place: Place, what: str, fix: str = RESPOND) -> Problem:
    message = f"{function.label} {what}, so the caller gets status 500 and an empty body."
    return Problem(place, message, fix)


def _other_than_response(
    project: Project, module: Module, definition: Definition, value: ast.expr | None
) -> str | None:
    """Return what a function returns, if it certainly is neither text nor a response."""
    if value is None:
        return "None"
    if what := unlike_text(project.sources, module, definition, value):
        return what
    meant = value_meant(definition, value)
    return _kind(module, meant) or _made(project, module, meant)


def _ends(project: Project, module: Module, statements: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the last statements of a block, or of blocks at its end, after which the function has no result."""
    *before, last = statements
    if any(map(_may_leave, before)):
        return
    if _goes_on(project, module, last):
        yield last
    for block in _last_blocks(last):
        yield from _ends(project, module, block)


def _last_conditions(statements: Sequence[ast.stmt]) -> Iterator[ast.If]:
    """Yield each `if` without `else` at the end of a block, or of blocks at its end."""
    *before, last = statements
    if any(map(_may_leave, before)):
        return
    if isinstance(last, ast.If) and chain_of(last):
        yield last
        return
    for block in _last_blocks(last):
        yield from _last_conditions(block)


def _last_blocks(last: ast.stmt) -> Sequence[Sequence[ast.stmt]]:
    """Return the blocks of a statement at whose end the statement ends too."""
    match last:
        case ast.If(body=body, orelse=orelse):
            return [block for block in (body, orelse) if block]
        case ast.With(body=body) | ast.AsyncWith(body=body):
            return [body]
        case ast.Match(cases=cases):
            return [case.body for case in cases]
        case ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=finalbody):
            inside = [node for statement in finalbody for node in walk(statement)]
            if any(isinstance(node, ast.Return | ast.Raise) for node in inside):
                return []
            return [orelse or body, *(handler.body for handler in handlers)]
    return []


def _may_leave(statement: ast.stmt) -> bool:
    """Whether the function may end with this statement, so that no later one runs."""
    match statement:
        case ast.Return() | ast.Raise() | ast.While():
            return True
        case ast.If(body=[*_, last], orelse=[*_, other]):
            return _may_leave(last) and _may_leave(other)
        case ast.With(body=[*_, last]) | ast.AsyncWith(body=[*_, last]):
            return _may_leave(last)
        case ast.Try(body=body, orelse=orelse, handlers=handlers, finalbody=finalbody):
            ends = [orelse or body, *(handler.body for handler in handlers)]
            return bool(finalbody) or all(_may_leave(end[-1]) for end in ends)
    return type(statement).__name__ in ("Match", "TryStar")


def _goes_on(project: Project, module: Module, last: ast.stmt) -> bool:
    """Whether a function certainly goes on after its last statement, and so ends without a result."""
    if isinstance(last, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Pass):
        return True
    if not isinstance(last, ast.Expr) or not isinstance(last.value, ast.Call):
        return False
    name = module.dotted(last.value.func)
    owner, _, method = name.rpartition(".")
    logs = method in LOGGING and "log" in owner.lower()
    if logs or name == "print" or name.startswith((OF_LIBRARY, "logging.")):
        return True
    found = function_meant(project.sources, module, last.value.func)
    ended = found.definition.body[-1] if found else None
    return isinstance(ended, ast.Return) and ended.value is not None


def _is_stub(definition: Definition) -> bool:
    """Whether a function has nothing but its docstring and `...` or `pass`."""
    return all(
        isinstance(node, ast.Pass)
        or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        for node in definition.body
    )


def _kind(module: Module, value: ast.expr) -> str | None:
    """Return what a value is, if it certainly is not text."""
    match value:
        case ast.Call():
            return collection_made(module, value)
        case ast.Constant(value=str()):
            return None
        case ast.Constant(value=None):
            return "None"
        case ast.Constant(value=constant):
            is_number = isinstance(constant, int | float) and not isinstance(constant, bool)
            return f"the {'number' if is_number else 'value'} {constant!r}"
    return COLLECTIONS.get(type(value))


def _made(project: Project, module: Module, value: ast.expr) -> str | None:
    """Return what a call makes, if it is a response of a web framework, or something of the app that is not text."""
    if collection := collection_of_call(project.sources, module, value):
        return collection
    if not isinstance(value, ast.Call):
        return None
    name = module.dotted(value.func)
    package, _, last = name.partition(".")
    if package in FRAMEWORKS and last.endswith(OF_FRAMEWORKS):
        return f"a response of {FRAMEWORKS[package]}"
    return own_object(project.sources, module, value.func)


def _lost_results(function: Function, module: Module, definition: Definition) -> Iterator[Problem]:
    for node in own_nodes(definition):
        match node:
            case ast.Return(value=ast.expr() as value):
                if _is_something(module, value_meant(definition, value)):
                    message = f"{function.label} returns a value, but has no output for it, so the call fails."
                    fix = f'Return nothing, or add an output with arg_name="{RESULT}".'
                    if _has_no_response(function):
                        fix = f'Add generic_output_binding(arg_name="{RESULT}", type="http").'
                    yield Problem(module.place(node), message, fix)


def _is_something(module: Module, value: ast.expr) -> bool:
    """Whether a value certainly is not None."""
    if isinstance(value, ast.Constant):
        return value.value is not None
    if isinstance(value, ast.Call):
        name = module.dotted(value.func)
        return name in TEXTS or name.startswith(OF_LIBRARY)
    return isinstance(value, ast.JoinedStr) or type(value) in COLLECTIONS


RULES = (results,)
