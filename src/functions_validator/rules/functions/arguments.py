"""Arguments that neither azure-functions nor the host reads."""

from __future__ import annotations

from collections.abc import Iterator

from ...functions.app_calls import LEVEL
from ...functions.decorator_calls import other_versions, unread_arguments
from ...functions.functions import Function
from ...model import Problem, Severity
from ...project.bundle import bundle_of
from ...project.project import Project
from ...sources.nodes import named_arguments, shows_arguments
from ...sources.python_source import APP, Container, Module
from ..rule import rule
from .extensions import NEW_COSMOS_VERSION

DEFAULT_LEVEL = "FUNCTION"
PLAIN_BLUEPRINT = "azure.functions.Blueprint"


@rule("AF247", Severity.WARNING, "An argument has no effect")
def without_effect(project: Project) -> Iterator[Problem]:
    """Yield arguments with almost the name of one that the decorator has, and authorization levels of blueprints."""
    yield from _levels(project)
    for one in unread_arguments(project.sources):
        if one.meant in other_versions(one.argument) and not _has_new_cosmos(project):
            continue
        message = (
            f'The decorator "{one.decorator}" has no argument "{one.argument}", '
            "and the host reads no field of this name."
        )
        yield Problem(one.place, message, f'Write "{one.meant}" instead.')


def _levels(project: Project) -> Iterator[Problem]:
    """Yield levels of blueprints that differ from the app's, and that a function would need."""
    containers = [*project.sources.containers]
    levels = {_level(project, *one) for one in containers if one.container.kind == APP}
    if len(levels) != 1 or None in levels:
        return
    [own] = levels
    for module, container in containers:
        level = _level(project, module, container)
        is_plain = module.dotted(container.call.func) == PLAIN_BLUEPRINT
        if not is_plain or level is None or not container.call.keywords or level == own:
            continue
        if any(_takes_default(one) for one in project.functions_of(module, container)):
            message = f"A blueprint ignores {LEVEL}: its functions have the level {own}."
            fix = f'Write auth_level="{level}" in their routes, or {LEVEL} in the app.'
            yield Problem(container.place, message, fix)


def _level(project: Project, module: Module, container: Container) -> str | None:
    """Return the level that a call gives, in capital letters; None if it is not known."""
    call = container.call
    if not shows_arguments(call) or call.args:
        return None
    given = named_arguments(call, ()).get(LEVEL)
    level = project.sources.evaluate(module, given) if given else DEFAULT_LEVEL
    return level.upper() if isinstance(level, str) else None


def _takes_default(function: Function) -> bool:
    http = (b for b in function.triggers if b.type.lower() == "httptrigger")
    return any("authLevel" not in b.fields and b.is_complete for b in http)


def _has_new_cosmos(project: Project) -> bool:
    """Whether the host certainly has the newer extension for Cosmos DB."""
    bundle = bundle_of(project)
    newest = bundle.newest if bundle and bundle.id else None
    return newest is not None and newest >= NEW_COSMOS_VERSION


RULES = (without_effect,)
