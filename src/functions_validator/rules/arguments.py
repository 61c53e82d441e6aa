"""Arguments of decorators that neither azure-functions nor the host reads."""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Problem, Severity
from ..project.bundle import bundle_of
from ..project.decorator_calls import other_versions, unread_arguments
from ..project.project import Project
from .extensions import NEW_COSMOS_VERSION
from .rule import rule


@rule("AF247", Severity.WARNING, "An argument of a decorator has no effect")
def without_effect(project: Project) -> Iterator[Problem]:
    """Yield arguments with almost the name of one that the decorator has."""
    for place, decorator, argument, similar in unread_arguments(project.sources):
        if similar in other_versions(argument) and not _has_new_cosmos(project):
            continue
        message = f'The decorator "{decorator}" has no argument "{argument}", and the host reads no field of this name.'
        yield Problem(place, message, f'Write "{similar}" instead.')


def _has_new_cosmos(project: Project) -> bool:
    """Whether the host certainly has the newer extension for Cosmos DB."""
    bundle = bundle_of(project)
    newest = bundle.newest if bundle and bundle.id else None
    return newest is not None and newest >= NEW_COSMOS_VERSION


RULES = (without_effect,)
