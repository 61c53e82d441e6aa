"""Tests for the queue function queue_example."""

from decimal import Decimal
from typing import Any

import pytest
from azure.functions.queue import QueueMessage

from blueprints import queue_example as blueprint


@pytest.fixture
def processed(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The orders that the function passes to `process`."""
    orders: list[Any] = []
    monkeypatch.setattr(blueprint, "process", orders.append)
    return orders


def send(body: bytes) -> None:
    message = QueueMessage(id="m-1", body=body, dequeue_count=1)
    blueprint.queue_example(message)


def test_processes_a_valid_order(processed: list[Any]) -> None:
    send(b'{"id": "A1", "quantity": 2, "price": "9.90"}')
    [order] = processed
    assert (order.id, order.total) == ("A1", Decimal("19.80"))


def test_processes_the_smallest_order(processed: list[Any]) -> None:
    send(b'{"id": "A", "quantity": 1, "price": 0}')
    assert [order.total for order in processed] == [0]


@pytest.mark.parametrize(
    "body",
    [
        b"not json",
        b'["A1"]',
        b'{"quantity": 2, "price": "9.90"}',
        b'{"id": null, "quantity": 2, "price": "9.90"}',
        b'{"id": "", "quantity": 2, "price": "9.90"}',
        b'{"id": 7, "quantity": 2, "price": "9.90"}',
        b'{"id": "A1", "quantity": "two", "price": "9.90"}',
        b'{"id": "A1", "quantity": 2, "price": "cheap"}',
        b'{"id": "A1", "quantity": 0, "price": "9.90"}',
        b'{"id": "A1", "quantity": 1.5, "price": "9.90"}',
        b'{"id": "A1", "quantity": 2, "price": "-1"}',
        b'{"id": "A1", "quantity": 2, "price": "NaN"}',
    ],
)
def test_raises_for_an_invalid_order_so_that_the_host_tries_again(
    body: bytes, processed: list[Any]
) -> None:
    with pytest.raises(ValueError, match="m-1") as raised:
        send(body)
    assert processed == []
    assert "A1" not in str(raised.value)


def test_an_error_does_not_contain_the_message() -> None:
    with pytest.raises(ValueError, match="contains no order") as raised:
        blueprint.read_order(QueueMessage(id="m", body=b"\xffsecret"))
    assert "secret" not in str(raised.value)
    assert raised.value.__suppress_context__


def test_an_order_that_is_nested_too_deeply_is_invalid(processed: list[Any]) -> None:
    with pytest.raises(ValueError, match="m-1 contains JSON that is nested too deeply"):
        send(b"[" * 100_000)
    assert processed == []


def test_logs_the_total(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    send(b'{"id": "A1", "quantity": 3, "price": 0.1}')
    assert "Order A1 comes to 0.3" in caplog.messages
