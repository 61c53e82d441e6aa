"""The routes of an app: in which order the host tries them, and what it does not map."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from .templates import InvalidTemplate, Template, fold, parse_template

DEFAULT_PREFIX = "api"
RESERVED = ("admin", "runtime")
# What the host says of a function that it does not map.
RESERVED_ROUTE = "The specified route conflicts with one or more built in routes."
SAME_ROUTE = "The route specified conflicts with the route defined by function '{}'."
TILDE = "The route template cannot start with a '~' character unless followed by a '/'."


class HttpFunction(NamedTuple):
    """A function with an HTTP trigger: its route as written, and its methods, of which none are all."""

    name: str
    route: str | None
    methods: Sequence[str] | None = None

    @property
    def path(self) -> str:
        """Return the route below the prefix; without one, it is the name."""
        return self.route if self.route and self.route.strip() else self.name


class Route(NamedTuple):
    """What one function takes; no methods are all."""

    function: str
    template: Template
    methods: frozenset[str] = frozenset()

    def match(self, method: str, path: str) -> dict[str, str] | None:
        """Return the parameters' values if the function takes a request, else None."""
        if self.methods and method.upper() not in self.methods:
            return None
        return self.template.match(path)


class RouteTable(NamedTuple):
    """An app's routes in the order in which the host tries them.

    `stopped_by` are the functions whose routes stop the host, and `in_error` those that the host does not map, each
    with the reason; `same_route` has the function whose route a function in error repeats.
    """

    routes: Sequence[Route]
    in_error: Mapping[str, str] = {}
    stopped_by: Mapping[str, str] = {}
    same_route: Mapping[str, str] = {}

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        """Return the first route that takes a request, and the parameters' values; None if none does.

        The path is decoded. The host answers 404 where there is none, also if only the method does not fit.
        """
        for route in self.routes:
            values = route.match(method, path)
            if values is not None:
                return route, values
        return None

    def after(self, name: str) -> Sequence[Route]:
        """Return the routes that the host tries after those of a function."""
        return [route for route in self.routes if order(route.function) > order(name)]


def order(name: str) -> str:
    """Return a key that sorts functions as the host does: by code points, in upper case.

    So it is `-`, digits, letters, `_`.
    """
    return fold(name)


def full_template(prefix: str, route: str) -> str:
    """Return a route below the prefix, as the host joins them."""
    return f"{prefix}/{route}" if prefix else route


def make_table(functions: Iterable[HttpFunction], prefix: str = DEFAULT_PREFIX) -> RouteTable:
    """Map functions in the order of their names, whatever the order in which they are given."""
    routes: list[Route] = []
    in_error: dict[str, str] = {}
    stopped_by: dict[str, str] = {}
    same_route: dict[str, str] = {}
    taken: dict[str, list[Route]] = {}
    for function in sorted(functions, key=lambda one: order(one.name)):
        key = fold(function.path.strip("/"))
        methods = frozenset(method.upper() for method in function.methods or ())
        others = taken.setdefault(key, [])
        equal = [one for one in others if not (one.methods and methods) or one.methods & methods]
        if is_reserved(function.path):
            in_error[function.name] = RESERVED_ROUTE
        elif equal:
            same_route[function.name] = equal[0].function
            in_error[function.name] = SAME_ROUTE.format(equal[0].function)
        elif function.path.startswith("~") and not function.path.startswith("~/"):
            in_error[function.name] = TILDE
        else:
            try:
                template = parse_template(full_template(prefix, function.path))
            except InvalidTemplate as why:
                stopped_by[function.name] = str(why)
                continue
            route = Route(function.name, template, methods)
            others.append(route)
            routes.append(route)
    return RouteTable(routes, in_error, stopped_by, same_route)


def is_reserved(route: str) -> bool:
    """Whether the host keeps a route for itself, whatever the prefix is."""
    return route.strip("/").lower().startswith(RESERVED)
