"""What an orchestrator calls without `yield`, so that it never runs."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ...functions.functions import has_other_decorators
from ...functions.named_functions import function_meant
from ...model import Problem, Severity
from ...project.durable import ORCHESTRATOR
from ...project.durable_library import TASKS
from ...project.durable_parameters import durable_parameters
from ...project.project import Project
from ...sources.lost_results import Kind, Results
from ...sources.nodes import (
    COLLECTIONS,
    Definition,
    callee,
    calls_of,
    is_generator,
    method_of,
    only_value,
    own_nodes,
    walk,
)
from ...sources.python_source import Module
from ..rule import rule

# The methods of the context that only write their arguments as JSON.
TAKERS = {*TASKS, "continue_as_new", "set_custom_status", "signal_entity"}
TAKERS -= {"task_all", "task_any"}
# Its methods and attributes that have other results.
STATUS = "set_custom_status"
OTHERS = {"get_input", "new_guid", "new_uuid", STATUS}
ATTRIBUTES = {"current_utc_datetime", "instance_id", "is_replaying", "parent_instance_id"}
OF_TASK = {
    "action_repr",
    "cancel",
    "change_state",
    "completed_tasks",
    "children",
    "id",
    "is_cancelled",
    "is_completed",
    "is_played",
    "parent",
    "pending_tasks",
    "propagate",
    "result",
    "set_is_played",
    "set_value",
    "state",
}
# What returns no generator.
BUILTIN = {"dict", "json.dumps", "len", "list", "max", "min", "sorted", "str", "sum", "tuple"}
TASK = Kind(OF_TASK, TAKERS)
OF_ORCHESTRATOR = TASK._replace(is_lost_if_returned=True)
GENERATOR = Kind({"close", "send", "throw"}, TAKERS, is_iterable=True, is_lost_if_yielded=True)


@rule("AF126", Severity.ERROR, "An orchestrator does not yield what it calls")
def unyielded(project: Project) -> Iterator[Problem]:
    """Yield the tasks that an orchestrator makes and does not yield, and other values that it yields."""
    for module in project.sources.modules.values():
        contexts = durable_parameters(project, module, ORCHESTRATOR)
        orchestrators = set(_orchestrators(project, module))
        for definition, context in contexts.items():
            # AF121 reports those that are async.
            if isinstance(definition, ast.FunctionDef):
                is_helper = definition not in orchestrators
                kind = TASK if is_helper else OF_ORCHESTRATOR
                yield from _tasks(module, definition, Results(module, definition, kind, context))
                yield from _generators(project, module, definition, context)
                if not is_helper:
                    yield from _values(module, definition, context)


def _orchestrators(project: Project, module: Module) -> Iterator[Definition]:
    """Yield the functions of a module that the library itself calls; another decorator may yield what they return."""
    for function in project.functions_in(module):
        definition = function.definition
        if definition and not has_other_decorators(function):
            yield definition


def _tasks(module: Module, definition: Definition, results: Results) -> Iterator[Problem]:
    never = results.kind is OF_ORCHESTRATOR and _yields_nothing(module, definition)
    for call in calls_of(definition):
        if method_of(call, results.source) in TASKS and (never or results.is_lost(call)):
            message = f"{ast.unparse(call.func)} does not run: nothing yields it."
            yield Problem(module.place(call), message, "Write yield before it.")


def _yields_nothing(module: Module, definition: Definition) -> bool:
    """Whether a function is not a generator, and does not return the generator of another one."""
    for node in own_nodes(definition):
        if isinstance(node, ast.Yield | ast.YieldFrom | ast.Await):
            return False
        value = node.value if isinstance(node, ast.Return) else None
        if isinstance(value, ast.Call) and module.dotted(value.func) not in BUILTIN:
            return False
        if isinstance(value, ast.Name | ast.Attribute | ast.IfExp | ast.BoolOp):
            return False
    return True


def _generators(
    project: Project, module: Module, definition: Definition, context: str
) -> Iterator[Problem]:
    """Yield the calls of generators of the app with the context, whose tasks the orchestrator does not get."""
    results = Results(module, definition, GENERATOR, context)
    for call in calls_of(definition):
        has_context = any(isinstance(a, ast.Name) and a.id == context for a in call.args)
        if has_context and _makes_generator(project, module, call) and results.is_lost(call):
            message = (
                f"{ast.unparse(call.func)} does not run: the orchestrator does not get its tasks."
            )
            yield Problem(module.place(call), message, "Write yield from before it.")


def _makes_generator(project: Project, module: Module, call: ast.Call) -> bool:
    found = function_meant(project.sources, module, call.func)
    definition = found.definition if found else None
    if not isinstance(definition, ast.FunctionDef) or definition.decorator_list:
        return False
    return is_generator(definition)


def _values(module: Module, definition: Definition, context: str) -> Iterator[Problem]:
    """Yield the values that an orchestrator yields and that are certainly not tasks."""
    for node in own_nodes(definition):
        value = node.value if isinstance(node, ast.Yield) else None
        if value is None:
            continue
        made = [part for part in walk(value) if isinstance(part, ast.Call)]
        is_list = isinstance(value, ast.List | ast.ListComp)
        if isinstance(value, ast.Name) and _is_list_of_tasks(definition, value.id, context):
            fix = f"Write {context}.task_all({value.id})."
            yield _fails(module, value, "a list", fix)
        elif is_list and any(method_of(call, context) in TASKS for call in made):
            fix = f"Write {context}.task_all(...) around the list."
            yield _fails(module, value, "a list", fix)
        elif what := _other(value):
            yield _fails(module, value, what, "Yield a task, or write it without yield.")
        elif _is_of_context(value, context):
            text = ast.unparse(callee(value))
            result = "never ends" if text == f"{context}.{STATUS}" else "fails"
            yield _fails(module, value, text, "Write it without yield.", result)


def _is_list_of_tasks(definition: Definition, name: str, context: str) -> bool:
    """Whether a variable certainly is a list, in which the function has put a task."""
    value = only_value(definition, name)
    if not isinstance(value, ast.List | ast.ListComp):
        return False
    put = [node for node in walk(value) if isinstance(node, ast.Call)]
    for call in calls_of(definition):
        match call:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr="append"), args=[one]):
                put += [one] if owner == name and isinstance(one, ast.Call) else []
    return any(method_of(call, context) in TASKS for call in put)


def _fails(module: Module, value: ast.expr, what: str, fix: str, result: str = "fails") -> Problem:
    message = f"This orchestrator yields {what}, so it {result}: it waits for tasks only."
    return Problem(module.place(value), message, fix)


def _other(value: ast.expr) -> str | None:
    """Return what a value is, if its syntax says that."""
    if isinstance(value, ast.JoinedStr | ast.Constant):
        is_something = isinstance(value, ast.JoinedStr) or value.value is not None
        return ast.unparse(value) if is_something else None
    return COLLECTIONS.get(type(value))


def _is_of_context(value: ast.expr, context: str) -> bool:
    """Whether a value is one that the context has or makes, such as the input."""
    match value:
        case ast.Attribute(value=ast.Name(id=owner), attr=name):
            return owner == context and name in ATTRIBUTES
        case ast.Call():
            return method_of(value, context) in OTHERS
    return False


RULES = (unyielded,)
