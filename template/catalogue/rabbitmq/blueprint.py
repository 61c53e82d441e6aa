"""Process notices from a RabbitMQ queue."""

import json
import logging
from dataclasses import dataclass
from typing import Tuple

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Notice:
    """A notice, as in the messages: `{"text": "Closed today", "readers": ["ada", "bob"]}`."""

    text: str
    readers: Tuple[str, ...]


@bp.generic_trigger(
    arg_name="message",
    type="rabbitMQTrigger",
    queueName="rabbitmq-example",
    connectionStringSetting="RabbitMQConnection",
)
def rabbitmq_example(message: str) -> None:
    """Process the notice in one message.

    If the function raises an exception, the message goes to the end of the queue, and comes again
    at once: in an empty queue, all five attempts take only milliseconds. After the fifth, it is
    rejected and goes to the queue's dead-letter exchange, if there is one, or is lost.
    """
    notice = read_notice(message)
    logger.info("A notice for %s readers", len(notice.readers))
    process(notice)


def read_notice(message: str) -> Notice:
    """Return the notice in a message; raise ValueError if it is invalid."""
    try:
        content = json.loads(message)
        text, readers = content["text"], content["readers"]
    except (KeyError, RecursionError, TypeError, ValueError):
        # Not with the message, which does not belong in a log.
        raise ValueError("The message is not a notice as JSON, with text and readers") from None
    if not isinstance(text, str) or not text or not isinstance(readers, list) or not readers:
        raise ValueError("A notice needs text and readers")
    if not all(isinstance(reader, str) and reader for reader in readers):
        raise ValueError("The readers of a notice need names")
    return Notice(text=text, readers=tuple(readers))


def process(notice: Notice) -> None:
    """Replace with your own processing. Keep it idempotent: a notice can arrive more than once."""
    for reader in notice.readers:
        logger.info("To %s: %s characters", reader, len(notice.text))
