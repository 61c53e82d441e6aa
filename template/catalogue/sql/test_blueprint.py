"""Tests for the SQL function sql_example."""

import json
from decimal import Decimal
from typing import Any

import pytest

from blueprints import sql_example as blueprint


@pytest.fixture
def processed(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The changes that the function passes to `process`."""
    changes: list[Any] = []
    monkeypatch.setattr(blueprint, "process", changes.append)
    return changes


def send(*changes: tuple[int, dict[str, Any]]) -> None:
    batch = [{"Operation": operation, "Item": item} for operation, item in changes]
    blueprint.sql_example(json.dumps(batch))


def test_hands_on_the_prices_of_new_and_changed_products(processed: list[Any]) -> None:
    send(
        (blueprint.INSERTED, {"Id": 1, "Name": "tea", "Price": 2.50}),
        (blueprint.UPDATED, {"Id": 2, "Name": "milk", "Price": 1}),
    )
    [changes] = processed
    assert changes.prices == {1: Decimal("2.5"), 2: Decimal(1)}
    assert changes.deleted == set()


def test_hands_on_which_products_are_gone(processed: list[Any]) -> None:
    send((blueprint.DELETED, {"Id": 3, "Name": None, "Price": None}))
    [changes] = processed
    assert (changes.prices, changes.deleted) == ({}, {3})


@pytest.mark.parametrize(
    "change",
    [
        (7, {"Id": 1, "Price": 1}),
        (7, {"Id": 1, "Price": None}),
        (0, {"Name": "tea", "Price": 1}),
        (0, {"Id": 1}),
    ],
)
def test_raises_for_a_change_that_cannot_be_read(
    change: tuple[int, dict[str, Any]], processed: list[Any]
) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        send(change)
    assert processed == []


@pytest.mark.parametrize("operation", [blueprint.INSERTED, blueprint.UPDATED])
def test_leaves_out_a_product_without_a_price(
    operation: int, processed: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    send((operation, {"Id": 1, "Price": None}), (blueprint.UPDATED, {"Id": 2, "Price": 1}))
    [changes] = processed
    assert (changes.prices, changes.deleted) == ({2: Decimal(1)}, set())
    assert "Product 1 has no price" in caplog.messages


def test_logs_every_change(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    send(
        (blueprint.UPDATED, {"Id": 1, "Price": 9.90}),
        (blueprint.DELETED, {"Id": 2}),
    )
    assert "Product 1 costs 9.9" in caplog.messages
    assert "Product 2 is gone" in caplog.messages
