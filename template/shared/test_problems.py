"""Tests for problem details."""

import asyncio
import inspect
import json

import azure.functions as func
import pytest

from shared import problems


@problems.answered
async def function(req: func.HttpRequest) -> func.HttpResponse:
    """Greet."""
    if req.method == "PUT":
        raise problems.Problem(405, "Use GET.", {"Allow": "GET"}, hint="Read the documentation.")
    if req.method == "POST":
        raise ZeroDivisionError
    return func.HttpResponse("hello")


def call(method: str) -> func.HttpResponse:
    req = func.HttpRequest(method=method, url="/", body=b"")

    async def send() -> func.HttpResponse:
        # As the worker calls it.
        return await function(req=req)

    return asyncio.run(send())


def test_a_problem_is_an_answer() -> None:
    response = call("PUT")
    assert (response.status_code, response.mimetype) == (405, "application/problem+json")
    assert response.headers["Allow"] == "GET"
    assert json.loads(response.get_body()) == {
        "type": "about:blank",
        "title": "Method Not Allowed",
        "status": 405,
        "detail": "Use GET.",
        "hint": "Read the documentation.",
    }


def test_what_is_no_problem_stays_as_it_is() -> None:
    assert call("GET").get_body() == b"hello"
    with pytest.raises(ZeroDivisionError):
        call("POST")


def test_the_worker_still_sees_the_function_itself() -> None:
    assert inspect.iscoroutinefunction(function)
    assert (function.__name__, function.__doc__) == ("function", "Greet.")
    assert function.__annotations__ == {"req": func.HttpRequest, "return": func.HttpResponse}
