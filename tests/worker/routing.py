"""Finds the function that takes a request, as the host does, but ignores constraints (`{id:int}`).

Where several routes match, the more specific one wins: segment by segment, text goes before a
parameter, and a parameter before one that takes the rest of the path.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from .exchange import Binding

_PARAMETER = re.compile(
    r"\{(?P<rest>\*{0,2})(?P<name>\w+)(?::(?:\{\{|\}\}|[^{}])*?)?(?P<optional>\??)\}(?!\})"
)


@dataclass(frozen=True)
class Route:
    """What one HTTP function takes; no methods means all of them."""

    function: str
    argument: str
    pattern: re.Pattern[str]
    methods: frozenset[str]


@dataclass(frozen=True)
class Match:
    """A route that takes the request, and the values of the parameters in its template."""

    route: Route
    parameters: Mapping[str, str]


def read_routes(functions: Mapping[str, Sequence[Binding]], prefix: str) -> list[Route]:
    """Return the routes of the functions that have an HTTP trigger, the most specific first."""
    # The host takes an empty route for none, so it cannot be the prefix alone.
    templates = [
        (f"{prefix.strip('/')}/{(binding.get('route') or '').strip('/') or name}", name, binding)
        for name, bindings in functions.items()
        for binding in bindings
        if binding["type"] == "httpTrigger"
    ]
    return [
        Route(
            function=name,
            argument=binding["name"],
            pattern=compile_template(template),
            methods=frozenset(method.upper() for method in binding.get("methods") or ()),
        )
        for template, name, binding in sorted(templates, key=lambda item: _precedence(item[0]))
    ]


def find_route(routes: Iterable[Route], method: str, path: str) -> Match | None:
    """Return the first route that takes the method and the path, or None."""
    for route in routes:
        found = route.pattern.fullmatch(path)
        if found and (not route.methods or method.upper() in route.methods):
            values = {name: unquote(value) for name, value in found.groupdict().items() if value}
            return Match(route, values)
    return None


def compile_template(template: str) -> re.Pattern[str]:
    """Return a pattern with a group for each parameter, which matches whole paths."""
    segments = (_compile_segment(segment) for segment in template.strip("/").split("/"))
    return re.compile("".join(segments) + "/?", re.IGNORECASE)


def _precedence(template: str) -> list[int]:
    """Return a key that sorts the more specific of two templates before the other."""
    parameters = [_PARAMETER.search(segment) for segment in template.strip("/").split("/")]
    return [0 if found is None else 2 if found["rest"] else 1 for found in parameters]


def _compile_segment(segment: str) -> str:
    whole = _PARAMETER.fullmatch(segment)
    if whole and (whole["rest"] or whole["optional"]):
        return rf"(?:/(?P<{whole['name']}>{'.*' if whole['rest'] else '[^/]+'}))?"
    pattern, end = "/", 0
    for parameter in _PARAMETER.finditer(segment):
        pattern += re.escape(segment[end : parameter.start()]) + rf"(?P<{parameter['name']}>[^/]+)"
        end = parameter.end()
    return pattern + re.escape(segment[end:])
