"""Tests for the Event Hubs function eventhub_example."""

from typing import Any

import azure.functions as func
import pytest

from blueprints import eventhub_example as blueprint


@pytest.fixture
def processed(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The averages that the function passes to `process`."""
    batches: list[Any] = []
    monkeypatch.setattr(blueprint, "process", batches.append)
    return batches


def send(*bodies: bytes) -> None:
    events = [
        func.EventHubEvent(body=body, sequence_number=number) for number, body in enumerate(bodies)
    ]
    blueprint.eventhub_example(events)


def test_averages_the_readings_of_each_device(processed: list[Any]) -> None:
    send(
        b'{"device": "pump-7", "value": 20}',
        rb'{"device": "pump\u00a08", "value": 3.5}',
        b'{"device": "pump-7", "value": 23}',
    )
    assert processed == [{"pump-7": 21.5, "pump\u00a08": 3.5}]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"not json",
        b"7",
        b'{"device": "pump-7"}',
        b'{"device": "x", "value": "secret"}',
        b'{"device": "x", "value": true}',
        b'{"device": null, "value": 20}',
        b'{"device": "", "value": 20}',
        rb'{"device": "\ud83d", "value": 20}',
        b'{"device": "pump-7", "value": NaN}',
        b'{"device": "pump-7", "value": "Infinity"}',
        b'{"device": "pump-7", "value": 1e999}',
        pytest.param(b"[" * 100_000, id="deep"),
        pytest.param(b'{"device": "pump-7", "value": 1' + b"0" * 400 + b"}", id="huge"),
    ],
)
def test_drops_an_unreadable_event_and_processes_the_others(
    body: bytes, processed: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    send(b'{"device": "pump-7", "value": 20}', body)
    assert processed == [{"pump-7": 20}]
    [message] = caplog.messages
    assert message.startswith("Dropped event 1: it")
    assert "secret" not in message


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (b'{"device": "pump-7"}', "it is not a reading as JSON, with a device and a value"),
        (b'{"device": 7, "value": 20}', "its device is not a name"),
        (b'{"device": "pump-7", "value": NaN}', "its value is not a finite number"),
    ],
)
def test_says_why_an_event_is_dropped(
    body: bytes, complaint: str, processed: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    send(body)
    assert processed == [{}]
    assert caplog.messages == [f"Dropped event 0: {complaint}"]


def test_averages_stay_finite(processed: list[Any]) -> None:
    send(*[b'{"device": "pump-7", "value": 1.7e308}'] * 3)
    assert processed == [{"pump-7": 1.7e308}]


def test_raises_when_processing_fails_so_that_the_batch_is_repeated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(means: dict[str, float]) -> None:
        raise ConnectionError(f"no store for {means}")

    monkeypatch.setattr(blueprint, "process", fail)
    with pytest.raises(ConnectionError):
        send(b'{"device": "pump-7", "value": 20}')


def test_logs_the_averages(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    send(b'{"device": "pump-7", "value": 20}')
    assert caplog.messages == ["pump-7 averages 20.00"]
