"""Follow the events of a topic through Dapr's publish and subscribe."""

import json
import logging
from dataclasses import dataclass

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Level:
    """How much of a product is in stock, as events carry it: `{"sku": "T-1", "stock": 7}`."""

    sku: str
    stock: int


@bp.dapr_topic_trigger(
    arg_name="event",
    pub_sub_name="%DAPR_PUBSUB%",
    topic="dapr-topic-example",
)
def dapr_topic_example(event: str) -> None:
    """Process the stock level in one event, which comes as a CloudEvent in JSON.

    After an exception Dapr delivers the event again, as often as the pub/sub component and its
    resiliency policy say.
    """
    process(read_level(event))


def read_level(event: str) -> Level:
    """Return the stock level in a CloudEvent; raise ValueError if there is no valid one."""
    try:
        content = json.loads(event)["data"]
        level = Level(sku=content["sku"], stock=content["stock"])
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{event!r} holds no stock level") from error
    if not isinstance(level.sku, str) or not level.sku:
        raise ValueError("A stock level needs a product")
    if type(level.stock) is not int or level.stock < 0:
        raise ValueError(f"{level.sku} has an impossible stock level")
    return level


def process(level: Level) -> None:
    """Do what your app does with a level. It may come twice, so make a second time harmless."""
    logger.info("%s of %s in stock", level.stock, level.sku)
