"""Tests for the HTTP function http_example."""

import json
from typing import Any

import azure.functions as func
import pytest

from blueprints import http_example as blueprint


def call(
    params: dict[str, str] | None = None,
    body: bytes = b"",
) -> tuple[int, dict[str, Any]]:
    """Return the status and JSON content of the response."""
    req = func.HttpRequest(
        method="POST" if body else "GET",
        url="/api/http-example",
        params=params or {},
        body=body,
    )
    response = blueprint.http_example(req)
    assert response.mimetype == "application/json"
    return response.status_code, json.loads(response.get_body())


def test_greets_the_name_in_the_query() -> None:
    assert call(params={"name": " Ada "}) == (200, {"message": "Hello, Ada!"})


def test_greets_the_name_in_the_body() -> None:
    assert call(body='{"name": "Zoë"}'.encode()) == (200, {"message": "Hello, Zoë!"})


@pytest.mark.parametrize("body", [b"", b"{}", b'["Ada"]', b'{"name": " "}', b'{"name": 7}'])
def test_asks_for_a_name_when_there_is_none(body: bytes) -> None:
    status, content = call(body=body)
    assert status == 400
    assert content["error"].startswith("Pass a name")


@pytest.mark.parametrize("body", [b"{name}", b"\xff"])
def test_refuses_a_body_that_is_not_json(body: bytes) -> None:
    assert call(body=body) == (400, {"error": "The body is not valid JSON."})


def test_refuses_a_body_that_is_nested_too_deeply() -> None:
    assert call(body=b"[" * 100_000) == (400, {"error": "The body is nested too deeply."})


def test_the_name_in_the_query_comes_before_that_in_the_body() -> None:
    assert call({"name": "Ada"}, b'{"name": "Eve"}') == (200, {"message": "Hello, Ada!"})


def test_takes_the_longest_name() -> None:
    longest = "a" * blueprint.LONGEST_NAME
    assert call(params={"name": longest}) == (200, {"message": f"Hello, {longest}!"})


def test_refuses_a_name_that_is_too_long() -> None:
    status, _ = call(params={"name": "a" * (blueprint.LONGEST_NAME + 1)})
    assert status == 400
