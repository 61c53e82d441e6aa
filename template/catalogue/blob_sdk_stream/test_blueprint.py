"""Tests for the blob function blob_sdk_stream_example."""

from typing import Any
from unittest.mock import create_autospec

import pytest
from azure.storage.blob import StorageStreamDownloader

from blueprints import blob_sdk_stream_example as blueprint

LOG = b"""\
127.0.0.1 - - [01/May/2026:12:00:00 +0000] "GET /tea HTTP/1.1" 200 45
127.0.0.1 - - [01/May/2026:12:00:01 +0000] "GET /404 HTTP/1.1" 200 45
127.0.0.1 - ada [01/May/2026:12:00:02 +0000] "POST /tea HTTP/1.1" 503 -
"""


@pytest.fixture
def processed(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The counts that the function passes to `process`, by log name."""
    logs: dict[str, Any] = {}
    monkeypatch.setattr(blueprint, "process", logs.__setitem__)
    return logs


def upload(content: bytes, chunk_size: int = 4096) -> None:
    pieces = [content[start : start + chunk_size] for start in range(0, len(content), chunk_size)]
    blob = create_autospec(StorageStreamDownloader, instance=True)
    blob.name, blob.size = "may.log", len(content)
    blob.chunks.return_value = iter(pieces)
    blueprint.blob_sdk_stream_example(blob)


@pytest.mark.parametrize("chunk_size", [1, 7, 70, 4096])
def test_counts_the_answers_by_status_wherever_a_chunk_ends(
    chunk_size: int, processed: dict[str, Any]
) -> None:
    upload(LOG, chunk_size)
    assert processed == {"may.log": {"200": 2, "503": 1}}


def test_counts_the_last_line_without_a_line_end(processed: dict[str, Any]) -> None:
    upload(LOG.rstrip())
    assert processed == {"may.log": {"200": 2, "503": 1}}


@pytest.mark.parametrize("line", [b"", b"\xff\x00", b'"GET / HTTP/1.1" -', b'"GET /" 999 0'])
def test_leaves_out_a_line_without_a_status(line: bytes, processed: dict[str, Any]) -> None:
    upload(line + b"\r\n" + LOG)
    assert processed == {"may.log": {"200": 2, "503": 1}}


@pytest.mark.parametrize("content", [b"", b"\n", b"product amount\ntea 200\n"])
def test_raises_for_another_file_so_that_the_host_reports_it(
    content: bytes, processed: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match=r"may\.log is not an access log"):
        upload(content)
    assert processed == {}


def test_raises_for_an_endless_line_instead_of_keeping_it_in_memory(
    processed: dict[str, Any],
) -> None:
    with pytest.raises(ValueError, match="more than 65536 bytes"):
        upload(LOG + b"x" * 100_000)
    assert processed == {}


def test_logs_the_counts(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    upload(LOG)
    assert caplog.messages == [
        f"Reading may.log, {len(LOG)} bytes",
        "may.log: 2 answers with status 200",
        "may.log: 1 answers with status 503",
    ]
