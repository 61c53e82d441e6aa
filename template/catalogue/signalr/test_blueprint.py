"""Tests for the SignalR function signalr_example, and those that let clients connect and join."""

import json
from collections.abc import Callable
from typing import Any
from unittest.mock import Mock

import azure.functions as func
import pytest

from blueprints import signalr_example as blueprint

Function = Callable[[str, Any], None]


def call(function: Function, *arguments: Any, **more: Any) -> list[Any]:
    """Return what goes to SignalR when a client sends these arguments."""
    sender = {"ConnectionId": "c-1", "UserId": "ada"}
    output = Mock(spec=func.Out)
    function(json.dumps({**sender, "Arguments": list(arguments), **more}), output)
    return [json.loads(call.args[0]) for call in output.set.call_args_list]


def test_passes_a_message_on_to_its_room_with_the_senders_user_id() -> None:
    assert call(blueprint.signalr_example, "tea", " Hello ") == [
        {"groupName": "tea", "target": "received", "arguments": ["tea", "ada", "Hello"]}
    ]


def test_passes_on_the_longest_message() -> None:
    longest = "a" * blueprint.MAX_TEXT_LENGTH
    [message] = call(blueprint.signalr_example, "tea", longest)
    assert message["arguments"] == ["tea", "ada", longest]


@pytest.mark.parametrize(
    ("function", "action"),
    [
        (blueprint.signalr_example_join, "add"),
        (blueprint.signalr_example_leave, "remove"),
    ],
)
def test_changes_the_clients_of_a_room(function: Function, action: str) -> None:
    assert call(function, "tea") == [{"connectionId": "c-1", "groupName": "tea", "action": action}]


@pytest.mark.parametrize("text", ["", "  ", "a" * (blueprint.MAX_TEXT_LENGTH + 1), 7, None, []])
def test_leaves_out_a_message_that_must_not_be_passed_on(
    text: Any, caplog: pytest.LogCaptureFixture
) -> None:
    assert call(blueprint.signalr_example, "tea", text) == []
    [message] = caplog.messages
    assert message.startswith("Skipped a message: ")
    assert "aaa" not in message


@pytest.mark.parametrize(
    ("function", "texts"),
    [
        (blueprint.signalr_example, ["Hello"]),
        (blueprint.signalr_example_join, []),
        (blueprint.signalr_example_leave, []),
    ],
)
@pytest.mark.parametrize("room", ["", " ", "Tea", "tea\n", "a" * 51, 7, None, ["tea"]])
def test_leaves_out_a_call_for_a_room_that_cannot_exist(
    room: Any, function: Function, texts: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Without a group, SignalR would send a message to everybody."""
    assert call(function, room, *texts) == []
    assert caplog.messages


@pytest.mark.parametrize("arguments", [[], ["tea"], ["tea", "Hello", "again"]])
def test_leaves_out_a_message_with_too_few_or_too_many_arguments(
    arguments: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    assert call(blueprint.signalr_example, *arguments) == []
    assert caplog.messages == ["Skipped a message: Its arguments are not room and text, as text."]


@pytest.mark.parametrize("user", [None, ""])
def test_leaves_out_a_client_without_a_user(user: Any, caplog: pytest.LogCaptureFixture) -> None:
    sent = call(blueprint.signalr_example, "tea", "Hello", UserId=user)
    joined = call(blueprint.signalr_example_join, "tea", UserId=user)
    assert sent == joined == []
    assert all("The client has no user id." in message for message in caplog.messages)


def test_a_call_can_have_no_list_of_arguments() -> None:
    assert call(blueprint.signalr_example_join, Arguments=None) == []


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
