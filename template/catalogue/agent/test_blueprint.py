"""Tests for the agent agent_example, whose model is played; shared/model.py has its own tests."""

import asyncio
import json
from collections.abc import Awaitable, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import azure.functions as func
import pytest
from agent_framework import (
    BaseChatClient,
    ChatResponse,
    Content,
    FunctionInvocationLayer,
    Message,
)

from blueprints import agent_example as blueprint
from shared import model as shared_model

NOT_JSON = "The body is not valid JSON."
NO_MESSAGE = "Send a message of 1 to 4000 characters."


class Model(FunctionInvocationLayer[Any], BaseChatClient[Any]):
    """A played model: it gives these answers, or fails with these exceptions, one after another."""

    def __init__(self, *answers: Any) -> None:
        super().__init__()
        self.answers = list(answers)
        self.asked: list[tuple[list[Message], Mapping[str, Any]]] = []

    def _inner_get_response(
        self, *, messages: Sequence[Message], options: Mapping[str, Any], **_: Any
    ) -> Any:
        self.asked.append((list(messages), options))
        return self.answer()

    async def answer(self) -> ChatResponse:
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        contents = [answer] if isinstance(answer, Content) else [Content.from_text(answer)]
        return ChatResponse(messages=[Message("assistant", contents)])

    def texts(self) -> list[str]:
        """Return the texts that it got last, with the results of tools."""
        messages, _ = self.asked[-1]
        contents = [content for message in messages for content in message.contents]
        return [str(content.text or content.result or "") for content in contents]


class Kept(func.Out[str]):
    """The blob that the function writes; None if it writes none."""

    value: Any = None

    def set(self, val: str) -> None:
        self.value = val

    def get(self) -> Any:
        return self.value


def call_tool(**arguments: Any) -> Content:
    return Content.from_function_call("1", "find_price", arguments=json.dumps(arguments))


def post(
    model: Model, body: bytes, saved: str | None = None
) -> tuple[func.HttpResponse, str | None]:
    """Return the response to a body, and what the session's blob then keeps, if it is written."""
    request = func.HttpRequest(method="POST", url="/", body=body)
    blob: Any = None if saved is None else BytesIO(saved.encode())
    kept = Kept()
    function: Any = blueprint.agent_example.build().get_user_function()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blueprint, "chat_client", lambda: model)
        called: Awaitable[func.HttpResponse] = function(req=request, saved=blob, kept=kept)
        return asyncio.run(answer_of(called)), kept.value


async def answer_of(called: Awaitable[func.HttpResponse]) -> func.HttpResponse:
    return await called


def ask(model: Model, message: str, saved: str | None = None) -> tuple[Any, str | None]:
    response, kept = post(model, json.dumps({"message": message}).encode(), saved)
    assert (response.status_code, response.mimetype) == (200, "application/json")
    return json.loads(response.get_body())["answer"], kept


def test_answers_with_its_instructions() -> None:
    model = Model("Green tea is mild.")
    answer, _ = ask(model, " Which tea is mild? ")
    assert answer == "Green tea is mild."
    [(messages, options)] = model.asked
    assert [message.text for message in messages] == ["Which tea is mild?"]
    agents = Path(__file__).parents[1] / "agents"
    file = agents / "agent_example.agent.md"
    assert options["instructions"] == file.read_text(encoding="utf-8")
    assert options["max_tokens"] == blueprint.MAX_TOKENS


@pytest.mark.parametrize(
    ("product", "result"),
    [
        ("Green Tea ", {"product": "green tea", "cents": 300}),
        (
            "coffee",
            {"error": "There is no such product. There are: black tea, green tea, milk."},
        ),
    ],
)
def test_the_model_calls_the_tool_and_reads_its_result(product: str, result: object) -> None:
    model = Model(call_tool(product=product), "That is it.")
    answer, _ = ask(model, "How much is it?")
    assert answer == "That is it."
    assert json.loads(model.texts()[-1]) == result


@pytest.mark.parametrize("arguments", [{}, {"product": 7}, {"product": ["milk"]}])
def test_wrong_arguments_of_the_model_are_no_error_of_the_app(arguments: dict[str, Any]) -> None:
    model = Model(call_tool(**arguments), "I do not know.")
    assert ask(model, "How much is it?")[0] == "I do not know."
    assert "cents" not in model.texts()[-1]


def test_does_not_call_tools_for_ever() -> None:
    model = Model(*[call_tool(product="milk")] * 100)
    model.function_invocation_configuration["max_function_calls"] = blueprint.MAX_CALLS
    post(model, b'{"message": "How much is it?"}')
    assert blueprint.MAX_CALLS <= len(model.asked) <= blueprint.MAX_CALLS + 2


def test_goes_on_with_a_session() -> None:
    model = Model(call_tool(product="milk"), "1.20 euros.", "Yes.")
    _, saved = ask(model, "How much is milk?")
    answer, kept = ask(model, "Is that cheap?", saved)
    assert answer == "Yes."
    result = json.dumps({"product": "milk", "cents": 120})
    assert model.texts() == ["How much is milk?", "", result, "1.20 euros.", "Is that cheap?"]
    assert kept is not None
    assert len(kept) > len(saved or "")


def test_sessions_know_nothing_of_each_other() -> None:
    model = Model("1.20 euros.", "Of what?")
    ask(model, "How much is milk?")
    ask(model, "Is that cheap?")
    assert model.texts() == ["Is that cheap?"]


def test_a_session_that_is_too_long_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    _, saved = ask(Model("Yes."), "Tea?")
    monkeypatch.setattr(blueprint, "MAX_SESSION", 100)
    model = Model()
    response, kept = post(model, b'{"message": "More?"}', saved)
    assert response.status_code == 400
    expected = {"error": "The session is too long; start another one."}
    assert json.loads(response.get_body()) == expected
    assert (kept, model.asked) == (None, [])


@pytest.mark.parametrize("message", ["?", "a" * 4000])
def test_takes_the_shortest_and_the_longest_message(message: str) -> None:
    assert ask(Model("Tea."), message)[0] == "Tea."


@pytest.mark.parametrize(
    ("status", "wait", "explanation"),
    [
        (400, None, "The model does not answer this message."),
        (429, "7", "Too many requests; try again later."),
        (503, None, "The model is unavailable; try again later."),
    ],
)
def test_a_model_that_fails_leaves_the_session_as_it_was(
    status: int, wait: str | None, explanation: str
) -> None:
    model = Model(shared_model.Failure(status, wait))
    response, kept = post(model, b'{"message": "Tea?"}')
    assert response.status_code == status
    assert json.loads(response.get_body()) == {"error": explanation}
    assert response.headers.get("Retry-After") == wait
    assert kept is None


def test_an_error_in_the_app_is_not_hidden() -> None:
    with pytest.raises(RuntimeError, match="a bug"):
        post(Model(RuntimeError("a bug")), b'{"message": "Tea?"}')


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", NOT_JSON),
        (b"tea", NOT_JSON),
        (b"[" * 100_000, NOT_JSON),
        (b'{"message": "\\ud800"}', NOT_JSON),
        (b"[]", NO_MESSAGE),
        (b'{"message": 7}', NO_MESSAGE),
        (b'{"message": " "}', NO_MESSAGE),
        (json.dumps({"message": "a" * 4001}).encode(), NO_MESSAGE),
    ],
)
def test_does_not_ask_the_model_about_an_invalid_message(body: bytes, error: str) -> None:
    model = Model()
    response, kept = post(model, body)
    assert (response.status_code, json.loads(response.get_body())) == (400, {"error": error})
    assert (kept, model.asked) == (None, [])


def test_asks_the_model_that_the_functions_share(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_DEPLOYMENT", "chat")
    monkeypatch.setenv("OpenAIConnection__endpoint", "http://127.0.0.1:9/v1/")
    shared_model.client.cache_clear()
    client = blueprint.chat_client()
    assert client.model == "chat"
    assert client.client is shared_model.client()
    assert client.function_invocation_configuration["max_function_calls"] == blueprint.MAX_CALLS
    shared_model.client.cache_clear()
