"""Send readings to an Azure event hub."""

import json
import logging
from dataclasses import asdict, dataclass
from math import isfinite
from typing import List

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)

MAX_READINGS = 100
# A batch of events has room for 1 MB, or 256 KB in the Basic tier.
LONGEST_NAME = 100


@dataclass(frozen=True)
class Reading:
    """A device's reading, as in the body and the events: `{"device": "pump-7", "value": 21.5}`."""

    device: str
    value: float


@bp.route(route="eventhub-output-example", methods=["POST"])
@bp.event_hub_output(
    arg_name="events",
    event_hub_name="eventhub-output-example",
    connection="EventHubsConnection",
)
def eventhub_output_example(
    req: func.HttpRequest,
    events: func.Out[List[str]],
) -> func.HttpResponse:
    """Accept readings: 202 means that the host sends them in one batch, one event each.

    The events are spread over the partitions. If their order matters, use the SDK, which can set a
    partition key. If the host cannot send them, the caller gets status 500 instead.
    """
    try:
        readings = read_readings(req)
    except ValueError as error:
        return json_response({"error": str(error)}, status_code=400)
    events.set([json.dumps(asdict(reading)) for reading in readings])
    logger.info("Sent %s readings", len(readings))
    return json_response({"sent": len(readings)}, status_code=202)


def read_readings(req: func.HttpRequest) -> List[Reading]:
    """Return the readings in the body; raise ValueError if one is invalid."""
    try:
        content = req.get_json()
        readings = [Reading(item["device"], float(item["value"])) for item in content]
    except (KeyError, OverflowError, RecursionError, TypeError, ValueError):
        raise ValueError('Send a list such as [{"device": "pump-7", "value": 21.5}].') from None
    if not 1 <= len(readings) <= MAX_READINGS:
        raise ValueError(f"Send 1 to {MAX_READINGS} readings.")
    if not all(is_name(reading.device) for reading in readings):
        raise ValueError(f"The device of a reading needs a name of 1 to {LONGEST_NAME} characters.")
    if any(isinstance(item["value"], bool) for item in content):
        raise ValueError("The value of a reading must be a number.")
    if not all(isfinite(reading.value) for reading in readings):
        raise ValueError("The value of a reading must be finite.")
    return readings


def is_name(device: object) -> bool:
    """Return whether the name of a device is printable text that is not too long."""
    return isinstance(device, str) and 1 <= len(device) <= LONGEST_NAME and device.isprintable()


def json_response(content: object, status_code: int = 200) -> func.HttpResponse:
    return func.HttpResponse(
        json.dumps(content), status_code=status_code, mimetype="application/json"
    )
