"""Tests for the HTTP function servicebus_replay_example."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from unittest.mock import MagicMock, Mock

import azure.functions as func
import pytest
from azure.servicebus import ServiceBusReceivedMessage, ServiceBusSubQueue
from azure.servicebus.amqp import AmqpMessageBodyType
from azure.servicebus.exceptions import MessageSizeExceededError

from blueprints import servicebus_replay_example as blueprint

UNSET = (
    "content_type",
    "correlation_id",
    "partition_key",
    "reply_to",
    "reply_to_session_id",
    "session_id",
    "subject",
    "time_to_live",
    "to",
)


class Queue:
    """Plays Service Bus: a queue, its dead letters, and what became of them."""

    def __init__(self) -> None:
        self.dead: list[Any] = []
        self.sent: list[Any] = []
        self.completed: list[str] = []
        self.abandoned: list[str] = []
        self.opened: list[Any] = []

    @contextmanager
    def get_queue_receiver(self, name: str, *, sub_queue: Any) -> Iterator["Queue"]:
        self.opened.append((name, sub_queue))
        yield self

    @contextmanager
    def get_queue_sender(self, name: str) -> Iterator["Queue"]:
        self.opened.append(name)
        yield self

    def receive_messages(self, most: int, *, max_wait_time: float) -> list[Any]:
        assert most > 0
        assert max_wait_time > 0
        # Never all at once.
        received, self.dead = self.dead[: min(most, 2)], self.dead[min(most, 2) :]
        return received

    def send_messages(self, message: Any) -> None:
        self.sent.append(message)

    def complete_message(self, message: Any) -> None:
        self.completed.append(message.message_id)

    def abandon_message(self, message: Any) -> None:
        self.abandoned.append(message.message_id)


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> Queue:
    """The queue to which the function connects."""
    found = Queue()

    @contextmanager
    def connect() -> Iterator[Queue]:
        yield found

    monkeypatch.setattr(blueprint, "connect", connect)
    return found


def message(id: str, properties: Any = None, **more: Any) -> Any:
    """Return a message as the SDK receives it."""
    values = {
        "message_id": id,
        "body": iter([b"hel", b"lo"]),
        "body_type": AmqpMessageBodyType.DATA,
        "application_properties": properties,
    }
    unset = dict.fromkeys(UNSET)
    return Mock(spec=ServiceBusReceivedMessage, **{**unset, **values, **more})


def call(query: dict[str, str]) -> tuple[int, dict[str, Any]]:
    """Return the status and JSON content of the response."""
    req = func.HttpRequest(
        method="POST",
        url="/api/servicebus-replay-example",
        params=query,
        body=b"",
    )
    response = blueprint.servicebus_replay_example(req)
    assert response.mimetype == "application/json"
    return response.status_code, json.loads(response.get_body())


def test_needs_a_key_even_if_the_other_functions_need_none() -> None:
    app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)
    app.register_functions(blueprint.bp)
    [function] = app.get_functions()
    trigger: Any = function.get_trigger()
    assert trigger.auth_level.value == "function"


def test_moves_the_dead_letters_to_the_queue(queue: Queue) -> None:
    queue.dead = [message(id) for id in ("a", "b", "c")]
    assert call({}) == (200, {"replayed": 3, "left": 0})
    assert [sent.message_id for sent in queue.sent] == ["a", "b", "c"] == queue.completed
    assert queue.opened == [(blueprint.QUEUE, ServiceBusSubQueue.DEAD_LETTER), blueprint.QUEUE]


def test_moves_no_more_than_asked_for(queue: Queue) -> None:
    queue.dead = [message(id) for id in ("a", "b", "c", "d")]
    assert call({"most": "3"}) == (200, {"replayed": 3, "left": 0})
    assert [dead.message_id for dead in queue.dead] == ["d"]


def test_sends_the_content_and_the_properties_but_not_the_reason(queue: Queue) -> None:
    properties = {
        b"DeadLetterReason": b"MaxDeliveryCountExceeded",
        b"DeadLetterErrorDescription": b"too often",
        b"tenant": b"acme",
        b"priority": 7,
        b"digest": b"\xff\x00",
    }
    life = timedelta(hours=1)
    more = {
        "content_type": "application/json",
        "correlation_id": "c",
        "partition_key": "s",
        "reply_to": "answers",
        "reply_to_session_id": "r",
        "session_id": "s",
        "subject": "refund",
        "time_to_live": life,
        "to": "shop",
    }
    queue.dead = [message("a", properties, **more)]
    call({})
    [sent] = queue.sent
    assert b"".join(sent.body) == b"hello"
    assert {name: getattr(sent, name) for name in more} == more
    expected = {"tenant": "acme", "priority": 7, "digest": b"\xff\x00", "replays": 1}
    assert sent.application_properties == expected


@pytest.mark.parametrize(("count", "replayed"), [(0, 1), (2, 1), (3, 0), (4, 0), (b"9", 1)])
def test_leaves_a_message_that_was_replayed_too_often(
    count: Any, replayed: int, queue: Queue, caplog: pytest.LogCaptureFixture
) -> None:
    queue.dead = [message("a", {b"replays": count}), message("b")]
    assert call({}) == (200, {"replayed": 1 + replayed, "left": 1 - replayed})
    assert queue.abandoned == [] if replayed else ["a"]
    assert queue.completed == ["a", "b"][1 - replayed :]
    left = ["Left message a: it was replayed before"]
    assert caplog.messages == ([] if replayed else left)


def test_counts_each_replay(queue: Queue) -> None:
    queue.dead = [message("a", {b"replays": 1})]
    call({})
    assert queue.sent[0].application_properties == {"replays": 2}


def test_leaves_a_body_that_is_not_bytes(queue: Queue) -> None:
    queue.dead = [message("a", body_type=AmqpMessageBodyType.VALUE)]
    assert call({}) == (200, {"replayed": 0, "left": 1})
    assert (queue.sent, queue.completed, queue.abandoned) == ([], [], ["a"])


@pytest.mark.parametrize("error", [MessageSizeExceededError(), ValueError("no"), TypeError("no")])
def test_a_message_that_cannot_be_sent_blocks_no_other(
    error: Exception,
    queue: Queue,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    send = queue.send_messages

    def fail(message: Any) -> None:
        if message.message_id == "a":
            raise error
        send(message)

    queue.dead = [message(id) for id in ("a", "b", "c")]
    monkeypatch.setattr(queue, "send_messages", fail)
    assert call({}) == (200, {"replayed": 2, "left": 1})
    assert (queue.completed, queue.abandoned) == (["b", "c"], ["a"])
    assert caplog.messages == [f"Left message a: {type(error).__name__}"]


def test_ends_when_the_connection_fails(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(message: Any) -> None:
        raise ConnectionError(f"no queue for {message.message_id}")

    queue.dead = [message("a")]
    monkeypatch.setattr(queue, "send_messages", fail)
    with pytest.raises(ConnectionError):
        call({})
    assert queue.completed == []


def test_ends_before_the_locks_expire(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blueprint, "MOST_SECONDS", 0)
    queue.dead = [message("a")]
    assert call({}) == (200, {"replayed": 0, "left": 0})


@pytest.mark.parametrize("most", ["0", "101", "-1", "1.5", "many", "", "\u0663", "007", "1" * 5000])
def test_refuses_an_invalid_number(most: str, queue: Queue) -> None:
    queue.dead = [message("a")]
    status, content = call({"most": most})
    assert status == 400
    assert "from 1 to 100" in content["error"]
    assert queue.opened == []


@pytest.fixture
def identity(monkeypatch: pytest.MonkeyPatch) -> Mock:
    """Plays the class of the app's identity, in an app without settings."""
    for suffix in ("", "__fullyQualifiedNamespace", "__clientId"):
        monkeypatch.delenv(f"ServiceBusConnection{suffix}", raising=False)
    identity = Mock(return_value=MagicMock())
    monkeypatch.setattr("azure.identity.DefaultAzureCredential", identity)
    return identity


@pytest.mark.parametrize(
    ("id", "expected"), [("", {}), ("an id", {"managed_identity_client_id": "an id"})]
)
def test_connects_with_the_identity(
    id: str, expected: dict[str, str], identity: Mock, monkeypatch: pytest.MonkeyPatch
) -> None:
    namespace = "shop.servicebus.windows.net"
    monkeypatch.setenv("ServiceBusConnection__fullyQualifiedNamespace", namespace)
    monkeypatch.setenv("ServiceBusConnection__clientId", id)
    with blueprint.connect() as client:
        assert client.fully_qualified_namespace == namespace
    identity.assert_called_once_with(**expected)


def test_connects_with_a_connection_string(identity: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
    identity.side_effect = AssertionError
    namespace = "shop.servicebus.windows.net"
    key = "SharedAccessKeyName=n;SharedAccessKey=k"
    monkeypatch.setenv("ServiceBusConnection", f"Endpoint=sb://{namespace};{key}")
    with blueprint.connect() as client:
        assert client.fully_qualified_namespace == namespace
