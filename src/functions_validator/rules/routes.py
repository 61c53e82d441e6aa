"""Routes of HTTP functions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..model import Problem, Severity
from ..project.functions import Binding, Function
from ..project.project import Project
from .rule import rule

METHODS = ("GET", "POST", "DELETE", "HEAD", "PATCH", "PUT", "OPTIONS", "QUERY")
LEVELS = ("ANONYMOUS", "FUNCTION", "ADMIN")
STREAM, REQUEST = "azurefunctions.extensions.http.fastapi.Request", "azure.functions.HttpRequest"
PARAMETER = re.compile(r"\{([^{}]*)\}")


@rule("AF221", Severity.ERROR, "A route is reserved")
def reserved_routes(project: Project) -> Iterator[Problem]:
    """Routes that begin with `admin` or `runtime` belong to the host, whatever prefix host.json gives
    them, and even if the word goes on, as in `administration`. The host does not start such a function.

    Choose another first word, as `manage`.
    """
    for _, binding, route in _routes(project):
        if route.strip("/").lower().startswith(("admin", "runtime")):
            message = "The host keeps routes that begin with `admin` or `runtime` for itself."
            yield Problem(binding.place_of("route"), message, "Choose another first word.")


@rule("AF222", Severity.ERROR, "A route is no route template")
def templates(project: Project) -> Iterator[Problem]:
    """The host takes route templates of ASP.NET: each brace is closed, each parameter has a name of its
    own, `{*rest}` comes last, and no `?` follows for a query. It does not start a function whose
    template it cannot read.

    Mend the template; read queries with `req.params`.
    """
    for _, binding, route in _routes(project):
        if why := _fault(route.strip("/")):
            yield Problem(binding.place_of("route"), f"The route is refused: {why}.", "Mend it.")


@rule("AF223", Severity.ERROR, "Two functions have the same route")
def equal_routes(project: Project) -> Iterator[Problem]:
    """Two functions answer the same method of the same route, so that one of them is never called.
    Letter case and parameters' names make no difference.

    Give one of them another route or other methods.
    """
    seen: list[tuple[str, set[str] | None, str]] = []
    for function, binding, route in _routes(project):
        given = binding.fields.get("methods")
        if not function.certain or not isinstance(given, list | tuple | type(None)):
            continue
        methods = {str(method).rpartition(".")[2].upper() for method in given or ()} or None
        shape = PARAMETER.sub(_without_name, route.strip("/")).lower()
        for other_shape, other_methods, other in seen:
            common = methods is None or other_methods is None or methods & other_methods
            if shape == other_shape and common:
                message = f"{function.label} has the route and a method of {other}."
                fix = "Give one of them another route or other methods."
                yield Problem(binding.place_of("route"), message, fix)
                break
        seen.append((shape, methods, function.label))


@rule("AF224", Severity.ERROR, "A method or an authorization level is none")
def http_choices(project: Project) -> Iterator[Problem]:
    """azure-functions knows the methods of HTTP and the levels anonymous, function and admin. It raises
    for another one while the app is imported, so that no function starts.

    Choose one of those.
    """
    for _, binding, _ in _routes(project):
        given = binding.fields.get("methods")
        for method in given if isinstance(given, list) else ():
            if isinstance(method, str) and method.upper() not in METHODS:
                message = f"HTTP has no method {method!r}."
                fix = f"Choose one of {', '.join(METHODS)}."
                yield Problem(binding.place_of("methods"), message, fix)
        level = binding.text("authLevel")
        if level is not None and level.upper() not in LEVELS:
            message = f"There is no authorization level {level!r}."
            yield Problem(binding.place_of("authLevel"), message, f"Choose {', '.join(LEVELS)}.")


@rule("AF225", Severity.ERROR, "HTTP streams stand beside other HTTP functions")
def mixed_streams(project: Project) -> Iterator[Problem]:
    """As soon as one function takes the `Request` of azurefunctions.extensions.http.fastapi, the worker
    rejects every function of the app that takes `func.HttpRequest`.

    Let all HTTP functions of the app take the one or the other, or make two apps of it.
    """
    if project.index is not None and project.index.failure is None:
        return
    kinds: dict[str, list[Function]] = {STREAM: [], REQUEST: []}
    for function, binding, _ in _routes(project):
        kind = _request_type(function, binding)
        if kind in kinds and function.certain:
            kinds[kind].append(function)
    if kinds[STREAM]:
        for function in kinds[REQUEST]:
            message = f"{function.label} takes HttpRequest, but {kinds[STREAM][0].label} streams."
            yield Problem(function.place, message, "Let both take the same kind of request.")


def _request_type(function: Function, binding: Binding) -> str | None:
    if function.definition is None or function.module is None:
        return None
    arguments = function.definition.args
    for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
        if argument.arg == binding.name and argument.annotation is not None:
            return function.module.dotted(argument.annotation)
    return None


def _routes(project: Project) -> Iterator[tuple[Function, Binding, str]]:
    """Yield the HTTP functions whose route is known, which is by default the function's name."""
    for function in project.functions:
        for binding in function.bindings:
            if binding.type.lower() != "httptrigger":
                continue
            route = binding.fields.get("route") or function.name
            if isinstance(route, str) and "%" not in route:
                yield function, binding, route


def _without_name(parameter: re.Match[str]) -> str:
    return "{" + re.sub(r"^(\**)[^:=?]*", r"\1", parameter[1]) + "}"


def _fault(route: str) -> str | None:
    """Return what ASP.NET does not take; None also for what takes a closer look."""
    doubled = any(2 * brace in route for brace in "{}")
    if doubled or "regex(" in route:
        return None
    literal = PARAMETER.sub("", route)
    if "{" in literal or "}" in literal:
        return "a brace is not closed or not opened"
    if "?" in literal:
        return "a query is no part of it"
    if "//" in route:
        return "it has two slashes in a row"
    names = [re.split("[:=?]", text.lstrip("*"))[0].lower() for text in PARAMETER.findall(route)]
    if "" in names:
        return "a parameter has no name"
    if len(set(names)) < len(names):
        return "it has a parameter twice"
    if re.search(r"\{\*[^{}]*\}.", route):
        return "something follows its catch-all parameter"
    return None


RULES = (reserved_routes, templates, equal_routes, http_choices, mixed_streams)
