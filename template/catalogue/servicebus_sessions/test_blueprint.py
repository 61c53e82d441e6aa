"""Tests for the Service Bus function servicebus_sessions_example."""

import json
from typing import Any

import azure.functions as func
import pytest
from azure.functions.servicebus import ServiceBusMessage

from blueprints import servicebus_sessions_example as blueprint


@pytest.fixture
def processed(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The steps that the function passes to `process`."""
    steps: list[Any] = []
    monkeypatch.setattr(blueprint, "process", steps.append)
    return steps


def send(body: bytes, session: Any = "A1") -> None:
    message = ServiceBusMessage(
        body=body,
        message_id="m-1",
        session_id=session,
        delivery_count=1,
        application_properties={},
        user_properties={},
    )
    blueprint.servicebus_sessions_example(message)


@pytest.mark.parametrize("step", ["placed", "paid", "packed", "shipped"])
def test_hands_on_a_step_of_the_order_that_the_session_names(
    step: str, processed: list[Any]
) -> None:
    send(json.dumps({"step": step}).encode(), "B2")
    [found] = processed
    assert (found.order, found.step) == ("B2", step)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"secret",
        b'"secret"',
        b"[]",
        b"{}",
        b'{"step": null}',
        b'{"step": "secret"}',
        b'{"step": ["paid"]}',
        pytest.param(b"[" * 100_000, id="deep"),
    ],
)
def test_raises_for_an_invalid_step_so_that_it_is_dead_lettered(
    body: bytes, processed: list[Any]
) -> None:
    with pytest.raises(ValueError, match=r"^Message m-1 contains ") as raised:
        send(body)
    assert processed == []
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("session", [None, ""])
def test_raises_for_a_message_without_a_session(session: Any, processed: list[Any]) -> None:
    with pytest.raises(ValueError, match="no session id"):
        send(b'{"step": "paid"}', session)
    assert processed == []


def test_raises_when_processing_fails_so_that_the_session_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(step: Any) -> None:
        raise ConnectionError(f"no store for {step}")

    monkeypatch.setattr(blueprint, "process", fail)
    with pytest.raises(ConnectionError):
        send(b'{"step": "paid"}')


def test_asks_the_host_for_sessions() -> None:
    app = func.FunctionApp()
    app.register_functions(blueprint.bp)
    [function] = app.get_functions()
    [trigger] = function.get_bindings_dict()["bindings"]
    assert trigger["isSessionsEnabled"] is True


def test_logs_the_step(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    send(b'{"step": "paid"}')
    assert caplog.messages == ["Message m-1, delivery 1", "Order A1 is paid"]
