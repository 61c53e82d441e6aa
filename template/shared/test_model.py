"""Tests for shared/model.py, with a server on this machine that answers as the model's API does."""

import asyncio
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from azure.core.credentials import AccessToken
from openai import APIStatusError

from shared import model

ANSWER = {
    "id": "1",
    "object": "chat.completion",
    "created": 1,
    "model": "chat",
    "choices": [
        {
            "index": 0,
            "message": {"role": "assistant", "content": "tea"},
            "finish_reason": "stop",
        }
    ],
}
FILTERED = {"error": {"code": "content_filter", "message": "refused"}}


class Server(ThreadingHTTPServer):
    """A played API; `answers` are statuses, contents and headers, the last one for all others."""

    answers: list[tuple[int, Any, dict[str, str]]]
    requests: list[tuple[str, str | None]]


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.server.requests.append((self.path, self.headers["authorization"]))
        answers = self.server.answers
        status, content, headers = answers.pop(0) if len(answers) > 1 else answers[0]
        self.send_response(status)
        for name, value in {"content-type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(json.dumps(content).encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(autouse=True)
def _no_socks(monkeypatch: pytest.MonkeyPatch) -> None:
    """No SOCKS proxy: for one, the client needs an extra that not every app installs."""
    monkeypatch.delenv("ALL_PROXY", raising=False)
    monkeypatch.delenv("all_proxy", raising=False)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A model that answers; the app is connected to it."""
    server = Server(("127.0.0.1", 0), Handler)
    server.answers, server.requests = [(200, ANSWER, {})], []
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    monkeypatch.setenv("OpenAIConnection__endpoint", f"http://127.0.0.1:{server.server_port}/v1/")
    monkeypatch.setenv("OPENAI_DEPLOYMENT", "chat")
    # A client that takes it for another machine would look for a proxy.
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    model.client.cache_clear()
    yield server
    model.client.cache_clear()
    server.shutdown()
    server.server_close()


def ask() -> str | None:
    """Return the answer of the model to a message."""

    async def ask_once() -> str | None:
        async with model.client() as client, model.failures():
            answer = await client.chat.completions.create(
                model=model.deployment(), messages=[{"role": "user", "content": "Tea?"}]
            )
            return answer.choices[0].message.content

    return asyncio.run(ask_once())


def test_asks_the_api_at_the_endpoint_without_a_key(server: Server) -> None:
    assert ask() == "tea"
    assert server.requests == [("/v1/chat/completions", "Bearer none")]


def test_does_not_log_the_address_of_each_request(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    assert ask() == "tea"
    assert str(server.server_port) not in caplog.text


def test_looks_for_no_proxy_on_the_way_to_this_machine(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy")
    assert ask() == "tea"


def test_all_requests_share_a_client(server: Server) -> None:
    assert model.client() is model.client()


def test_tries_again_itself_when_the_model_is_busy_for_a_moment(server: Server) -> None:
    server.answers.insert(0, (429, {}, {"retry-after-ms": "1"}))
    assert ask() == "tea"
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("status", "content", "failure"),
    [(429, {}, 429), (400, FILTERED, 400), (408, {}, 503), (500, {}, 503), (503, {}, 503)],
)
def test_tells_why_there_is_no_answer(
    server: Server, status: int, content: Any, failure: int
) -> None:
    server.answers = [(status, content, {"retry-after-ms": "1", "retry-after": "7"})]
    with pytest.raises(model.Failure) as raised:
        ask()
    assert raised.value.status == failure
    assert raised.value.retry_after == ("7" if failure == 429 else None)


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_what_the_owner_must_fix_stays_an_error_of_the_sdk(server: Server, status: int) -> None:
    server.answers = [(status, {"error": {"message": "no such deployment"}}, {})]
    with pytest.raises(APIStatusError) as raised:
        ask()
    assert raised.value.status_code == status


def test_a_model_that_cannot_be_reached_is_unavailable(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OpenAIConnection__endpoint", "http://127.0.0.1:9/v1/")
    monkeypatch.setattr(model, "RETRIES", 0)
    with pytest.raises(model.Failure) as raised:
        ask()
    assert raised.value.status == 503


def test_no_request_waits_longer_than_its_caller(server: Server) -> None:
    client = model.client()
    assert isinstance(client.timeout, (int, float))
    assert client.max_retries == model.RETRIES
    # A caller over HTTP gets no answer of the app after 230 seconds.
    assert client.timeout * (client.max_retries + 1) < 230


def test_finds_the_error_that_a_framework_wrapped(server: Server) -> None:
    server.answers = [(503, {}, {"x-should-retry": "false"})]

    async def ask_in_a_framework() -> None:
        async with model.failures(), model.client() as client:
            try:
                await client.chat.completions.create(model="chat", messages=[])
            except Exception as error:
                raise RuntimeError("it failed") from error

    with pytest.raises(model.Failure):
        asyncio.run(ask_in_a_framework())


def test_other_errors_stay_as_they_are() -> None:
    async def fail() -> None:
        async with model.failures():
            raise KeyError("OPENAI_DEPLOYMENT")

    with pytest.raises(KeyError):
        asyncio.run(fail())


class Identity:
    """A played identity of the app, or of a developer."""

    made: list[dict[str, Any]]

    def __init__(self, **options: Any) -> None:
        self.made.append(options)

    async def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        self.made.append({"scopes": scopes})
        return AccessToken("a.token", 4102444800)


@pytest.mark.parametrize("client_id", ["an-id", None])
def test_an_identity_signs_in_elsewhere(
    server: Server, monkeypatch: pytest.MonkeyPatch, client_id: str | None
) -> None:
    made: list[dict[str, Any]] = []
    monkeypatch.setattr(Identity, "made", made, raising=False)
    monkeypatch.setattr("azure.identity.aio.DefaultAzureCredential", Identity)
    monkeypatch.setattr(model, "LOCAL_HOSTS", set())
    monkeypatch.delenv("OpenAIConnection__clientId", raising=False)
    if client_id:
        monkeypatch.setenv("OpenAIConnection__clientId", client_id)
    assert ask() == "tea"
    assert server.requests == [("/v1/chat/completions", "Bearer a.token")]
    assert made == [
        {"managed_identity_client_id": client_id} if client_id else {},
        {"scopes": ("https://cognitiveservices.azure.com/.default",)},
    ]


@pytest.mark.parametrize(
    ("endpoint", "signs_in"),
    [
        ("http://localhost:11434/v1/", False),
        ("https://localhost.example.com/v1/", True),
        ("https://shop.openai.azure.com/openai/v1/", True),
    ],
)
def test_only_a_server_on_this_machine_needs_no_identity(
    monkeypatch: pytest.MonkeyPatch, endpoint: str, signs_in: bool
) -> None:
    made: list[dict[str, Any]] = []
    monkeypatch.setattr(Identity, "made", made, raising=False)
    monkeypatch.setattr("azure.identity.aio.DefaultAzureCredential", Identity)
    monkeypatch.setenv("OpenAIConnection__endpoint", endpoint)
    model.client.cache_clear()
    assert str(model.client().base_url) == endpoint
    model.client.cache_clear()
    assert bool(made) == signs_in
