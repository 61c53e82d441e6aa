"""Finds the function that takes a request, with the routing that the validator has."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from functions_validator.routing.table import HttpFunction, RouteTable, make_table

from .exchange import Binding


@dataclass(frozen=True)
class Routes:
    """The routes of an app, and the argument of each function that gets the request."""

    table: RouteTable
    arguments: Mapping[str, str]

    @classmethod
    def none(cls) -> "Routes":
        """Return those of an app without functions."""
        return cls(RouteTable(()), {})


@dataclass(frozen=True)
class Match:
    """The function that takes a request, its argument, and the values of its route's parameters."""

    function: str
    argument: str
    parameters: Mapping[str, str]


def read_routes(functions: Mapping[str, Sequence[Binding]], prefix: str) -> Routes:
    """Return the routes of the functions that have an HTTP trigger."""
    triggers = {
        name: binding
        for name, bindings in functions.items()
        for binding in bindings
        if binding["type"] == "httpTrigger"
    }
    mapped = [
        HttpFunction(name, binding.get("route"), binding.get("methods"))
        for name, binding in triggers.items()
    ]
    arguments = {name: binding["name"] for name, binding in triggers.items()}
    return Routes(make_table(mapped, prefix), arguments)


def find_route(routes: Routes, method: str, path: str) -> Match | None:
    """Return the function that takes the method and the path of a URL, or None."""
    found = routes.table.find(method, decode_path(path))
    if found is None:
        return None
    route, values = found
    return Match(route.function, routes.arguments[route.function], values)


def decode_path(path: str) -> str:
    """Return a path as the host's routing sees it: an encoded slash stays as it is."""
    return "".join(
        part if part.upper() == "%2F" else unquote(part) for part in re.split("(%2[Ff])", path)
    )
