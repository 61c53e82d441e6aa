"""Tests for the HTTP function http_sse_example; shared/model.py has its own tests."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import Request

from blueprints import http_sse_example as blueprint
from shared import model as shared_model


def piece(text: str | None, reason: str | None = None) -> Any:
    choice = SimpleNamespace(delta=SimpleNamespace(content=text), finish_reason=reason)
    return SimpleNamespace(choices=[choice])


class Answer:
    """A played answer: what the model sends, or an exception where it stops."""

    def __init__(self, *parts: Any) -> None:
        self.parts = parts
        self.sent = 0
        self.closed = False

    async def __aenter__(self) -> object:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.closed = True

    async def __aiter__(self) -> AsyncIterator[Any]:
        for part in self.parts:
            if isinstance(part, Exception):
                raise part
            await asyncio.sleep(0)
            self.sent += 1
            yield part


class Model:
    """A played model, with one answer; an exception refuses the request."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.asked: list[dict[str, Any]] = []
        self.chat = SimpleNamespace(completions=self)

    async def create(self, **request: Any) -> Any:
        self.asked.append(request)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture(autouse=True)
def deployment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_DEPLOYMENT", "chat")


def post(body: bytes, model: Model) -> Any:
    """Return the response to a body."""

    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    async def call() -> Any:
        function: Any = blueprint.http_sse_example
        scope = {"type": "http", "method": "POST", "headers": [], "query_string": b""}
        return await function(Request(scope, receive))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shared_model, "client", lambda: model)
        return asyncio.run(call())


def read(response: Any) -> list[tuple[str, Any]]:
    """Return the events of a response, which must have the form of server-sent events."""

    async def read_all() -> str:
        return "".join([part async for part in response.body_iterator])

    events = []
    for text in asyncio.run(read_all()).split("\n\n")[:-1]:
        name, data = text.split("\n")
        events.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return events


def message(text: str) -> bytes:
    return json.dumps({"message": text}).encode()


def test_sends_each_piece_and_then_the_end() -> None:
    # The first piece of Azure OpenAI is about the message and has no choices.
    start = SimpleNamespace(choices=[])
    model = Model(
        Answer(start, piece(""), piece("Assam\n\n"), piece(" is strong"), piece(None, "stop"))
    )
    response = post(message(" Which tea? "), model)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.headers["cache-control"] == "no-cache"
    assert read(response) == [
        ("message", {"text": "Assam\n\n"}),
        ("message", {"text": " is strong"}),
        ("end", {"reason": "stop"}),
    ]
    [asked] = model.asked
    assert (asked["model"], asked["stream"]) == ("chat", True)
    assert asked["max_completion_tokens"] == blueprint.MAX_TOKENS
    assert asked["messages"] == [
        {"role": "system", "content": blueprint.INSTRUCTIONS},
        {"role": "user", "content": "Which tea?"},
    ]


def test_says_why_an_answer_is_not_complete() -> None:
    response = post(message("Tea?"), Model(Answer(piece("Ass"), piece(None, "length"))))
    assert read(response)[-1] == ("end", {"reason": "length"})


@pytest.mark.parametrize("end", [[ConnectionError("secret")], []])
def test_a_model_that_stops_in_the_middle_is_an_event(end: list[Exception]) -> None:
    answer = Answer(piece("Ass"), *end)
    events = read(post(message("Tea?"), Model(answer)))
    assert events == [
        ("message", {"text": "Ass"}),
        ("error", {"error": "The model stopped in the middle of its answer."}),
    ]
    assert answer.closed


def test_the_model_stops_when_the_caller_goes_away() -> None:
    answer = Answer(*[piece("tea ")] * 1000)
    response = post(message("Tea?"), Model(answer))

    async def serve() -> None:
        gone = asyncio.Event()

        async def receive() -> Any:
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            if answer.sent == 3:
                gone.set()
            await asyncio.sleep(0.001)

        scope = {"type": "http", "asgi": {"spec_version": "2.0"}}
        await response(scope, receive, send)

    asyncio.run(serve())
    assert answer.closed
    assert answer.sent < 100


@pytest.mark.parametrize(
    ("status", "wait", "explanation"),
    [
        (400, None, "The model does not answer this message."),
        (429, "7", "Too many requests; try again later."),
        (503, None, "The model is unavailable; try again later."),
    ],
)
def test_a_model_that_does_not_begin_has_a_status(
    status: int, wait: str | None, explanation: str
) -> None:
    response = post(message("Tea?"), Model(shared_model.Failure(status, wait)))
    assert response.status_code == status
    assert json.loads(response.body) == {"error": explanation}
    assert response.headers.get("retry-after") == wait


@pytest.mark.parametrize("text", ["?", "a" * 4000])
def test_takes_the_shortest_and_the_longest_message(text: str) -> None:
    assert post(message(text), Model(Answer(piece("Tea", "stop")))).status_code == 200


def test_the_server_does_not_log_addresses_which_can_contain_keys(
    caplog: pytest.LogCaptureFixture,
) -> None:
    logging.getLogger("uvicorn.access").warning("POST /api/chat?code=KEY")
    assert caplog.messages == []


def test_an_error_in_the_app_is_not_hidden() -> None:
    with pytest.raises(ValueError, match="a bug"):
        post(message("Tea?"), Model(ValueError("a bug")))


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", "The body is not valid JSON."),
        (b"tea", "The body is not valid JSON."),
        (b"\xff", "The body is not valid JSON."),
        (b"[" * 100_000, "The body is not valid JSON."),
        (b'{"message": "\\ud800"}', "The body is not valid JSON."),
        (b"[]", "Send a message of 1 to 4000 characters."),
        (b'{"message": 7}', "Send a message of 1 to 4000 characters."),
        (b'{"message": "  "}', "Send a message of 1 to 4000 characters."),
        (message("a" * 4001), "Send a message of 1 to 4000 characters."),
    ],
)
def test_does_not_ask_the_model_about_an_invalid_message(body: bytes, error: str) -> None:
    model = Model(Answer())
    response = post(body, model)
    assert (response.status_code, json.loads(response.body)) == (400, {"error": error})
    assert model.asked == []
