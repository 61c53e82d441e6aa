"""Arrange shipments from an Azure Service Bus queue, and settle messages with SDK types."""

import json
import logging
from dataclasses import dataclass

import azure.functions as func
from azurefunctions.extensions.bindings.servicebus import (
    ServiceBusMessageActions,
    ServiceBusReceivedMessage,
)

bp = func.Blueprint()
logger = logging.getLogger(__name__)
# Otherwise, the SDK logs several lines about each message.
logging.getLogger("uamqp").setLevel(logging.WARNING)


@dataclass(frozen=True)
class Shipment:
    """A shipment, as in the messages: `{"order": "A1", "parcels": 2}`."""

    order: str
    parcels: int


@bp.service_bus_queue_trigger(
    arg_name="message",
    queue_name="servicebus-sdk-example",
    connection="ServiceBusConnection",
    auto_complete_messages=False,
)
def servicebus_sdk_example(
    message: ServiceBusReceivedMessage,
    actions: ServiceBusMessageActions,
) -> None:
    """Arrange the shipment in one message, and settle the message.

    An invalid message is dead-lettered at once, with the reason, because a retry would not help.
    If the function raises an exception, the host abandons the message, and the queue delivers it
    again, up to its maximum delivery count. If the function returns without settling the message,
    it stays locked until the lock expires, and is then delivered again.
    """
    try:
        shipment = read_shipment(message)
    except ValueError as error:
        logger.error("Dead-lettered message %s: %s", message.message_id, error)
        actions.deadletter(
            message,
            deadletter_reason="InvalidShipment",
            deadletter_error_description=str(error),
        )
        return
    process(shipment)
    actions.complete(message)


def read_shipment(message: ServiceBusReceivedMessage) -> Shipment:
    """Return the shipment in the message; raise ValueError if it is invalid."""
    try:
        content = json.loads(b"".join(message.body))
        shipment = Shipment(order=content["order"], parcels=content["parcels"])
        # JSON can hold an unpaired surrogate, which cannot be logged: the message would come again.
        str(shipment.order).encode()
    except (KeyError, RecursionError, TypeError, ValueError) as error:
        # Not with the body, which does not belong in a log.
        raise ValueError(f"It contains no shipment: {type(error).__name__}") from None
    if not isinstance(shipment.order, str) or not shipment.order:
        raise ValueError("It contains a shipment without an order")
    if type(shipment.parcels) is not int or shipment.parcels < 1:
        raise ValueError("It contains an invalid number of parcels")
    return shipment


def process(shipment: Shipment) -> None:
    """Replace with your own processing. Keep it idempotent: a message can arrive twice."""
    logger.info("Order %s goes out in %s parcels", shipment.order, shipment.parcels)
