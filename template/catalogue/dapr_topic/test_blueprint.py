"""Tests for the Dapr function dapr_topic_example."""

import json
from typing import Any

import pytest

from blueprints import dapr_topic_example as blueprint


@pytest.fixture
def processed(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The stock levels that the function passes to `process`."""
    levels: list[Any] = []
    monkeypatch.setattr(blueprint, "process", levels.append)
    return levels


def publish(data: Any) -> None:
    event = {"id": "e-1", "source": "shop", "specversion": "1.0", "type": "t", "data": data}
    blueprint.dapr_topic_example(json.dumps(event))


def test_hands_on_a_stock_level(processed: list[Any]) -> None:
    publish({"sku": "T-1", "stock": 7})
    [level] = processed
    assert (level.sku, level.stock) == ("T-1", 7)


def test_a_product_can_be_sold_out(processed: list[Any]) -> None:
    publish({"sku": "T-1", "stock": 0})
    assert [level.stock for level in processed] == [0]


@pytest.mark.parametrize(
    "data",
    [
        None,
        "T-1",
        [],
        {},
        {"sku": "T-1"},
        {"sku": "T-1", "stock": "x"},
        {"sku": "T-1", "stock": -1},
        {"sku": "T-1", "stock": True},
        {"sku": "", "stock": 7},
        {"sku": "\ud83d", "stock": 7},
        {"sku": 1, "stock": 7},
    ],
)
def test_drops_an_invalid_level_which_would_arrive_again_and_again(
    data: Any, processed: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    publish(data)
    assert processed == []
    [message] = caplog.messages
    assert message.startswith("Dropped event e-1: it")
    assert "T-1" not in message


def test_raises_if_processing_fails_so_that_the_event_is_delivered_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(level: Any) -> None:
        raise ConnectionError(f"no store for {level}")

    monkeypatch.setattr(blueprint, "process", fail)
    with pytest.raises(ConnectionError):
        publish({"sku": "T-1", "stock": 7})


@pytest.mark.parametrize(
    "event", ["", "no json", "{}", '{"data": "no json"}', pytest.param("[" * 100_000, id="deep")]
)
def test_drops_what_is_not_a_cloud_event(
    event: str, processed: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    blueprint.dapr_topic_example(event)
    assert processed == []
    [message] = caplog.messages
    assert message == "Dropped event None: it contains no stock level, with a sku and a stock"
