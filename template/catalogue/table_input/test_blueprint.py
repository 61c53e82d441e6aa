"""Tests for the HTTP function table_input_example."""

import json
from typing import Any

import azure.functions as func

from blueprints import table_input_example as blueprint

ROWS = [
    {"PartitionKey": "ada", "RowKey": "A1", "status": "shipped"},
    {"PartitionKey": "ada", "RowKey": "A2", "status": "shipped"},
]


def get(rows: list[dict[str, str]], status: str = "shipped") -> tuple[int, dict[str, Any]]:
    """Return the status and JSON content of the response, given these rows in the table."""
    req = func.HttpRequest(
        method="GET",
        url=f"/api/table-input-example/ada/{status}",
        route_params={"customer": "ada", "status": status},
        body=b"",
    )
    response = blueprint.table_input_example(req, json.dumps(rows))
    assert response.mimetype == "application/json"
    return response.status_code, json.loads(response.get_body())


def test_lists_the_orders() -> None:
    orders = [{"id": "A1", "status": "shipped"}, {"id": "A2", "status": "shipped"}]
    assert get(ROWS) == (200, {"orders": orders})


def test_the_host_filters_before_it_counts_the_rows() -> None:
    function = blueprint.table_input_example.build()
    [binding] = [each for each in function.get_bindings() if each.name == "rows"]
    assert binding.get_dict_repr()["filter"] == "status eq '{status}'"


def test_a_customer_without_orders_has_an_empty_list() -> None:
    assert get([]) == (200, {"orders": []})


def test_refuses_an_unknown_status() -> None:
    status, content = get(ROWS, status="lost")
    assert status == 400
    assert content["error"].startswith("There is no such status; choose one of open")
