"""Requests and responses of HTTP streams that are used as those of azure.functions."""

import pytest

from tests.support.validator import Files, Find, Plant

SOURCE = """
import azure.functions as func
from azurefunctions.extensions.http.fastapi import JSONResponse, Request

bp = func.Blueprint()


@bp.route(route="orders")
async def orders(req: {type}):
    {line}
    return {value}
"""


def app(line: str, value: str, type_: str = "Request") -> Files:
    """Return an app with a line in a function with a streamed request."""
    requirements = "azure-functions\nazurefunctions-extensions-http-fastapi\n"
    source = SOURCE.format(line=line, value=value, type=type_)
    return {"blueprints/orders.py": source, "requirements.txt": requirements}


@pytest.mark.parametrize(
    ("line", "value", "message", "fix"),
    [
        (
            "body = req.get_json()",
            "JSONResponse(body)",
            "req is a request of FastAPI, which has no attribute 'get_json'.",
            "Use await req.json().",
        ),
        (
            "name = req.params.get('name')",
            "JSONResponse(name)",
            "req is a request of FastAPI, which has no attribute 'params'.",
            "Use req.query_params.",
        ),
        (
            "body = await req.json()",
            "func.HttpResponse(str(body))",
            "The caller of this function gets the fields of a func.HttpResponse as JSON.",
            "Return a Response of azurefunctions.extensions.http.fastapi.",
        ),
    ],
)
def test_streams_that_are_used_as_other_objects(
    line: str, value: str, message: str, fix: str, plant: Plant, find: Find
) -> None:
    [found] = find(plant(app(line, value)), "AF241")
    assert (found.message, found.fix) == (message, fix)


@pytest.mark.parametrize(
    ("line", "value", "type_"),
    [
        ("body = await req.json()", "JSONResponse(body)", "Request"),
        ("name = req.query_params['name']", "JSONResponse(name)", "Request"),
        ("name = req.params if hasattr(req, 'params') else 1", "JSONResponse(name)", "Request"),
        ("body = req.get_json()", "func.HttpResponse(str(body))", "func.HttpRequest"),
    ],
)
def test_streams_that_are_used_as_they_are(
    line: str, value: str, type_: str, plant: Plant, find: Find
) -> None:
    assert find(plant(app(line, value, type_)), "AF241") == []
