"""Batches of events, and the messages that a function receives and sends."""

import pytest

from tests.support.validator import Find, Plant, find_problems
from tests.validator.rules.binding_files import STORAGE, codes, function
from tests.validator.rules.settings_files import local

HUB = f"event_hub_message_trigger('x', {STORAGE}, 'hub', cardinality='many'"
QUEUE = f"service_bus_queue_trigger('x', {STORAGE}, 'inbox', cardinality='many'"
TOPIC = f"service_bus_topic_trigger('x', {STORAGE}, 'news', 'mine', cardinality='many'"
KAFKA = "kafka_trigger('x', 'news', 'localhost:9092'"
EVENTS = "x: typing.List[func.EventHubEvent]"
MESSAGES = "x: typing.List[func.ServiceBusMessage]"


@pytest.mark.parametrize(
    ("trigger", "parameter", "expected"),
    [
        (f"{HUB})", EVENTS, ["AF215"]),
        (f"{HUB})", "x", ["AF215"]),
        (f"{HUB}, data_type='string')", EVENTS, ["AF215"]),
        (f"{HUB}, data_type='binary')", EVENTS, []),
        (f"{HUB}, data_type=func.DataType.BINARY)", EVENTS, []),
        (f"{QUEUE})", MESSAGES, ["AF215"]),
        (f"{TOPIC})", MESSAGES, ["AF215"]),
        (f"{TOPIC}, data_type='binary')", MESSAGES, []),
        (f"{QUEUE.replace('many', 'one')})", "x: func.ServiceBusMessage", []),
    ],
)
def test_a_batch_needs_a_data_type(
    plant: Plant, find: Find, trigger: str, parameter: str, expected: list[str]
) -> None:
    assert codes(plant, find, function(f"@bp.{trigger}", parameter)) == expected


@pytest.mark.parametrize(
    ("options", "line", "fix"),
    [
        ("", 1, 'Add data_type="binary".'),
        (",\n    data_type='string'", 2, 'Write data_type="binary".'),
    ],
)
def test_how_to_give_a_batch_its_data_type(
    options: str, line: int, fix: str, plant: Plant, find: Find
) -> None:
    source = function(f"@bp.{HUB}{options})", EVENTS)
    start = source.lstrip()[: source.lstrip().index("@bp.")].count("\n")
    [found] = find(plant({"blueprints/orders.py": source}), "AF215")
    assert (found.line, found.fix) == (start + line, fix)


def test_a_batch_of_the_sdk_needs_no_data_type(plant: Plant, find: Find) -> None:
    source = function(f"@bp.{HUB})", "x: typing.List[eh.EventData]").replace(
        "import typing",
        "import typing\n\n    import azurefunctions.extensions.bindings.eventhub as eh",
    )
    assert codes(plant, find, source) == []


@pytest.mark.parametrize("options", [", **OPTIONS", ", data_type=WANTED"])
def test_a_data_type_that_the_sources_do_not_show_is_not_reported(
    plant: Plant, options: str
) -> None:
    source = function(f"@bp.{HUB}{options})", EVENTS)
    assert find_problems(plant({"blueprints/orders.py": source}), "AF2") == []


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("", ["AF216"]),
        (", consumer_group=''", ["AF206"]),
        (", consumer_group='mine'", []),
        (", consumer_group='%KAFKA_GROUP%'", []),
        (", consumer_group='mine', cardinality='many'", ["AF216"]),
        (", cardinality='many'", ["AF216", "AF216"]),
        (", consumer_group='mine', cardinality='many', data_type='string'", []),
    ],
)
def test_what_a_kafka_trigger_needs(
    plant: Plant, find: Find, options: str, expected: list[str]
) -> None:
    source = function(f"@bp.{KAFKA}{options})", "x")
    app = plant({"blueprints/orders.py": source})
    found = find(app, "AF2")
    assert [one.code for one in found] == expected
    assert all("the whole host stops" in one.message for one in found)


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("service_bus_queue_output('x', {}, 'orders/$DeadLetterQueue')", ["AF217"]),
        ("service_bus_queue_output('x', {}, 'orders/$deadletterqueue')", ["AF217"]),
        ("service_bus_queue_output('x', {}, 'orders/$Transfer/$DeadLetterQueue')", ["AF217"]),
        ("service_bus_queue_output('x', {}, '%DEAD_ORDERS%')", ["AF217"]),
        ("service_bus_topic_output('x', {}, 'a/Subscriptions/b/$DeadLetterQueue')", ["AF217"]),
        ("service_bus_queue_output('x', {}, 'DeadLetterQueue')", []),
        ("service_bus_queue_output('x', {}, '%UNKNOWN%')", []),
    ],
)
def test_an_output_to_a_dead_letter_queue(
    plant: Plant, find: Find, output: str, expected: list[str]
) -> None:
    source = function(
        f"@bp.timer_trigger('timer', '0 0 3 * * *')\n@bp.{output.format(STORAGE)}",
        "timer: func.TimerRequest, x: func.Out[str]",
    )
    settings = local(DEAD_ORDERS="orders/$DeadLetterQueue", OrdersStorage="x")
    app = plant({"blueprints/orders.py": source, "local.settings.json": settings})
    assert [one.code for one in find(app, "AF2")] == expected


def test_a_trigger_of_a_dead_letter_queue_is_right(plant: Plant, find: Find) -> None:
    trigger = f"service_bus_queue_trigger('x', {STORAGE}, 'orders/$DeadLetterQueue')"
    assert codes(plant, find, function(f"@bp.{trigger}", "x: func.ServiceBusMessage")) == []


@pytest.mark.parametrize(
    ("options", "annotation", "expected"),
    [
        ("", "bytes", ["AF218"]),
        ("", '"bytes"', ["AF218"]),
        (", data_type='string'", "bytes", ["AF218"]),
        (", data_type='binary'", "bytes", []),
        ("", "str", []),
        ("", "func.InputStream", []),
    ],
)
def test_a_blob_input_as_bytes(
    plant: Plant, find: Find, options: str, annotation: str, expected: list[str]
) -> None:
    blob = f"blob_input('x', 'orders/a', {STORAGE}{options})"
    source = function(
        f"@bp.timer_trigger('timer', '0 0 3 * * *')\n@bp.{blob}",
        f"timer: func.TimerRequest, x: {annotation}",
    )
    assert codes(plant, find, source) == expected


def test_a_rabbit_mq_trigger_as_bytes(plant: Plant, find: Find) -> None:
    trigger = (
        f"generic_trigger('x', 'rabbitMQTrigger', queueName='q', connectionStringSetting={STORAGE}"
    )
    assert codes(plant, find, function(f"@bp.{trigger})", "x: bytes")) == ["AF218"]
    binary = trigger.replace("'rabbitMQTrigger'", "'rabbitMQTrigger', data_type='binary'")
    assert codes(plant, find, function(f"@bp.{binary})", "x: bytes")) == []
