"""Announce new prices to an Azure Service Bus topic."""

import json
import logging
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)

# A message has room for 256 KB in the Standard tier.
LONGEST_TEXT = 100


@dataclass(frozen=True)
class PriceChange:
    """A product's new price, as in the body and the message: `{"sku": "T-1", "price": "9.50"}`."""

    sku: str
    price: Decimal


@bp.route(route="servicebus-topic-output-example", methods=["POST"])
@bp.service_bus_topic_output(
    arg_name="message",
    topic_name="servicebus-topic-output-example",
    connection="ServiceBusConnection",
)
def servicebus_topic_output_example(
    req: func.HttpRequest,
    message: func.Out[str],
) -> func.HttpResponse:
    """Announce a price: 202 means that every subscription of the topic gets a copy.

    The host sends the message after the function returns. If that fails, the caller gets status
    500 instead of this response. The binding sends only a body: to set a subject or properties, on
    which subscriptions filter, use the SDK.
    """
    try:
        change = read_change(req)
    except ValueError as error:
        return json_response({"error": str(error)}, status_code=400)
    message.set(json.dumps({"sku": change.sku, "price": str(change.price)}))
    logger.info("Announced the price of %s", change.sku)
    return json_response({"sku": change.sku}, status_code=202)


def read_change(req: func.HttpRequest) -> PriceChange:
    """Return the new price in the body; raise ValueError if it is invalid."""
    try:
        content = req.get_json()
        sku, price = content["sku"], str(content["price"])
        change = PriceChange(sku=sku, price=Decimal(price))
    except (KeyError, RecursionError, TypeError, ValueError, InvalidOperation):
        raise ValueError('Send a price such as {"sku": "T-1", "price": "9.50"}.') from None
    if not isinstance(sku, str) or not sku or not sku.isprintable():
        raise ValueError("A price needs the sku of its product, as printable text.")
    if len(sku) > LONGEST_TEXT or len(price) > LONGEST_TEXT:
        raise ValueError(f"Use at most {LONGEST_TEXT} characters for sku and price.")
    if not change.price.is_finite() or change.price < 0:
        raise ValueError("The price of a product must be 0 or more.")
    return change


def json_response(content: object, status_code: int = 200) -> func.HttpResponse:
    return func.HttpResponse(
        json.dumps(content), status_code=status_code, mimetype="application/json"
    )
