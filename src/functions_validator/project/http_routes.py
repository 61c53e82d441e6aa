"""The HTTP functions of an app, the prefix of their routes, and the web framework that takes the other requests."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from ..functions.app_calls import ARGUMENTS, LEVEL
from ..functions.functions import Binding, Function
from ..model import Place
from ..routing.table import DEFAULT_PREFIX, HttpFunction
from ..sources.nodes import named_arguments, shows_arguments
from ..sources.python_source import APP, WEB_APPS
from .host_options import all_given, as_text, decided_elsewhere, host_object
from .project import Project

PREFIX_OPTION = ("extensions", "http", "routeprefix")
WEB_FUNCTION, WEB_ROUTE = "http_app_func", "/{*route}"


class WebApp(NamedTuple):
    """A web framework's function app: what makes it, where, and its function's name if that is known."""

    made_by: str
    place: Place
    function: str | None

    @property
    def http(self) -> HttpFunction | None:
        """Return its function, which takes all paths and methods."""
        return HttpFunction(self.function, WEB_ROUTE) if self.function else None


class KnownRoute(NamedTuple):
    """The route of an HTTP function, and its trigger."""

    function: Function
    binding: Binding
    route: str


def routes(project: Project) -> Iterator[KnownRoute]:
    """Yield the HTTP functions whose route is known; the default is the function's name."""
    for function in project.functions:
        for binding in function.bindings:
            if binding.type.lower() != "httptrigger" or _is_of_web_app(function):
                continue
            route = binding.fields.get("route")
            route = function.name if binding.lacks("route") else route
            if isinstance(route, str) and "%" not in route:
                yield KnownRoute(function, binding, route)


def known_functions(project: Project) -> dict[str, tuple[HttpFunction, Binding]]:
    """Return, by name, the HTTP functions that certainly exist, and of which all is known that routing needs."""
    known: dict[str, tuple[HttpFunction, Binding]] = {}
    names: set[str] = set()
    for function, binding, _ in routes(project):
        mapped = _http_function(function, binding)
        # Of names that differ only in case, AF118 reports the second.
        if mapped and function.is_fully_known and mapped.name.lower() not in names:
            names.add(mapped.name.lower())
            known[mapped.name] = mapped, binding
    return known


def _http_function(function: Function, binding: Binding) -> HttpFunction | None:
    methods, route = binding.fields.get("methods"), binding.fields.get("route")
    if not isinstance(function.name, str) or not isinstance(route, str | None):
        return None
    if not binding.is_complete and "methods" not in binding.fields:
        return None
    if methods is not None and not (isinstance(methods, list | tuple) and methods):
        return None
    names = [str(method).rpartition(".")[2] for method in methods or ()]
    return HttpFunction(function.name, route, names)


def route_prefix(project: Project) -> str | None:
    """Return the prefix of all routes, "" for none; None if a setting or a file that cannot be read decides."""
    return None if decided_elsewhere(project, PREFIX_OPTION) else written_prefix(project)


def written_prefix(project: Project) -> str | None:
    """Return the prefix in host.json or in local settings, "" for none; None if host.json cannot be read."""
    if host_object(project) is None:
        return None
    prefix: object = DEFAULT_PREFIX
    for one in all_given(project):
        if one.lowered == PREFIX_OPTION and not isinstance(one.value, dict | list):
            prefix = one.value
    text = "" if prefix is None else as_text(prefix)
    return None if "%" in text else text


def web_app(project: Project) -> WebApp | None:
    """Return the web framework's function app, if the app is one."""
    written = _written_web_app(project)
    if project.index is None or project.index.failure or not project.index.has_functions:
        return written
    for function in project.index.functions:
        if _is_of_web_app(function) and isinstance(function.name, str):
            places = [one.place for one in project.index.containers if one.is_app and one.place]
            place = written.place if written else next(iter(places), project.entry_place)
            made_by = written.made_by if written else _short(WEB_APPS[0])
            return WebApp(made_by, place, function.name)
    return None


def _is_of_web_app(function: Function) -> bool:
    """Whether a library defines the function, and not the app."""
    is_written = function.definition is not None
    return not is_written and any(one.text("route") == WEB_ROUTE for one in function.triggers)


def _written_web_app(project: Project) -> WebApp | None:
    """Return it as the sources show it; None if they show several apps, or one that something decides about."""
    sources = project.sources
    apps = [(module, one) for module, one in sources.containers if one.kind == APP]
    if len(apps) != 1:
        return None
    [(module, container)] = apps
    made_by = module.dotted(container.call.func)
    if made_by not in WEB_APPS:
        return None
    names = _arguments(made_by, container.call)
    function: object = WEB_FUNCTION
    if "function_name" in names:
        function = sources.evaluate(module, names["function_name"])
    elif not shows_arguments(container.call):
        function = None
    name = function if isinstance(function, str) else None
    return WebApp(_short(made_by), container.place, name)


def app_levels(project: Project) -> Iterator[tuple[Place, str]]:
    """Yield the authorization levels that are given to apps as text, whose letter case counts there."""
    for module, container in project.sources.containers:
        if container.kind == APP:
            made_by = module.dotted(container.call.func)
            node = _arguments(made_by, container.call).get(LEVEL)
            level = project.sources.evaluate(module, node) if node else None
            if node and isinstance(level, str):
                yield module.place(node), level


def _arguments(made_by: str, call: ast.Call) -> dict[str, ast.expr]:
    """Return the arguments of a call that makes an app, by their names."""
    return named_arguments(call, ARGUMENTS.get(made_by, (LEVEL,)))


def _short(name: str) -> str:
    return name.rpartition(".")[2]
