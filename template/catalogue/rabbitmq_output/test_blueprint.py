"""Tests for the HTTP function rabbitmq_output_example."""

import json
from typing import Any
from unittest.mock import Mock

import azure.functions as func
import pytest

from blueprints import rabbitmq_output_example as blueprint


def post(body: bytes) -> tuple[int, dict[str, Any], list[str]]:
    """Return the status and JSON content of the response, and the sent messages."""
    req = func.HttpRequest(
        method="POST",
        url="/api/rabbitmq-output-example",
        body=body,
    )
    message = Mock(spec=func.Out)
    response = blueprint.rabbitmq_output_example(req, message)
    sent = [call.args[0] for call in message.set.call_args_list]
    assert response.mimetype == "application/json"
    return response.status_code, json.loads(response.get_body()), sent


def test_sends_a_task() -> None:
    status, content, sent = post(b'{"task": "print", "copies": 2, "note": "left out"}')
    assert (status, content) == (202, {"task": "print"})
    assert [json.loads(message) for message in sent] == [{"task": "print", "copies": 2}]


@pytest.mark.parametrize(
    ("task", "copies"),
    [("t", 1), ("t" * blueprint.LONGEST_TASK, blueprint.MOST_COPIES)],
)
def test_takes_the_smallest_and_the_largest_task(task: str, copies: int) -> None:
    assert post(json.dumps({"task": task, "copies": copies}).encode())[0] == 202


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{task",
        b"\xff",
        b"[" * 100_000,
        b'["print", 2]',
        b'{"task": "print"}',
        b'{"task": "print", "copies": "2"}',
        b'{"task": "print", "copies": 1.5}',
        b'{"task": "print", "copies": true}',
        b'{"task": "print", "copies": 0}',
        b'{"task": "print", "copies": 1001}',
        b'{"task": "", "copies": 2}',
        b'{"task": 7, "copies": 2}',
        b'{"task": "print\\n", "copies": 2}',
        b'{"task": "\\ud800", "copies": 2}',
        b'{"task": "' + b"p" * 101 + b'", "copies": 2}',
    ],
)
def test_refuses_an_invalid_task_and_sends_nothing(body: bytes) -> None:
    status, content, sent = post(body)
    assert (status, sent) == (400, [])
    assert "task" in content["error"]
