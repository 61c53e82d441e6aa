"""Tests for the HTTP function sql_output_example."""

import json
from typing import Any
from unittest.mock import Mock

import azure.functions as func
import pytest

from blueprints import sql_output_example as blueprint


def post(body: bytes) -> tuple[int, dict[str, Any], list[dict[str, Any]]]:
    """Return the status and JSON content of the response, and the stored rows."""
    req = func.HttpRequest(
        method="POST",
        url="/api/sql-output-example",
        body=body,
    )
    rows = Mock(spec=func.Out)
    response = blueprint.sql_output_example(req, rows)
    stored = [dict(row) for call in rows.set.call_args_list for row in call.args[0]]
    assert response.mimetype == "application/json"
    return response.status_code, json.loads(response.get_body()), stored


def test_stores_every_product() -> None:
    products = [{"id": 7, "name": "tea", "price": 2.5}, {"id": 8, "name": "milk", "price": 1}]
    assert post(json.dumps(products).encode()) == (
        201,
        {"stored": 2},
        [{"Id": 7, "Name": "tea", "Price": 2.5}, {"Id": 8, "Name": "milk", "Price": 1.0}],
    )


@pytest.mark.parametrize(
    "product",
    [
        {"id": 1, "name": "m", "price": 0},
        {"id": 2**31 - 1, "name": "m" * 100, "price": 9_999_999.99},
        {"id": 8, "name": "\U0001f375" * 50, "price": 1},
    ],
)
def test_takes_the_smallest_and_the_largest_products(product: Any) -> None:
    products = [product] * blueprint.MAX_PRODUCTS
    status, _, stored = post(json.dumps(products).encode())
    assert (status, len(stored)) == (201, blueprint.MAX_PRODUCTS)


@pytest.mark.parametrize("body", [b"", b"[7", b"\xff", b"[]", b"{}", b'{"id": 7}', b"[" * 100_000])
def test_refuses_a_body_without_products(body: bytes) -> None:
    status, content, stored = post(body)
    assert (status, stored) == (400, [])
    assert content["error"].startswith(("The body is not", "Send a list"))


@pytest.mark.parametrize(
    "product",
    [
        None,
        {"id": 8, "name": "milk"},
        {"id": "eight", "name": "milk", "price": 1},
        {"id": 8, "name": "milk", "price": "cheap"},
        {"id": 8, "name": "milk", "price": -1},
        {"id": 8.5, "name": "milk", "price": 1},
        {"id": 8, "name": None, "price": 1},
        {"id": 8, "name": "", "price": 1},
        {"id": 8, "name": "m" * 101, "price": 1},
        {"id": 8, "name": "\U0001f375" * 51, "price": 1},
        {"id": 8, "name": "mi\nlk", "price": 1},
        {"id": 8, "name": "\ud800", "price": 1},
        {"id": 8, "name": "milk", "price": 9_999_999.999},
        {"id": 8, "name": "milk", "price": True},
        {"id": 0, "name": "milk", "price": 1},
        {"id": 2**31, "name": "milk", "price": 1},
        {"id": 8, "name": "milk", "price": 10**400},
        {"id": float("inf"), "name": "milk", "price": 1},
        {"id": 8, "name": "milk", "price": float("nan")},
    ],
)
def test_refuses_a_list_with_an_invalid_product_and_stores_nothing(product: Any) -> None:
    products = [{"id": 7, "name": "tea", "price": 2.5}, product]
    status, content, stored = post(json.dumps(products).encode())
    assert (status, stored) == (400, [])
    assert content["error"].startswith("Product 2")


def test_refuses_more_products_than_it_can_store_at_once() -> None:
    products = [{"id": 7, "name": "tea", "price": 2.5}] * (blueprint.MAX_PRODUCTS + 1)
    status, content, stored = post(json.dumps(products).encode())
    assert (status, stored) == (400, [])
    assert content["error"].startswith("Send at most")
