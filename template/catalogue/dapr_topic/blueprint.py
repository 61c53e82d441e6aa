"""Process the events of a Dapr pub/sub topic."""

import json
import logging
from dataclasses import dataclass
from typing import Optional

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Level:
    """A product's stock level, as in the events: `{"sku": "T-1", "stock": 7}`."""

    sku: str
    stock: int


@bp.dapr_topic_trigger(
    arg_name="event",
    pub_sub_name="%DAPR_PUBSUB%",
    topic="dapr-topic-example",
)
def dapr_topic_example(event: str) -> None:
    """Process the stock level in one event, a CloudEvent in JSON.

    If `process` raises an exception, Dapr delivers the event again, according to the pub/sub
    component and its resiliency policy. An event that cannot be read is logged as an error and
    dropped, because it would arrive again and again.
    """
    try:
        level = read_level(event)
    except ValueError as error:
        logger.error("Dropped event %s: %s", read_id(event), error)
        return
    process(level)


def read_level(event: str) -> Level:
    """Return the stock level in a CloudEvent; raise ValueError if it is invalid."""
    try:
        content = json.loads(event)["data"]
        level = Level(sku=content["sku"], stock=content["stock"])
        # JSON can hold an unpaired surrogate, which cannot be logged: the event would come again.
        str(level.sku).encode()
    except (KeyError, RecursionError, TypeError, ValueError):
        # Not with the event, which does not belong in a log.
        raise ValueError("it contains no stock level, with a sku and a stock") from None
    if not isinstance(level.sku, str) or not level.sku:
        raise ValueError("its stock level has no product")
    if type(level.stock) is not int or level.stock < 0:
        raise ValueError("its stock level is not a whole number of 0 or more")
    return level


def read_id(event: str) -> Optional[str]:
    """Return the id of a CloudEvent, or None if it has none."""
    try:
        return str(json.loads(event)["id"])
    except (KeyError, RecursionError, TypeError, ValueError):
        return None


def process(level: Level) -> None:
    """Replace with your own processing. Keep it idempotent: an event can arrive more than once."""
    logger.info("%s of %s in stock", level.stock, level.sku)
