"""Tests for the SignalR functions signalr_example and signalr_example_negotiate."""

import json
from typing import Any
from unittest.mock import Mock

import azure.functions as func
import pytest

from blueprints import signalr_example as blueprint


def send(*arguments: Any) -> list[Any]:
    """Return the messages that are sent when a client sends these arguments."""
    invocation = {"ConnectionId": "c-1", "Event": "send", "Arguments": list(arguments)}
    messages = Mock(spec=func.Out)
    blueprint.signalr_example(json.dumps(invocation), messages)
    return [json.loads(call.args[0]) for call in messages.set.call_args_list]


def test_passes_a_message_on_to_everybody() -> None:
    assert send(" Hello ") == [{"target": "received", "arguments": ["Hello"]}]


@pytest.mark.parametrize(
    "arguments", [[], [""], ["  "], [7], [None], ["a" * (blueprint.MAX_MESSAGE_LENGTH + 1)]]
)
def test_leaves_out_a_message_that_must_not_be_passed_on(
    arguments: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    assert send(*arguments) == []
    assert "Skipped a message" in caplog.text


def test_tells_a_client_how_to_connect() -> None:
    req = func.HttpRequest(
        method="POST",
        url="/api/signalr-example/negotiate",
        body=b"",
    )
    connection = '{"url": "https://example.com", "accessToken": "abc"}'
    response = blueprint.signalr_example_negotiate(req, connection)
    assert (response.status_code, response.mimetype) == (200, "application/json")
    assert response.get_body().decode() == connection
