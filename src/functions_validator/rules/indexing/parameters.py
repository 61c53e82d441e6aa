"""Parameters of functions, and the names in their decorators."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from ...functions.decorator_calls import unnamed
from ...functions.functions import (
    Binding,
    Function,
    has_other_decorators,
    is_conditional,
    lacks_trigger,
)
from ...model import Problem, Severity
from ...project.durable import ACTIVITY, ENTITY, ORCHESTRATOR
from ...project.durable_parameters import CLIENT, CLIENT_CLASS
from ...project.parameters import (
    CONTEXT,
    is_reported_as_swapped,
    is_wrapped,
    mismatches,
    renamed,
    swapped,
)
from ...project.project import Project
from ...project.rejections import place_of, rejections
from ...project.wrappers import bare_wrapper, changing_wrapper, only_wrapper
from ...sources.nodes import own_nodes
from ...sources.python_source import Module, all_parameters
from ...sources.typing_names import bare_annotation
from ..rule import rule

if TYPE_CHECKING:
    from ...indexing.index import Rejection

CONTEXT_CLASS = "azure.functions.Context"
# What worker_signatures.py says of a parameter without a binding.
UNBOUND = "no trigger or binding has this name"
# The argument of a decorator that names the parameter, if it is not arg_name.
NAMES = {
    ACTIVITY: "input_name",
    "http": "binding_arg_name",
    "httpTrigger": "trigger_arg_name",
    CLIENT: "client_name",
}
# Triggers whose functions azure-functions or azure-functions-durable calls, and not the worker.
PASSED_BY_POSITION = (ORCHESTRATOR, ENTITY, "mcpToolTrigger")


@rule("AF113", Severity.ERROR, "Parameters and decorators do not match")
def parameters(project: Project) -> Iterator[Problem]:
    """Yield parameters without a trigger or binding, and those that only a decorator names."""
    reported: set[tuple[str, int]] = set()
    for function in project.written_functions:
        if problem := _bare(project, function):
            reported.add(problem.place.path_and_line)
            yield problem
    for function in project.written_functions:
        if problem := _changed(project, function) or _not_taken(project, function):
            reported.add(function.place.path_and_line)
            yield problem
    yield from _unnamed(project)
    yield from _without_names(project)
    yield from _rejected(project, reported) if project.is_indexed else _written(project)


def _rejected(project: Project, reported: Collection[tuple[str, int]]) -> Iterator[Problem]:
    """Yield what the worker rejects, but not in the lines that are reported."""
    for rejection, function in rejections(project, "parameters"):
        places = [rejection.place, *([function.place] if function else [])]
        if not any(place.path_and_line in reported for place in places):
            name = rejection.parameter
            yield from _mismatch(project, rejection.function, name, function, rejection)


def _written(project: Project) -> Iterator[Problem]:
    """Yield what the sources show."""
    for function in project.written_functions:
        if function.is_fully_known and (lacks_trigger(function) or len(function.triggers) > 1):
            continue  # AF116 or AF117 reports it.
        for name in mismatches(project, function):
            yield from _mismatch(project, function.label, name, function, None)


def _bare(project: Project, function: Function) -> Problem | None:
    """Return what is wrong with a function whose wrapper shows the worker its own parameters."""
    wrapper = bare_wrapper(project, function)
    if wrapper is None:
        return None
    module, definition = wrapper
    message = (
        f"{function.label} has the parameters of {definition.name}, which wraps it, "
        "and no trigger or binding has their names."
    )
    fix = f"Write @functools.wraps(...) above {definition.name}."
    return Problem(module.place(definition), message, fix)


def _changed(project: Project, function: Function) -> Problem | None:
    """Return what is wrong with a function that a wrapper calls with other arguments than it gets itself."""
    if function.module is None or function.definition is None:
        return None
    if not has_other_decorators(function) or is_conditional(function):
        return None
    names = mismatches(project, function._replace(is_fully_known=True))
    wrapper = changing_wrapper(project, function, names) if names else None
    if wrapper is None:
        return None
    name = wrapper.definition.name
    argument = function.argument(names[0])
    message = (
        f"functools.wraps shows the worker the parameters of {function.label} and not those of {name}: "
        + ("no trigger or binding" if argument else "none of them")
        + f' is called "{names[0]}".'
    )
    fix = f'Write "del {name}.__wrapped__" above "return {name}".'
    bound = [str(binding.name) for binding in function.bindings if binding.name != "$return"]
    if {one.arg for one in all_parameters(wrapper.definition)} != {*bound}:
        fix = f"Give {name} the parameters {', '.join(bound)} alone. {fix}"
    return Problem(function.module.place(argument or function.definition), message, fix)


def _not_taken(project: Project, function: Function) -> Problem | None:
    """Return what is wrong with a wrapper that lacks what the worker passes by name to the function in it."""
    triggers = {binding.type for binding in function.triggers}
    if len(triggers) != 1 or not triggers.isdisjoint(PASSED_BY_POSITION):
        return None
    found = only_wrapper(project, function)
    if found is None or function.definition is None or is_conditional(function):
        return None
    module, wrapper = found[0]
    taken = {argument.arg for argument in [*wrapper.args.args, *wrapper.args.kwonlyargs]}
    passed = [one.arg for one in all_parameters(function.definition)]
    missing = [name for name in passed if name not in taken]
    if not missing or wrapper.args.kwarg or not wrapper.decorator_list:
        return None
    if mismatches(project, function._replace(is_fully_known=True)):
        return None
    message = (
        f"The worker passes {missing[0]} by its name to {wrapper.name}, which wraps "
        f"{function.label} and does not take it."
    )
    fix = f"Write def {wrapper.name}(*args, **kwargs), and pass both on."
    return Problem(module.place(wrapper), message, fix)


def _unnamed(project: Project) -> Iterator[Problem]:
    """Yield lists and the like where a decorator should name a parameter."""
    for place, argument, value in unnamed(project.sources):
        message = f"{argument} is {ast.unparse(value)}, and not the name of a parameter."
        fix = "Write the name of the parameter."
        if argument == "trigger_arg_name" and isinstance(value, ast.List):
            fix = f"Write methods={ast.unparse(value)}."
        yield Problem(place, message, fix)


def _without_names(project: Project) -> Iterator[Problem]:
    """Yield parameters that the worker cannot pass by their names."""
    for function in project.written_functions:
        if not function.module or not function.definition or has_other_decorators(function):
            continue
        names = {binding.name for binding in function.bindings}
        found = [one for one in function.definition.args.posonlyargs if one.arg in names]
        if found and function.triggers and not is_wrapped(project, function):
            message = f'The worker passes "{found[0].arg}" by its name, which the / in {function.label} forbids.'
            yield Problem(function.module.place(found[0]), message, "Remove the /.")


def _mismatch(
    project: Project,
    label: str,
    name: str,
    function: Function | None,
    rejection: Rejection | None,
) -> Iterator[Problem]:
    """Yield what is wrong with a name, which is the same problem for both names of a pair."""
    if is_reported_as_swapped(function, name):
        return
    if is_wrapped(project, function):
        yield _context_problem(label, name, function, rejection)
    elif function and (binding := swapped(function, name)):
        message = f'"{name}", the parameter of {label}, is not the name that this decorator gives.'
        fix = f'Its arguments may be swapped: write arg_name="{name}".'
        yield Problem(binding.place, message, fix)
    elif function and function.module and (pair := renamed(project, function)):
        yield _renamed_problem(label, function.module, *pair)
    else:
        yield _parameter_problem(label, name, function, rejection)


def _renamed_problem(label: str, module: Module, argument: ast.arg, binding: Binding) -> Problem:
    message = (
        f'The parameter "{argument.arg}" of {label} has no trigger or binding with this name: '
        f'the decorator expects "{binding.name}".'
    )
    option = NAMES.get(binding.type, "arg_name")
    fix = f'Rename it to "{binding.name}"'
    if not argument.arg.startswith("_"):
        fix += f', or write {option}="{argument.arg}" in the decorator'
    fix += "."
    return Problem(module.place(argument), message, fix)


def _context_problem(
    label: str, name: str, function: Function | None, rejection: Rejection | None
) -> Problem:
    binding = function.binding(name) if function else None
    place = binding.place if binding else place_of(function, rejection)
    if binding and binding.type == CLIENT:
        message = f"{label} has a durable client, which orchestrators and entities cannot have."
        return Problem(place, message, "Remove it, and use the methods of the context.")
    message = (
        f'A decorator of {label} names "{name}", but azure-functions-durable gives the worker a function '
        f'whose only parameter is "{CONTEXT}".'
    )
    fix = f'Write context_name="{CONTEXT}". The parameter can keep its name.'
    return Problem(place, message, fix)


def _parameter_problem(
    label: str, name: str, function: Function | None, rejection: Rejection | None
) -> Problem:
    argument = function.argument(name) if function else None
    if argument is not None and function and function.module:
        message = f'The parameter "{name}" of {label} has no trigger or binding with this name.'
        fix = _fix_of_unbound(function, function.module, argument)
        return Problem(function.module.place(argument), message, fix)
    binding = function.binding(name) if function else None
    place = binding.place if binding else place_of(function, rejection)
    if binding is None and rejection and rejection.message == UNBOUND:
        message = f'The parameter "{name}" of {label} has no trigger or binding with this name.'
        return Problem(place, message, "Use this name in a decorator, or remove the parameter.")
    message = f'A decorator of {label} names "{name}", but the function has no such parameter.'
    return Problem(place, message, f'Add the parameter "{name}", or correct the decorator.')


def _fix_of_unbound(function: Function, module: Module, argument: ast.arg) -> str:
    """Return what to do about a parameter without a trigger or binding."""
    name = argument.arg
    if request := next((b.name for b in function.triggers if _is_in(b, "route", name)), None):
        return f'Remove the parameter, and read {request}.route_params["{name}"].'
    if blob := next((b.name for b in function.triggers if _is_in(b, "path", name)), None):
        return f"Remove the parameter, and take it from {blob}.name."
    if _is_a(module, argument, CONTEXT_CLASS) and not function.argument(CONTEXT):
        return f'Rename it to "{CONTEXT}", the only name under which the worker passes it.'
    if function.decorations and _is_client(module, function, argument):
        owner = ast.unparse(function.decorations[0].method.value)
        return f'Add @{owner}.durable_client_input(client_name="{name}") below the trigger.'
    request = next((b.name for b in function.triggers if b.type.lower() == "httptrigger"), None)
    if request and name != "self" and has_other_decorators(function):
        return f"Remove the parameter, and let the decorator set {request}.{name} instead."
    if name == "self":
        return "Move the function out of its class, and remove the parameter."
    return "Use this name in a decorator, or remove the parameter."


def _is_a(module: Module, argument: ast.arg, name: str) -> bool:
    """Whether the annotation of a parameter is a class of a name."""
    annotation = argument.annotation
    return annotation is not None and module.dotted(bare_annotation(module, annotation)) == name


def _is_client(module: Module, function: Function, argument: ast.arg) -> bool:
    """Whether a parameter is meant to be a durable client, or what the v1 programming model makes one of."""
    if _is_a(module, argument, CLIENT_CLASS):
        return True
    nodes = own_nodes(function.definition) if function.definition else []
    made = (n for n in nodes if isinstance(n, ast.Call) and module.dotted(n.func) == CLIENT_CLASS)
    given = [one for call in made for one in call.args]
    return any(isinstance(one, ast.Name) and one.id == argument.arg for one in given)


def _is_in(binding: Binding, field: str, name: str) -> bool:
    """Whether the route or the path of a binding has a parameter of a name."""
    parameter = rf"\{{\*{{0,2}}{re.escape(name)}[}}:?=]"
    return re.search(parameter, binding.text(field) or "") is not None


RULES = (parameters,)
