"""Tests for the HTTP function servicebus_output_example."""

import json
from typing import Any
from unittest.mock import Mock

import azure.functions as func
import pytest

from blueprints import servicebus_output_example as blueprint


def post(body: bytes) -> tuple[int, dict[str, Any], list[str]]:
    """Return the status and JSON content of the response, and the sent messages."""
    req = func.HttpRequest(
        method="POST",
        url="/api/servicebus-output-example",
        body=body,
    )
    message = Mock(spec=func.Out)
    response = blueprint.servicebus_output_example(req, message)
    sent = [call.args[0] for call in message.set.call_args_list]
    assert response.mimetype == "application/json"
    return response.status_code, json.loads(response.get_body()), sent


def test_queues_a_refund() -> None:
    status, content, sent = post(b'{"invoice": "2026-17", "amount": 9.5}')
    assert (status, content) == (202, {"invoice": "2026-17"})
    assert [json.loads(message) for message in sent] == [{"invoice": "2026-17", "amount": "9.5"}]


@pytest.mark.parametrize("amount", ["0.01", "1" * blueprint.LONGEST_TEXT])
def test_takes_the_smallest_and_the_largest_refund(amount: str) -> None:
    refund = {"invoice": "1" * blueprint.LONGEST_TEXT, "amount": amount}
    assert post(json.dumps(refund).encode())[0] == 202


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{invoice",
        b"[" * 100_000,
        b'["2026-17", 9.5]',
        b'{"invoice": "2026-17"}',
        b'{"invoice": "2026-17", "amount": "much"}',
        b'{"invoice": "2026-17", "amount": 0}',
        b'{"invoice": "2026-17", "amount": "Infinity"}',
        b'{"invoice": "2026-17", "amount": true}',
        b'{"invoice": "", "amount": 9.5}',
        b'{"invoice": 17, "amount": 9.5}',
        b'{"invoice": "' + b"1" * 101 + b'", "amount": 9.5}',
        b'{"invoice": "2026\\n17", "amount": 9.5}',
        b'{"invoice": "\\ud800", "amount": 9.5}',
        b'{"invoice": "2026-17", "amount": "9.' + b"5" * 101 + b'"}',
        b'{"invoice": "2026-17", "amount": "NaN"}',
    ],
)
def test_refuses_an_invalid_refund_and_queues_nothing(body: bytes) -> None:
    status, content, sent = post(body)
    assert (status, sent) == (400, [])
    assert "invoice" in content["error"]
