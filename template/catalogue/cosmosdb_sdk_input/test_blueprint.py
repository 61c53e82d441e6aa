"""Tests for the HTTP function cosmosdb_sdk_input_example."""

import json
from typing import Any
from unittest.mock import Mock, create_autospec

import azure.functions as func
import pytest
from azure.cosmos import ContainerProxy

from blueprints import cosmosdb_sdk_input_example as blueprint

PRODUCT = {"id": "7", "name": "Assam", "price": 4.5}


@pytest.fixture
def container() -> Mock:
    """A container that finds one product for every query."""
    container: Mock = create_autospec(ContainerProxy, instance=True)
    container.query_items.return_value = iter([PRODUCT])
    return container


def get(container: Mock, **params: str) -> tuple[int, dict[str, Any]]:
    """Return the status and JSON content of the response."""
    req = func.HttpRequest(
        method="GET",
        url="/api/cosmosdb-sdk-input-example",
        params=params,
        body=b"",
    )
    response = blueprint.cosmosdb_sdk_input_example(req, container)
    assert response.mimetype == "application/json"
    return response.status_code, json.loads(response.get_body())


def test_returns_what_the_query_finds(container: Mock) -> None:
    assert get(container, category="tea", max_price="5") == (200, {"products": [PRODUCT]})


def test_finds_no_products(container: Mock) -> None:
    container.query_items.return_value = iter([])
    assert get(container, category="tea", max_price="0") == (200, {"products": []})


def test_what_the_caller_sends_is_not_part_of_the_query(container: Mock) -> None:
    get(container, category="' OR true OR '", max_price="4.50")
    [call] = container.query_items.call_args_list
    assert call.args == (blueprint.QUERY,)
    assert call.kwargs["partition_key"] == "' OR true OR '"
    assert "enable_cross_partition_query" not in call.kwargs
    assert {parameter["name"]: parameter["value"] for parameter in call.kwargs["parameters"]} == {
        "@category": "' OR true OR '",
        "@max_price": 4.5,
    }


@pytest.mark.parametrize("params", [{}, {"category": " ", "max_price": "5"}, {"max_price": "5"}])
def test_asks_for_a_category(container: Mock, params: dict[str, str]) -> None:
    status, content = get(container, **params)
    assert status == 400
    assert content["error"].startswith("Pass a category")
    container.query_items.assert_not_called()


@pytest.mark.parametrize("price", ["", "cheap", "-1", "nan", "inf"])
def test_refuses_what_is_not_a_price(container: Mock, price: str) -> None:
    expected = {"error": "max_price must be a number of at least 0."}
    assert get(container, category="tea", max_price=price) == (400, expected)
    container.query_items.assert_not_called()
