"""What an orchestrator calls without `yield`, so that it never runs."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..model import Problem, Severity
from ..project.durable import ORCHESTRATOR
from ..project.durable_names import function_meant
from ..project.durable_parameters import durable_parameters
from ..project.lost_results import Kind, Results, calls_of, method_of
from ..project.nodes import Definition, own_nodes
from ..project.project import Project
from ..project.python_source import Module
from .rule import rule

# The methods of the context that make a task, and those that only write their arguments as JSON.
TASKS = {
    "call_activity",
    "call_activity_with_retry",
    "call_entity",
    "call_http",
    "call_sub_orchestrator",
    "call_sub_orchestrator_with_retry",
    "create_timer",
    "task_all",
    "task_any",
    "wait_for_external_event",
}
TAKERS = {*TASKS, "continue_as_new", "set_custom_status", "signal_entity"}
TAKERS -= {"task_all", "task_any"}
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
TASK = Kind(OF_TASK, TAKERS)
OF_ORCHESTRATOR = TASK._replace(is_lost_if_returned=True)
GENERATOR = Kind({"close", "send", "throw"}, TAKERS, is_iterable=True, is_lost_if_yielded=True)


@rule("AF126", Severity.ERROR, "An orchestrator does not yield what it calls")
def unyielded(project: Project) -> Iterator[Problem]:
    """Yield the tasks that an orchestrator makes and does not yield, and lists that it yields."""
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
                    yield from _lists(module, definition, context)


def _orchestrators(project: Project, module: Module) -> Iterator[Definition]:
    """Yield the functions of a module that the library itself calls; another decorator may yield what they return."""
    for function in project.functions_in(module):
        definition = function.definition
        if definition and len(definition.decorator_list) == len(function.decorations):
            yield definition


def _tasks(module: Module, definition: Definition, results: Results) -> Iterator[Problem]:
    for call in calls_of(definition):
        if method_of(call, results.source) in TASKS and results.is_lost(call):
            message = f"{ast.unparse(call.func)} does not run: nothing yields it."
            yield Problem(module.place(call), message, "Write yield before it.")


def _generators(
    project: Project, module: Module, definition: Definition, context: str
) -> Iterator[Problem]:
    """Yield the calls of generators of the app with the context, whose tasks the orchestrator does not get."""
    results = Results(module, definition, GENERATOR, context)
    for call in calls_of(definition):
        has_context = any(isinstance(a, ast.Name) and a.id == context for a in call.args)
        if has_context and _is_generator(project, module, call) and results.is_lost(call):
            message = (
                f"{ast.unparse(call.func)} does not run: the orchestrator does not get its tasks."
            )
            yield Problem(module.place(call), message, "Write yield from before it.")


def _is_generator(project: Project, module: Module, call: ast.Call) -> bool:
    found = function_meant(project.sources, module, call.func)
    if found is None or not isinstance(found[1], ast.FunctionDef) or found[1].decorator_list:
        return False
    return any(isinstance(node, ast.Yield | ast.YieldFrom) for node in own_nodes(found[1]))


def _lists(module: Module, definition: Definition, context: str) -> Iterator[Problem]:
    for node in own_nodes(definition):
        if isinstance(node, ast.Yield) and isinstance(node.value, ast.List | ast.ListComp):
            made = [part for part in ast.walk(node.value) if isinstance(part, ast.Call)]
            if any(method_of(call, context) in TASKS for call in made):
                message = "This orchestrator yields a list, so it fails: it waits for tasks only."
                fix = f"Write {context}.task_all(...) around the list."
                yield Problem(module.place(node), message, fix)


RULES = (unyielded,)
