"""What docs/catalogue.md says of messages is what the code, host.json and the services do."""

import ast
import re
from collections.abc import Iterator
from typing import Any

import pytest

from hooks.catalogue import TEMPLATE, Kind
from tests.support.catalogue import KINDS
from tests.support.text_files import read

# Triggers whose caller waits for the answer.
OF_CALLERS = {
    "route",
    "mcp_tool",
    "mcp_resource_trigger",
    "mcp_prompt_trigger",
    "dapr_service_invocation_trigger",
}
AT_MOST_ONCE = {
    "redisListTrigger",
    "redisStreamTrigger",
    "signalRTrigger",
    "warm_up_trigger",
    "webPubSubTrigger",
}
ALWAYS_BATCHES = {"cosmos_db_trigger", "sql_trigger", "mysql_trigger"}
# Attempts that the extensions make: of RabbitMQ as measured on 2026-11-25; of SQL and MySQL as in their sources, where
# it is called MaxChangeProcessAttemptCount.
OF_EXTENSIONS = {"rabbitMQTrigger": 5, "sql_trigger": 5, "mysql_trigger": 5}
# The service decides how many attempts there are.
OF_SERVICES = {"event_grid_trigger", "dapr_binding_trigger", "dapr_topic_trigger"}
# What finally happens to a message, by its trigger.
ENDS = {
    "queue_trigger": "the poison queue",
    "blob_trigger": "webjobs-blobtrigger-poison",
    "service_bus_queue_trigger": "dead-lettered",
    "service_bus_topic_trigger": "dead-lettered",
    "event_grid_trigger": "dead-lettered or lost",
    "event_hub_message_trigger": "the batch is skipped",
    "kafka_trigger": "the batch is skipped",
    "cosmos_db_trigger": "the batch is skipped",
    "rabbitMQTrigger": "dead-lettered, or lost",
    "redisListTrigger": "lost",
    "redisStreamTrigger": "added to the stream of failures",
    "signalRTrigger": "lost",
    "webPubSubTrigger": "lost",
}
INFRA = read(TEMPLATE / "infra" / "servicebus.bicep")
EMULATOR = read(TEMPLATE / "emulators" / "servicebus.json.jinja")

DELIVERED = [kind for kind in KINDS if kind.delivery]


def decorators(kind: Kind) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the name of each decorator of a kind, or the type of a generic trigger, and its arguments."""
    for node in ast.walk(ast.parse(read(kind.folder / "blueprint.py"))):
        for decorator in getattr(node, "decorator_list", []):
            if isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Attribute):
                given = {
                    str(item.arg): item.value.value
                    for item in decorator.keywords
                    if isinstance(item.value, ast.Constant)
                }
                name = decorator.func.attr
                yield str(given["type"]) if name == "generic_trigger" else name, given


def triggers(kind: Kind) -> dict[str, dict[str, Any]]:
    """Return the triggers of a kind with their arguments."""
    return {
        name: given
        for name, given in decorators(kind)
        if name.lower().endswith("trigger") or name in OF_CALLERS
    }


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
def test_a_kind_says_what_happens_to_messages_unless_a_caller_waits(kind: Kind) -> None:
    assert triggers(kind)
    assert (kind.delivery is None) == (set(triggers(kind)) <= OF_CALLERS)


@pytest.mark.parametrize("kind", DELIVERED, ids=lambda kind: kind.id)
def test_its_guarantee_is_that_of_its_trigger(kind: Kind) -> None:
    assert kind.delivery
    once = set(triggers(kind)) & AT_MOST_ONCE
    assert kind.delivery.guarantee == ("at most once" if once else "at least once")


@pytest.mark.parametrize("kind", DELIVERED, ids=lambda kind: kind.id)
def test_it_takes_batches_where_its_binding_does(kind: Kind) -> None:
    assert kind.delivery
    many = [name for name, given in triggers(kind).items() if given.get("cardinality") == "many"]
    assert kind.delivery.batch == bool(many or set(triggers(kind)) & ALWAYS_BATCHES)


@pytest.mark.parametrize("kind", DELIVERED, ids=lambda kind: kind.id)
def test_it_counts_the_attempts_that_are_made(kind: Kind) -> None:
    assert kind.delivery
    assert kind.delivery.attempts == attempts(kind)


def attempts(kind: Kind) -> int:
    """Return how often a message is tried; 0 if its service decides it."""
    found = set(triggers(kind))
    policies = [given for name, given in decorators(kind) if name == "retry"]
    source = read(kind.folder / "blueprint.py")
    if "queue_trigger" in found:
        # A policy is then that of a timer.
        return int(kind.host["queues"]["maxDequeueCount"])
    if policies:
        [policy] = policies
        return 1 + int(str(policy["max_retry_count"]))
    if retried := re.findall(r"max_number_of_attempts=(\d+)", source):
        return int(retried[0])
    if repeated := re.findall(r"(?m)^ATTEMPTS = (\d+)$", source):
        return int(repeated[0])
    if "blob_trigger" in found:
        return int(kind.host["blobs"]["poisonBlobThreshold"])
    if any(name.startswith("service_bus_") for name in found):
        [count] = set(re.findall(r"(?i)maxDeliveryCount'?: (\d+)", INFRA + EMULATOR))
        return int(count)
    if extension := found & set(OF_EXTENSIONS):
        return OF_EXTENSIONS[extension.pop()]
    return 0 if found & OF_SERVICES else 1


@pytest.mark.parametrize("kind", DELIVERED, ids=lambda kind: kind.id)
def test_it_says_where_a_message_ends(kind: Kind) -> None:
    assert kind.delivery
    for trigger in triggers(kind):
        assert ENDS.get(trigger, "") in kind.delivery.then


@pytest.mark.parametrize("kind", DELIVERED, ids=lambda kind: kind.id)
def test_what_it_drops_does_not_raise(kind: Kind) -> None:
    """The worker's tests send an invalid message to every kind: one that is logged and dropped raises nothing."""
    assert kind.delivery
    if "logged and dropped" in kind.delivery.invalid:
        source = read(kind.folder / "blueprint.py")
        assert re.search(r'logger\.(warning|error)\(\s*"(Dropped|Skipped)', source)
    elif not kind.delivery.invalid:
        text = read(kind.folder / "invocations.yml")
        assert "raises:" in text
