"""Which function takes a request: the host tries them in the order of their names."""

from __future__ import annotations

from collections.abc import Iterator

from ...model import Problem, Severity
from ...project.http_routes import known_functions, route_prefix, web_app
from ...project.project import Project
from ...routing.overlaps import overlaps
from ...routing.table import make_table, order
from ...words import listed
from ..rule import rule

LONGEST_NAME = 128


@rule("AF226", Severity.WARNING, "A function takes the requests of another")
def route_order(project: Project) -> Iterator[Problem]:
    """Yield functions with requests that the host gives to a function whose name sorts before theirs."""
    known = known_functions(project)
    functions = [mapped for mapped, _ in known.values()]
    if not any(overlaps(make_table(functions, ""))):
        return
    prefix = "" if web_app(project) else route_prefix(project)
    if prefix is None:
        return
    for found in overlaps(make_table(functions, prefix)):
        _, binding = known[found.loser]
        message = (
            f"{found.taker} takes requests of {found.loser}, such as {found.method} {found.path}, because the host "
            "tries functions in the order of their names."
        )
        fix = f"Rename one of them so that {found.loser} sorts first, or change one of the routes."
        if found.is_equal:
            fix = "Give one of them another route or other methods."
        yield Problem(binding.place_of("route"), message, fix)


@rule("AF227", Severity.ERROR, "A web framework is used with a route prefix")
def web_app_prefix(project: Project) -> Iterator[Problem]:
    """Yield an AsgiFunctionApp or WsgiFunctionApp in an app whose routes have a prefix."""
    web = web_app(project)
    if web and (prefix := route_prefix(project)):
        message = f'The host does not start, because the route of {web.made_by} is not compatible with the prefix "{prefix}".'
        fix = 'Set "routePrefix" to "" in `extensions.http` of host.json.'
        yield Problem(web.place, message, fix)


@rule("AF228", Severity.ERROR, "A web framework hides functions")
def hidden_functions(project: Project) -> Iterator[Problem]:
    """Yield an AsgiFunctionApp or WsgiFunctionApp that takes the requests of the app's functions."""
    web = web_app(project)
    if web is None or web.http is None:
        return
    functions = [mapped for mapped, _ in known_functions(project).values()]
    table = make_table([*functions, web.http], "")
    losers = [route.function for route in table.after(web.http.name)]
    if losers:
        message = (
            f"{web.http.name}, the function of {web.made_by}, takes every request of {listed(losers, 'and')}, because the "
            "host tries functions in the order of their names."
        )
        fix = f'Pass function_name="{_last_name([one.name for one in functions])}" to {web.made_by}, so that it sorts last.'
        yield Problem(web.place, message, fix)


def _last_name(names: list[str]) -> str:
    """Return a name that sorts after all others."""
    candidates = (f"z{'_' * count}web" for count in range(1, LONGEST_NAME - len("web")))
    # The host takes no other names than those in ASCII.
    last = max(map(order, filter(str.isascii, names)), default="")
    return next((name for name in candidates if order(name) > last), "z_web")


RULES = (route_order, web_app_prefix, hidden_functions)
