"""Publish stock levels to a Dapr pub/sub topic."""

import json
import logging
from dataclasses import asdict, dataclass

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)

LONGEST_SKU = 100


@dataclass(frozen=True)
class Level:
    """A product's stock level, as in the body and the event: `{"sku": "T-1", "stock": 7}`."""

    sku: str
    stock: int


@bp.route(route="dapr-publish-example", methods=["POST"])
@bp.dapr_publish_output(
    arg_name="event",
    pub_sub_name="%DAPR_PUBSUB%",
    topic="dapr-publish-example",
)
def dapr_publish_example(
    req: func.HttpRequest,
    event: func.Out[bytes],
) -> func.HttpResponse:
    """Publish a stock level: 202 means that the host passes it on to the sidecar.

    The sidecar puts the level into a CloudEvent, as its `data`. If the sidecar refuses it, the
    caller gets status 500 instead of this response.
    """
    try:
        level = read_level(req)
    except ValueError as error:
        return json_response({"error": str(error)}, status_code=400)
    # The host looks for `payload` in bytes; it would take a string for the payload itself.
    event.set(json.dumps({"payload": asdict(level)}).encode())
    logger.info("Published the stock level of %s", level.sku)
    return json_response({"sku": level.sku}, status_code=202)


def read_level(req: func.HttpRequest) -> Level:
    """Return the stock level in the body; raise ValueError if it is invalid."""
    try:
        content = req.get_json()
        level = Level(sku=content["sku"], stock=content["stock"])
    except (KeyError, RecursionError, TypeError, ValueError):
        raise ValueError('Send a stock level such as {"sku": "T-1", "stock": 7}.') from None
    sku = level.sku
    if not isinstance(sku, str) or not sku.isprintable() or not 1 <= len(sku) <= LONGEST_SKU:
        raise ValueError(f"A stock level needs a sku of 1 to {LONGEST_SKU} printable characters.")
    if type(level.stock) is not int or level.stock < 0:
        raise ValueError("A stock level must be a whole number of 0 or more.")
    return level


def json_response(content: object, status_code: int = 200) -> func.HttpResponse:
    return func.HttpResponse(
        json.dumps(content), status_code=status_code, mimetype="application/json"
    )
