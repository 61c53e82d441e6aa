"""Arrange shipments from an Azure Service Bus queue, and settle the messages with the SDK's types."""

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


@dataclass(frozen=True)
class Shipment:
    """A shipment as messages carry it: `{"order": "A1", "parcels": 2}`."""

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
    """Arrange the shipment in one message, and say what becomes of the message.

    One that holds no shipment is dead-lettered at once, with the reason: to deliver it again would
    not help. After an exception the host abandons the message, and the queue delivers it again
    until its maximum delivery count. A message that is neither settled nor followed by an
    exception stays locked until the lock expires, and then comes again.
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
    """Return the shipment in the message; raise ValueError if there is no valid one."""
    try:
        content = json.loads(b"".join(message.body))
        shipment = Shipment(order=content["order"], parcels=content["parcels"])
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"It holds no shipment: {error!r}") from error
    if not isinstance(shipment.order, str) or not shipment.order:
        raise ValueError("It holds a shipment without an order")
    if type(shipment.parcels) is not int or shipment.parcels < 1:
        raise ValueError(f"Order {shipment.order} has no number of parcels")
    return shipment


def process(shipment: Shipment) -> None:
    """Do what your app does with a shipment. It may come twice: make a second time harmless."""
    logger.info("Order %s goes out in %s parcels", shipment.order, shipment.parcels)
