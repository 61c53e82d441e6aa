"""Tests for shared/web_trace.py: the web app runs in the trace of the invocation, and only then."""

from collections.abc import Iterable, Iterator
from typing import Any
from unittest.mock import Mock

import pytest
from opentelemetry import trace

from shared import telemetry, web_trace

SPAN = 0xB7AD6B7169203331


def current_span() -> int:
    return trace.get_current_span().get_span_context().span_id


def app(environ: Any, start_response: Any) -> Iterable[bytes]:
    """Answer with the current span of the call, and with that of the time when the answer is taken."""
    if environ["PATH_INFO"] == "/fail":
        raise ValueError("no answer")
    of_call = current_span()

    def spans() -> Iterator[bytes]:
        yield str(of_call).encode()
        yield str(current_span()).encode()

    return spans()


def call(path: str = "/", **environ: Any) -> list[bytes]:
    return list(web_trace.traced(app)({"PATH_INFO": path, **environ}, Mock()))


@pytest.fixture
def invocation() -> dict[str, Any]:
    """What the worker adds to a request."""
    parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    return {"azure_functions.trace_context": Mock(trace_parent=parent, trace_state=None)}


@pytest.fixture
def _on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(telemetry.CONNECTION, "InstrumentationKey=0000")


@pytest.mark.usefixtures("_on")
def test_the_app_runs_in_the_trace_of_the_invocation(invocation: dict[str, Any]) -> None:
    assert call(**invocation) == [str(SPAN).encode()] * 2
    assert current_span() == 0


@pytest.mark.usefixtures("_on")
def test_the_trace_ends_with_an_exception(invocation: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="no answer"):
        call("/fail", **invocation)
    assert current_span() == 0


@pytest.mark.usefixtures("_on")
def test_a_request_outside_of_an_invocation_has_no_trace() -> None:
    assert call() == [b"0", b"0"]


def test_there_is_no_trace_where_telemetry_is_off(
    invocation: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(telemetry.CONNECTION, raising=False)
    assert call(**invocation) == [b"0", b"0"]
