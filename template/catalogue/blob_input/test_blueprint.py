"""Tests for the HTTP function blob_input_example."""

import json
from typing import Any

import azure.functions as func
import pytest
from azure.functions.blob import InputStream

from blueprints import blob_input_example as blueprint


def get(blob: bytes | None) -> tuple[int, Any]:
    """Return the status and JSON content of the response, given this blob in storage."""
    req = func.HttpRequest(
        method="GET",
        url="/api/blob-input-example/7",
        route_params={"id": "7"},
        body=b"",
    )
    document = None if blob is None else InputStream(data=blob)
    response = blueprint.blob_input_example(req, document)
    assert response.mimetype == "application/json"
    return response.status_code, json.loads(response.get_body())


@pytest.mark.parametrize("content", [{"city": "Turin"}, [1, 2], "text"])
def test_returns_the_document(content: object) -> None:
    assert get(json.dumps(content).encode()) == (200, content)


def test_a_document_that_is_not_there_is_not_found() -> None:
    assert get(None) == (404, {"error": "There is no document 7."})


@pytest.mark.parametrize(
    "blob",
    [
        b"",
        b"{city",
        pytest.param(b"[" * 100_000, id="deep"),
        b"\xff",
        b'{"height": NaN}',
        b"[1e999]",
    ],
)
def test_a_damaged_document_is_an_error_of_the_server(
    blob: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    assert get(blob) == (500, {"error": "Document 7 is damaged."})
    assert "Document 7 cannot be read" in caplog.text
