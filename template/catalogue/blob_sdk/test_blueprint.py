"""Tests for the blob function blob_sdk_example."""

from typing import Any
from unittest.mock import Mock, create_autospec

import pytest
from azure.storage.blob import BlobClient, BlobProperties

from blueprints import blob_sdk_example as blueprint

PDF = b"%PDF-1.7\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00"


@pytest.fixture
def processed(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The content types that the function passes to `process`, by document name."""
    types: dict[str, Any] = {}
    monkeypatch.setattr(blueprint, "process", types.__setitem__)
    return types


def upload(content: bytes, content_type: str = "application/octet-stream") -> Mock:
    """Call the function with a blob, and return the client that it received."""

    def download(offset: int, length: int) -> Mock:
        assert content, "Azure refuses to read a range of an empty blob"
        return Mock(**{"readall.return_value": content[offset : offset + length]})

    blob: Mock = create_autospec(BlobClient, instance=True, blob_name="scan-7")
    blob.download_blob.side_effect = download
    blob.get_blob_properties.return_value = BlobProperties(
        **{"Content-Length": len(content), "Content-Type": content_type, "Cache-Control": "private"}
    )
    blueprint.blob_sdk_example(blob)
    return blob


@pytest.mark.parametrize(
    ("content", "content_type"),
    [(PDF, "application/pdf"), (PNG, "image/png"), (b"\xff\xd8\xff\xe0", "image/jpeg")],
)
def test_sets_the_content_type_and_keeps_the_other_headers(
    content: bytes, content_type: str, processed: dict[str, Any]
) -> None:
    [call] = upload(content).set_http_headers.call_args_list
    [settings] = call.args
    assert (settings.content_type, settings.cache_control) == (content_type, "private")
    assert processed == {"scan-7": content_type}


def test_changes_nothing_where_the_content_type_is_right(processed: dict[str, Any]) -> None:
    upload(PDF, content_type="application/pdf").set_http_headers.assert_not_called()
    assert processed == {"scan-7": "application/pdf"}


@pytest.mark.parametrize("content", [b"", b"%PDF", b"PNG", b"hello"])
def test_raises_for_another_file_so_that_the_host_reports_it(
    content: bytes, processed: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match="scan-7 is neither"):
        upload(content)
    assert processed == {}


def test_logs_the_content_type(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    upload(PNG)
    assert caplog.messages == ["scan-7 is of type image/png"]
