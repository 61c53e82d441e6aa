"""Process orders from an Azure Storage queue."""

import logging
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Order:
    """An order, as in the queue's messages: `{"id": "A1", "quantity": 2, "price": "9.90"}`."""

    id: str
    quantity: int
    price: Decimal

    @property
    def total(self) -> Decimal:
        return self.quantity * self.price


@bp.queue_trigger(
    arg_name="message",
    queue_name="queue-example",
    connection="StorageConnection",
)
def queue_example(message: func.QueueMessage) -> None:
    """Process the order in one message.

    If the function raises an exception, the message returns to the queue. After `maxDequeueCount`
    attempts (host.json), the host moves it to the queue `queue-example-poison`. Messages are in
    base64: one in plain text goes there at once, and never to this function, unless `queues` in
    host.json has `"messageEncoding": "none"`.
    """
    logger.info("Message %s, attempt %s", message.id, message.dequeue_count)
    process(read_order(message))


def read_order(message: func.QueueMessage) -> Order:
    """Return the order in the message; raise ValueError if it is invalid."""
    try:
        content = message.get_json()
        order = Order(
            id=content["id"],
            quantity=content["quantity"],
            price=Decimal(str(content["price"])),
        )
    except (ValueError, KeyError, TypeError, InvalidOperation) as error:
        raise ValueError(
            f"Message {message.id} contains no order: {type(error).__name__}"
        ) from None
    except RecursionError:
        raise ValueError(f"Message {message.id} contains JSON that is nested too deeply") from None
    if not isinstance(order.id, str) or not order.id:
        raise ValueError(f"Message {message.id} contains an order without an id")
    whole = type(order.quantity) is int and order.quantity > 0
    if not whole or not order.price.is_finite() or order.price < 0:
        raise ValueError(f"Message {message.id} contains an invalid quantity or price")
    return order


def process(order: Order) -> None:
    """Do what your app does with an order. It may come twice, so make a second time harmless."""
    logger.info("Order %s comes to %s", order.id, order.total)
