"""The web app that AsgiFunctionApp or WsgiFunctionApp gets."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ...functions.app_calls import WEB_APP
from ...functions.named_functions import results_meant
from ...model import Problem, Severity
from ...project.project import Project
from ...sources.nodes import named_arguments
from ...sources.python_source import Module
from ..rule import rule

ASGI, WSGI = "AsgiFunctionApp", "WsgiFunctionApp"
# Which of the two takes what these make.
MADE_BY = {
    "django.core.asgi.get_asgi_application": ASGI,
    "django.core.wsgi.get_wsgi_application": WSGI,
    "fastapi.FastAPI": ASGI,
    "fastapi.applications.FastAPI": ASGI,
    "flask.Flask": WSGI,
    "flask.app.Flask": WSGI,
    "quart.Quart": ASGI,
    "starlette.applications.Starlette": ASGI,
}


@rule("AF248", Severity.ERROR, "A web framework is given to the wrong kind of app")
def wrong_kind(project: Project) -> Iterator[Problem]:
    """Yield web apps of WSGI in an AsgiFunctionApp, and of ASGI in a WsgiFunctionApp."""
    for module, container in project.sources.containers:
        kind = module.dotted(container.call.func).rpartition(".")[2]
        given = named_arguments(container.call, WEB_APP).get("app")
        if kind not in (ASGI, WSGI) or given is None:
            continue
        other = _needed(project, module, given)
        if other and other != kind:
            interface = other.removesuffix("FunctionApp").upper()
            message = (
                f"{ast.unparse(given)} is an app of {interface}, so each request fails in {kind}."
            )
            yield Problem(container.place, message, f"Use func.{other} instead.")


def _needed(project: Project, module: Module, node: ast.expr) -> str | None:
    """Return which of the two takes a web app; None if that is not known."""
    if isinstance(node, ast.Attribute) and node.attr == "wsgi_app":
        return WSGI
    if isinstance(node, ast.Name | ast.Attribute):
        other, name = project.sources.where_defined(module, node)
        if other is None or name not in other.constants:
            return None
        module, node = other, other.constants[name]
    if not isinstance(node, ast.Call):
        return None
    return MADE_BY.get(module.dotted(node.func)) or _returned(project, module, node.func)


def _returned(project: Project, module: Module, called: ast.expr) -> str | None:
    """Return which of the two takes what a function of the app, such as `create_app`, returns."""
    found = results_meant(project.sources, module, called)
    if found is None:
        return None
    other, results = found
    made = {
        MADE_BY.get(other.dotted(one.func)) if isinstance(one, ast.Call) else None
        for one in results
    }
    return made.pop() if len(made) == 1 else None


RULES = (wrong_kind,)
