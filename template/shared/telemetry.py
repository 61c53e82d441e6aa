"""Custom spans and metrics, sent to Application Insights through OpenTelemetry.

Telemetry is off, and imports nothing, without the app setting
APPLICATIONINSIGHTS_CONNECTION_STRING.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import azure.functions as func
    from opentelemetry.context import Context
    from opentelemetry.metrics import Counter
    from opentelemetry.sdk.trace import SpanProcessor

CONNECTION = "APPLICATIONINSIGHTS_CONNECTION_STRING"
# The attributes of a span that have a whole URL, by the older and the newer conventions.
URLS = ("http.url", "http.target", "url.full")


def is_on() -> bool:
    """Whether telemetry has a destination."""
    return bool(os.environ.get(CONNECTION))


def start() -> None:
    """Start sending telemetry if it is on; function_app.py calls this once."""
    if is_on():
        from azure.monitor.opentelemetry import configure_azure_monitor

        configure_azure_monitor(span_processors=[_without_queries()])


def _without_queries() -> "SpanProcessor":
    """Return a processor that removes queries of URLs, as the host does: they can contain keys.

    Libraries record the URLs of the requests that they send. FastAPI, also in the server that takes
    in streams, records those of the requests that it gets.
    """
    from opentelemetry.sdk.trace import Span, SpanProcessor

    class WithoutQueries(SpanProcessor):
        def on_start(self, span: Span, parent_context: "Context | None" = None) -> None:
            for name, value in dict(span.attributes or {}).items():
                if name == "url.query":
                    span.set_attribute(name, "")
                elif name in URLS:
                    span.set_attribute(name, str(value).partition("?")[0])

    return WithoutQueries()


@contextmanager
def span(
    name: str, invocation: "func.Context | None" = None, /, **attributes: str | float | bool
) -> Iterator[None]:
    """Measure a piece of work as a child of the function's span.

    Records an exception raised in it: `with telemetry.span("price order", order="A1"): ...`
    In a function without `async`, from Python 3.13 on, pass its `func.Context`, too: the worker
    does not make its trace the current one there, and the span would start a trace of its own.
    """
    if not is_on():
        yield
        return
    from opentelemetry import trace

    tracer = trace.get_tracer(__name__)
    parent = _trace_of(invocation)
    with tracer.start_as_current_span(name, context=parent, attributes=attributes):
        yield


def _trace_of(invocation: "func.Context | None") -> "Context | None":
    """Return the trace that an invocation belongs to; None if it is the current one already."""
    from opentelemetry import trace

    if invocation is None or trace.get_current_span().get_span_context().is_valid:
        return None
    return trace_in(invocation.trace_context)


def trace_in(sent: Any) -> "Context":
    """Return the trace in the `trace_context` of an invocation."""
    from opentelemetry.trace.propagation import tracecontext

    carrier = {"traceparent": sent.trace_parent or "", "tracestate": sent.trace_state or ""}
    return tracecontext.TraceContextTextMapPropagator().extract(carrier)


def count(name: str, amount: int = 1, **attributes: str | float | bool) -> None:
    """Add to a counter: `telemetry.count("orders", 3, country="IT")`."""
    if is_on():
        _counter(name).add(amount, attributes)


@cache
def _counter(name: str) -> "Counter":
    from opentelemetry import metrics

    return metrics.get_meter(__name__).create_counter(name)
