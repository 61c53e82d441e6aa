"""Tests for the Service Bus topic function servicebus_topic_example."""

from typing import Any

import pytest
from azure.functions.servicebus import ServiceBusMessage

from blueprints import servicebus_topic_example as blueprint


@pytest.fixture
def handled(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The subjects and events that reach a handler."""
    events: list[Any] = []

    def handler(subject: str) -> Any:
        return lambda content: events.append((subject, content))

    for subject in blueprint.HANDLERS:
        monkeypatch.setitem(blueprint.HANDLERS, subject, handler(subject))
    return events


def send(body: bytes, subject: Any = "customer.registered") -> None:
    message = ServiceBusMessage(
        body=body,
        message_id="m-1",
        subject=subject,
        application_properties={},
        user_properties={},
    )
    blueprint.servicebus_topic_example(message)


@pytest.mark.parametrize("subject", ["customer.registered", "customer.left"])
def test_hands_an_event_to_the_handler_of_its_subject(subject: str, handled: list[Any]) -> None:
    send(b'{"customer": "Ada"}', subject)
    assert handled == [(subject, {"customer": "Ada"})]


@pytest.mark.parametrize("subject", ["customer.renamed", "", None])
def test_passes_over_other_subjects(
    subject: Any, handled: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    send(b"anything", subject)
    assert handled == []
    assert caplog.messages == [f"Message m-1: {subject}", "Skipped message m-1"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"secret",
        b'"secret"',
        b"{}",
        b'{"customer": null}',
        b'{"customer": 7}',
        b'{"customer": ""}',
        pytest.param(b"[" * 100_000, id="deep"),
    ],
)
def test_raises_for_an_invalid_event_so_that_it_is_dead_lettered(
    body: bytes, handled: list[Any]
) -> None:
    with pytest.raises(ValueError, match=r"^Message m-1 ") as raised:
        send(body)
    assert handled == []
    assert "secret" not in str(raised.value)


def test_names_the_message_whose_handler_fails(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(content: Any) -> None:
        raise ConnectionError(f"no store for {content}")

    caplog.set_level("INFO")
    monkeypatch.setitem(blueprint.HANDLERS, "customer.left", fail)
    with pytest.raises(ConnectionError):
        send(b'{"customer": "Ada"}', "customer.left")
    assert caplog.messages == ["Message m-1: customer.left"]


@pytest.mark.parametrize(
    ("subject", "outcome"),
    [
        ("customer.registered", "Customer Ada registered"),
        ("customer.left", "Customer Ada left"),
    ],
)
def test_logs_what_happened(subject: str, outcome: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    send(b'{"customer": "Ada"}', subject)
    first = caplog.records.pop(0)
    assert first.getMessage() == f"Message m-1: {subject}"
    assert caplog.messages == [outcome]
