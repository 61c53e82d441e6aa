"""Tests for the HTTP function mysql_input_example."""

import json
from typing import Any

import azure.functions as func
import pytest

from blueprints import mysql_input_example as blueprint


def get(*rows: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """Return the status and JSON content of the response, given the rows that the host found."""
    req = func.HttpRequest(
        method="GET",
        url="/api/mysql-input-example/7",
        route_params={"customer": "7"},
        body=b"",
    )
    found = func.MySqlRowList([func.MySqlRow.from_dict(row) for row in rows])
    response = blueprint.mysql_input_example(req, found)
    assert response.mimetype == "application/json"
    return response.status_code, json.loads(response.get_body())


def test_lists_the_orders_and_what_they_come_to() -> None:
    orders = [{"id": 1, "cents": 250}, {"id": 2, "cents": 120}]
    assert get(*orders) == (200, {"orders": orders, "cents": 370})


def test_a_customer_without_orders_has_an_empty_list() -> None:
    assert get() == (200, {"orders": [], "cents": 0})


@pytest.mark.parametrize("row", [{"id": 1}, {"id": 1, "cents": None}, {"id": "x", "cents": 1}])
def test_a_damaged_order_is_an_error_of_the_server(
    row: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    assert get(row) == (500, {"error": "An order is damaged."})
    assert "Orders of customer 7 cannot be read" in caplog.text
