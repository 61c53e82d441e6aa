"""Tests for the HTTP function dapr_publish_example."""

import json
from typing import Any
from unittest.mock import Mock

import azure.functions as func
import pytest

from blueprints import dapr_publish_example as blueprint


def post(body: bytes) -> tuple[int, dict[str, Any], list[bytes]]:
    """Return the status and JSON content of the response, and the published events."""
    req = func.HttpRequest(
        method="POST",
        url="/api/dapr-publish-example",
        body=body,
    )
    event = Mock(spec=func.Out)
    response = blueprint.dapr_publish_example(req, event)
    published = [call.args[0] for call in event.set.call_args_list]
    assert response.mimetype == "application/json"
    return response.status_code, json.loads(response.get_body()), published


def test_publishes_a_stock_level_as_the_payload() -> None:
    status, content, [event] = post(b'{"sku": "T-1", "stock": 7, "note": "left out"}')
    assert (status, content) == (202, {"sku": "T-1"})
    assert isinstance(event, bytes)
    assert json.loads(event) == {"payload": {"sku": "T-1", "stock": 7}}


@pytest.mark.parametrize(("sku", "stock"), [("T", 0), ("T" * blueprint.LONGEST_SKU, 1)])
def test_takes_the_shortest_and_the_longest_sku(sku: str, stock: int) -> None:
    assert post(json.dumps({"sku": sku, "stock": stock}).encode())[0] == 202


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{sku",
        b"\xff",
        b"[" * 100_000,
        b'["T-1", 7]',
        b'{"sku": "T-1"}',
        b'{"sku": "T-1", "stock": "7"}',
        b'{"sku": "T-1", "stock": 1.5}',
        b'{"sku": "T-1", "stock": true}',
        b'{"sku": "T-1", "stock": -1}',
        b'{"sku": "", "stock": 7}',
        b'{"sku": 1, "stock": 7}',
        b'{"sku": "T\\n1", "stock": 7}',
        b'{"sku": "\\ud800", "stock": 7}',
        b'{"sku": "' + b"T" * 101 + b'", "stock": 7}',
    ],
)
def test_refuses_an_invalid_level_and_publishes_nothing(body: bytes) -> None:
    status, content, published = post(body)
    assert (status, published) == (400, [])
    assert "stock level" in content["error"]
