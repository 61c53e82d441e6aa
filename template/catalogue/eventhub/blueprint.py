"""Process the events of an Azure event hub in batches."""

import json
import logging
import statistics
from collections import defaultdict
from dataclasses import dataclass
from math import isfinite
from typing import Dict, Iterable, List

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reading:
    """A device's reading, as in the events: `{"device": "pump-7", "value": 21.5}`."""

    device: str
    value: float


@bp.event_hub_message_trigger(
    arg_name="events",
    event_hub_name="eventhub-example",
    connection="EventHubsConnection",
    consumer_group="$Default",
    cardinality="many",
    # Without it, the host parses each event as JSON, and one invalid event loses the whole batch.
    data_type="binary",
)
@bp.retry(
    strategy="fixed_delay",
    max_retry_count="3",
    delay_interval="00:00:10",
)
def eventhub_example(events: List[func.EventHubEvent]) -> None:
    """Process the readings in a batch of events.

    The host moves on to the next batch even after a failed one. So the retry policy repeats a
    failed batch first, and an event that can never be read is logged and dropped.
    """
    readings = []
    for event in events:
        try:
            readings.append(read_reading(event.get_body()))
        except ValueError as error:
            logger.error("Dropped event %s: %s", event.sequence_number, error)
    process(averages(readings))


def read_reading(body: bytes) -> Reading:
    """Return the reading in an event's body; raise ValueError if it is invalid."""
    try:
        content = json.loads(body)
        reading = Reading(device=content["device"], value=float(content["value"]))
        # JSON can hold an unpaired surrogate, which cannot be logged: the whole batch would fail.
        str(reading.device).encode()
    except (KeyError, OverflowError, RecursionError, TypeError, ValueError):
        # Not with the body, which does not belong in a log.
        raise ValueError("it is not a reading as JSON, with a device and a value") from None
    if not isinstance(reading.device, str) or not reading.device:
        raise ValueError("its device is not a name")
    if isinstance(content["value"], bool) or not isfinite(reading.value):
        raise ValueError("its value is not a finite number")
    return reading


def averages(readings: Iterable[Reading]) -> Dict[str, float]:
    """Return the mean of each device's values."""
    values: Dict[str, List[float]] = defaultdict(list)
    for reading in readings:
        values[reading.device].append(reading.value)
    return {device: statistics.mean(measured) for device, measured in values.items()}


def process(means: Dict[str, float]) -> None:
    """Do what your app does with a batch. It may come twice, so make a second time harmless."""
    for device, mean in means.items():
        logger.info("%s averages %.2f", device, mean)
