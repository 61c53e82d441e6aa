"""Track vehicles that report to an Azure event hub, with the SDK's event type."""

import logging
from dataclasses import dataclass
from typing import Dict, Iterable, List

import azure.functions as func
from azure.eventhub import EventData
from azurefunctions.extensions.bindings import eventhub as sdk

bp = func.Blueprint()
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Position:
    """A vehicle's position, as in events: `{"vehicle": "bus-12", "lat": 45.07, "lon": 7.69}`."""

    vehicle: str
    latitude: float
    longitude: float


@bp.event_hub_message_trigger(
    arg_name="events",
    event_hub_name="eventhub-sdk-example",
    connection="EventHubsConnection",
    consumer_group="$Default",
    cardinality="many",
)
@bp.retry(
    strategy="fixed_delay",
    max_retry_count="3",
    delay_interval="00:00:10",
)
def eventhub_sdk_example(events: List[sdk.EventData]) -> None:
    """Process the latest position of each vehicle in a batch of events.

    The host moves on to the next batch even after a failed one. So the retry policy repeats a
    failed batch first, and an event that can never be read is logged and dropped. Events whose
    property `type` is not `position` are skipped. Events annotated as `sdk.EventData` arrive as
    `azure.eventhub.EventData`.
    """
    positions = [event for event in events if event_type(event) == "position"]
    if len(positions) < len(events):
        logger.info("Skipped %s events of other types", len(events) - len(positions))
    process(newest_positions(positions))


def event_type(event: EventData) -> str:
    """Return the property `type` of an event, which describes its content."""
    # Names and values of properties are bytes if they come from AMQP.
    for name, value in (event.properties or {}).items():
        if name in ("type", b"type"):
            return value.decode(errors="replace") if isinstance(value, bytes) else str(value)
    return ""


def newest_positions(events: Iterable[EventData]) -> Dict[str, Position]:
    """Return the latest position of each vehicle; events in a batch are in order."""
    newest = {}
    for event in events:
        try:
            position = read_position(event)
        except ValueError as error:
            logger.error("Dropped event %s: %s", event.sequence_number, error)
        else:
            newest[position.vehicle] = position
    return newest


def read_position(event: EventData) -> Position:
    """Return the position in an event; raise ValueError if it is invalid."""
    try:
        content = event.body_as_json()
        position = Position(
            vehicle=content["vehicle"],
            latitude=float(content["lat"]),
            longitude=float(content["lon"]),
        )
        # JSON can hold an unpaired surrogate, which cannot be logged: the whole batch would fail.
        str(position.vehicle).encode()
    except (KeyError, OverflowError, RecursionError, TypeError, ValueError):
        # Not with the body, which does not belong in a log.
        raise ValueError("it is not a position as JSON, with a vehicle, a lat and a lon") from None
    if not isinstance(position.vehicle, str) or not position.vehicle:
        raise ValueError("it is a position without a vehicle")
    if bool in (type(content["lat"]), type(content["lon"])):
        raise ValueError("its latitude or longitude is not a number")
    if not (abs(position.latitude) <= 90 and abs(position.longitude) <= 180):
        raise ValueError("its latitude or longitude does not exist")
    return position


def process(positions: Dict[str, Position]) -> None:
    """Replace with your own processing. Keep it idempotent: a batch can arrive more than once."""
    for vehicle, position in positions.items():
        logger.info("%s is at %.2f, %.2f", vehicle, position.latitude, position.longitude)
