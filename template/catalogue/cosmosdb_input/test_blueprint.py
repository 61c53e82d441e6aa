"""Tests for the HTTP function cosmosdb_input_example."""

import json
from typing import Any

import azure.functions as func
import pytest

from blueprints import cosmosdb_input_example as blueprint


def get(documents: Any) -> tuple[int, dict[str, Any]]:
    """Return the status and JSON content of the response, given the documents found."""
    req = func.HttpRequest(
        method="GET",
        url="/api/cosmosdb-input-example/7",
        route_params={"id": "7"},
        body=b"",
    )
    response = blueprint.cosmosdb_input_example(req, documents)
    assert response.mimetype == "application/json"
    return response.status_code, json.loads(response.get_body())


def test_returns_the_document_without_the_names_of_the_database() -> None:
    found = func.Document.from_dict({"id": "7", "city": "Turin", "_etag": '"0"', "_ts": 1767225600})
    assert get(func.DocumentList([found])) == (200, {"id": "7", "city": "Turin"})


@pytest.mark.parametrize("documents", [None, func.DocumentList(), func.DocumentList([None])])
def test_a_document_that_is_not_there_is_not_found(documents: Any) -> None:
    assert get(documents) == (404, {"error": "There is no document 7."})
