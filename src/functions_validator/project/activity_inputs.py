"""Inputs of activities that a function reads as JSON, though they are no text any more."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from ..functions.functions import Function, has_other_decorators
from ..model import Problem
from ..sources.nodes import (
    COLLECTIONS,
    Definition,
    calls_of,
    method_of,
    named_arguments,
    own_nodes,
    reads_of,
    suppresses,
    value_meant,
)
from ..sources.python_source import Module
from ..sources.uncertain_names import uncertain_names
from .durable import ACTIVITY, ORCHESTRATOR, durable_name, is_second_version
from .durable_parameters import durable_parameters
from .project import Project

# The methods that call activities, with their arguments.
CALLS = {
    "call_activity": ("name", "input_"),
    "call_activity_with_retry": ("name", "retry_options", "input_"),
}
# What JSON makes of a collection; it has no sets.
KINDS = {"a dict": "a dict", "a list": "a list", "a tuple": "a list"}


def inputs_read_again(project: Project) -> Iterator[Problem]:
    """Yield json.loads of an input that an orchestrator gives as a dict or a list."""
    given = _given(project)
    if not given or is_second_version(project) is not False:
        return
    for function in project.written_functions:
        name, trigger = durable_name(function, ACTIVITY), function.binding_of_type(ACTIVITY)
        if trigger is None or not isinstance(name, str) or not isinstance(trigger.name, str):
            continue
        if (kind := given.get(name)) and not has_other_decorators(function):
            yield from _read(function, trigger.name, kind)


def _given(project: Project) -> Mapping[str, str]:
    """Return the kind of collection that each activity gets, of those that always get the same one."""
    kinds: dict[str, set[str]] = {}
    for module in project.sources.modules.values():
        known = _calls_of_orchestrators(project, module)
        for call in module.all(ast.Call):
            method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
            if method not in CALLS:
                continue
            arguments = named_arguments(call, CALLS[method])
            match arguments.get("name"):
                case ast.Constant(value=str(name)):
                    kinds.setdefault(name, set()).add(_kind(known.get(call), arguments))
                case _:
                    return {}
    return {name: found.pop() for name, found in kinds.items() if len(found) == 1}


def _calls_of_orchestrators(project: Project, module: Module) -> Mapping[ast.Call, Definition]:
    """Return the calls of activities that certainly are some, each with the function around it."""
    return {
        call: definition
        for definition, context in durable_parameters(project, module, ORCHESTRATOR).items()
        for call in calls_of(definition)
        if method_of(call, context) in CALLS
    }


def _kind(definition: Definition | None, arguments: Mapping[str, ast.expr]) -> str:
    if definition is None or "input_" not in arguments:
        return ""
    value = value_meant(definition, arguments["input_"])
    return KINDS.get(COLLECTIONS.get(type(value), ""), "")


def _read(function: Function, name: str, kind: str) -> Iterator[Problem]:
    """Yield the calls that read an input as JSON, if the function does nothing else with it, such as to ask what it is."""
    module, definition = function.module, function.definition
    if module is None or definition is None or name in uncertain_names(definition):
        return
    reading = [call for call in calls_of(definition) if _reads(module, call, name)]
    if len(reading) != len(reads_of(definition, name)) or any(
        map(_may_hide, own_nodes(definition))
    ):
        return
    for call in reading:
        message = f"{name} is {kind} already, so this line fails."
        yield Problem(module.place(call), message, f"Use {name} as it is.")


def _reads(module: Module, call: ast.Call, name: str) -> bool:
    match call.args:
        case [ast.Name(id=given)] if given == name:
            return module.dotted(call.func) == "json.loads"
    return False


def _may_hide(node: ast.AST) -> bool:
    """Whether a statement may hide the error of a line in it."""
    return isinstance(node, ast.Try) or (isinstance(node, ast.With) and suppresses(node))
