"""Tests for the Redis function redis_stream_example."""

import asyncio
import json
from typing import Any
from unittest.mock import AsyncMock, Mock

import azure.functions as func
import pytest

from blueprints import redis_stream_example as blueprint


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(blueprint, "PAUSE_SECONDS", 0)
    caplog.set_level("INFO")


def fail(monkeypatch: pytest.MonkeyPatch, times: int) -> list[Any]:
    """Let processing fail this often, and return the orders that it gets."""
    orders: list[Any] = []

    async def process(order: Any) -> None:
        orders.append(order)
        if len(orders) <= times:
            raise ConnectionError("no store for the secret order")

    monkeypatch.setattr(blueprint, "process", process)
    return orders


def entry(**values: Any) -> str:
    return json.dumps({"Id": "7-0", "Values": values})


def send(content: str) -> list[str]:
    """Return what the function sends to Redis, as the host separates it."""
    failed = Mock(spec=func.Out)
    asyncio.run(blueprint.redis_stream_example(content, failed))
    sent = [call.args[0] for call in failed.set.call_args_list]
    assert len(sent) < 2
    return sent[0].split(" ") if sent else []


def test_processes_an_order(caplog: pytest.LogCaptureFixture) -> None:
    assert send(entry(order="A1", quantity="2", note="left out")) == []
    assert caplog.messages == ["Order A1 of 2"]


def test_processes_an_order_of_one(caplog: pytest.LogCaptureFixture) -> None:
    assert send(entry(order="A1", quantity="1")) == []
    assert caplog.messages == ["Order A1 of 1"]


@pytest.mark.parametrize("times", [1, 2])
def test_repeats_what_fails(times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    orders = fail(monkeypatch, times)
    assert send(entry(order="A1", quantity="2")) == []
    assert len(orders) == times + 1


def test_pauses_longer_before_each_try(monkeypatch: pytest.MonkeyPatch) -> None:
    sleep = AsyncMock()
    monkeypatch.setattr(asyncio, "sleep", sleep)
    monkeypatch.setattr(blueprint, "PAUSE_SECONDS", 7)
    fail(monkeypatch, blueprint.ATTEMPTS)
    send(entry(order="A1", quantity="2"))
    assert [call.args for call in sleep.await_args_list] == [(7,), (14,)]


def test_sets_aside_what_fails_every_time_and_does_not_raise(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    orders = fail(monkeypatch, blueprint.ATTEMPTS)
    content = entry(order="A1", quantity="2", note="for Ada")
    stream, id, field, failure = send(content)
    assert len(orders) == blueprint.ATTEMPTS
    assert stream == "redis-stream-example-failed"
    assert (id, field) == ("*", "failure")
    assert json.loads(failure) == {"entry": content, "error": "ConnectionError"}
    assert caplog.messages[-1] == "Set aside entry 7-0"


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"order": "A1"},
        {"quantity": "2"},
        {"order": "", "quantity": "2"},
        {"order": "A1", "quantity": "0"},
        {"order": "A1", "quantity": "many"},
        {"order": "A1", "quantity": "1.5"},
        {"order": "secret", "quantity": ""},
    ],
)
def test_sets_aside_an_invalid_entry_at_once(
    values: dict[str, Any], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    orders = fail(monkeypatch, 0)
    *_, failure = send(entry(**values))
    assert orders == []
    assert json.loads(json.loads(failure)["entry"])["Values"] == values
    assert json.loads(failure)["error"] == "ValueError"
    assert caplog.messages == ["Set aside entry 7-0"]


@pytest.mark.parametrize("content", ["", "no json", "[]", "{}", "[" * 100_000], ids=len)
def test_sets_aside_what_is_not_an_entry(content: str, caplog: pytest.LogCaptureFixture) -> None:
    *_, failure = send(content)
    assert json.loads(failure) == {"entry": content, "error": "ValueError"}
    assert caplog.messages == ["Set aside entry None"]


def test_writes_every_parameter_of_the_bindings_as_the_host_takes_no_defaults() -> None:
    app = func.FunctionApp()
    app.register_functions(blueprint.bp)
    [function] = app.get_functions()
    bindings = {
        binding["type"]: set(binding) for binding in function.get_bindings_dict()["bindings"]
    }
    trigger = {"connection", "key", "pollingIntervalInMs", "maxBatchSize"}
    assert bindings["redisStreamTrigger"] >= trigger
    assert bindings["redis"] >= {"connection", "command"}
