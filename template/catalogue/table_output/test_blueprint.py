"""Tests for the HTTP function table_output_example."""

import json
from typing import Any
from unittest.mock import Mock

import azure.functions as func
import pytest

from blueprints import table_output_example as blueprint


def post(body: bytes) -> tuple[int, dict[str, Any], list[str]]:
    """Return the status and JSON content of the response, and the stored rows."""
    req = func.HttpRequest(
        method="POST",
        url="/api/table-output-example",
        body=body,
    )
    row = Mock(spec=func.Out)
    response = blueprint.table_output_example(req, row)
    stored = [call.args[0] for call in row.set.call_args_list]
    assert response.mimetype == "application/json"
    return response.status_code, json.loads(response.get_body()), stored


def test_stores_a_review_in_the_partition_of_its_product() -> None:
    status, content, stored = post(b'{"product": "tea", "id": "r1", "stars": 4}')
    assert (status, content) == (201, {"id": "r1"})
    assert [json.loads(row) for row in stored] == [
        {"PartitionKey": "tea", "RowKey": "r1", "stars": 4}
    ]


@pytest.mark.parametrize(("key", "stars"), [("t", 1), ("t" * 100, 5)])
def test_takes_the_shortest_and_the_longest_keys(key: str, stars: int) -> None:
    assert post(json.dumps({"product": key, "id": key, "stars": stars}).encode())[0] == 201


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", "Send"),
        (b"{product", "Send"),
        (b"[" * 100_000, "Send"),
        (b'["tea"]', "Send"),
        (b'{"product": "tea", "id": "r1"}', "Send"),
        (b'{"product": "tea", "id": "r1", "stars": "many"}', "Give 1 to 5 stars"),
        (b'{"product": "tea", "id": "r1", "stars": 4.5}', "Give 1 to 5 stars"),
        (b'{"product": "tea", "id": "r1", "stars": Infinity}', "Give 1 to 5 stars"),
        (b'{"product": "a/b", "id": "r1", "stars": 4}', "Use 1 to 100 letters"),
        (b'{"product": "tea", "id": "r#1", "stars": 4}', "Use 1 to 100 letters"),
        (b'{"product": "tea", "id": "r\\\\1", "stars": 4}', "Use 1 to 100 letters"),
        (b'{"product": "tea?", "id": "r1", "stars": 4}', "Use 1 to 100 letters"),
        (b'{"product": "tea", "id": "r1\\n", "stars": 4}', "Use 1 to 100 letters"),
        (b'{"product": "\\ud800", "id": "r1", "stars": 4}', "Use 1 to 100 letters"),
        (b'{"product": "tea", "id": 7, "stars": 4}', "Use 1 to 100 letters"),
        (b'{"product": "tea", "id": "", "stars": 4}', "Use 1 to 100 letters"),
        (b'{"product": "' + b"t" * 101 + b'", "id": "r1", "stars": 4}', "Use 1 to 100 letters"),
        (b'{"product": "tea", "id": "r1", "stars": 0}', "Give 1 to 5 stars"),
        (b'{"product": "tea", "id": "r1", "stars": 6}', "Give 1 to 5 stars"),
    ],
)
def test_refuses_an_invalid_review_and_stores_nothing(body: bytes, error: str) -> None:
    status, content, stored = post(body)
    assert status == 400
    assert content["error"].startswith(error)
    assert stored == []
