"""Raise alarms about readings from a Dapr input binding through a Dapr output binding."""

import json
import logging
from dataclasses import dataclass
from math import isfinite

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)

HOTTEST = 80.0


@dataclass(frozen=True)
class Reading:
    """A sensor's reading, as in the events: `{"sensor": "s-1", "celsius": 21.5}`."""

    sensor: str
    celsius: float


@bp.dapr_binding_trigger(
    arg_name="content",
    binding_name="dapr-binding-example",
)
@bp.dapr_binding_output(
    arg_name="alarm",
    binding_name="%DAPR_OUTPUT_BINDING%",
    operation="create",
)
def dapr_binding_example(
    content: str,
    alarm: func.Out[bytes],
) -> None:
    """Write an alarm if the reading in an event is too hot.

    If the function raises an exception, or the output binding fails, the sidecar gets status 500,
    and some input bindings deliver the event again. An event that cannot be read is logged as an
    error and dropped, because it could arrive again and again.
    """
    try:
        reading = read_reading(content)
    except ValueError as error:
        logger.error("Dropped an event: %s", error)
        return
    logger.info("%s measures %s degrees", reading.sensor, reading.celsius)
    if reading.celsius > HOTTEST:
        # The host looks for `data` in bytes; it would take a string for the data itself.
        data = {"sensor": reading.sensor, "celsius": reading.celsius, "limit": HOTTEST}
        alarm.set(json.dumps({"data": data}).encode())


def read_reading(content: str) -> Reading:
    """Return the reading in an event; raise ValueError if it is invalid.

    The content is JSON, or None if the event has no body, such as that of a schedule.
    """
    try:
        found = json.loads(content)
        sensor, celsius = found["sensor"], float(found["celsius"])
        # JSON can hold an unpaired surrogate, which cannot be logged: the event could come again.
        str(sensor).encode()
    except (KeyError, OverflowError, RecursionError, TypeError, ValueError):
        # Not with the content, which does not belong in a log.
        raise ValueError("it contains no reading, with a sensor and celsius") from None
    if not isinstance(sensor, str) or not sensor:
        raise ValueError("its reading has no sensor")
    if isinstance(found["celsius"], bool) or not isfinite(celsius):
        raise ValueError("its reading is not a number of degrees")
    return Reading(sensor=sensor, celsius=celsius)
