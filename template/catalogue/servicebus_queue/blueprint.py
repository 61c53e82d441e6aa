"""Book payments from an Azure Service Bus queue."""

import json
import logging
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Payment:
    """A payment, as in the messages: `{"invoice": "2026-17", "amount": "99.50"}`."""

    invoice: str
    amount: Decimal


@bp.service_bus_queue_trigger(
    arg_name="message",
    queue_name="servicebus-queue-example",
    connection="ServiceBusConnection",
)
def servicebus_queue_example(message: func.ServiceBusMessage) -> None:
    """Book the payment in one message.

    The host completes the message when the function returns. If the function raises an exception,
    the message returns to the queue. After its maximum delivery count, it is dead-lettered.
    """
    logger.info("Message %s, delivery %s", message.message_id, message.delivery_count)
    process(message.message_id, read_payment(message))


def read_payment(message: func.ServiceBusMessage) -> Payment:
    """Return the payment in the message; raise ValueError if it is invalid."""
    try:
        content = json.loads(message.get_body())
        payment = Payment(invoice=content["invoice"], amount=Decimal(str(content["amount"])))
    except (KeyError, RecursionError, TypeError, ValueError, InvalidOperation) as error:
        # Not with the body, which does not belong in a log.
        reason = type(error).__name__
        raise ValueError(f"Message {message.message_id} contains no payment: {reason}") from None
    if not isinstance(payment.invoice, str) or not payment.invoice:
        raise ValueError(f"Message {message.message_id} contains a payment without an invoice")
    if not payment.amount.is_finite() or payment.amount <= 0:
        raise ValueError(f"Message {message.message_id} contains an invalid amount")
    return payment


def process(message_id: str, payment: Payment) -> None:
    """Do what your app does with a payment.

    A message may come twice: remember its id, with the payment, and book it only once.
    """
    logger.info("Booked %s on invoice %s (%s)", payment.amount, payment.invoice, message_id)
