"""Tests for the HTTP functions of http_jwt_example; shared/entra.py has the tests of tokens."""

import asyncio
import json
from typing import Any

import azure.functions as func
import pytest

from blueprints import http_jwt_example as blueprint
from shared import entra
from shared.problems import Problem

NOBODY = Problem(401, "Send an access token.", {"WWW-Authenticate": "Bearer"})


@pytest.fixture(params=["get", "approve"])
def function(request: pytest.FixtureRequest) -> Any:
    """Each function; none answers a caller who is not let in."""
    return {
        "get": blueprint.http_jwt_example,
        "approve": blueprint.http_jwt_example_approve,
    }[request.param]


def call(
    function: Any,
    monkeypatch: pytest.MonkeyPatch,
    scopes: str = "",
    roles: str = "",
    order: str = "A1",
    problem: Problem | None = None,
) -> tuple[int, Any]:
    """Return the status and the content of the answer to a caller."""

    async def read_caller(req: func.HttpRequest) -> entra.Caller:
        if problem:
            raise problem
        return entra.Caller("ada", frozenset(scopes.split()), frozenset(roles.split()))

    monkeypatch.setattr(entra, "read_caller", read_caller)
    req = func.HttpRequest(
        method="GET",
        url="/api/http-jwt-example",
        route_params={"order": order},
        body=b"",
    )
    response = asyncio.run(function(req))
    if response.status_code >= 400:
        assert response.mimetype == "application/problem+json"
        assert "WWW-Authenticate" in response.headers or response.status_code == 404
    else:
        assert response.mimetype == "application/json"
    return response.status_code, json.loads(response.get_body())


def test_lets_nobody_in_without_a_token(function: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert call(function, monkeypatch, problem=NOBODY)[0] == 401


def test_lets_nobody_in_who_may_do_something_else(
    function: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert call(function, monkeypatch, scopes="Orders.Write", roles="Orders.Delete")[0] == 403


@pytest.mark.parametrize(("scopes", "roles"), [("Orders.Read", ""), ("", "Orders.Read.All")])
def test_tells_who_calls(monkeypatch: pytest.MonkeyPatch, scopes: str, roles: str) -> None:
    function = blueprint.http_jwt_example
    status, content = call(function, monkeypatch, scopes, roles)
    assert (status, content) == (200, {"caller": "ada", "roles": roles.split()})


def test_only_the_role_allows_approving(monkeypatch: pytest.MonkeyPatch) -> None:
    approve = blueprint.http_jwt_example_approve
    assert call(approve, monkeypatch, scopes="Orders.Approve Orders.Read")[0] == 403
    status, content = call(approve, monkeypatch, roles="Orders.Approve")
    assert (status, content) == (200, {"order": "A1", "approved_by": "ada"})


@pytest.mark.parametrize("order", ["A 1", "A\n1", "A" * 101])
def test_refuses_an_impossible_order(monkeypatch: pytest.MonkeyPatch, order: str) -> None:
    approve = blueprint.http_jwt_example_approve
    assert call(approve, monkeypatch, roles="Orders.Approve", order=order)[0] == 404


def test_the_host_asks_callers_for_no_key() -> None:
    app = func.FunctionApp()
    app.register_functions(blueprint.bp)
    triggers: list[Any] = [function.get_trigger() for function in app.get_functions()]
    assert {trigger.auth_level.value for trigger in triggers} == {"anonymous"}
