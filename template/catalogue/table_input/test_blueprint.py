"""Tests for the HTTP function table_input_example."""

import json
from typing import Any

import azure.functions as func

from blueprints import table_input_example as blueprint

ROWS = [
    {"PartitionKey": "ada", "RowKey": "A1", "status": "open"},
    {"PartitionKey": "ada", "RowKey": "A2", "status": "shipped"},
]


def get(rows: list[dict[str, str]], **params: str) -> tuple[int, dict[str, Any]]:
    """Return the status and JSON content of the response, given these rows in the table."""
    req = func.HttpRequest(
        method="GET",
        url="/api/table-input-example/ada",
        params=params,
        route_params={"customer": "ada"},
        body=b"",
    )
    response = blueprint.table_input_example(req, json.dumps(rows))
    assert response.mimetype == "application/json"
    return response.status_code, json.loads(response.get_body())


def test_lists_the_orders() -> None:
    orders = [{"id": "A1", "status": "open"}, {"id": "A2", "status": "shipped"}]
    assert get(ROWS) == (200, {"orders": orders})


def test_lists_the_orders_with_a_status() -> None:
    assert get(ROWS, status="shipped") == (200, {"orders": [{"id": "A2", "status": "shipped"}]})
    assert get(ROWS, status="returned") == (200, {"orders": []})


def test_a_customer_without_orders_has_an_empty_list() -> None:
    assert get([]) == (200, {"orders": []})


def test_refuses_an_unknown_status() -> None:
    status, content = get(ROWS, status="lost")
    assert status == 400
    assert content["error"].startswith("There is no status lost; choose one of open")
