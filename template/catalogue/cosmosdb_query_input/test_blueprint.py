"""Tests for the HTTP function cosmosdb_query_input_example."""

import json
from typing import Any

import azure.functions as func
import pytest

from blueprints import cosmosdb_query_input_example as blueprint


def get(*found: dict[str, Any], status: str = "open") -> tuple[int, dict[str, Any]]:
    """Return the status and JSON content of the response, given the documents that were found."""
    req = func.HttpRequest(
        method="GET",
        url=f"/api/cosmosdb-query-input-example/ada/{status}",
        route_params={"customer": "ada", "status": status},
        body=b"",
    )
    documents = func.DocumentList([func.Document.from_dict(document) for document in found])
    response = blueprint.cosmosdb_query_input_example(req, documents)
    assert response.mimetype == "application/json"
    return response.status_code, json.loads(response.get_body())


def test_lists_the_invoices_that_the_query_found() -> None:
    invoices = [{"id": "1", "cents": 250}, {"id": "2", "cents": 120}]
    assert get(*invoices) == (200, {"invoices": invoices, "more": False})


def test_a_customer_without_invoices_has_an_empty_list() -> None:
    assert get() == (200, {"invoices": [], "more": False})


@pytest.mark.parametrize(("found", "more"), [(100, False), (101, True)])
def test_tells_whether_there_are_more_invoices_than_it_lists(found: int, more: bool) -> None:
    status, content = get(*({"id": str(number), "cents": 1} for number in range(found)))
    assert (status, len(content["invoices"]), content["more"]) == (200, 100, more)


@pytest.mark.parametrize("unknown", ["lost", "OPEN", "open' OR true"])
def test_refuses_an_unknown_status(unknown: str) -> None:
    expected = {"error": "The status must be one of open, paid."}
    assert get(status=unknown) == (400, expected)


@pytest.mark.parametrize(
    "document",
    [{"cents": 1}, {"id": "1"}, {"id": "1", "cents": None}, {"id": "1", "cents": "x"}],
)
def test_a_damaged_invoice_is_an_error_of_the_server(
    document: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    assert get(document) == (500, {"error": "An invoice is damaged."})
    assert "Invoices of customer ada cannot be read" in caplog.text
