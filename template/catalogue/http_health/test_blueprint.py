"""Tests for the health check http_health_example; shared/tables.py has its own tests."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

import azure.functions as func
import pytest

from blueprints import http_health_example as blueprint

Check = Callable[[], Awaitable[None]]


@pytest.fixture
def calls() -> list[str]:
    """The checks that were run."""
    return []


@pytest.fixture(autouse=True)
def checks(monkeypatch: pytest.MonkeyPatch, calls: list[str]) -> dict[str, Check]:
    """A check that takes a moment, for an app that nobody has asked yet; a test can add others."""

    async def storage() -> None:
        calls.append("storage")
        await asyncio.sleep(0.1)

    checks: dict[str, Check] = {"storage": storage}
    monkeypatch.setattr(blueprint, "CHECKS", checks)
    monkeypatch.setattr(blueprint, "app_health", blueprint.Health())
    return checks


async def fail() -> None:
    raise ConnectionError("AccountKey=secret at 10.0.0.4")


async def hang() -> None:
    await asyncio.sleep(60)


def ask(*functions: Any) -> list[tuple[int, Any]]:
    """Return the status and content of the answers to requests that come at once."""
    req = func.HttpRequest(
        method="GET",
        url="/api/http-health-example",
        body=b"",
    )

    async def send() -> Any:
        return await asyncio.gather(*[function(req) for function in functions])

    responses = asyncio.run(send())
    assert {response.headers["Cache-Control"] for response in responses} == {"no-store"}
    assert {response.mimetype for response in responses} == {"application/json"}
    return [(response.status_code, json.loads(response.get_body())) for response in responses]


def test_tells_that_the_app_is_healthy(caplog: pytest.LogCaptureFixture) -> None:
    [public, details] = ask(
        blueprint.http_health_example,
        blueprint.http_health_example_checks,
    )
    assert public == (200, {"status": "healthy"})
    assert details == (200, {"status": "healthy", "checks": {"storage": "healthy"}})
    assert caplog.messages == []


def test_one_check_that_fails_is_enough(checks: dict[str, Check]) -> None:
    checks["database"] = fail
    [public, details] = ask(
        blueprint.http_health_example,
        blueprint.http_health_example_checks,
    )
    assert public == (503, {"status": "unhealthy"})
    expected = {"storage": "healthy", "database": "ConnectionError"}
    assert details == (503, {"status": "unhealthy", "checks": expected})


def test_no_secret_is_in_an_answer_or_a_log(
    checks: dict[str, Check], caplog: pytest.LogCaptureFixture
) -> None:
    checks["database"] = fail
    answers = ask(
        blueprint.http_health_example,
        blueprint.http_health_example_checks,
    )
    assert "The check of database failed: ConnectionError" in caplog.messages
    assert "secret" not in f"{answers} {caplog.text}"


def test_a_check_that_hangs_has_failed(
    checks: dict[str, Check], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blueprint, "SECONDS_TO_ANSWER", 0.2)
    checks.update({f"service {number}": hang for number in range(5)})
    begin = time.monotonic()
    [(status, content)] = ask(blueprint.http_health_example_checks)
    # All at once, not one after the other.
    assert time.monotonic() - begin < 0.9
    assert status == 503
    assert content["checks"].pop("storage") == "healthy"
    assert set(content["checks"].values()) == {"TimeoutError"}


def test_requests_at_the_same_time_share_the_checks(calls: list[str]) -> None:
    answers = ask(*[blueprint.http_health_example] * 20)
    assert [status for status, _ in answers] == [200] * 20
    assert calls == ["storage"]


def test_an_answer_is_kept_for_some_seconds(
    monkeypatch: pytest.MonkeyPatch, calls: list[str], checks: dict[str, Check]
) -> None:
    ask(blueprint.http_health_example)
    checks["database"] = fail
    assert ask(blueprint.http_health_example)[0][0] == 200
    assert calls == ["storage"]
    monkeypatch.setattr(blueprint, "SECONDS_KEPT", 0)
    assert ask(blueprint.http_health_example)[0][0] == 503
    assert calls == ["storage", "storage"]


def test_only_the_status_is_for_everybody() -> None:
    app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)
    app.register_functions(blueprint.bp)
    triggers: list[Any] = [function.get_trigger() for function in app.get_functions()]
    levels = {trigger.route: trigger.auth_level.value for trigger in triggers}
    assert levels == {
        "http-health-example": "anonymous",
        "http-health-example/checks": "function",
    }
