"""Parameters of functions, and the bindings of the same names."""

from __future__ import annotations

import ast

from ..functions.functions import TOOL, Binding, Function
from ..sources.python_source import all_parameters, defaults
from .durable import ACTIVITY, ENTITY, ORCHESTRATOR, is_second_version
from .project import Project

# What azure-functions-durable wraps in a function with this one parameter, whatever its own is called.
WRAPPED = {ENTITY, ORCHESTRATOR}
CONTEXT = "context"


def mismatches(project: Project, function: Function) -> list[str]:
    """Return the parameters without a binding and the bindings without a parameter, as the sources show them."""
    definition = function.definition
    if not function.is_fully_known or definition is None or not _are_known(function):
        return []
    names = {b.name for b in function.bindings if isinstance(b.name, str)} - {"$return"}
    written = {argument.arg for argument in all_parameters(definition)}
    free = sorted(written - names - {CONTEXT})
    if len(free) == 1 and any(b.type == "serviceBusTrigger" for b in function.bindings):
        free = []
    if is_wrapped(project, function):
        return sorted(names - {CONTEXT})
    is_durable = {ACTIVITY, *WRAPPED} & {binding.type for binding in function.bindings}
    if is_durable and is_second_version(project) is not False:
        return []  # It calls them with what they take.
    return [*free, *sorted(names - written)]


def renamed(project: Project, function: Function) -> tuple[ast.arg, Binding] | None:
    """Return the only parameter without a binding and the only binding without a parameter, which mean each other."""
    if function.definition is None:
        return None
    # The index says that there is a mismatch, also where a decorator hides it.
    known = function._replace(is_fully_known=True) if project.is_indexed else function
    names = mismatches(project, known)
    arguments, optional = function.definition.args, defaults(function.definition)
    positional = (*arguments.posonlyargs, *arguments.args)
    free = [one for one in positional if one not in optional and one.arg in names]
    unmet = [binding for binding in function.bindings if binding.name in names]
    is_one = len(names) == 2 and len(free) == len(unmet) == 1
    return (free[0], unmet[0]) if is_one else None


def is_wrapped(project: Project, function: Function | None) -> bool:
    """Whether azure-functions-durable gives the worker a function of its own, whose parameter is `context`."""
    types = {binding.type for binding in function.bindings} if function else set()
    return bool(types & WRAPPED) and is_second_version(project) is False


def _are_known(function: Function) -> bool:
    """Whether the decorators show all bindings; `mcp_tool` makes one of every parameter."""
    if not function.triggers or not all(isinstance(b.name, str) for b in function.bindings):
        return False
    return not any(decoration.name.startswith(TOOL) for decoration in function.decorations)


def lacks_parameter(project: Project, function: Function, binding: Binding) -> bool:
    """Whether AF113 reports that the function has no parameter for a binding."""
    if project.is_indexed and project.index:
        wanted = ("parameters", function.name, binding.name)
        return wanted in [(r.kind, r.function, r.parameter) for r in project.index.rejections]
    return binding.name in mismatches(project, function)


def swapped(function: Function, parameter: str) -> Binding | None:
    """Return the binding that has the name of a parameter as another argument, and another name itself."""
    written = {argument.arg for argument in function.parameters}
    others = (b for b in function.bindings if b.name not in (*written, "$return"))
    found = (binding for binding in others if parameter in binding.fields.values())
    return next(found, None) if parameter in written else None


def is_reported_as_swapped(function: Function | None, name: str) -> bool:
    """Whether a binding of this name has swapped arguments, which is reported for the parameter."""
    parameters = function.parameters if function else ()
    found = [swapped(function, one.arg) for one in parameters] if function else []
    return any(binding is not None and binding.name == name for binding in found)
