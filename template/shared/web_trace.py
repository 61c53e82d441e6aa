"""Lets what the web app records belong to the trace of the invocation that answers the request.

From Python 3.13 on, the worker does so for `async` functions only, and Flask does not run in one.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from shared import telemetry

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def traced(app: "WSGIApplication") -> "WSGIApplication":
    """Return an app that answers as this one, in the trace of the invocation."""

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterator[bytes]:
        sent = environ.get("azure_functions.trace_context")
        if sent is None or not telemetry.is_on():
            yield from app(environ, start_response)
            return
        from opentelemetry import context

        token = context.attach(telemetry.trace_in(sent))
        try:
            # A route can return a generator, which runs when the worker takes the answer from it.
            yield from app(environ, start_response)
        finally:
            context.detach(token)

    return answer
