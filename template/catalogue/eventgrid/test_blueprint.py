"""Tests for the Event Grid function eventgrid_example."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import azure.functions as func
import pytest

from blueprints import eventgrid_example as blueprint

URL = "https://example.blob.core.windows.net/uploads/may.csv"


@pytest.fixture
def processed(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The uploads that the function passes to `process`."""
    uploads: list[Any] = []
    monkeypatch.setattr(blueprint, "process", uploads.append)
    return uploads


def event_grid_event(data: Any, event_type: str) -> Any:
    return func.EventGridEvent(
        id="e-1",
        topic="/subscriptions/1/storageAccounts/example",
        subject="/blobServices/default/containers/uploads/blobs/may.csv",
        event_type=event_type,
        event_time=datetime.fromisoformat("2026-01-01T00:00:00+00:00"),
        data=data,
        data_version="1",
    )


def cloud_event(data: Any, event_type: str) -> Any:
    return func.CloudEvent(
        id="e-1",
        source="/subscriptions/1/storageAccounts/example",
        subject="/blobServices/default/containers/uploads/blobs/may.csv",
        type=event_type,
        specversion="1.0",
        time=datetime.fromisoformat("2026-01-01T00:00:00+00:00"),
        data=data,
    )


@pytest.fixture(params=[event_grid_event, cloud_event])
def send(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Send the function an event with this data, in each of the two schemas."""

    def send(data: Any, event_type: str = blueprint.UPLOADED) -> None:
        blueprint.eventgrid_example(request.param(data, event_type))

    return send


def test_processes_an_upload(send: Callable[..., None], processed: list[Any]) -> None:
    send({"url": URL, "contentLength": 524288})
    [upload] = processed
    assert (upload.url, upload.size) == (URL, 524288)


def test_a_file_can_be_empty(send: Callable[..., None], processed: list[Any]) -> None:
    send({"url": URL, "contentLength": 0})
    assert [upload.size for upload in processed] == [0]


def test_takes_no_other_object_for_an_event() -> None:
    with pytest.raises(TypeError, match="dict is not an Event Grid event"):
        blueprint.schema_and_type({})


def test_passes_over_other_events(
    send: Callable[..., None], processed: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    send({"url": URL}, event_type="Microsoft.Storage.BlobDeleted")
    assert processed == []
    [message] = caplog.messages
    assert message.startswith("Skipped event e-1 of type Microsoft.Storage.BlobDeleted (")


@pytest.mark.parametrize(
    "data",
    [
        {},
        None,
        "text",
        {"url": URL},
        {"url": URL, "contentLength": "secret"},
        {"url": URL, "contentLength": True},
        {"url": URL, "contentLength": -1},
        {"url": URL, "contentLength": float("inf")},
        {"url": None, "contentLength": 7},
        {"url": 7, "contentLength": 7},
        {"url": "", "contentLength": 7},
    ],
)
def test_drops_a_broken_event_with_an_error_so_that_it_is_not_sent_again(
    data: Any, send: Callable[..., None], processed: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    send(data)
    assert processed == []
    [record] = caplog.records
    assert record.levelname == "ERROR"
    assert record.getMessage().startswith("Dropped event e-1 (")
    assert "secret" not in caplog.text


@pytest.mark.parametrize(
    ("event", "schema"),
    [(event_grid_event, "Event Grid schema"), (cloud_event, "CloudEvents schema")],
)
def test_says_which_schema_an_event_has(event: Callable[..., Any], schema: str) -> None:
    assert blueprint.schema_and_type(event({}, "Created")) == (schema, "Created")


def test_raises_when_processing_fails_so_that_the_event_is_sent_again(
    send: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(upload: Any) -> None:
        raise ConnectionError(f"no store for {upload}")

    monkeypatch.setattr(blueprint, "process", fail)
    with pytest.raises(ConnectionError):
        send({"url": URL, "contentLength": 7})


def test_logs_the_upload(send: Callable[..., None], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    send({"url": URL, "contentLength": 7})
    assert f"Uploaded: {URL}, 7 bytes" in caplog.messages
