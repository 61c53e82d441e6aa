"""Lets what the web app records belong to the trace of the invocation that answers the request.

The worker does so for `async` functions, and from Python 3.13 on for no others. Flask runs in
one of the others.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from shared import telemetry

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def traced(app: "WSGIApplication") -> "WSGIApplication":
    """Return an app that answers as this one, in the trace of the invocation."""

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        sent = environ.get("azure_functions.trace_context")
        if sent is None or not telemetry.is_on():
            return app(environ, start_response)
        from opentelemetry import context

        token = context.attach(telemetry.trace_in(sent))
        try:
            return app(environ, start_response)
        finally:
            context.detach(token)

    return answer
