"""Tests for the HTTP function kafka_output_example."""

import json
from typing import Any
from unittest.mock import Mock

import azure.functions as func
import pytest

from blueprints import kafka_output_example as blueprint


def post(body: bytes) -> tuple[int, dict[str, Any], list[str]]:
    """Return the status and JSON content of the response, and the sent events."""
    req = func.HttpRequest(
        method="POST",
        url="/api/kafka-output-example",
        body=body,
    )
    event = Mock(spec=func.Out)
    response = blueprint.kafka_output_example(req, event)
    sent = [call.args[0] for call in event.set.call_args_list]
    assert response.mimetype == "application/json"
    return response.status_code, json.loads(response.get_body()), sent


def test_sends_a_reading() -> None:
    status, content, sent = post(b'{"device": "pump-7", "value": "21.5", "note": "left out"}')
    assert (status, content) == (202, {"device": "pump-7"})
    assert [json.loads(event) for event in sent] == [{"device": "pump-7", "value": 21.5}]


@pytest.mark.parametrize("device", ["d", "d" * blueprint.LONGEST_NAME])
def test_takes_the_shortest_and_the_longest_name(device: str) -> None:
    assert post(json.dumps({"device": device, "value": 0}).encode())[0] == 202


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{device",
        b"[" * 100_000,
        b'["pump-7"]',
        b'{"device": "pump-7"}',
        b'{"device": "pump-7", "value": "warm"}',
        b'{"device": "", "value": 21.5}',
        b'{"device": null, "value": 21.5}',
        b'{"device": "' + b"d" * 101 + b'", "value": 21.5}',
        b'{"device": "pump\\n7", "value": 21.5}',
        b'{"device": "\\ud800", "value": 21.5}',
        b'{"device": "pump-7", "value": true}',
        b'{"device": "pump-7", "value": 1' + b"0" * 400 + b"}",
        b'{"device": "pump-7", "value": NaN}',
    ],
)
def test_refuses_an_invalid_reading_and_sends_nothing(body: bytes) -> None:
    status, content, sent = post(body)
    assert (status, sent) == (400, [])
    assert "reading" in content["error"]
