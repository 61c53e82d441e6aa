"""Process the events of an Azure Service Bus topic."""

import json
import logging
from typing import Any, Callable, Dict

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)


@bp.service_bus_topic_trigger(
    arg_name="message",
    topic_name="servicebus-topic-example",
    subscription_name="default",
    connection="ServiceBusConnection",
)
def servicebus_topic_example(message: func.ServiceBusMessage) -> None:
    """Pass the event in one message to the handler for its subject.

    The host completes the message when the function returns. If the function raises an exception,
    the message returns to the subscription, and is dead-lettered after its maximum delivery count.
    A subject without a handler is skipped. Better still, filter it out on the subscription.
    """
    logger.info("Message %s: %s", message.message_id, message.subject)
    handler = HANDLERS.get(message.subject or "")
    if handler is None:
        logger.info("Skipped message %s", message.message_id)
        return
    handler(read_event(message))


def read_event(message: func.ServiceBusMessage) -> Dict[str, Any]:
    """Return the event in the message; raise ValueError if it names no customer."""
    try:
        content = json.loads(message.get_body())
    except (RecursionError, ValueError):
        raise ValueError(f"Message {message.message_id} is not JSON") from None
    customer = content.get("customer") if isinstance(content, dict) else None
    if not isinstance(customer, str) or not customer:
        raise ValueError(f"Message {message.message_id} names no customer")
    return dict(content)


def registered(content: Dict[str, Any]) -> None:
    """Do what your app does with a new customer. Make a second time harmless."""
    logger.info("Customer %s registered", content["customer"])


def left(content: Dict[str, Any]) -> None:
    """Do what your app does when a customer leaves. Make a second time harmless."""
    logger.info("Customer %s left", content["customer"])


HANDLERS: Dict[str, Callable[[Dict[str, Any]], None]] = {
    "customer.registered": registered,
    "customer.left": left,
}
