"""Tests for the MCP tool mcp_tool_http_example."""

import asyncio
import inspect
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from blueprints import mcp_tool_http_example as blueprint

RATE = {"amount": 1.0, "base": "EUR", "date": "2026-11-25", "rates": {"USD": 1.0825}}
UNAVAILABLE = "The service for exchange rates is unavailable; try again later."

Answer = Callable[[httpx.Request], Any]


def ask(answer: Answer, *calls: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the structured results of calls; the played service answers with the function."""

    async def handle(request: httpx.Request) -> httpx.Response:
        given = answer(request)
        content = await given if inspect.isawaitable(given) else given
        if isinstance(content, httpx.Response):
            return content
        return httpx.Response(200, json=content)

    async def call_all() -> list[str]:
        transport = httpx.MockTransport(handle)
        async with httpx.AsyncClient(base_url="http://rates/v1/", transport=transport) as client:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(blueprint, "client", lambda: client)
                function: Any = blueprint.mcp_tool_http_example
                tool = function.build().get_user_function()
                contexts = [json.dumps({"name": "tool", "arguments": call}) for call in calls]
                results: list[str] = await asyncio.gather(*[tool(context=c) for c in contexts])
                return results

    return [read(result) for result in asyncio.run(call_all())]


def read(result: str) -> dict[str, Any]:
    """Return the structured content of a result, which must be the same as its text."""
    parts = json.loads(result)
    structured: dict[str, Any] = json.loads(parts["structuredContent"])
    assert json.loads(json.loads(parts["content"])["text"]) == structured
    return structured


def error_of(answer: Answer, **arguments: Any) -> str:
    [result] = ask(answer, {"base": "EUR", "currency": "USD", **arguments})
    assert list(result) == ["error"]
    return str(result["error"])


def test_does_not_log_addresses_which_could_contain_a_key(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO")
    ask(lambda request: RATE, {"base": "EUR", "currency": "USD"})
    assert "rates/v1" not in caplog.text


def test_returns_the_rate_of_the_service() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> Any:
        asked.append(str(request.url))
        return RATE

    [result] = ask(answer, {"base": " eur", "currency": "usd"})
    assert result == {"base": "EUR", "currency": "USD", "rate": 1.0825, "date": "2026-11-25"}
    assert asked == ["http://rates/v1/latest?base=EUR&symbols=USD"]


@pytest.mark.parametrize("code", ["", "EURO", "E1R", "€€€", None, 7, ["EUR"], "EUR&symbols=USD"])
def test_asks_the_service_for_nothing_invalid(code: Any) -> None:
    def answer(request: httpx.Request) -> Any:
        raise AssertionError("The service was asked.")

    assert error_of(answer, base=code) == "base must be a code of three letters, such as EUR."
    expected = "currency must be a code of three letters, such as EUR."
    assert error_of(answer, currency=code) == expected


@pytest.mark.parametrize("status", [404, 422])
def test_tells_the_assistant_that_there_is_no_such_rate(status: int) -> None:
    assert error_of(lambda _: httpx.Response(status)) == "There is no rate from EUR to USD."


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(500),
        httpx.Response(429),
        httpx.Response(302, headers={"location": "http://rates/v1/other"}),
        httpx.Response(200, text="<html>"),
        httpx.Response(200, content=b'{"rates": {"USD": NaN}, "date": "2026-11-25"}'),
        {"rates": {"USD": 10**400}, "date": "2026-11-25"},
        [],
        {"rates": {}},
        {"rates": {"USD": 1.0825}},
        {"rates": {"USD": "much"}, "date": "2026-11-25"},
        {"rates": {"USD": None}, "date": "2026-11-25"},
    ],
)
def test_tells_the_assistant_that_the_service_does_not_work(answer: Any) -> None:
    assert error_of(lambda _: answer) == UNAVAILABLE


def test_tells_the_assistant_that_the_service_cannot_be_reached() -> None:
    def answer(request: httpx.Request) -> Any:
        raise httpx.ConnectError("no connection")

    assert error_of(answer) == UNAVAILABLE


def test_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blueprint, "TIMEOUT", 0.01)
    assert error_of(lambda _: asyncio.sleep(60)) == UNAVAILABLE


def test_calls_wait_at_the_same_time() -> None:
    waiting = 0
    most = 0

    async def answer(request: httpx.Request) -> Any:
        nonlocal waiting, most
        waiting += 1
        most = max(most, waiting)
        await asyncio.sleep(0.01)
        waiting -= 1
        return RATE

    assert len(ask(answer, *[{"base": "EUR", "currency": "USD"}] * 4)) == 4
    assert most == 4


def test_all_calls_share_a_client(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MCP_TOOL_HTTP_EXAMPLE_URL", "http://rates/v1/")
    # For a SOCKS proxy, the client needs another package.
    monkeypatch.delenv("ALL_PROXY", raising=False)
    monkeypatch.delenv("all_proxy", raising=False)
    blueprint.client.cache_clear()
    client = blueprint.client()
    assert client is blueprint.client()
    assert str(client.base_url) == "http://rates/v1/"
    assert client.timeout.read == blueprint.TIMEOUT
    blueprint.client.cache_clear()


def test_assistants_get_structured_results() -> None:
    function = blueprint.mcp_tool_http_example.build()
    [trigger] = function.get_bindings_dict()["bindings"]
    assert trigger["useResultSchema"] is True
    properties = json.loads(trigger["toolProperties"])
    required = {each["propertyName"]: each["isRequired"] for each in properties}
    assert required == {"base": True, "currency": True}
