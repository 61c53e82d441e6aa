"""Tests for the Web PubSub function webpubsub_example, and those that let clients connect."""

import json
from typing import Any
from unittest.mock import Mock

import azure.functions as func
import pytest

from blueprints import webpubsub_example as blueprint

NOTE = '{"room": "tea", "text": " Hello "}'


def event(user: Any = "ada", **content: Any) -> str:
    """Return an event as the host passes it."""
    return json.dumps({"connectionContext": {"connectionId": "c-1", "userId": user}, **content})


def send(data: Any, user: Any = "ada") -> tuple[dict[str, Any], list[Any]]:
    """Return what the sender of a message gets, and what goes to Web PubSub."""
    actions = Mock(spec=func.Out)
    answer = blueprint.webpubsub_example(event(user, data=data), actions)
    assert answer["dataType"] == "json"
    sent = [json.loads(call.args[0]) for call in actions.set.call_args_list]
    return json.loads(answer["data"]), sent


def connect(user: Any, query: Any) -> Any:
    """Return the answer to a client that connects with the query of a URL."""
    return blueprint.webpubsub_example_connect(event(user, query=query))


def test_passes_a_note_on_to_its_room_with_the_user_id_of_the_sender() -> None:
    answer, [action] = send(NOTE)
    assert answer == {"sent": "tea"}
    assert json.loads(action.pop("data")) == {"room": "tea", "from": "ada", "text": "Hello"}
    assert action == {"actionName": "sendToGroup", "group": "tea", "dataType": "json"}


@pytest.mark.parametrize("length", [1, blueprint.LONGEST_TEXT])
def test_takes_the_shortest_and_the_longest_note(length: int) -> None:
    answer, actions = send(json.dumps({"room": "tea", "text": "a" * length}))
    assert (answer, len(actions)) == ({"sent": "tea"}, 1)


@pytest.mark.parametrize(
    "data",
    [
        None,
        "",
        "secret",
        "[]",
        '"tea"',
        '{"room": "tea"}',
        '{"text": "secret"}',
        '{"room": "", "text": "secret"}',
        '{"room": "Tea", "text": "secret"}',
        '{"room": "tea\\n", "text": "secret"}',
        '{"room": 7, "text": "secret"}',
        '{"room": "' + "a" * 51 + '", "text": "secret"}',
        '{"room": "tea", "text": ""}',
        '{"room": "tea", "text": "  "}',
        '{"room": "tea", "text": 7}',
        '{"room": "tea", "text": "' + "a" * (blueprint.LONGEST_TEXT + 1) + '"}',
        pytest.param("[" * 100_000, id="deep"),
    ],
)
def test_tells_the_sender_what_is_wrong_with_a_note_and_passes_nothing_on(
    data: Any, caplog: pytest.LogCaptureFixture
) -> None:
    [(name, error)], sent = [*send(data)[0].items()], send(data)[1]
    assert (name, sent) == ("error", [])
    assert caplog.messages == [f"Refused a note: {error}"] * 2
    assert "secret" not in error


@pytest.mark.parametrize("user", [None, "", 7])
def test_takes_no_notes_and_no_connections_without_a_user(user: Any) -> None:
    assert send(NOTE, user) == ({"error": "The client has no user id."}, [])
    answer = connect(user, {"room": ["tea"]})
    assert answer == {"code": "unauthorized", "errorMessage": "The client has no user id."}


def test_adds_a_client_to_the_room_that_its_url_names() -> None:
    answer = connect("ada", {"room": ["tea"]})
    assert answer == {"userId": "ada", "groups": ["tea"]}


@pytest.mark.parametrize(
    "query",
    [None, {}, {"room": []}, {"room": [""]}, {"room": ["Tea"]}, {"room": ["tea", "milk"]}],
)
def test_refuses_a_client_without_one_room(query: Any, caplog: pytest.LogCaptureFixture) -> None:
    answer = connect("ada", query)
    assert answer == {"code": "unauthorized", "errorMessage": blueprint.NO_ROOM}
    assert caplog.messages == [f"Refused a client: {blueprint.NO_ROOM}"]


def test_logs_who_is_connected(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    blueprint.webpubsub_example_connected(event())
    assert caplog.messages == ["User ada is connected"]


def test_gives_a_client_its_url() -> None:
    req = func.HttpRequest(
        method="POST",
        url="/api/webpubsub-example/negotiate",
        body=b"",
    )
    connection = '{"url": "wss://example.com", "accessToken": "abc"}'
    response = blueprint.webpubsub_example_negotiate(req, connection)
    assert (response.status_code, response.mimetype) == (200, "application/json")
    assert response.get_body().decode() == connection


def test_names_the_arguments_as_the_extension_fills_them() -> None:
    app = func.FunctionApp()
    app.register_functions(blueprint.bp)
    triggers = [
        binding
        for function in app.get_functions()
        for binding in function.get_bindings_dict()["bindings"]
        if binding["type"] == "webPubSubTrigger"
    ]
    assert {trigger["name"] for trigger in triggers} == {"request"}
    assert {(trigger["eventType"], trigger["eventName"]) for trigger in triggers} == {
        ("system", "connect"),
        ("system", "connected"),
        ("user", "message"),
    }
