"""Tests for the Event Hubs function eventhub_sdk_example."""

import re
from typing import Any

import pytest
from azure.eventhub import EventData

from blueprints import eventhub_sdk_example as blueprint

Properties = dict[str | bytes, Any]
TURIN = b'{"vehicle": "bus-12", "lat": 45.07, "lon": 7.69}'
MILAN = b'{"vehicle": "bus-12", "lat": 45.46, "lon": 9.19}'
POSITION: Properties = {b"type": b"position"}


@pytest.fixture
def processed(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The positions that the function passes to `process`."""
    batches: list[Any] = []
    monkeypatch.setattr(blueprint, "process", batches.append)
    return batches


def send(*bodies: bytes, properties: Properties = POSITION) -> None:
    events = [EventData(body) for body in bodies]
    for event in events:
        event.properties = properties
    blueprint.eventhub_sdk_example(events)


def test_processes_the_newest_position_of_each_vehicle(processed: list[Any]) -> None:
    send(TURIN, b'{"vehicle": "tram-4", "lat": 45, "lon": "7.5"}', MILAN)
    [positions] = processed
    assert {vehicle: (p.latitude, p.longitude) for vehicle, p in positions.items()} == {
        "bus-12": (45.46, 9.19),
        "tram-4": (45, 7.5),
    }


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"no json",
        b"[1]",
        b'{"lat": 45.07, "lon": 7.69}',
        b'{"vehicle": null, "lat": 45.07, "lon": 7.69}',
        b'{"vehicle": "", "lat": 45.07, "lon": 7.69}',
        rb'{"vehicle": "\ud83d", "lat": 45.07, "lon": 7.69}',
        b'{"vehicle": ["bus-12"], "lat": 45.07, "lon": 7.69}',
        b'{"vehicle": "bus-12", "lat": "secret", "lon": 7.69}',
        b'{"vehicle": "bus-12", "lat": true, "lon": 7.69}',
        b'{"vehicle": "bus-12", "lat": 45.07, "lon": false}',
        b'{"vehicle": "bus-12", "lat": 91, "lon": 7.69}',
        b'{"vehicle": "bus-12", "lat": 45.07, "lon": 181}',
        b'{"vehicle": "bus-12", "lat": 45.07, "lon": NaN}',
        b'{"vehicle": "bus-12", "lat": 45.07, "lon": 1e999}',
        pytest.param(b"[" * 100_000, id="deep"),
    ],
)
def test_drops_an_unreadable_event_and_processes_the_others(
    body: bytes, processed: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    send(TURIN, body)
    [positions] = processed
    assert positions["bus-12"].latitude == 45.07
    [message] = caplog.messages
    assert re.match(
        "Dropped event None: (it is not a position as JSON|it is a position without|its lat)",
        message,
    )
    assert "secret" not in message


@pytest.mark.parametrize(
    "properties",
    [
        None,
        {},
        {b"kind": b"position"},
        {b"type": b"doors"},
        {"type": "doors"},
        {b"type": 7},
        {b"type": b"\xff"},
    ],
)
def test_leaves_out_events_of_another_type(
    properties: Any, processed: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    send(TURIN, MILAN, properties=properties)
    assert processed == [{}]
    assert caplog.messages == ["Skipped 2 events of other types"]


@pytest.mark.parametrize("place", [(90, 180), (-90, -180)])
def test_takes_the_ends_of_the_world(place: tuple[int, int], processed: list[Any]) -> None:
    send(b'{"vehicle": "bus-12", "lat": %d, "lon": %d}' % place)
    [positions] = processed
    assert (positions["bus-12"].latitude, positions["bus-12"].longitude) == place


def test_takes_properties_that_are_text(processed: list[Any]) -> None:
    send(TURIN, properties={"type": "position"})
    assert list(processed[0]) == ["bus-12"]


def test_raises_when_processing_fails_so_that_the_batch_is_repeated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(positions: Any) -> None:
        raise ConnectionError(f"no store for {positions}")

    monkeypatch.setattr(blueprint, "process", fail)
    with pytest.raises(ConnectionError):
        send(TURIN)


def test_logs_the_positions(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    send(TURIN)
    assert caplog.messages == ["bus-12 is at 45.07, 7.69"]
