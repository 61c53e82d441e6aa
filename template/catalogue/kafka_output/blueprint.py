"""Send readings to a Kafka topic."""

import json
import logging
from dataclasses import asdict, dataclass
from math import isfinite

import azure.functions as func

from shared import kafka_sasl

bp = func.Blueprint()
logger = logging.getLogger(__name__)

# A message has room for 1 MB, unless the topic is configured otherwise.
LONGEST_NAME = 100


@dataclass(frozen=True)
class Reading:
    """A device's reading, as in the body and the event: `{"device": "d", "value": 1.5}`."""

    device: str
    value: float


@bp.route(route="kafka-output-example", methods=["POST"])
@bp.kafka_output(
    arg_name="event",
    topic="kafka-output-example",
    broker_list="%KafkaBrokers%",
    **kafka_sasl.arguments(),
)
def kafka_output_example(
    req: func.HttpRequest,
    event: func.Out[str],
) -> func.HttpResponse:
    """Accept a reading: 202 means that the host has it and sends it to the topic.

    The worker supports one event per call here: it cannot encode a list of events.
    """
    try:
        reading = read_reading(req)
    except ValueError as error:
        return json_response({"error": str(error)}, status_code=400)
    event.set(json.dumps(asdict(reading)))
    logger.info("Sent a reading of %s", reading.device)
    return json_response({"device": reading.device}, status_code=202)


def read_reading(req: func.HttpRequest) -> Reading:
    """Return the reading in the body; raise ValueError if it is invalid."""
    try:
        content = req.get_json()
        reading = Reading(device=content["device"], value=float(content["value"]))
    except (KeyError, OverflowError, RecursionError, TypeError, ValueError):
        raise ValueError('Send a reading such as {"device": "pump-7", "value": 21.5}.') from None
    device = reading.device
    if not isinstance(device, str) or not device.isprintable():
        raise ValueError("The device of a reading must be printable text.")
    if not 1 <= len(device) <= LONGEST_NAME:
        raise ValueError(f"The device of a reading must have 1 to {LONGEST_NAME} characters.")
    if isinstance(content["value"], bool) or not isfinite(reading.value):
        raise ValueError("The value of a reading must be a finite number.")
    return reading


def json_response(content: object, status_code: int = 200) -> func.HttpResponse:
    return func.HttpResponse(
        json.dumps(content), status_code=status_code, mimetype="application/json"
    )
