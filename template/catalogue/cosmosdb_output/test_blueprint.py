"""Tests for the HTTP function cosmosdb_output_example."""

import json
from typing import Any
from unittest.mock import Mock

import azure.functions as func
import pytest

from blueprints import cosmosdb_output_example as blueprint


def put(body: bytes, id: str = "ada") -> tuple[int, dict[str, Any], list[Any]]:
    """Return the status and JSON content of the response, and the stored documents."""
    req = func.HttpRequest(
        method="PUT",
        url="/api/cosmosdb-output-example/id",
        route_params={"id": id},
        body=body,
    )
    document = Mock(spec=func.Out)
    response = blueprint.cosmosdb_output_example(req, document)
    stored = [dict(call.args[0]) for call in document.set.call_args_list]
    assert response.mimetype == "application/json"
    return response.status_code, json.loads(response.get_body()), stored


def test_stores_a_customer_under_the_id_of_the_route() -> None:
    customer = {"id": "ada", "email": "ada@example.com"}
    assert put(b'{"email": "Ada@example.com", "id": "bob"}') == (200, customer, [customer])


@pytest.mark.parametrize("body", [b"", b"{email", b"\xff", b"[" * 100_000])
def test_refuses_a_body_that_is_not_json(body: bytes) -> None:
    assert put(body) == (400, {"error": "The body is not valid JSON."}, [])


@pytest.mark.parametrize("body", [b"[]", b"{}", b'{"email": 7}', b'{"email": "ada"}'])
def test_refuses_a_customer_without_an_email_address(body: bytes) -> None:
    status, content, stored = put(body)
    assert status == 400
    assert content["error"].startswith("Send a customer")
    assert stored == []


def test_takes_the_longest_email_address() -> None:
    email = "a" * 242 + "@example.com"
    assert put(json.dumps({"email": email}).encode())[0] == 200


@pytest.mark.parametrize(
    "email", ["a" * 243 + "@example.com", "ada\n@example.com", "\ud800@example.com"]
)
def test_refuses_an_email_address_that_cannot_be_one(email: str) -> None:
    status, content, stored = put(json.dumps({"email": email}).encode())
    assert (status, stored) == (400, [])
    assert content["error"].startswith("The email must")


@pytest.mark.parametrize("id", ["a/b", "a\\b", "a#b", "a?b", "a\nb", "ada\n", "\x7f", "a" * 101])
def test_refuses_an_id_that_cosmos_db_does_not_support(id: str) -> None:
    status, content, stored = put(b'{"email": "ada@example.com"}', id)
    assert (status, stored) == (400, [])
    assert content["error"].startswith("Use 1 to 100 letters")
