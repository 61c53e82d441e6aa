"""Functions that start themselves, or each other, without end."""

import pytest

from tests.support.validator import Find, Plant
from tests.validator.rules.settings_files import local

QUEUE = "queue_{}('{}', 'orders', '{}')"
KINDS = {
    "queue": ("queue_trigger('x', 'Orders', 'Main')", "queue_output('y', 'orders', 'Main')"),
    "host storage": (
        "queue_trigger('x', 'orders', 'Storage')",
        "queue_output('y', 'orders', 'AzureWebJobsStorage')",
    ),
    "setting": ("queue_trigger('x', '%NAME%', 'Main')", "queue_output('y', 'orders', 'Main')"),
    "bus": (
        "service_bus_queue_trigger('x', 'Main', 'orders')",
        "service_bus_queue_output('y', 'Main', 'orders')",
    ),
    "hub": (
        "event_hub_message_trigger('x', 'Main', 'orders')",
        "event_hub_output('y', 'Main', 'orders')",
    ),
    "cosmos": (
        "cosmos_db_trigger('x', 'Main', 'shop', 'orders')",
        "cosmos_db_output('y', 'Main', 'shop', 'orders')",
    ),
    "kafka": (
        "kafka_trigger('x', topic='t', broker_list='Brokers', consumer_group='g')",
        "kafka_output('y', topic='t', broker_list='Brokers')",
    ),
    "rabbit": (
        "generic_trigger('x', 'rabbitMQTrigger', connectionStringSetting='Main', queueName='q')",
        "generic_output_binding('y', 'rabbitMQ', connectionStringSetting='Main', queueName='q')",
    ),
    "sql": ("sql_trigger('x', '[dbo].[Orders]', 'Main')", "sql_output('y', 'Orders', 'Main')"),
    "blob": ("blob_trigger('x', 'in/{name}', 'Main')", "blob_output('y', 'in/{name}.txt', 'Main')"),
    "same blob": ("blob_trigger('x', 'in/{n}', 'Main')", "blob_output('y', 'in/{n}', 'Main')"),
    "container": ("blob_trigger('x', 'in', 'Main')", "blob_output('y', 'in/{rand-guid}', 'Main')"),
}
OTHER = {
    "name": ("queue_trigger('x', 'orders', 'Main')", "queue_output('y', 'orders-out', 'Main')"),
    "account": ("queue_trigger('x', 'orders', 'Main')", "queue_output('y', 'orders', 'Second')"),
    "poison": ("queue_trigger('x', 'a-poison', 'Main')", "queue_output('y', 'a-retry', 'Main')"),
    "unknown": ("queue_trigger('x', '%NOWHERE%', 'Main')", "queue_output('y', 'b', 'Main')"),
    "filter": (
        "service_bus_topic_trigger('x', 'Main', 't', 's')",
        "service_bus_topic_output('y', 'Main', 't')",
    ),
    "blob": ("blob_trigger('x', 'in/{name}', 'Main')", "blob_output('y', 'out/{name}', 'Main')"),
    "suffix": (
        "blob_trigger('x', 'in/{name}.csv', 'Main')",
        "blob_output('y', 'in/{name}.json', 'Main')",
    ),
    "input": ("blob_trigger('x', 'in/{name}', 'Main')", "blob_input('y', 'in/{name}', 'Main')"),
}
FUNCTION = """
@bp.{trigger}
@bp.{output}
def {name}(x: {type}, y{annotation}) -> None:
    {body}
"""
TOP = "import json\n\nimport azure.functions as func\n\nbp = func.Blueprint()\n"


def source(trigger: str, output: str, body: str = "y.set('text')", name: str = "orders") -> str:
    """Return a function with a trigger and an output; its body is indented at will."""
    given = "func.InputStream" if "blob_input" in output else "func.Out[str]"
    text = FUNCTION.format(
        trigger=trigger,
        output=output,
        name=name,
        type="str",
        annotation=f": {given}",
        body=body.replace("\n", "\n    "),
    )
    return text.replace("x: str", "x")


def found(plant: Plant, find: Find, *functions: str) -> list[str]:
    """Return the messages of the rule."""
    settings = local(Main="x", Second="y", NAME="orders")
    text = TOP + "".join(functions)
    app = plant({"blueprints/orders.py": text, "local.settings.json": settings})
    return [one.message for one in find(app, "AF244")]


@pytest.mark.parametrize("kind", KINDS)
def test_a_function_that_starts_itself(kind: str, plant: Plant, find: Find) -> None:
    [message] = found(plant, find, source(*KINDS[kind]))
    assert message.startswith("orders always writes to ")


@pytest.mark.parametrize("kind", OTHER)
def test_a_function_that_writes_elsewhere(kind: str, plant: Plant, find: Find) -> None:
    assert found(plant, find, source(*OTHER[kind])) == []


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("y.set(json.dumps({'a': x.id}))", 1),
        ("if not x.id:\n    raise ValueError\ny.set('a')", 1),
        ("if x.id:\n    y.set('a')\nelse:\n    y.set('b')", 1),
        ("try:\n    y.set('a')\nexcept ValueError:\n    pass", 1),
        ("with open('a'):\n    y.set('a')", 1),
        ("for one in x:\n    y.set(one)", 1),
        ("text = next_of(x)\ny.set(text)", 1),
        ("rows = []\nfor one in x:\n    rows.append(one)\ny.set(rows)", 1),
        ("y.set(func.DocumentList([x]))", 1),
        ("if x.id:\n    y.set('a')", 0),
        ("if x.id:\n    return\ny.set('a')", 0),
        ("if x.dequeue_count > 3:\n    raise ValueError\ny.set('a')", 0),
        ("for one in x:\n    if one:\n        continue\n    y.set(one)", 0),
        ("for one in json.loads(x):\n    y.set(one)", 0),
        ("y.set('a' if x else None)", 0),
        ("y.set(maybe(x))", 0),
        ("y.set([one for one in x if one])", 0),
        ("rows = []\nfor one in x:\n    if one:\n        rows.append(one)\ny.set(rows)", 0),
        ("rows = func.DocumentList()\nif x:\n    rows.append(x)\ny.set(rows)", 0),
        ("y.set(func.DocumentList([one for one in x if one]))", 0),
        ("while x:\n    y.set('a')", 0),
        ("send(y)", 0),
        ("print(x, y)", 0),
    ],
)
def test_a_condition_may_end_it(body: str, count: int, plant: Plant, find: Find) -> None:
    helpers = (
        "\n\ndef next_of(x):\n    return str(x)\n\n\n"
        "def maybe(x):\n    if x:\n        return None\n    return x\n"
    )
    assert len(found(plant, find, source(*KINDS["queue"], body), helpers)) == count


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("return 'a'", 1),
        ("if x:\n    return 'a'\nreturn 'b'", 1),
        ("if x:\n    return None\nreturn 'b'", 0),
        ("if x:\n    return 'a'", 0),
        ("if x.dequeue_count > 3:\n    raise ValueError\nreturn 'a'", 0),
    ],
)
def test_a_returned_message(body: str, count: int, plant: Plant, find: Find) -> None:
    text = source(*KINDS["queue"], body).replace("'y'", "'$return'")
    text = text.replace(", y: func.Out[str]) -> None", ") -> str")
    assert len(found(plant, find, text)) == count


def test_functions_that_start_each_other(plant: Plant, find: Find) -> None:
    names = ["first", "second", "third"]
    ways = [
        source(
            f"queue_trigger('x', '{name}', 'Main')",
            f"queue_output('y', '{names[(place + 1) % 3]}', 'Main')",
            name=name,
        )
        for place, name in enumerate(names)
    ]
    expected = (
        "first always starts second and that third, and that starts first again, without end."
    )
    assert found(plant, find, *ways) == [expected]
    assert found(plant, find, *ways[:2]) == []
    ends = ways[2].replace("y.set", "if x.id:\n        y.set")
    assert found(plant, find, *ways[:2], ends) == []


def test_a_comment_accepts_a_loop(plant: Plant, find: Find) -> None:
    trigger, output = KINDS["queue"]
    assert found(plant, find, source(trigger, f"{output}  # noqa: AF244")) == []
