"""What the worker rejects in an indexed app, with the functions in the sources."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..functions.functions import Function
from ..model import Place
from .mcp import bindings_above_tool, contexts_of_tool
from .project import Project
from .streams import beside_streams, web_app_beside_streams

if TYPE_CHECKING:
    from ..indexing.index import Rejection


def rejections(project: Project, kind: str) -> Iterator[tuple[Rejection, Function | None]]:
    """Yield the index's rejections of a kind, each with its function in the sources."""
    if project.index is None:
        return
    for rejection in project.index.rejections:
        function = project.written_at(rejection.place)
        if rejection.kind == kind and not _has_own_rule(project, rejection, function):
            yield rejection, function


def _has_own_rule(project: Project, rejection: Rejection, function: Function | None) -> bool:
    """Whether another rule says so at the cause: two apps or blueprints, tools of MCP, and HTTP streams beside others."""
    if project.is_mixed(rejection.place.path):
        return True
    if function:
        mixed = (one.place for one, _ in beside_streams(project))
        is_http = "HttpRe" in rejection.message and function.place in mixed
        return is_http or bool(bindings_above_tool(function)) or bool(contexts_of_tool(function))
    return "HttpRequest" in rejection.message and web_app_beside_streams(project) is not None


def place_of(function: Function | None, rejection: Rejection | None) -> Place:
    """Return the place of a function in the sources, or else where the index says that it is."""
    if function:
        return function.place
    return rejection.place if rejection else Place("")
