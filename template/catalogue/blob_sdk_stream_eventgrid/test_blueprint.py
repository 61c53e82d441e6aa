"""Tests for the blob function blob_sdk_stream_eventgrid_example."""

from collections.abc import Iterator
from typing import Any
from unittest.mock import create_autospec

import pytest
from azure.storage.blob import StorageStreamDownloader

from blueprints import blob_sdk_stream_eventgrid_example as blueprint

FILE = b"""\
{"device": "m-1", "value": 21.5}
{"device": "m-2", "value": -3}
"""


@pytest.fixture
def processed(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The batches that the function passes to `process`."""
    batches: list[Any] = []
    monkeypatch.setattr(blueprint, "process", batches.append)
    return batches


def upload(content: bytes, chunk_size: int = 4096) -> None:
    pieces = [content[start : start + chunk_size] for start in range(0, len(content), chunk_size)]
    blob = create_autospec(StorageStreamDownloader, instance=True)
    blob.name, blob.size = "may.jsonl", len(content)
    blob.chunks.return_value = iter(pieces)
    blueprint.blob_sdk_stream_eventgrid_example(blob)
    blob.readall.assert_not_called()


@pytest.mark.parametrize("chunk_size", [1, 7, 40, 4096])
def test_imports_every_reading_wherever_a_chunk_ends(chunk_size: int, processed: list[Any]) -> None:
    upload(FILE, chunk_size)
    [batch] = processed
    assert [(reading.device, reading.value) for reading in batch] == [("m-1", 21.5), ("m-2", -3.0)]


def test_imports_the_last_line_without_a_line_end(processed: list[Any]) -> None:
    upload(FILE.rstrip())
    assert list(map(len, processed)) == [2]


def test_imports_a_file_that_starts_with_a_byte_order_mark(processed: list[Any]) -> None:
    upload(b"\xef\xbb\xbf" + FILE)
    assert list(map(len, processed)) == [2]


def test_processes_a_batch_before_it_reads_on(
    processed: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blueprint, "BATCH_SIZE", 2)
    seen = []

    def chunks() -> Iterator[bytes]:
        for _ in range(5):
            seen.append(len(processed))
            yield FILE

    blob = create_autospec(StorageStreamDownloader, instance=True)
    blob.name, blob.size, blob.chunks.return_value = "may.jsonl", 5 * len(FILE), chunks()
    blueprint.blob_sdk_stream_eventgrid_example(blob)
    assert list(map(len, processed)) == [2, 2, 2, 2, 2]
    assert seen == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"no json",
        b'{"device": "m-9\xff", "value": 2}',
        b'["m-9", 2]',
        b'{"value": 2}',
        b'{"device": "m-9"}',
        b'{"device": null, "value": 2}',
        b'{"device": "", "value": 2}',
        b'{"device": 7, "value": 2}',
        b'{"device": "m-9", "value": "2"}',
        b'{"device": "m-9", "value": true}',
        b'{"device": "m-9", "value": NaN}',
        pytest.param(b'{"device": "m-9", "value": 1' + b"0" * 400 + b"}", id="huge"),
        pytest.param(b"[" * 50_000, id="deep"),
    ],
)
def test_skips_a_line_that_is_not_a_reading(
    line: bytes, processed: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    upload(line + b"\r\n" + FILE)
    [batch] = processed
    assert [reading.device for reading in batch] == ["m-1", "m-2"]
    [message] = caplog.messages
    assert message.startswith("Skipped line 1: ")
    assert "m-9" not in message


def test_logs_the_first_invalid_lines_and_their_number(
    processed: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    upload(b"no json\n" * 1000 + FILE)
    assert len(caplog.messages) == blueprint.MAX_WARNINGS + 1
    assert caplog.messages[-1] == "Skipped 1000 lines in all"
    assert list(map(len, processed)) == [2]


@pytest.mark.parametrize("content", [b"", b"\n", b"no json\n", b"\xff"])
def test_raises_for_a_file_without_readings(content: bytes, processed: list[Any]) -> None:
    with pytest.raises(ValueError, match=r"may\.jsonl contains no readings"):
        upload(content)
    assert processed == []


def test_raises_for_an_endless_line_instead_of_keeping_it_in_memory(processed: list[Any]) -> None:
    with pytest.raises(ValueError, match="more than 65536 bytes"):
        upload(b"x" * 100_000)
    assert processed == []


def test_logs_what_it_imports_but_no_readings(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    upload(FILE)
    assert caplog.messages == [
        f"Importing may.jsonl, {len(FILE)} bytes",
        "2 readings of 2 devices",
        "Imported 2 readings from may.jsonl",
    ]
