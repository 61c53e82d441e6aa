"""Tests for the blob function blob_sdk_eventgrid_example."""

import hashlib
from typing import Any
from unittest.mock import Mock, create_autospec

import pytest
from azure.core import MatchConditions
from azure.core.exceptions import (
    HttpResponseError,
    ResourceModifiedError,
    ResourceNotFoundError,
)
from azure.storage.blob import BlobClient, BlobProperties

from blueprints import blob_sdk_eventgrid_example as blueprint

UNCHANGED = {"etag": '"1"', "match_condition": MatchConditions.IfNotModified}


@pytest.fixture
def processed(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The checksums that the function passes to `process`, by file name."""
    checksums: dict[str, Any] = {}
    monkeypatch.setattr(blueprint, "process", checksums.__setitem__)
    return checksums


@pytest.fixture
def blob() -> Any:
    """The client of a blob in three chunks, with metadata of its own."""
    blob = create_autospec(BlobClient, instance=True, blob_name="film.mp4")
    blob.get_blob_properties.return_value = BlobProperties(metadata={"author": "ada"}, ETag='"1"')
    blob.download_blob.return_value.chunks = Mock(return_value=iter([b"one", b"two", b"three"]))
    return blob


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_adds_the_checksum_of_all_chunks_to_the_metadata(
    blob: Any, processed: dict[str, Any]
) -> None:
    blueprint.blob_sdk_eventgrid_example(blob)
    checksum = sha256(b"onetwothree")
    blob.set_blob_metadata.assert_called_once_with(
        {"author": "ada", "sha256": checksum}, **UNCHANGED
    )
    assert processed == {"film.mp4": checksum}


def test_never_reads_the_whole_file(blob: Any, processed: dict[str, Any]) -> None:
    blueprint.blob_sdk_eventgrid_example(blob)
    blob.download_blob.assert_called_once_with(**UNCHANGED)
    blob.download_blob.return_value.readall.assert_not_called()
    assert processed


def test_an_empty_file_has_a_checksum_too(blob: Any, processed: dict[str, Any]) -> None:
    blob.download_blob.return_value.chunks.return_value = iter([])
    blueprint.blob_sdk_eventgrid_example(blob)
    assert processed == {"film.mp4": sha256(b"")}


def test_changes_nothing_where_the_checksum_is_right(blob: Any, processed: dict[str, Any]) -> None:
    checksum = sha256(b"onetwothree")
    blob.get_blob_properties.return_value.metadata["sha256"] = checksum
    blueprint.blob_sdk_eventgrid_example(blob)
    blob.set_blob_metadata.assert_not_called()
    assert processed == {"film.mp4": checksum}


@pytest.mark.parametrize("method", ["get_blob_properties", "download_blob", "set_blob_metadata"])
@pytest.mark.parametrize("error", [ResourceModifiedError, ResourceNotFoundError])
def test_leaves_a_file_that_was_replaced_or_deleted_alone(
    method: str,
    error: type[HttpResponseError],
    blob: Any,
    processed: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    getattr(blob, method).side_effect = error()
    blueprint.blob_sdk_eventgrid_example(blob)
    assert caplog.messages == ["film.mp4 was replaced or deleted before it had a checksum"]
    assert processed == {}


@pytest.mark.parametrize("status", [403, 503])
def test_raises_for_other_errors_so_that_the_host_retries(
    status: int, blob: Any, processed: dict[str, Any]
) -> None:
    error = HttpResponseError("no")
    error.status_code = status
    blob.download_blob.side_effect = error
    with pytest.raises(HttpResponseError):
        blueprint.blob_sdk_eventgrid_example(blob)
    assert processed == {}


def test_logs_the_checksum(blob: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    blueprint.blob_sdk_eventgrid_example(blob)
    assert caplog.messages == [f"film.mp4 has the checksum {sha256(b'onetwothree')}"]
