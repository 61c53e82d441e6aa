"""Tests for the MySQL function mysql_example."""

import json
from typing import Any

import pytest

from blueprints import mysql_example as blueprint


@pytest.fixture
def processed(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The customers that the function passes to `process`."""
    customers: list[Any] = []
    monkeypatch.setattr(blueprint, "process", customers.extend)
    return customers


def send(*rows: dict[str, Any]) -> None:
    changes = json.dumps([{"Operation": 0, "Item": row} for row in rows])
    blueprint.mysql_example(changes)


def test_hands_on_the_customers_of_a_batch(processed: list[Any]) -> None:
    updated = "2026-01-01T00:00:00"
    send(
        {"id": 1, "email": "ada@example.com", "az_func_updated_at": updated},
        {"id": 2, "email": "bob@example.com", "az_func_updated_at": updated},
    )
    assert [(customer.id, customer.email) for customer in processed] == [
        (1, "ada@example.com"),
        (2, "bob@example.com"),
    ]


@pytest.mark.parametrize("email", [None, ""])
def test_leaves_out_a_customer_without_an_address(
    email: Any, processed: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    send({"id": 1, "email": email}, {"id": 2, "email": "bob@example.com"})
    assert [customer.id for customer in processed] == [2]
    assert "Customer 1 has no address" in caplog.messages


@pytest.mark.parametrize("row", [{}, {"id": 1}, {"id": "one", "email": "ada@example.com"}])
def test_raises_for_rows_of_another_table(row: dict[str, Any], processed: list[Any]) -> None:
    with pytest.raises((KeyError, ValueError)):
        send(row)
    assert processed == []
