"""Tests for the HTTP function sql_input_example."""

import json
from typing import Any

import azure.functions as func

from blueprints import sql_input_example as blueprint


def get(rows: list[dict[str, Any]]) -> tuple[int, dict[str, Any]]:
    """Return the status and JSON content of the response, given the rows that the host found."""
    req = func.HttpRequest(
        method="GET",
        url="/api/sql-input-example/7",
        route_params={"id": "7"},
        body=b"",
    )
    products = func.SqlRowList([func.SqlRow.from_dict(row) for row in rows])
    response = blueprint.sql_input_example(req, products)
    assert response.mimetype == "application/json"
    return response.status_code, json.loads(response.get_body())


def test_returns_the_product() -> None:
    product = {"Id": 7, "Name": "tea", "Price": 2.5}
    assert get([product]) == (200, product)


def test_a_product_that_is_not_there_is_not_found() -> None:
    assert get([]) == (404, {"error": "There is no product 7."})
