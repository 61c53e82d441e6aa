"""Tests for the HTTP function eventhub_output_example."""

import json
from typing import Any
from unittest.mock import Mock

import azure.functions as func
import pytest

from blueprints import eventhub_output_example as blueprint


def post(body: bytes) -> tuple[int, dict[str, Any], list[str]]:
    """Return the status and JSON content of the response, and the sent events."""
    req = func.HttpRequest(
        method="POST",
        url="/api/eventhub-output-example",
        body=body,
    )
    events = Mock(spec=func.Out)
    response = blueprint.eventhub_output_example(req, events)
    sent = [event for call in events.set.call_args_list for event in call.args[0]]
    assert response.mimetype == "application/json"
    return response.status_code, json.loads(response.get_body()), sent


def test_sends_an_event_for_each_reading() -> None:
    readings = [{"device": "pump-7", "value": 21.5}, {"device": "pump-8", "value": 3.0}]
    status, content, sent = post(json.dumps(readings).encode())
    assert (status, content) == (202, {"sent": 2})
    assert [json.loads(event) for event in sent] == readings


SMALLEST = {"device": "d", "value": 0}
LARGEST = {"device": "d" * blueprint.LONGEST_NAME, "value": 0}


@pytest.mark.parametrize("readings", [[SMALLEST], [LARGEST] * blueprint.MAX_READINGS])
def test_takes_the_smallest_and_the_largest_list(readings: list[Any]) -> None:
    assert post(json.dumps(readings).encode())[0] == 202


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[pump",
        b"[" * 100_000,
        b"7",
        b"[]",
        b"[7]",
        b'[{"device": "pump-7"}]',
        b'[{"device": "pump-7", "value": 1}, {"device": "pump-8", "value": "warm"}]',
        b'[{"device": "pump-7", "value": Infinity}]',
        b'[{"device": "pump-7", "value": 1' + b"0" * 400 + b"}]",
        b'[{"device": "", "value": 1}]',
        b'[{"device": 7, "value": 1}]',
        b'[{"device": "' + b"d" * 101 + b'", "value": 1}]',
        b'[{"device": "pump\\n7", "value": 1}]',
        b'[{"device": "\\ud800", "value": 1}]',
        b'[{"device": "pump-7", "value": true}]',
        b"[" + b",".join([b'{"device": "d", "value": 1}'] * 101) + b"]",
    ],
)
def test_refuses_a_list_with_an_invalid_reading_and_sends_nothing(body: bytes) -> None:
    status, content, sent = post(body)
    assert (status, sent) == (400, [])
    assert content["error"].startswith(("Send", "The value", "The device"))
