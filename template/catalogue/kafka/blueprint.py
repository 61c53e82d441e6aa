"""Process the events of a Kafka topic in batches."""

import json
import logging
from collections import Counter
from dataclasses import dataclass
from typing import Dict, Iterable, List

import azure.functions as func

from shared import kafka_sasl

bp = func.Blueprint()
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class View:
    """A page view, as in the events: `{"page": "/tea", "user": "ada"}`."""

    page: str
    user: str


@bp.kafka_trigger(
    arg_name="events",
    topic="kafka-example",
    broker_list="%KafkaBrokers%",
    # Functions that share a group also share the events: each gets only some of them.
    consumer_group="%KAFKA_EXAMPLE_CONSUMER_GROUP%",
    cardinality="many",
    # The host passes each event as JSON with its content as text, so an invalid one cannot lose
    # the batch.
    data_type="string",
    **kafka_sasl.arguments(),
)
@bp.retry(
    strategy="fixed_delay",
    max_retry_count="3",
    delay_interval="00:00:10",
)
def kafka_example(events: List[func.KafkaEvent]) -> None:
    """Process the page views in a batch of events.

    The host commits its offset in the topic even after a failed batch. So the retry policy repeats
    a failed batch first, and an event that can never be read is logged and dropped.
    """
    views = []
    for event in events:
        try:
            views.append(read_view(event.get_body()))
        except ValueError as error:
            logger.error(
                "Dropped event %s of partition %s: %s", event.offset, event.partition, error
            )
    process(count_views(views))


def read_view(body: bytes) -> View:
    """Return the page view in an event; raise ValueError if it is invalid.

    The host passes the event as JSON, with its content in `Value`, next to `Offset` and others. An
    event without content has null there; bytes that are not UTF-8 are replaced.
    """
    try:
        content = json.loads(json.loads(body)["Value"])
        view = View(page=content["page"], user=content["user"])
        # JSON can hold an unpaired surrogate, which cannot be logged: the whole batch would fail.
        f"{view.page}{view.user}".encode()
    except (KeyError, RecursionError, TypeError, ValueError):
        # Not with the event itself, which can have personal data and, in its headers, secrets.
        raise ValueError("it is not a page view as JSON, with a page and a user") from None
    if not all(isinstance(text, str) for text in (view.page, view.user)):
        raise ValueError("its page or its user is not text")
    return view


def count_views(views: Iterable[View]) -> Dict[str, int]:
    """Return the number of different users who viewed each page."""
    return dict(Counter(view.page for view in set(views)))


def process(counts: Dict[str, int]) -> None:
    """Replace with your own processing. Keep it idempotent: a batch can arrive more than once."""
    for page, count in counts.items():
        logger.info("%s users saw %s", count, page)
