"""HTTP streams beside a web framework."""

from __future__ import annotations

from collections.abc import Iterator

from ...model import Problem, Severity
from ...project.project import Project
from ...project.streams import web_app_beside_streams
from ..rule import rule


@rule("AF238", Severity.ERROR, "HTTP streams do not work beside a web framework")
def beside_web_app(project: Project) -> Iterator[Problem]:
    """Yield the import of HTTP streams in an app that hands all requests to a web framework."""
    found = web_app_beside_streams(project)
    if found:
        imported, web_app = found
        message = f"With this import, the worker refuses {web_app} and with it the whole app."
        fix = "Remove it, and import StreamingResponse and others from fastapi.responses."
        yield Problem(imported.place, message, fix)


RULES = (beside_web_app,)
