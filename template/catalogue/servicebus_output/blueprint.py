"""Send refunds to an Azure Service Bus queue."""

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
class Refund:
    """A refund, as in the body and the message: `{"invoice": "2026-17", "amount": "9.50"}`."""

    invoice: str
    amount: Decimal


@bp.route(route="servicebus-output-example", methods=["POST"])
@bp.service_bus_queue_output(
    arg_name="message",
    queue_name="servicebus-output-example",
    connection="ServiceBusConnection",
)
def servicebus_output_example(
    req: func.HttpRequest,
    message: func.Out[str],
) -> func.HttpResponse:
    """Accept a refund: 202 means that it is queued, not that it is paid.

    The host sends the message after the function returns. If that fails, the caller gets status
    500 instead of this response. The binding sends only a body: to set a session, a message id or
    other properties, use the SDK.
    """
    try:
        refund = read_refund(req)
    except ValueError as error:
        return json_response({"error": str(error)}, status_code=400)
    message.set(json.dumps({"invoice": refund.invoice, "amount": str(refund.amount)}))
    logger.info("Queued a refund of invoice %s", refund.invoice)
    return json_response({"invoice": refund.invoice}, status_code=202)


def read_refund(req: func.HttpRequest) -> Refund:
    """Return the refund in the body; raise ValueError if it is invalid."""
    try:
        content = req.get_json()
        invoice, amount = content["invoice"], str(content["amount"])
        refund = Refund(invoice=invoice, amount=Decimal(amount))
    except (KeyError, RecursionError, TypeError, ValueError, InvalidOperation):
        raise ValueError('Send {"invoice": "2026-17", "amount": "9.50"}.') from None
    if not isinstance(invoice, str) or not invoice or not invoice.isprintable():
        raise ValueError("A refund needs an invoice, as printable text.")
    if len(invoice) > LONGEST_TEXT or len(amount) > LONGEST_TEXT:
        raise ValueError(f"Use at most {LONGEST_TEXT} characters for invoice and amount.")
    if not refund.amount.is_finite() or refund.amount <= 0:
        raise ValueError("A refund of an invoice needs an amount above 0.")
    return refund


def json_response(content: object, status_code: int = 200) -> func.HttpResponse:
    return func.HttpResponse(
        json.dumps(content), status_code=status_code, mimetype="application/json"
    )
