"""Tests for shared/orchestrations.py."""

import asyncio
import json
from types import SimpleNamespace
from typing import Any
from unittest.mock import AsyncMock

import azure.durable_functions as df
import azure.functions as func
import pytest

from shared import orchestrations


def client_that_finds(found: Any) -> Any:
    client = AsyncMock(spec=df.DurableOrchestrationClient)
    client.start_new.return_value = "i-1"
    client.get_status.return_value = found
    return client


def orchestration(status: str, name: str = "bake", step: Any = None, output: Any = None) -> Any:
    """What Durable Functions knows about an orchestration."""
    runtime_status = df.OrchestrationRuntimeStatus(status)
    return SimpleNamespace(
        name=name, runtime_status=runtime_status, custom_status=step, output=output
    )


def status_of(found: Any, instance: str = "i-1") -> tuple[int, dict[str, Any]]:
    """Return the status code and the content of an answer."""
    answer = asyncio.run(orchestrations.status(client_that_finds(found), instance, "bake"))
    return answer.status_code, json.loads(answer.get_body())


@pytest.mark.parametrize("query", ["", "/", "?code=KEY", "/?code=KEY"])
def test_the_caller_gets_the_address_of_the_status_and_no_key(query: str) -> None:
    client = client_that_finds(None)
    req = func.HttpRequest(method="POST", url=f"https://a.net/shop/cakes{query}", body=b"")
    response = asyncio.run(orchestrations.start(req, client, "bake", {"cakes": 2}))
    assert (response.status_code, json.loads(response.get_body())) == (202, {"id": "i-1"})
    assert dict(response.headers) == {"Location": "/shop/cakes/i-1"}
    assert response.mimetype == "application/json"
    client.start_new.assert_awaited_once_with("bake", client_input={"cakes": 2})
    # Its URLs have a key that can end and delete every orchestration of the app.
    client.create_check_status_response.assert_not_called()
    client.create_http_management_payload.assert_not_called()


def test_an_orchestration_that_runs_has_a_step_and_no_result() -> None:
    found = orchestration("Running", step="stirs", output="dough")
    assert status_of(found) == (200, {"status": "Running", "step": "stirs"})


def test_returns_the_result_of_a_completed_orchestration() -> None:
    found = orchestration("Completed", output={"cakes": 2})
    assert status_of(found) == (200, {"status": "Completed", "result": {"cakes": 2}})


def test_does_not_tell_callers_the_error_of_a_failed_orchestration() -> None:
    assert status_of(orchestration("Failed", output="KeyError: 'oven'")) == (
        200,
        {"status": "Failed"},
    )


@pytest.mark.parametrize("found", [None, orchestration("Completed", "payroll", output=7)])
def test_an_unknown_orchestration_or_that_of_another_function_is_not_found(found: Any) -> None:
    assert status_of(found) == (404, {"error": orchestrations.UNKNOWN})


@pytest.mark.parametrize("instance", ["i-1?op=x", "a/b", "../x", "a b", "a" * 51, ""])
def test_an_id_that_could_change_the_address_is_not_found(instance: str) -> None:
    client = client_that_finds(orchestration("Completed"))
    assert asyncio.run(orchestrations.find(client, instance, "bake")) is None
    client.get_status.assert_not_awaited()
