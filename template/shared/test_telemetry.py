"""Tests for shared/telemetry.py: what it records when it is on, and that it is off otherwise."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import Mock, patch

import pytest
from opentelemetry import metrics, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from shared import telemetry

PROJECT = Path(__file__).parents[1]
CONFIGURE = "azure.monitor.opentelemetry.configure_azure_monitor"


@pytest.fixture(scope="session", autouse=True)
def _defaults() -> Iterator[None]:
    """The defaults of OpenTelemetry: a shell can have others, such as OTEL_SDK_DISABLED."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("OTEL_")]:
            patch.delenv(name)
        yield


@pytest.fixture(scope="session")
def spans() -> InMemorySpanExporter:
    """The destination of spans in this process, instead of Application Insights."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    return exporter


@pytest.fixture(scope="session")
def reader() -> InMemoryMetricReader:
    """The destination of metrics in this process, instead of Application Insights."""
    reader = InMemoryMetricReader()
    metrics.set_meter_provider(MeterProvider(metric_readers=[reader]))
    return reader


@pytest.fixture
def _on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(telemetry.CONNECTION, "InstrumentationKey=0000")


@pytest.mark.usefixtures("_on")
def test_a_span_has_its_name_and_attributes(spans: InMemorySpanExporter) -> None:
    spans.clear()
    with telemetry.span("price order", order="A1", quantity=2):
        pass
    [span] = spans.get_finished_spans()
    assert span.name == "price order"
    assert dict(span.attributes or {}) == {"order": "A1", "quantity": 2}


@pytest.mark.usefixtures("_on")
def test_a_span_records_an_exception_and_lets_it_pass(spans: InMemorySpanExporter) -> None:
    spans.clear()
    with pytest.raises(ValueError, match="no price"), telemetry.span("price order"):
        raise ValueError("no price")
    [span] = spans.get_finished_spans()
    assert not span.status.is_ok
    assert [event.name for event in span.events] == ["exception"]


@pytest.fixture
def invocation() -> Any:
    """The context of an invocation that is a part of a trace."""
    parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    return Mock(**{"trace_context.trace_parent": parent, "trace_context.trace_state": None})


@pytest.mark.usefixtures("_on")
def test_a_span_belongs_to_the_trace_of_its_invocation(
    invocation: Any, spans: InMemorySpanExporter
) -> None:
    spans.clear()
    invocation.trace_context.trace_state = "shop=1"
    with telemetry.span("price order", invocation, order="A1"), telemetry.span("look up"):
        pass
    inner, outer = spans.get_finished_spans()
    assert outer.context is not None
    assert outer.context.trace_state["shop"] == "1"
    assert outer.parent is not None
    assert inner.parent is not None
    assert outer.parent.span_id == 0xB7AD6B7169203331
    assert inner.parent.span_id == outer.context.span_id
    assert {span.context.trace_id for span in (inner, outer)} == {
        0x0AF7651916CD43DD8448EB211C80319C
    }
    assert dict(outer.attributes or {}) == {"order": "A1"}


@pytest.mark.usefixtures("_on")
def test_a_span_stays_in_the_trace_that_is_the_current_one(
    invocation: Any, spans: InMemorySpanExporter
) -> None:
    spans.clear()
    with telemetry.span("outer"), telemetry.span("inner", invocation):
        pass
    inner, outer = spans.get_finished_spans()
    assert inner.context.trace_id == outer.context.trace_id


@pytest.mark.usefixtures("_on")
@pytest.mark.parametrize("parent", [None, "", "none"])
def test_a_span_of_an_invocation_without_a_trace_has_one_of_its_own(
    parent: Any, invocation: Any, spans: InMemorySpanExporter
) -> None:
    spans.clear()
    invocation.trace_context.trace_parent = parent
    with telemetry.span("price order", invocation):
        pass
    [span] = spans.get_finished_spans()
    assert span.parent is None


@pytest.mark.usefixtures("_on")
def test_counts_add_up_for_the_same_attributes(reader: InMemoryMetricReader) -> None:
    telemetry.count("orders", country="IT")
    telemetry.count("orders", 3, country="IT")
    telemetry.count("orders", country="FR")
    data = reader.get_metrics_data()
    assert data is not None
    points = [
        (dict(point.attributes or {}), getattr(point, "value", None))
        for resource in data.resource_metrics
        for scope in resource.scope_metrics
        for metric in scope.metrics
        if metric.name == "orders"
        for point in metric.data.data_points
    ]
    assert sorted(points, key=str) == [({"country": "FR"}, 1), ({"country": "IT"}, 4)]


@pytest.mark.usefixtures("_on")
def test_starts_to_send_where_it_is_on() -> None:
    with patch(CONFIGURE) as configure:
        telemetry.start()
    configure.assert_called_once()


@pytest.mark.usefixtures("_on")
def test_sends_no_query_of_a_request() -> None:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    with patch(CONFIGURE) as configure:
        telemetry.start()
    for processor in configure.call_args.kwargs["span_processors"]:
        provider.add_span_processor(processor)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracer = provider.get_tracer(__name__)
    tracer.start_span("received", attributes={"url.path": "/", "url.query": "code=KEY"}).end()
    for name in ("http.url", "http.target", "url.full"):
        tracer.start_span("sent", attributes={name: "http://test/a?sig=KEY", "other": "?"}).end()
    tracer.start_span("work").end()
    assert [dict(span.attributes or {}) for span in exporter.get_finished_spans()] == [
        {"url.path": "/", "url.query": ""},
        {"http.url": "http://test/a", "other": "?"},
        {"http.target": "http://test/a", "other": "?"},
        {"url.full": "http://test/a", "other": "?"},
        {},
    ]


@pytest.mark.parametrize("value", [None, ""])
def test_is_off_without_a_connection_string(
    value: str | None, spans: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    spans.clear()
    monkeypatch.delenv(telemetry.CONNECTION, raising=False)
    if value is not None:
        monkeypatch.setenv(telemetry.CONNECTION, value)
    with patch(CONFIGURE) as configure, telemetry.span("price order"):
        telemetry.start()
        telemetry.count("orders")
    configure.assert_not_called()
    assert spans.get_finished_spans() == ()


def test_imports_nothing_where_it_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(telemetry.CONNECTION, raising=False)
    code = "from shared import telemetry; import sys; telemetry.start(); telemetry.count('orders')"
    check = "print([name for name in sys.modules if 'opentelemetry' in name])"
    command = [sys.executable, "-c", f"{code}; {check}"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
