"""Inputs of activities that a function reads as JSON, though they are no text any more."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..functions.functions import Function, has_other_decorators
from ..model import Problem
from ..sources.lost_results import calls_of, method_of
from ..sources.nodes import COLLECTIONS, Definition, named_arguments, own_nodes, value_meant, walk
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
    given = dict(_given(project))
    if not given or is_second_version(project) is not False:
        return
    for function in project.written_functions:
        name = durable_name(function, ACTIVITY)
        parameter = next((one.name for one in function.bindings if one.type == ACTIVITY), None)
        if not isinstance(name, str) or not isinstance(parameter, str):
            continue
        if (kind := given.get(name)) and not has_other_decorators(function):
            yield from _read(function, parameter, kind)


def _given(project: Project) -> Iterator[tuple[str, str]]:
    """Yield the names of activities with the kinds of collections that they get."""
    for module in project.sources.modules.values():
        for definition, context in durable_parameters(project, module, ORCHESTRATOR).items():
            for call in calls_of(definition):
                names = CALLS.get(method_of(call, context))
                arguments = named_arguments(call, names) if names else {}
                match arguments.get("name"):
                    case ast.Constant(value=str(name)) if "input_" in arguments:
                        value = value_meant(definition, arguments["input_"])
                        if kind := KINDS.get(COLLECTIONS.get(type(value), "")):
                            yield name, kind


def _read(function: Function, name: str, kind: str) -> Iterator[Problem]:
    module, definition = function.module, function.definition
    if module is None or definition is None or name in uncertain_names(definition):
        return
    for call in calls_of(definition):
        match call.args:
            case [ast.Name(id=given)] if given == name and _reads(module, definition, call, name):
                message = f"{name} is {kind} already, so this line fails."
                yield Problem(module.place(call), message, f"Use {name} as it is.")


def _reads(module: Module, definition: Definition, call: ast.Call, name: str) -> bool:
    """Whether a call certainly reads JSON, without anything that asks whether the input is text."""
    if module.dotted(call.func) != "json.loads":
        return False
    nodes = own_nodes(definition)
    tried = [one for node in nodes if isinstance(node, ast.Try) for one in node.body]
    if any(call in walk(statement) for statement in tried):
        return False
    asking = [
        node for node in nodes if isinstance(node, ast.If | ast.IfExp | ast.Assert | ast.Match)
    ]
    return not any(name in ast.unparse(_asked(node)) for node in asking)


def _asked(node: ast.AST) -> ast.AST:
    subject = getattr(node, "test", None) or getattr(node, "subject", None)
    assert isinstance(subject, ast.AST)
    return subject
