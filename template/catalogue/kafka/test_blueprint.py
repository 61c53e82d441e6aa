"""Tests for the Kafka function kafka_example."""

import json
from typing import Any

import azure.functions as func
import pytest

from blueprints import kafka_example as blueprint


@pytest.fixture
def processed(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The counts that the function passes to `process`."""
    counts: list[Any] = []
    monkeypatch.setattr(blueprint, "process", counts.append)
    return counts


def send(*values: str) -> None:
    contents = [{"Offset": 7, "Partition": 0, "Topic": "t", "Value": value} for value in values]
    events = [func.KafkaEvent(body=json.dumps(content).encode()) for content in contents]
    blueprint.kafka_example(events)


def view(page: str, user: str) -> str:
    return json.dumps({"page": page, "user": user})


def test_counts_the_users_of_each_page(processed: list[Any]) -> None:
    send(view("/tea", "ada"), view("/tea", "bob"), view("/tea", "ada"), view("/milk", "ada"))
    assert processed == [{"/tea": 2, "/milk": 1}]


@pytest.mark.parametrize(
    "value",
    [
        "",
        "no json",
        "[]",
        '{"page": "/tea"}',
        '{"user": "ada"}',
        '{"page": null, "user": "ada"}',
        '{"page": "/tea", "user": 7}',
    ],
)
def test_sets_aside_an_event_that_is_no_page_view(
    value: str, processed: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    send(value, view("/tea", "ada"))
    assert processed == [{"/tea": 1}]
    assert "Skipped an event" in caplog.text


@pytest.mark.parametrize("body", [b"", b"no json", b"[]", b"{}", b'{"Value": null}'])
def test_sets_aside_what_is_no_event(body: bytes, processed: list[Any]) -> None:
    blueprint.kafka_example([func.KafkaEvent(body=body)])
    assert processed == [{}]


def test_raises_when_processing_fails_so_that_the_batch_is_repeated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(counts: Any) -> None:
        raise ConnectionError(f"no statistics for {counts}")

    monkeypatch.setattr(blueprint, "process", fail)
    with pytest.raises(ConnectionError):
        send(view("/tea", "ada"))
