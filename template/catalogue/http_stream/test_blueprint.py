"""Tests for the HTTP functions http_stream_example and http_stream_example_download."""

import asyncio
import hashlib
import json
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest
from fastapi import Request

from blueprints import http_stream_example as blueprint


def request(query: str = "", chunks: tuple[bytes, ...] = (b"",)) -> Any:
    """Return a request whose body arrives in these chunks."""
    pieces = [
        {"type": "http.request", "body": chunk, "more_body": place < len(chunks)}
        for place, chunk in enumerate(chunks, start=1)
    ]

    async def receive() -> Any:
        return pieces.pop(0)

    scope = {"type": "http", "method": "POST", "headers": [], "query_string": query.encode()}
    return Request(scope, receive)


def upload(*chunks: bytes) -> tuple[int, dict[str, Any]]:
    """Return the status and JSON content of the response to a file in these chunks."""
    function: Any = blueprint.http_stream_example
    response = asyncio.run(function(request(chunks=chunks)))
    return response.status_code, json.loads(response.body)


def download(query: str) -> tuple[int, list[str]]:
    """Return the status of the response, and its chunks."""
    function: Any = blueprint.http_stream_example_download

    async def read() -> tuple[int, list[str]]:
        response = await function(request(query))
        chunks: AsyncIterator[str] | None = getattr(response, "body_iterator", None)
        if chunks is None:
            return response.status_code, [response.body.decode()]
        return response.status_code, [chunk async for chunk in chunks]

    return asyncio.run(read())


def test_takes_in_a_file_piece_by_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FUNCTIONS_REQUEST_BODY_SIZE_LIMIT", raising=False)
    chunks = (b"a" * 1000, b"b", b"")
    digest = hashlib.sha256(b"".join(chunks)).hexdigest()
    assert upload(*chunks) == (200, {"bytes": 1001, "sha256": digest})


def test_refuses_an_empty_file() -> None:
    assert upload(b"") == (400, {"error": "The body is empty."})


def test_stops_at_a_file_that_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FUNCTIONS_REQUEST_BODY_SIZE_LIMIT", "20")
    status, content = upload(b"a" * 10, b"b" * 10, b"never read")
    assert (status, content) == (413, {"error": "A file can have at most 19 bytes."})
    assert upload(b"a" * 19)[0] == 200


@pytest.mark.parametrize("limit", [None, "104857600", "209715200"])
def test_its_limit_is_below_that_of_the_host_so_that_callers_get_a_reason(
    limit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FUNCTIONS_REQUEST_BODY_SIZE_LIMIT", raising=False)
    if limit:
        monkeypatch.setenv("FUNCTIONS_REQUEST_BODY_SIZE_LIMIT", limit)
    of_host = int(limit or 100 * 1024**2)
    assert 0.9 * of_host < blueprint.largest_file() < of_host


def test_a_wrong_setting_is_no_fault_of_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FUNCTIONS_REQUEST_BODY_SIZE_LIMIT", "many")
    with pytest.raises(ValueError, match="many"):
        upload(b"a")


def test_gives_out_a_table_in_pieces() -> None:
    status, chunks = download("rows=2500")
    assert (status, len(chunks)) == (200, 4)
    lines = "".join(chunks).splitlines()
    assert (lines[0], lines[1], lines[-1]) == ("number,square", "1,1", "2500,6250000")
    assert len(lines) == 2501


@pytest.mark.parametrize(
    ("query", "last"), [("rows=1", "1,1"), ("rows=1001", "1001,1002001"), ("", "1000,1000000")]
)
def test_ends_with_the_last_row(query: str, last: str) -> None:
    status, chunks = download(query)
    assert status == 200
    assert "".join(chunks).splitlines()[-1] == last


def test_a_table_has_a_limit() -> None:
    assert blueprint.read_rows(str(blueprint.MAX_ROWS)) == blueprint.MAX_ROWS


def test_the_server_does_not_log_addresses_which_can_contain_keys(
    caplog: pytest.LogCaptureFixture,
) -> None:
    logging.getLogger("uvicorn.access").warning("POST /api/files?code=KEY")
    assert caplog.messages == []


@pytest.mark.parametrize("rows", ["0", "-1", "many", "", "10000001", "1" * 5000])
def test_refuses_an_impossible_number_of_rows(rows: str) -> None:
    status, [content] = download(f"rows={rows}")
    assert status == 400
    assert json.loads(content)["error"].startswith("rows must be a number")
