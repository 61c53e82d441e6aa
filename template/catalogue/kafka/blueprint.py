"""Process the events of a Kafka topic in batches."""

import json
import logging
from collections import Counter
from dataclasses import dataclass
from typing import Dict, Iterable, List

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class View:
    """A page that somebody looked at, as events carry it: `{"page": "/tea", "user": "ada"}`."""

    page: str
    user: str


@bp.kafka_trigger(
    arg_name="events",
    topic="kafka-example",
    broker_list="%KafkaBrokers%",
    consumer_group="functions",
    cardinality="many",
    data_type="string",
)
@bp.retry(
    strategy="fixed_delay",
    max_retry_count="3",
    delay_interval="00:00:10",
)
def kafka_example(events: List[func.KafkaEvent]) -> None:
    """Process the page views in a batch of events.

    The host commits its place in the topic even after a batch that failed. So what may pass is
    repeated as the retry policy says, and an event that can never be read is logged and set aside.
    """
    views = []
    for event in events:
        try:
            views.append(read_view(event.get_body()))
        except ValueError as error:
            logger.error("Set aside an event: %s", error)
    process(count_views(views))


def read_view(body: bytes) -> View:
    """Return the page view in an event; raise ValueError if there is none.

    The host passes the event as JSON: its content is in `Value`, beside `Offset` and others.
    """
    try:
        content = json.loads(json.loads(body)["Value"])
        page, user = content["page"], content["user"]
        if not isinstance(page, str) or not isinstance(user, str):
            raise TypeError("A page and a user are text")
        return View(page=page, user=user)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{body!r} is no page view") from error


def count_views(views: Iterable[View]) -> Dict[str, int]:
    """Return how many different users looked at each page."""
    return dict(Counter(view.page for view in set(views)))


def process(counts: Dict[str, int]) -> None:
    """Do what your app does with a batch. It may come twice, so make a second time harmless."""
    for page, count in counts.items():
        logger.info("%s users saw %s", count, page)
