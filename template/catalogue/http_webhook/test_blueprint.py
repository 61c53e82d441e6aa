"""Tests for the webhook http_webhook_example; shared/tables.py has its own tests."""

import asyncio
import hashlib
import hmac
import json
import time
from typing import Any

import azure.functions as func
import pytest
from azure.functions.queue import QueueMessage

from blueprints import http_webhook_example as blueprint
from shared import tables

SECRET = "It's a Secret to Everybody"
BODY = b'{"action": "opened", "repository": {"full_name": "ada/tea"}}'


class Output(func.Out[str]):
    """What the function sends to the queue."""

    def __init__(self) -> None:
        self.values: list[str] = []

    def set(self, val: str) -> None:
        self.values.append(val)

    def get(self) -> str:
        return self.values[-1]


class Store:
    """A table in memory."""

    def __init__(self) -> None:
        self.rows: dict[str, tables.Row] = {}
        self.down = False

    async def insert(self, key: str, content: tables.Content) -> None:
        if key in self.rows:
            raise tables.Failure(409)
        self.rows[key] = tables.Row(key, content, "1")

    async def read(self, key: str) -> tables.Row:
        if key not in self.rows:
            raise tables.Failure(404)
        return self.rows[key]

    async def page(self, size: int, after: str) -> list[tables.Row]:
        return [self.rows[key] for key in sorted(self.rows) if key > after][:2]

    async def replace(self, row: tables.Row, content: tables.Content) -> None:
        if self.rows[row.key].version != row.version:
            raise tables.Failure(412)
        self.rows[row.key] = tables.Row(row.key, content, row.version + "1")

    async def delete(self, row: tables.Row) -> None:
        del self.rows[row.key]


@pytest.fixture(autouse=True)
def store(monkeypatch: pytest.MonkeyPatch) -> Store:
    """The table of deliveries, which is empty, and settings for senders such as GitHub."""
    store = Store()

    async def table(name: str) -> Store:
        assert name == blueprint.TABLE
        if store.down:
            raise tables.Failure(503)
        return store

    monkeypatch.setattr(tables, "table", table)
    monkeypatch.setenv("HTTP_WEBHOOK_EXAMPLE_SECRET", SECRET)
    monkeypatch.setenv("HTTP_WEBHOOK_EXAMPLE_MAX_AGE", "0")
    return store


@pytest.fixture
def processed(monkeypatch: pytest.MonkeyPatch) -> list[blueprint.Event]:
    """The events whose work is done."""
    events: list[blueprint.Event] = []

    async def process(event: blueprint.Event) -> None:
        events.append(event)

    monkeypatch.setattr(blueprint, "process", process)
    return events


def sign(content: bytes, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()


def deliver(
    body: bytes = BODY, signature: str | None = None, **headers: str
) -> tuple[int, Any, list[str]]:
    """Return the status and content of the answer, and the messages for the queue."""
    given = {"X-GitHub-Event": "issues", "X-Hub-Signature-256": signature or sign(body)}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    req = func.HttpRequest(
        method="POST",
        url="/api/http-webhook-example",
        headers=given,
        body=body,
    )
    output = Output()
    response = asyncio.run(blueprint.http_webhook_example(req, output))
    expected = "application/problem+json" if response.status_code >= 400 else "application/json"
    assert response.mimetype == expected
    if response.status_code == 401:
        assert response.headers["WWW-Authenticate"]
    if response.status_code == 503:
        assert response.headers["Retry-After"]
    return response.status_code, json.loads(response.get_body()), output.values


def work(body: str, id: str = "m-1") -> None:
    function = blueprint.http_webhook_example_work
    asyncio.run(function(QueueMessage(id=id, body=body.encode())))


def test_signs_as_github_documents_it() -> None:
    # pragma: allowlist nextline secret
    expected = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    assert sign(b"Hello, World!") == f"sha256={expected}"


def test_queues_a_delivery() -> None:
    status, content, [message] = deliver()
    delivery = hashlib.sha256(BODY).hexdigest()
    assert (status, content) == (202, {"delivery": delivery, "repeated": False})
    assert json.loads(message) == {
        "delivery": delivery,
        "event": "issues",
        "action": "opened",
        "repository": "ada/tea",
    }


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "sha256=",
        "sha256=é",
        sign(BODY)[:-1],
        sign(BODY).removeprefix("sha256="),
        sign(BODY).upper(),
        sign(BODY + b" "),
        sign(BODY, "another"),
        sign(BODY, ""),
        "sha1=" + hmac.new(SECRET.encode(), BODY, hashlib.sha1).hexdigest(),
    ],
)
def test_refuses_a_wrong_signature(store: Store, signature: str) -> None:
    status, _, messages = deliver(X_Hub_Signature_256=signature)
    assert (status, messages, store.rows) == (401, [], {})


@pytest.mark.parametrize("secret", ["", "@Microsoft.KeyVault(SecretUri=https://v/secrets/s)"])
def test_without_a_secret_no_signature_is_right(
    monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    monkeypatch.setenv("HTTP_WEBHOOK_EXAMPLE_SECRET", secret)
    with pytest.raises(RuntimeError, match="HTTP_WEBHOOK_EXAMPLE_SECRET"):
        deliver(signature=sign(BODY, secret))


def test_refuses_a_body_that_is_too_large_before_it_computes() -> None:
    assert deliver(b"a" * (blueprint.LARGEST_BODY + 1), "sha256=0")[0] == 413


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"a"', b"[" * 100_000])
def test_refuses_a_body_that_is_no_event(body: bytes) -> None:
    status, _, messages = deliver(body)
    assert (status, messages) == (400, [])


@pytest.mark.parametrize("event", ["", "Issues", "a b", "é", "a" * 101])
def test_refuses_an_impossible_event(event: str) -> None:
    assert deliver(X_GitHub_Event=event)[0] == 400


@pytest.mark.parametrize("text", [["a"], "a" * 201, "a\nb"])
def test_takes_only_short_printable_texts_from_a_body(text: object) -> None:
    content = {"action": text, "repository": {"full_name": text}}
    status, _, [message] = deliver(json.dumps(content).encode())
    assert status == 202
    assert (json.loads(message)["action"], json.loads(message)["repository"]) == ("", "")


@pytest.mark.parametrize("content", [{}, {"repository": None}, {"repository": "ada/tea"}])
def test_an_event_need_not_have_a_repository(content: object) -> None:
    status, _, [message] = deliver(json.dumps(content).encode())
    assert (status, json.loads(message)["repository"]) == (202, "")


def test_a_delivery_that_comes_again_is_not_queued(processed: list[blueprint.Event]) -> None:
    _, content, [message] = deliver()
    work(message)
    # Its headers are not signed, so they make it no other delivery.
    status, again, messages = deliver(X_GitHub_Delivery="another", X_GitHub_Event="push")
    assert (status, again, messages) == (200, {**content, "repeated": True}, [])
    assert deliver(BODY + b" ")[0] == 202


def test_work_that_is_done_is_skipped(processed: list[blueprint.Event], store: Store) -> None:
    """Also if two instances have queued it at the same moment."""
    _, _, [message] = deliver()
    work(message, "m-1")
    work(message, "m-2")
    assert [event.action for event in processed] == ["opened"]
    [row] = store.rows.values()
    assert {**row.content, "at": 0} == {"message": "m-1", "at": 0, "done": True}


def test_work_that_failed_is_done_again(
    monkeypatch: pytest.MonkeyPatch, processed: list[blueprint.Event], store: Store
) -> None:
    _, _, [message] = deliver()

    async def fail(event: blueprint.Event) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(blueprint, "process", fail)
        with pytest.raises(ZeroDivisionError):
            work(message)
    assert deliver()[0] == 202
    work(message, "m-2")
    assert len(processed) == 1


@pytest.fixture
def cut_off(monkeypatch: pytest.MonkeyPatch) -> str:
    """The message of a delivery whose work the host ended with the process, at this moment."""
    _, _, [message] = deliver()
    delete = Store.delete

    async def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(blueprint, "process", stop)
        patch.setattr(Store, "delete", stop)
        with pytest.raises(KeyboardInterrupt):
            work(message)
    assert Store.delete is delete
    return message


def test_work_that_was_cut_off_goes_on_with_the_same_message(
    cut_off: str, processed: list[blueprint.Event]
) -> None:
    work(cut_off)
    assert len(processed) == 1
    work(cut_off)
    assert len(processed) == 1


def test_another_message_takes_over_when_the_first_cannot_be_at_work(
    cut_off: str,
    processed: list[blueprint.Event],
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As when it is put back from the poison queue, or its sender sends it again."""
    assert deliver()[0] == 200
    # It returns to the queue: the first could still be cut off.
    with pytest.raises(RuntimeError, match="Another message"):
        work(cut_off, "m-2")
    later = time.time() + blueprint.SECONDS_TO_WORK + 1
    monkeypatch.setattr(time, "time", lambda: later)
    assert deliver()[0] == 202
    done = blueprint.process

    async def process(event: blueprint.Event) -> None:
        content = {"message": "m-2", "at": later, "done": False}
        assert store.rows[event.delivery].content == content
        await done(event)

    monkeypatch.setattr(blueprint, "process", process)
    work(cut_off, "m-2")
    work(cut_off, "m-1")
    assert len(processed) == 1
    later += blueprint.SECONDS_TO_WORK + 1
    assert deliver()[0] == 200


def test_work_that_is_cancelled_is_done_again(
    monkeypatch: pytest.MonkeyPatch, store: Store
) -> None:
    _, _, [message] = deliver()

    async def cancel(event: blueprint.Event) -> None:
        raise asyncio.CancelledError

    monkeypatch.setattr(blueprint, "process", cancel)
    with pytest.raises(asyncio.CancelledError):
        work(message)
    assert store.rows == {}


def test_asks_to_send_it_again_when_the_table_does_not_answer(store: Store) -> None:
    store.down = True
    status, _, messages = deliver()
    assert (status, messages) == (503, [])


async def fail_to_answer(*_: object) -> None:
    raise tables.Failure(503)


def test_asks_to_send_it_again_when_it_cannot_tell_whether_it_is_new(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "read", fail_to_answer)
    status, _, messages = deliver()
    assert (status, messages) == (503, [])


def test_does_no_work_that_it_cannot_claim(
    processed: list[blueprint.Event], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, _, [message] = deliver()
    monkeypatch.setattr(store, "insert", fail_to_answer)
    with pytest.raises(tables.Failure, match="503"):
        work(message)
    assert processed == []


@pytest.fixture
def timed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_WEBHOOK_EXAMPLE_MAX_AGE", "300")


def deliver_timed(id: str, age: float, signed: str = "{id}.{sent}.") -> int:
    sent = str(int(time.time() - age))
    content = signed.format(id=id, sent=sent).encode() + BODY
    return deliver(signature=sign(content), Webhook_Id=id, Webhook_Timestamp=sent)[0]


@pytest.mark.usefixtures("timed")
def test_a_signed_time_must_be_close_to_now() -> None:
    assert [deliver_timed("1", age) for age in (0, 290, -290)] == [202] * 3
    assert [deliver_timed("1", age) for age in (310, -310, 10**9)] == [401] * 3


@pytest.mark.usefixtures("timed")
@pytest.mark.parametrize("signed", ["", "{sent}.", "{id}.1.", "2.{sent}."])
def test_id_and_time_must_be_signed(signed: str) -> None:
    assert deliver_timed("1", 0, signed) == 401


@pytest.mark.usefixtures("timed")
def test_a_delivery_without_an_id_is_refused() -> None:
    """All of them would be the same delivery."""
    assert deliver_timed("", 0) == 401


@pytest.mark.usefixtures("timed")
@pytest.mark.parametrize("sent", ["", "soon", "1e9", "-1", "²", "9" * 13])
def test_refuses_an_impossible_time(sent: str) -> None:
    signature = sign(f"1.{sent}.".encode() + BODY)
    assert deliver(signature=signature, Webhook_Id="1", Webhook_Timestamp=sent)[0] == 401
    assert deliver()[0] == 401


@pytest.mark.usefixtures("timed")
def test_an_id_that_is_signed_names_the_delivery(processed: list[blueprint.Event]) -> None:
    sent = str(int(time.time()))
    signature = sign(f"1.{sent}.".encode() + BODY)
    _, _, [message] = deliver(signature=signature, Webhook_Id="1", Webhook_Timestamp=sent)
    work(message)
    # With another time, as when its sender tries again.
    assert deliver_timed("1", 5) == 200
    assert deliver_timed("2", 0) == 202


def test_forgets_old_deliveries(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    new, old = time.time() - 29 * 24 * 3600, time.time() - 31 * 24 * 3600
    for number, at in enumerate([old, new] * 3):
        key = f"{number}"
        store.rows[key] = tables.Row(key, {"message": "m", "at": at}, "1")
    timer: Any = None
    asyncio.run(blueprint.http_webhook_example_forget(timer))
    assert caplog.messages == ["Deleted the rows of 3 deliveries"]
    assert [row.content["at"] for row in store.rows.values()] == [new] * 3
