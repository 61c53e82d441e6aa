"""Replay the messages in the dead-letter queue of an Azure Service Bus queue when an operator asks."""

import json
import logging
import os
import re
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Dict, Iterator

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)

CONNECTION = "ServiceBusConnection"
# The queue whose messages are replayed.
QUEUE = "servicebus-replay-example"
# How often a message is replayed at most, counted in this application property.
MOST_REPLAYS = 3
REPLAYS = "replays"
# How many messages a call replays at most, and for how long: a lock expires after a minute.
MOST_AT_ONCE = 100
MOST_SECONDS = 40
NUMBER = re.compile(r"[1-9][0-9]{0,5}")
# What Service Bus adds to a dead-lettered message.
OF_DEAD_LETTERS = {"DeadLetterReason", "DeadLetterErrorDescription"}


@dataclass(frozen=True)
class Outcome:
    """How many messages were replayed, and how many were left in the dead-letter queue."""

    replayed: int
    left: int


# Always with a key, even if the app's other routes need none.
@bp.route(
    route="servicebus-replay-example",
    methods=["POST"],
    auth_level=func.AuthLevel.FUNCTION,
)
def servicebus_replay_example(req: func.HttpRequest) -> func.HttpResponse:
    """Replay up to `most` messages, and answer how many were replayed and how many were left.

    A message is left if it was replayed `MOST_REPLAYS` times already, if its body is not bytes, or
    if it cannot be sent, such as one that is too large now.
    Call again until `replayed` is 0. Should the call fail, no message is lost, but the last one
    can be in both queues. The function is not async, so it runs in a thread and may wait.
    """
    try:
        most = read_most(req)
    except ValueError as error:
        return json_response({"error": str(error)}, status_code=400)
    outcome = replay_messages(most)
    logger.info("Replayed %s messages of %s, left %s", outcome.replayed, QUEUE, outcome.left)
    return json_response({"replayed": outcome.replayed, "left": outcome.left})


def read_most(req: func.HttpRequest) -> int:
    """Return the number in the query; raise ValueError if it is invalid."""
    most = req.params.get("most", str(MOST_AT_ONCE))
    if not NUMBER.fullmatch(most) or int(most) > MOST_AT_ONCE:
        raise ValueError(f"most must be a number from 1 to {MOST_AT_ONCE}.")
    return int(most)


def replay_messages(most: int) -> Outcome:
    """Move up to `most` messages back to the queue."""
    from azure.servicebus import ServiceBusSubQueue

    replayed, left = 0, []
    end = time.monotonic() + MOST_SECONDS
    with connect() as client:
        receiver = client.get_queue_receiver(QUEUE, sub_queue=ServiceBusSubQueue.DEAD_LETTER)
        with receiver as dead, client.get_queue_sender(QUEUE) as queue:
            while replayed < most and time.monotonic() < end:
                # It waits for the first message, and returns those that are there.
                messages = dead.receive_messages(most - replayed, max_wait_time=5)
                if not messages:
                    break
                for message in messages:
                    # What is left stays locked meanwhile, so that it is not received again.
                    if send_back(message, queue):
                        dead.complete_message(message)
                        replayed += 1
                    else:
                        left.append(message)
            for message in left:
                dead.abandon_message(message)
    return Outcome(replayed=replayed, left=len(left))


def send_back(message: Any, queue: Any) -> bool:
    """Send a copy of a message to the queue, and return whether it may go there."""
    from azure.servicebus.amqp import AmqpMessageBodyType
    from azure.servicebus.exceptions import MessageSizeExceededError

    if replays_of(message) >= MOST_REPLAYS:
        logger.warning("Left message %s: it was replayed before", message.message_id)
        return False
    if message.body_type != AmqpMessageBodyType.DATA:
        logger.warning("Left message %s: its body is not bytes", message.message_id)
        return False
    try:
        queue.send_messages(copy(message))
    except (MessageSizeExceededError, TypeError, ValueError) as error:
        # The others can still be sent, unlike after an error of the connection.
        logger.warning("Left message %s: %s", message.message_id, type(error).__name__)
        return False
    return True


def properties_of(message: Any) -> Dict[str, Any]:
    """Return the application properties of a message as text: they are received as bytes."""
    properties = message.application_properties or {}
    return {decode(name): decode(value) for name, value in properties.items()}


def decode(value: Any) -> Any:
    """Return bytes as text; what is not text stays as it is."""
    try:
        return value.decode() if isinstance(value, bytes) else value
    except UnicodeDecodeError:
        return value


def replays_of(message: Any) -> int:
    """Return how often a message was replayed."""
    count = properties_of(message).get(REPLAYS)
    return count if type(count) is int else 0


def copy(message: Any) -> Any:
    """Return a message to send, with the content and the properties of one that was received."""
    from azure.servicebus import ServiceBusMessage

    properties: Dict[Any, Any] = {
        name: value for name, value in properties_of(message).items() if name not in OF_DEAD_LETTERS
    }
    return ServiceBusMessage(
        b"".join(message.body),
        application_properties={**properties, REPLAYS: replays_of(message) + 1},
        content_type=message.content_type,
        correlation_id=message.correlation_id,
        message_id=message.message_id,
        partition_key=message.partition_key,
        reply_to=message.reply_to,
        reply_to_session_id=message.reply_to_session_id,
        session_id=message.session_id,
        subject=message.subject,
        time_to_live=message.time_to_live,
        to=message.to,
    )


@contextmanager
def connect() -> Iterator[Any]:
    """Provide a client, with the connection string or with the app's identity."""
    # Slow to import: the app starts without it.
    from azure.servicebus import ServiceBusClient

    if connection := os.environ.get(CONNECTION):
        with ServiceBusClient.from_connection_string(connection) as client:
            yield client
        return
    from azure.identity import DefaultAzureCredential

    namespace = os.environ[f"{CONNECTION}__fullyQualifiedNamespace"]
    # Without an id, the credential takes the one in AZURE_CLIENT_ID; None would switch that off.
    client_id = os.environ.get(f"{CONNECTION}__clientId")
    identity = {"managed_identity_client_id": client_id} if client_id else {}
    credential = DefaultAzureCredential(**identity)
    with credential, ServiceBusClient(namespace, credential) as client:
        yield client


def json_response(content: object, status_code: int = 200) -> func.HttpResponse:
    return func.HttpResponse(
        json.dumps(content), status_code=status_code, mimetype="application/json"
    )
