"""Tests for the Kafka function kafka_example."""

import json
from typing import Any

import azure.functions as func
import pytest

from blueprints import kafka_example as blueprint
from shared import kafka_sasl


@pytest.fixture
def processed(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The counts that the function passes to `process`."""
    counts: list[Any] = []
    monkeypatch.setattr(blueprint, "process", counts.append)
    return counts


def send(*values: Any) -> None:
    headers = [{"Key": "Authorization", "Value": "secret header"}]
    contents = [{"Topic": "t", "Value": value, "Headers": headers} for value in values]
    events = [
        func.KafkaEvent(body=json.dumps(content).encode(), offset=7 + number, partition=3)
        for number, content in enumerate(contents)
    ]
    blueprint.kafka_example(events)


def view(page: str, user: str) -> str:
    return json.dumps({"page": page, "user": user})


def test_counts_the_users_of_each_page(processed: list[Any]) -> None:
    send(view("/tea", "ada"), view("/tea", "bob"), view("/tea", "ada"), view("/milk", "ada"))
    assert processed == [{"/tea": 2, "/milk": 1}]


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "no json",
        "\ufffd\u0000",
        "[" * 100_000,
        "[]",
        '{"page": "/tea"}',
        '{"user": "ada"}',
        '{"page": null, "user": "ada"}',
        r'{"page": "\ud83d", "user": "ada"}',
        r'{"page": "/tea", "user": "\ud83d"}',
        '{"page": "/tea", "user": 7, "note": "secret note"}',
    ],
    ids=lambda value: str(value)[:12],
)
def test_drops_an_event_that_is_not_a_page_view_and_processes_the_others(
    value: Any, processed: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    send(value, view("/tea", "ada"))
    assert processed == [{"/tea": 1}]
    [message] = caplog.messages
    assert message.startswith("Dropped event 7 of partition 3: ")


@pytest.mark.parametrize("value", ['{"page": null, "user": "ada"}', '{"page": "/tea", "user": 7}'])
def test_says_that_a_page_or_a_user_is_not_text(
    value: str, processed: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    send(value)
    assert processed == [{}]
    assert caplog.messages == ["Dropped event 7 of partition 3: its page or its user is not text"]


@pytest.mark.parametrize("body", [b"", b"\xff", b"no json", b"[]", b"{}", b'{"Value": 7}'])
def test_drops_what_is_not_an_event(body: bytes, processed: list[Any]) -> None:
    blueprint.kafka_example([func.KafkaEvent(body=body)])
    assert processed == [{}]


def test_logs_nothing_of_an_event(processed: list[Any], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    send('{"page": "secret page"}', view("secret page", "secret user"))
    assert processed == [{"secret page": 1}]
    assert "Dropped" in caplog.text
    assert "secret" not in caplog.text


def bindings(blueprint_: func.Blueprint) -> dict[str, dict[str, Any]]:
    """Return the bindings of a function as the host gets them, by their types."""
    app = func.FunctionApp()
    app.register_functions(blueprint_)
    [function] = app.get_functions()
    return {binding["type"]: binding for binding in function.get_bindings_dict()["bindings"]}


def test_has_a_consumer_group_of_its_own() -> None:
    trigger = bindings(blueprint.bp)["kafkaTrigger"]
    assert trigger["consumerGroup"] == "%KAFKA_EXAMPLE_CONSUMER_GROUP%"


def test_signs_in_where_the_settings_name_a_user() -> None:
    trigger = bindings(blueprint.bp)["kafkaTrigger"]
    signs_in = {"username", "password"}
    assert signs_in & set(trigger) == signs_in & set(kafka_sasl.arguments())


def test_raises_when_processing_fails_so_that_the_batch_is_repeated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(counts: Any) -> None:
        raise ConnectionError(f"no statistics for {counts}")

    monkeypatch.setattr(blueprint, "process", fail)
    with pytest.raises(ConnectionError):
        send(view("/tea", "ada"))
