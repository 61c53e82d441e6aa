"""Tests for the HTTP function servicebus_topic_output_example."""

import json
from typing import Any
from unittest.mock import Mock

import azure.functions as func
import pytest

from blueprints import servicebus_topic_output_example as blueprint


def post(body: bytes) -> tuple[int, dict[str, Any], list[str]]:
    """Return the status and JSON content of the response, and the sent messages."""
    req = func.HttpRequest(
        method="POST",
        url="/api/servicebus-topic-output-example",
        body=body,
    )
    message = Mock(spec=func.Out)
    response = blueprint.servicebus_topic_output_example(req, message)
    sent = [call.args[0] for call in message.set.call_args_list]
    assert response.mimetype == "application/json"
    return response.status_code, json.loads(response.get_body()), sent


@pytest.mark.parametrize(("given", "price"), [(9.5, "9.5"), ("9.50", "9.50"), (0, "0")])
def test_announces_a_price(given: Any, price: str) -> None:
    status, content, sent = post(json.dumps({"sku": "T-1", "price": given}).encode())
    assert (status, content) == (202, {"sku": "T-1"})
    assert [json.loads(message) for message in sent] == [{"sku": "T-1", "price": price}]


def test_takes_the_longest_texts() -> None:
    longest = "1" * blueprint.LONGEST_TEXT
    assert post(json.dumps({"sku": longest, "price": longest}).encode())[0] == 202


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{sku",
        b"\xff",
        b"[" * 100_000,
        b'["T-1", 9.5]',
        b'{"sku": "T-1"}',
        b'{"sku": "T-1", "price": "cheap"}',
        b'{"sku": "T-1", "price": -0.01}',
        b'{"sku": "T-1", "price": "NaN"}',
        b'{"sku": "T-1", "price": "Infinity"}',
        b'{"sku": "T-1", "price": true}',
        b'{"sku": "T-1", "price": "9.' + b"5" * 101 + b'"}',
        b'{"sku": "", "price": 9.5}',
        b'{"sku": 1, "price": 9.5}',
        b'{"sku": "T\\n1", "price": 9.5}',
        b'{"sku": "\\ud800", "price": 9.5}',
        b'{"sku": "' + b"T" * 101 + b'", "price": 9.5}',
    ],
)
def test_refuses_an_invalid_price_and_announces_nothing(body: bytes) -> None:
    status, content, sent = post(body)
    assert (status, sent) == (400, [])
    assert "price" in content["error"]
