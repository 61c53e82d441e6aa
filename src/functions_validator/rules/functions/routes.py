"""Routes of HTTP functions."""

from __future__ import annotations

from collections.abc import Iterator

from ...model import Problem, Severity
from ...project.http_routes import app_levels, known_functions, route_prefix, routes, written_prefix
from ...project.project import Project
from ...project.streams import beside_streams
from ...routing.table import DEFAULT_PREFIX, full_template, is_reserved, make_table
from ...routing.templates import foreign_parameter, template_fault, with_own_kinds
from ..rule import rule

METHODS = ("GET", "POST", "DELETE", "HEAD", "PATCH", "PUT", "OPTIONS", "QUERY")
LEVELS = ("ANONYMOUS", "FUNCTION", "ADMIN")


@rule("AF221", Severity.ERROR, "A route is reserved")
def reserved_routes(project: Project) -> Iterator[Problem]:
    """Yield routes that the host keeps for itself."""
    for function, binding, route in routes(project):
        if is_reserved(route):
            message = (
                f"The host does not start {function.label} because of its route {route!r}: routes "
                "that begin with `admin` or `runtime` are reserved."
            )
            fix = "Begin it with another word, such as `manage`."
            yield Problem(binding.place_of("route"), message, fix)


@rule("AF222", Severity.ERROR, "A route template is invalid")
def templates(project: Project) -> Iterator[Problem]:
    """Yield routes that ASP.NET cannot read, alone or after the prefix."""
    written = written_prefix(project)
    for function in project.functions:
        for binding in function.triggers:
            if isinstance(binding.fields.get("route"), list):
                message = f"The route of {function.label} is a list, but the host expects one text."
                fix = "Write a function for each route, and let them call the same code."
                yield Problem(binding.place_of("route"), message, fix)
    for function, binding, route in routes(project):
        if foreign := foreign_parameter(route):
            theirs, ours = foreign
            message = f"The route {route!r} of {function.label} has {theirs} as plain text, and no parameter."
            fix = _fix(route.replace(theirs, ours), route_prefix(project))
            yield Problem(binding.place_of("route"), message, fix)
            continue
        if is_reserved(route) or not (_fault(route, written) or template_fault(route)):
            continue
        prefix = route_prefix(project)
        why = _fault(route, prefix)
        if why and prefix and route.startswith("/"):
            why = f"it begins with a slash, and there is one already after the prefix {prefix!r}"
        if why:
            message = f"The host stops at the route {route!r}: {why}."
            yield Problem(binding.place_of("route"), message, _fix(route, prefix))
        elif why := template_fault(route):
            message = (
                f"The host does not start {function.label} because of its route {route!r}: {why}."
            )
            yield Problem(binding.place_of("route"), message, "Correct the route.")


def _fix(route: str, prefix: str | None) -> str:
    """Say what to write for a route, if that is known."""
    right = with_own_kinds(route.lstrip("/"))
    return (
        f"Write {right} instead." if right and not _fault(right, prefix) else "Correct the route."
    )


def _fault(route: str, prefix: str | None) -> str | None:
    """Return what is wrong with a route after a prefix; AF504 reports a prefix that is wrong itself."""
    if prefix is None:
        return template_fault(route.lstrip("/"))
    if prefix and template_fault(full_template(prefix, "x")):
        prefix = DEFAULT_PREFIX
    return template_fault(full_template(prefix, route))


@rule("AF223", Severity.ERROR, "Two functions have the same route")
def equal_routes(project: Project) -> Iterator[Problem]:
    """Yield functions that have the route and a method of a function whose name sorts before theirs."""
    known = known_functions(project)
    table = make_table([mapped for mapped, _ in known.values()], "")
    for name, other in table.same_route.items():
        _, binding = known[name]
        message = (
            f"{name} and {other} handle the same route and method, so the host does not start "
            f"{name}."
        )
        fix = "Give one of them another route or other methods."
        yield Problem(binding.place_of("route"), message, fix)


@rule("AF224", Severity.ERROR, "Unknown HTTP method or authorization level")
def http_choices(project: Project) -> Iterator[Problem]:
    """Yield HTTP methods and authorization levels that azure-functions does not know."""
    for _, binding, _ in routes(project):
        given = binding.fields.get("methods")
        if isinstance(given, str) and given:
            message = f"The methods are {given!r}, which is not a list."
            fix = f'Write methods=["{given.upper()}"].'
            yield Problem(binding.place_of("methods"), message, fix)
        for method in given if isinstance(given, list) else ():
            if isinstance(method, str) and method.upper() not in METHODS:
                message = f"Unknown HTTP method {method!r}."
                fix = f"Choose one of {', '.join(METHODS)}."
                yield Problem(binding.place_of("methods"), message, fix)
        level = binding.text("authLevel")
        if level is not None and level.upper() not in LEVELS:
            message = f"Unknown authorization level {level!r}."
            fix = f"Choose one of {', '.join(LEVELS)}."
            yield Problem(binding.place_of("authLevel"), message, fix)
    for place, level in app_levels(project):
        if level not in LEVELS:
            message = f"The app does not know the authorization level {level!r}."
            fix = f"Choose one of {', '.join(LEVELS)}, in capital letters."
            yield Problem(place, message, fix)


@rule("AF225", Severity.ERROR, "HTTP streams are mixed with other HTTP functions")
def mixed_streams(project: Project) -> Iterator[Problem]:
    """Yield functions that take HttpRequest in an app with HTTP streams."""
    for function, stream in beside_streams(project):
        message = f"{function.label} takes func.HttpRequest, but {stream} uses HTTP streams."
        fix = "Use the same type of request in all HTTP functions."
        yield Problem(function.place, message, fix)


RULES = (reserved_routes, templates, equal_routes, http_choices, mixed_streams)
