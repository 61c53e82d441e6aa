"""Arguments that apps, blueprints and their registration do not take, as the sources show them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from ..model import Problem
from ..sources.import_graph import Sources
from ..sources.python_source import REGISTERING, Module
from ..typos import similar_name

LEVEL = "http_auth_level"
WEB_APP = ("app", LEVEL, "function_name")
# The arguments of what makes an app. A Blueprint of azure-functions takes any, and ignores them.
ARGUMENTS: Mapping[str, Sequence[str]] = {
    "azure.durable_functions.Blueprint": (LEVEL,),
    "azure.durable_functions.DFApp": (LEVEL,),
    "azure.functions.AsgiFunctionApp": WEB_APP,
    "azure.functions.FunctionApp": (LEVEL,),
    "azure.functions.WsgiFunctionApp": WEB_APP,
}
# What Flask calls the prefix of a blueprint's routes.
PREFIX = "url_prefix"
# How alike an argument is to the one that is meant.
ALIKE = 0.6


def wrong_arguments(sources: Sources) -> Iterator[Problem]:
    """Yield arguments that raise an error, in the calls that make apps and those that register blueprints."""
    for module, container in sources.containers:
        name = module.dotted(container.call.func)
        for keyword in container.call.keywords if name in ARGUMENTS else ():
            if keyword.arg and keyword.arg not in ARGUMENTS[name]:
                message = f"{ast.unparse(container.call.func)} has no argument {keyword.arg!r}."
                similar = similar_name(keyword.arg, ARGUMENTS[name], ALIKE)
                fix = f"Write {similar} instead." if similar else "Delete it."
                yield Problem(container.place, message, fix)
    for module in sources.modules.values():
        yield from _prefixes(sources, module)


def _prefixes(sources: Sources, module: Module) -> Iterator[Problem]:
    """Yield registrations of blueprints with the prefix that Flask has."""
    for statement in module.tree.body:
        match statement:
            case ast.Expr(value=ast.Call(func=ast.Attribute() as method, keywords=keywords)) if (
                method.attr in REGISTERING and PREFIX in [keyword.arg for keyword in keywords]
            ):
                if sources.container(module, method.value):
                    message = f"{ast.unparse(method)} has no argument {PREFIX!r}."
                    fix = "Delete it, and write the prefix in the routes of the blueprint."
                    yield Problem(module.place(statement), message, fix)
