"""Routes of HTTP functions: AF221 to AF223."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..findings import Problem, Severity, rule
from ..project import Project
from ..sources import Binding, Function

PARAMETER = re.compile(r"\{([^{}]*)\}")


@rule("AF221", Severity.ERROR, "A route is reserved")
def reserved_routes(project: Project) -> Iterator[Problem]:
    """Routes that begin with `admin` belong to the host, whatever prefix host.json gives them, and even
    if the word goes on, as in `administration`. The host does not start such a function.

    Choose another first word, as `manage`.
    """
    for _, binding, route in _routes(project):
        if route.strip("/").lower().startswith("admin"):
            sentence = "The host keeps routes that begin with `admin` for itself."
            yield Problem(binding.place_of("route"), sentence, "Choose another first word.")


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
                sentence = f"{function.label} has the route and a method of {other}."
                mend = "Give one of them another route or other methods."
                yield Problem(binding.place_of("route"), sentence, mend)
                break
        seen.append((shape, methods, function.label))


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
    if "{{" in route or "}}" in route or "regex(" in route:
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
