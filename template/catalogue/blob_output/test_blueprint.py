"""Tests for the HTTP function blob_output_example."""

import json
from typing import Any
from unittest.mock import Mock

import azure.functions as func
import pytest

from blueprints import blob_output_example as blueprint


def put(body: bytes, id: str = "7") -> tuple[int, dict[str, Any], list[str]]:
    """Return the status and JSON content of the response, and the blob that was set."""
    req = func.HttpRequest(
        method="PUT",
        url="/api/blob-output-example/id",
        route_params={"id": id},
        body=body,
    )
    blob = Mock(spec=func.Out)
    response = blueprint.blob_output_example(req, blob)
    stored = [call.args[0] for call in blob.set.call_args_list]
    assert response.mimetype == "application/json"
    return response.status_code, json.loads(response.get_body()), stored


def test_stores_the_document_under_the_id_of_the_route() -> None:
    status, content, stored = put(b'{"city": "Turin", "id": "8"}')
    assert (status, content) == (201, {"id": "7"})
    assert [json.loads(text) for text in stored] == [{"city": "Turin", "id": "7"}]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{city",
        b"[" * 100_000,
        b"\xff",
        b"[1]",
        b"{}",
        b'"text"',
        b'{"height": NaN}',
        b'{"heights": [1, -Infinity]}',
        b'{"height": 1e999}',
    ],
)
def test_refuses_what_is_not_a_document_and_stores_nothing(body: bytes) -> None:
    status, content, stored = put(body)
    assert status == 400
    assert content["error"].startswith("The body")
    assert stored == []


def test_refuses_a_document_that_is_too_large() -> None:
    document = b'{"text": "'.ljust(blueprint.LARGEST_DOCUMENT - 2, b"a") + b'"}'
    assert put(document)[0] == 201
    status, content, stored = put(document + b" ")
    assert (status, stored) == (400, [])
    assert "larger than" in content["error"]


@pytest.mark.parametrize("id", ["a/b", "a\\b", "a#b", "a?b", "a\nb", "7\n", "\x7f", "a" * 101])
def test_refuses_an_id_that_is_not_a_plain_name(id: str) -> None:
    status, content, stored = put(b'{"city": "Turin"}', id)
    assert (status, stored) == (400, [])
    assert content["error"].startswith("Use 1 to 100 letters")
