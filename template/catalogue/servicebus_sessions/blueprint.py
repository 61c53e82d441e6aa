"""Apply the steps of orders from an Azure Service Bus queue with sessions, each order's in turn."""

import json
import logging
from dataclasses import dataclass

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)

STEPS = ("placed", "paid", "packed", "shipped")


@dataclass(frozen=True)
class Step:
    """A step of an order: the session id of a message, and its body `{"step": "paid"}`."""

    order: str
    step: str


@bp.service_bus_queue_trigger(
    arg_name="message",
    queue_name="servicebus-sessions-example",
    connection="ServiceBusConnection",
    is_sessions_enabled=True,
)
def servicebus_sessions_example(message: func.ServiceBusMessage) -> None:
    """Apply the step in one message.

    The host locks a session, here an order, and calls the function for its messages one after the
    other, in the order in which they were sent; other sessions run at the same time. If the
    function raises an exception, the same message comes again, before the next one of its session.
    After its maximum delivery count, it is dead-lettered, and the session goes on without it.
    """
    step = read_step(message)
    logger.info("Message %s, delivery %s", message.message_id, message.delivery_count)
    process(step)


def read_step(message: func.ServiceBusMessage) -> Step:
    """Return the step in the message; raise ValueError if it is invalid."""
    if not message.session_id:
        raise ValueError(f"Message {message.message_id} has no session id")
    try:
        step = json.loads(message.get_body())["step"]
    except (KeyError, RecursionError, TypeError, ValueError) as error:
        # Not with the body, which does not belong in a log.
        reason = type(error).__name__
        raise ValueError(f"Message {message.message_id} contains no step: {reason}") from None
    if step not in STEPS:
        raise ValueError(f"Message {message.message_id} contains an unknown step")
    return Step(order=message.session_id, step=step)


def process(step: Step) -> None:
    """Do what your app does with a step.

    A step may come twice, and one before it may be missing, as it was dead-lettered: compare it
    with the stored state of the order, skip what is done, and raise an exception for a gap.
    """
    logger.info("Order %s is %s", step.order, step.step)
