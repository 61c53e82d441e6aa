"""Functions that take each other's messages."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from ...functions.functions import Function
from ...model import Problem, Severity
from ...project.message_flow import Reader, reader_of
from ...project.project import Project
from ..rule import rule


class Source(NamedTuple):
    """What two functions share, in words, and what to do about it."""

    shared: str
    message: str
    fix: str


ONE_FUNCTION = "Do both in one function, or give each function"
OWN_GROUP = "Give each function a consumer group of its own."
SOURCES: Mapping[str, Source] = {
    "queue": Source("the queue {}", "message", f"{ONE_FUNCTION} a queue of its own."),
    "servicebus": Source(
        "the queue {}", "message", f"{ONE_FUNCTION} a subscription of its own to a topic."
    ),
    "rabbitmq": Source("the queue {}", "message", f"{ONE_FUNCTION} a queue of its own."),
    "redislist": Source(
        "the list {}",
        "item",
        "Do both in one function, or use a stream, which each function reads whole.",
    ),
    "eventhub": Source("the consumer group {1} of the event hub {0}", "event", OWN_GROUP),
    "kafka": Source("the consumer group {1} of the topic {0}", "event", OWN_GROUP),
    "cosmosdb": Source(
        "the leases of the container {}",
        "change",
        "Give each function a `lease_container_prefix` of its own.",
    ),
}
SUBSCRIPTION = Source(
    "the subscription {}", "message", "Give each function a subscription of its own."
)


@rule("AF249", Severity.WARNING, "Two functions take each other's messages")
def shared_messages(project: Project) -> Iterator[Problem]:
    """Yield triggers on messages that another function takes, too."""
    first: dict[Reader, Function] = {}
    names = {_plain(name) for name in project.settings.values}
    for function in project.certain_functions:
        if len(function.triggers) != 1 or _can_be_disabled(function, names):
            continue
        trigger = function.triggers[0]
        reader = reader_of(project.settings, trigger)
        if reader is None:
            continue
        other = first.setdefault(reader, function)
        if other is not function:
            has_topic = trigger.text("topicName")
            source = SUBSCRIPTION if has_topic else SOURCES[reader.channel.service]
            shared = source.shared.format(repr(reader.channel.name), *map(repr, reader.group))
            message = (
                f"{other.label} and {function.label} share {shared}, so each {source.message} "
                "starts only one of them."
            )
            yield Problem(trigger.place, message, source.fix)


def _can_be_disabled(function: Function, names: Collection[str]) -> bool:
    """Whether one of the settings may disable the function, so that another one runs in its place."""
    return _plain(f"AzureWebJobs.{function.label}.Disabled") in names


def _plain(name: str) -> str:
    """Return the name of a setting as all systems write it: Linux allows no periods."""
    return name.lower().replace(".", "_").replace("__", "_")


RULES = (shared_messages,)
