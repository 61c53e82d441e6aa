"""Parameters of routes that functions read."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from ...functions.functions import Binding, Function
from ...model import Problem, Severity
from ...project.http_routes import route_prefix, routes
from ...project.project import Project
from ...routing.table import full_template
from ...routing.templates import InvalidTemplate, Parameter, foreign_parameter, parse_template
from ...sources.nodes import may_skip, only_value, own_nodes, walk
from ...typos import similar_name
from ..rule import rule

# How alike two names are if one may be meant where the other is written.
ALIKE = 0.6
READ, QUERY = "route_params", "params"


@rule("AF245", Severity.ERROR, "A function reads a parameter that its route does not have")
def unknown_parameters(project: Project) -> Iterator[Problem]:
    """Yield reads of `route_params` with a name that the route lacks."""
    prefix = route_prefix(project)
    for function, binding, route in routes(project) if prefix is not None else ():
        parameters = _parameters(full_template(prefix or "", route))
        if parameters is None or not function.is_fully_known or function.module is None:
            continue
        if foreign_parameter(route):
            continue  # AF222 reports such a route.
        # A URL without an optional parameter may have it in its query.
        needed = [one.name for one in parameters if not one.may_be_missing]
        yield from _of_query(project, function, binding, needed)
        names = [one.name for one in parameters]
        if READ not in function.module.text:
            continue
        handled = _handled(function)
        for node, name, fails in _read(project, function, binding):
            known = {_plain(one): one for one in names}
            similar = similar_name(_plain(name), known, ALIKE)
            # Without an error, the function may look elsewhere for what the route lacks.
            if name not in (*names, *handled) and (fails or similar):
                message = f"The route {route!r} of {function.label} has no parameter {name!r}."
                fix = f"Add {{{name}}} to the route, or read the value elsewhere."
                fix = f"Write {known[similar]!r} instead." if similar else fix
                yield Problem(function.module.place(node), message, fix)


def _of_query(
    project: Project, function: Function, binding: Binding, names: Sequence[str]
) -> Iterator[Problem]:
    """Yield reads of a route's parameter in the query, by a function that reads it nowhere else."""
    request = str(binding.name)
    if function.module is None or function.definition is None or not names:
        return
    # A function in it may read the parameter, too.
    nodes = [*walk(function.definition)]
    used = [node for node in nodes if isinstance(node, ast.Name) and node.id == request]
    owned = [one.value for one in nodes if isinstance(one, ast.Attribute) and one.attr != READ]
    # Whoever else gets the request may read the parameter.
    if any(name not in owned for name in used):
        return
    for key, name, _ in _read(project, function, binding, QUERY):
        if name in names:
            message = (
                f"{request}.{QUERY} has what follows the ? of a URL, and {name!r} is in the route."
            )
            fix = f'Write {request}.{READ}["{name}"].'
            yield Problem(function.module.place(key), message, fix)


def _parameters(template: str) -> Sequence[Parameter] | None:
    """Return the parameters of a template; None if the host cannot read it."""
    try:
        return [*parse_template(template).parameters]
    except InvalidTemplate:
        return None


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


def _guarded(function: Function) -> set[ast.AST]:
    """Return what a function may skip, or what may fail without harm."""
    nodes = own_nodes(function.definition) if function.definition else ()
    return {node for block in nodes if may_skip(block) for node in walk(block)}


def _handled(function: Function) -> set[str]:
    """Return the names that a function stores, or looks for with `in`."""
    found: set[str] = set()
    for node in own_nodes(function.definition) if function.definition else ():
        match node:
            case ast.Subscript(slice=ast.Constant(str(name)), ctx=ast.Store() | ast.Del()):
                found.add(name)
            case ast.Compare(left=ast.Constant(str(name)), ops=[ast.In() | ast.NotIn()]):
                found.add(name)
    return found


def _read(
    project: Project, function: Function, binding: Binding, attribute: str = READ
) -> Iterator[tuple[ast.expr, str, bool]]:
    """Yield the expressions for the names that a function reads, the names, and whether it fails without the parameter."""
    assert function.module is not None
    guarded, named = _guarded(function), _named(function, binding, attribute)
    for node in own_nodes(function.definition) if function.definition else ():
        match node:
            case ast.Subscript(value=found, slice=key):
                pass
            case ast.Call(func=ast.Attribute(value=found, attr="get"), args=[key, *default]):
                if default and attribute == READ:
                    continue
            case _:
                continue
        is_named = isinstance(found, ast.Name) and found.id in named
        if is_named or _is_of_request(found, binding, attribute):
            name = project.sources.evaluate(function.module, key)
            if isinstance(name, str):
                yield key, name, isinstance(node, ast.Subscript) and node not in guarded


def _named(function: Function, binding: Binding, attribute: str) -> set[str]:
    """Return the variables of a function that are certainly an attribute of the request."""
    definition = function.definition
    if definition is None:
        return set()
    return {
        target.id
        for node in own_nodes(definition)
        if isinstance(node, ast.Assign) and _is_of_request(node.value, binding, attribute)
        for target in node.targets
        if isinstance(target, ast.Name) and only_value(definition, target.id) is node.value
    }


def _is_of_request(node: ast.expr, binding: Binding, attribute: str) -> bool:
    """Whether a value is an attribute of the request of a function."""
    match node:
        case ast.Attribute(value=ast.Name(id=request), attr=attr):
            return attr == attribute and request == binding.name
    return False


RULES = (unknown_parameters,)
