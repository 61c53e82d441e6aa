"""Tests for the HTTP function queue_output_example."""

import json
from typing import Any
from unittest.mock import Mock

import azure.functions as func
import pytest

from blueprints import queue_output_example as blueprint


def post(body: bytes) -> tuple[int, dict[str, Any], list[str]]:
    """Return the status and JSON content of the response, and the sent messages."""
    req = func.HttpRequest(
        method="POST",
        url="/api/queue-output-example",
        body=body,
    )
    message = Mock(spec=func.Out)
    response = blueprint.queue_output_example(req, message)
    sent = [call.args[0] for call in message.set.call_args_list]
    assert response.mimetype == "application/json"
    return response.status_code, json.loads(response.get_body()), sent


def test_queues_a_valid_order() -> None:
    status, content, sent = post(b'{"id": "A1", "quantity": 2, "note": "left out"}')
    assert (status, content) == (202, {"id": "A1"})
    assert [json.loads(message) for message in sent] == [{"id": "A1", "quantity": 2}]


@pytest.mark.parametrize(
    ("id", "quantity"),
    [("A", 1), ("A" * blueprint.LONGEST_ID, blueprint.MAX_QUANTITY)],
)
def test_takes_the_smallest_and_the_largest_order(id: str, quantity: int) -> None:
    assert post(json.dumps({"id": id, "quantity": quantity}).encode())[0] == 202


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{id",
        b"[" * 100_000,
        b"\xff",
        b'["A1", 2]',
        b'{"id": "A1"}',
        b'{"id": "", "quantity": 2}',
        b'{"id": null, "quantity": 2}',
        b'{"id": "' + b"A" * 101 + b'", "quantity": 2}',
        b'{"id": "A\\n1", "quantity": 2}',
        b'{"id": "\\ud800", "quantity": 2}',
        b'{"id": "A1", "quantity": "two"}',
        b'{"id": "A1", "quantity": 0}',
        b'{"id": "A1", "quantity": true}',
        b'{"id": "A1", "quantity": 1001}',
        b'{"id": "A1", "quantity": 1.5}',
        b'{"id": "A1", "quantity": Infinity}',
    ],
)
def test_refuses_an_invalid_order_and_queues_nothing(body: bytes) -> None:
    status, content, sent = post(body)
    assert status == 400
    assert "order" in content["error"]
    assert sent == []
