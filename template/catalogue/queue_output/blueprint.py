"""Accept orders over HTTP and queue them for processing."""

import json
import logging
from dataclasses import asdict, dataclass

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)


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
    except (ValueError, KeyError, TypeError):
        raise ValueError('Send an order such as {"id": "A1", "quantity": 2}.') from None
    named = isinstance(order.id, str) and order.id
    if not named or type(order.quantity) is not int or order.quantity < 1:
        raise ValueError("An order needs an id and a whole quantity of 1 or more.")
    return order


def json_response(content: object, status_code: int = 200) -> func.HttpResponse:
    return func.HttpResponse(
        json.dumps(content), status_code=status_code, mimetype="application/json"
    )
