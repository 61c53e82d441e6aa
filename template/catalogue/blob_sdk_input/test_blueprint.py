"""Tests for the HTTP function blob_sdk_input_example."""

import json
from collections.abc import Iterator
from typing import Any
from unittest.mock import create_autospec

import azure.functions as func
import pytest
from azure.storage.blob import BlobProperties, ContainerClient

from blueprints import blob_sdk_input_example as blueprint

NAMES = ["may/a.csv", "may/b.csv", "june/a.csv"]


def get(names: list[str], exists: bool = True, **params: str) -> tuple[int, dict[str, Any]]:
    """Return the status and JSON content of the response, given these files in the container."""

    def list_blobs(name_starts_with: str, results_per_page: int) -> Iterator[BlobProperties]:
        found = [name for name in sorted(names) if name.startswith(name_starts_with)]
        for name in found[:results_per_page]:
            blob = BlobProperties(**{"Content-Length": 8, "Content-Type": "text/csv"})
            blob.name = name
            yield blob
        assert len(found) <= results_per_page, "A second page is read for nothing"

    container = create_autospec(ContainerClient, instance=True, container_name="files")
    container.exists.return_value = exists
    container.list_blobs.side_effect = list_blobs
    req = func.HttpRequest(
        method="GET",
        url="/api/blob-sdk-input-example",
        params=params,
        body=b"",
    )
    response = blueprint.blob_sdk_input_example(req, container)
    assert response.mimetype == "application/json"
    return response.status_code, json.loads(response.get_body())


def test_lists_the_files_with_a_prefix() -> None:
    status, content = get(NAMES, prefix="june/")
    file = {"name": "june/a.csv", "size": 8, "type": "text/csv"}
    assert (status, content) == (200, {"files": [file], "more": False})


@pytest.mark.parametrize(("limit", "more"), [("1", True), ("2", True), ("3", False)])
def test_says_whether_there_are_more_files_than_the_limit(limit: str, more: bool) -> None:
    status, content = get(NAMES, limit=limit)
    assert (status, len(content["files"]), content["more"]) == (200, int(limit), more)


def test_lists_as_many_files_as_it_may_without_a_limit() -> None:
    _, content = get([f"{number}.csv" for number in range(blueprint.MAX_FILES + 1)])
    assert (len(content["files"]), content["more"]) == (blueprint.MAX_FILES, True)


def test_an_empty_container_has_no_files() -> None:
    assert get([]) == (200, {"files": [], "more": False})


@pytest.mark.parametrize("limit", ["", "0", "-1", "1.5", "many", "101", "1" * 5000])
def test_refuses_an_invalid_limit(limit: str) -> None:
    assert get(NAMES, limit=limit) == (400, {"error": "The limit must be a number from 1 to 100."})


def test_a_container_that_is_not_there_is_not_found(caplog: pytest.LogCaptureFixture) -> None:
    assert get([], exists=False) == (404, {"error": "There are no files."})
    assert caplog.messages == ["There is no container files"]
