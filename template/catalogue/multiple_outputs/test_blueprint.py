"""Tests for the HTTP function multiple_outputs_example."""

import json
from typing import Any
from unittest.mock import Mock

import azure.functions as func
import pytest

from blueprints import multiple_outputs_example as blueprint


def post(body: bytes) -> tuple[int, dict[str, Any], list[str]]:
    """Return the status and JSON content of the response, the message and the receipt."""
    req = func.HttpRequest(
        method="POST",
        url="/api/multiple-outputs-example",
        body=body,
    )
    message, receipt = Mock(spec=func.Out), Mock(spec=func.Out)
    response = blueprint.multiple_outputs_example(req, message, receipt)
    written = [call.args[0] for out in (message, receipt) for call in out.set.call_args_list]
    assert response.mimetype == "application/json"
    return response.status_code, json.loads(response.get_body()), written


def test_answers_queues_and_files_a_booking() -> None:
    status, content, written = post(b'{"room": "blue", "nights": 2}')
    assert (status, content) == (202, {"total": 180})
    assert [json.loads(text) for text in written] == [
        {"room": "blue", "nights": 2},
        {"room": "blue", "nights": 2, "total": 180},
    ]


@pytest.mark.parametrize(("nights", "total"), [(1, 120), (30, 3600)])
def test_takes_the_shortest_and_the_longest_booking(nights: int, total: int) -> None:
    status, content, _ = post(b'{"room": "green", "nights": %d}' % nights)
    assert (status, content) == (202, {"total": total})


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", "Send a booking"),
        (b"{room", "Send a booking"),
        (b"[" * 100_000, "Send a booking"),
        (b'["blue"]', "Send a booking"),
        (b'{"room": "blue"}', "Send a booking"),
        (b'{"room": null, "nights": 2}', "Send a booking"),
        (b'{"room": ["blue"], "nights": 2}', "Send a booking"),
        (b'{"room": "blue", "nights": "two"}', "Book 1 to 30 nights"),
        (b'{"room": "blue", "nights": 1.5}', "Book 1 to 30 nights"),
        (b'{"room": "blue", "nights": Infinity}', "Book 1 to 30 nights"),
        (b'{"room": "red", "nights": 2}', "There is no such room; choose one of blue"),
        (b'{"room": "blue", "nights": 0}', "Book 1 to 30 nights"),
        (b'{"room": "blue", "nights": true}', "Book 1 to 30 nights"),
        (b'{"room": "blue", "nights": 31}', "Book 1 to 30 nights"),
    ],
)
def test_refuses_an_invalid_booking_and_writes_nothing(body: bytes, error: str) -> None:
    status, content, written = post(body)
    assert status == 400
    assert content["error"].startswith(error)
    assert written == []
