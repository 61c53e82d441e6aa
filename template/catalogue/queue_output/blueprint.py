"""Accept orders over HTTP and queue them for processing."""

import json
import logging
from dataclasses import asdict, dataclass

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)

# A message in a storage queue has room for 48 KB of text.
LONGEST_ID = 100
MAX_QUANTITY = 1000


@dataclass(frozen=True)
class Order:
    """An order, as in the body and the message: `{"id": "A1", "quantity": 2}`."""

    id: str
    quantity: int


@bp.route(route="queue-output-example", methods=["POST"])
@bp.queue_output(
    arg_name="message",
    queue_name="queue-output-example",
    connection="StorageConnection",
)
def queue_output_example(
    req: func.HttpRequest,
    message: func.Out[str],
) -> func.HttpResponse:
    """Accept an order: 202 means that it is queued, not that it is processed.

    After the function returns, the host sends the message, and creates the queue if it is missing.
    If that fails, the caller gets status 500 instead of this response.
    """
    try:
        order = read_order(req)
    except ValueError as error:
        return json_response({"error": str(error)}, status_code=400)
    message.set(json.dumps(asdict(order)))
    logger.info("Queued order %s", order.id)
    return json_response({"id": order.id}, status_code=202)


def read_order(req: func.HttpRequest) -> Order:
    """Return the order in the body; raise ValueError if it is invalid."""
    try:
        content = req.get_json()
        order = Order(id=content["id"], quantity=content["quantity"])
    except (KeyError, RecursionError, TypeError, ValueError):
        raise ValueError('Send an order such as {"id": "A1", "quantity": 2}.') from None
    if not isinstance(order.id, str) or not order.id.isprintable():
        raise ValueError("The id of an order must be printable text.")
    if not 1 <= len(order.id) <= LONGEST_ID:
        raise ValueError(f"The id of an order must have 1 to {LONGEST_ID} characters.")
    if type(order.quantity) is not int or not 1 <= order.quantity <= MAX_QUANTITY:
        raise ValueError(f"The quantity of an order must be a whole number, 1 to {MAX_QUANTITY}.")
    return order


def json_response(content: object, status_code: int = 200) -> func.HttpResponse:
    return func.HttpResponse(
        json.dumps(content), status_code=status_code, mimetype="application/json"
    )
