"""Tests for OpenAPI documents and their page."""

import base64
import hashlib
import json
import re
from decimal import Decimal

import pytest
from pydantic import BaseModel, Field

from shared import openapi


class NewCup(BaseModel):
    size: int = Field(ge=1)
    color: str = "white"


class Cup(NewCup):
    id: str


class Price(BaseModel):
    euros: Decimal = Decimal(1)


PATHS: dict[str, openapi.Json] = {
    "/cups": {
        "post": openapi.operation(
            "addCup",
            "Add a cup",
            201,
            Cup,
            problems=[422],
            body=openapi.body(NewCup),
            headers=["Location"],
        ),
    },
    "/cups/{id}": {
        "parameters": [openapi.parameter("id", "path", {"type": "string"}, "The id.")],
        "patch": openapi.operation("change", "Change", 200, Cup, body=openapi.patch_body(NewCup)),
    },
}


def test_a_document_tells_where_the_api_is_and_which_key_it_takes() -> None:
    document = openapi.document("Cups", "1.0.0", "/api", PATHS, [NewCup], [Cup])
    assert document["openapi"] == "3.1.0"
    assert document["info"] == {"title": "Cups", "version": "1.0.0"}
    assert document["servers"] == [{"url": "/api"}]
    # With the key, or without one if the app lets everybody call it.
    assert document["security"] == [{"key": []}, {}]
    assert document["components"]["securitySchemes"] == {
        "key": {"type": "apiKey", "in": "header", "name": "x-functions-key"}
    }


def test_a_document_has_the_models_that_its_paths_name() -> None:
    document = openapi.document("Cups", "1.0.0", "/api", PATHS, [NewCup], [Cup])
    schemas = document["components"]["schemas"]
    named = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(document)))
    assert named == set(schemas) == {"NewCup", "NewCupPatch", "Cup", "Problem"}
    assert schemas["NewCup"]["required"] == ["size"]
    assert {"size", "id"} <= set(schemas["Cup"]["required"])


def test_one_model_can_be_a_body_and_an_answer() -> None:
    """A price is read as a number or text, and written as text."""
    paths = {"/prices": {"put": openapi.operation("set", "Set", 200, Price)}}
    document = openapi.document("Prices", "1.0.0", "/api", paths, [Price], [Price])
    schemas = document["components"]["schemas"]
    named = set(re.findall(r'"#/components/schemas/([\w-]+)"', json.dumps(document)))
    assert {"Price"} <= named <= set(schemas)
    [patched] = schemas["PricePatch"]["properties"]["euros"]["anyOf"][:-1]
    assert {"type": "number"} in patched["anyOf"]


def test_all_members_of_a_patch_are_optional_and_can_be_null() -> None:
    document = openapi.document("Cups", "1.0.0", "/api", PATHS, [NewCup], [Cup])
    patch = document["components"]["schemas"]["NewCupPatch"]
    assert "required" not in patch
    size = {"minimum": 1, "title": "Size", "type": "integer"}
    assert patch["properties"]["size"] == {"anyOf": [size, {"type": "null"}]}
    assert "default" not in json.dumps(patch)


def test_an_operation_names_its_answers() -> None:
    post = PATHS["/cups"]["post"]
    assert set(post["responses"]) == {"201", "422"}
    assert list(post["responses"]["201"]["headers"]) == ["Location"]
    assert list(post["responses"]["422"]["content"]) == ["application/problem+json"]
    assert post["requestBody"]["required"]
    assert {*PATHS["/cups/{id}"]["patch"]["requestBody"]["content"]} == {
        "application/merge-patch+json",
        "application/json",
    }


def test_an_operation_can_be_without_a_body_and_an_answer() -> None:
    limit = openapi.parameter("limit", "query", {"type": "integer"}, "How many.")
    assert openapi.operation("drop", "Drop cups", 204, parameters=[limit]) == {
        "operationId": "drop",
        "summary": "Drop cups",
        "responses": {"204": {"description": "No Content"}},
        "parameters": [limit],
    }
    assert openapi.operation("wash", "Wash cups", 204).keys() == {
        "operationId",
        "summary",
        "responses",
    }


@pytest.mark.parametrize(
    ("place", "required", "expected"),
    [("query", False, False), ("header", True, True), ("path", False, True)],
)
def test_a_parameter_in_the_path_is_required(place: str, required: bool, expected: bool) -> None:
    parameter = openapi.parameter("id", place, {"type": "string"}, "The id.", required)
    assert parameter == {
        "name": "id",
        "in": place,
        "required": expected,
        "schema": {"type": "string"},
        "description": "The id.",
    }


def test_responds_with_the_document() -> None:
    response = openapi.respond({"openapi": "3.1.0"})
    assert (response.status_code, response.mimetype) == (200, "application/json")
    assert json.loads(response.get_body()) == {"openapi": "3.1.0"}


def test_the_browser_runs_only_what_the_page_names() -> None:
    response = openapi.page("Cups & <saucers>")
    page = response.get_body().decode()
    assert "<title>Cups &amp; &lt;saucers&gt;</title>" in page
    policy = response.headers["Content-Security-Policy"]
    for script in re.findall(r"(?s)<script>(.*?)</script>", page):
        hash = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{hash}'" in policy
    loaded = re.findall(r'<(?:link|script)[^>]*(?:href|src)="([^"]+)"([^>]*)', page)
    assert len(loaded) == 2
    for address, rest in loaded:
        assert address.startswith(openapi.SWAGGER_UI)
        assert re.search('integrity="sha384-[A-Za-z0-9+/]{64}" crossorigin="anonymous"', rest)
    assert "default-src 'none'" in policy
    assert "unsafe-eval" not in policy
    for rule in ("connect-src 'self'", "form-action 'none'", "frame-ancestors 'none'"):
        assert rule in policy
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "no-referrer"
