"""Spans and metrics of the app's own, sent to Application Insights through OpenTelemetry.

Without the app setting APPLICATIONINSIGHTS_CONNECTION_STRING it is off, and imports nothing.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opentelemetry.metrics import Counter

CONNECTION = "APPLICATIONINSIGHTS_CONNECTION_STRING"


def is_on() -> bool:
    """Whether there is somewhere to send telemetry to."""
    return bool(os.environ.get(CONNECTION))


def start() -> None:
    """Send telemetry from now on, if it is on; function_app.py calls this once."""
    if is_on():
        from azure.monitor.opentelemetry import configure_azure_monitor

        configure_azure_monitor()


@contextmanager
def span(name: str, **attributes: str | float | bool) -> Iterator[None]:
    """Measure how long a piece of work takes, as a part of the function's own span.

    An exception that leaves it is recorded: `with telemetry.span("price order", order="A1"): ...`
    """
    if not is_on():
        yield
        return
    from opentelemetry import trace

    with trace.get_tracer(__name__).start_as_current_span(name, attributes=attributes):
        yield


def count(name: str, amount: int = 1, **attributes: str | float | bool) -> None:
    """Add to a metric that only grows: `telemetry.count("orders", 3, country="IT")`."""
    if is_on():
        _counter(name).add(amount, attributes)


@cache
def _counter(name: str) -> "Counter":
    from opentelemetry import metrics

    return metrics.get_meter(__name__).create_counter(name)
