"""Tests for shared/invocations.py: what runs around a function, and what the log has of it."""

import asyncio
import inspect
import itertools
import json
import logging
from typing import Any
from unittest.mock import Mock

import azure.functions as func
import pytest

from shared import invocations

# What the worker passes to a function.
CONTEXT = Mock(
    spec=func.Context,
    invocation_id="5a1",
    function_name="orders",
    trace_context=Mock(trace_parent="00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
)


@invocations.observed
def price(order: str) -> str:
    """Return a price."""
    return order.upper()


@invocations.observed
async def pay(order: str, context: func.Context) -> str:
    """Return who paid."""
    if order == "secret":
        raise ValueError(order)
    return f"{order} {context.invocation_id}"


def logged(caplog: pytest.LogCaptureFixture) -> Any:
    [record] = [record for record in caplog.records if record.name == "shared.invocations"]
    return json.loads(record.getMessage())


@pytest.fixture(autouse=True)
def _half_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each invocation take half a second."""
    clock = itertools.count(100, 0.5)
    monkeypatch.setattr(invocations, "perf_counter", lambda: next(clock))


def test_the_log_has_the_invocation_its_trace_and_how_it_ended(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    # As the worker calls it.
    assert price(order="secret", context=CONTEXT) == "SECRET"
    assert logged(caplog) == {
        "function": "orders",
        "outcome": "succeeded",
        "milliseconds": 500.0,
        "invocation_id": "5a1",
        "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
    }


def test_an_exception_is_logged_by_its_type_and_raised(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(ValueError, match="secret"):
        asyncio.run(pay("secret", context=CONTEXT))
    line = logged(caplog)
    assert (line["outcome"], line["error"]) == ("failed", "ValueError")
    assert line["milliseconds"] == 500.0
    assert "secret" not in caplog.text


def test_a_function_that_has_the_context_keeps_it() -> None:
    assert asyncio.run(pay("tea", context=CONTEXT)) == "tea 5a1"


@pytest.mark.parametrize("parent", [None, "", "none"])
def test_an_invocation_can_be_without_a_trace(
    parent: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    context = Mock(spec=func.Context, invocation_id="5a1", function_name="orders")
    context.trace_context = Mock(trace_parent=parent)
    price("tea", context=context)
    assert logged(caplog)["trace_id"] == ""


def test_another_context_is_logged_by_the_name_of_the_function(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Such as that of a warmup trigger or an entity."""
    caplog.set_level(logging.INFO)

    def warm_up(context: Any) -> None:
        assert context == {}

    invocations.observed(warm_up)(context={})
    assert logged(caplog)["function"] == "warm_up"


def test_a_tool_is_logged_by_its_name(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    invocations.observed_tool(str)("tea")
    assert logged(caplog)["function"] == "str"


def test_the_worker_sees_a_tool_with_its_own_parameters() -> None:
    def find_price(product: str) -> str:
        return product

    tool = invocations.observed_tool(find_price)
    assert tool.__name__ == "find_price"
    assert inspect.signature(tool) == inspect.signature(find_price)


def test_the_worker_sees_the_parameters_and_the_context() -> None:
    parameters = inspect.signature(price).parameters
    assert list(parameters) == ["order", "context"]
    assert price.__annotations__ == {"order": str, "return": str, "context": func.Context}
    assert (price.__name__, pay.__name__) == ("price", "pay")
    assert inspect.iscoroutinefunction(pay)


def test_a_call_without_the_context_runs_the_function_alone(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    assert price("tea") == "TEA"
    assert caplog.records == []


def test_a_function_does_not_run_if_what_comes_before_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(invocation: invocations.Invocation) -> None:
        raise PermissionError(invocation.function)

    monkeypatch.setattr(invocations, "before", refuse)
    ran: list[int] = []
    with pytest.raises(PermissionError, match="append"):
        invocations.observed_tool(ran.append)(1)
    assert ran == []


def test_an_orchestrator_is_left_alone() -> None:
    def orchestrate(context: Any) -> Any:
        yield context

    assert invocations.observed(orchestrate) is orchestrate
