"""Functions that start themselves, or each other, without end."""

import pytest

from tests.support.validator import Find, Plant
from tests.validator.rules.settings_files import local

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

# Helpers of functions
HELPERS = """

def next_of(x):
    return str(x)


def text_of(message):
    return message.get_body().decode()


def same(value):
    return value


def maybe(x):
    if x:
        return None
    return x


def pages(job):
    return [one for one in job["children"]]


def caught(job):
    try:
        return str(job["next"])
    except KeyError:
        pass


def check(job):
    if job.left < 0:
        raise ValueError


def again(x):
    return again(x)
"""
# Values of a page that may be None or empty
MAYBE = [
    "''",
    "page['next']",
    "page.get('next')",
    "page.next",
    "page['items'][1:]",
    "[one['path'] for one in page['children']]",
    "[one for two in x for one in two.children]",
    "[*page['items']]",
    "list(page['items'])",
    "sorted(page['items'])",
    "str(page['next'])",
    "next(iter(page), None)",
    "x.get_json()",
    "x.get_body()[1:]",
    "func.DocumentList(page['items'])",
    "json.dumps(page['items'][1:])",
    "json.dumps([one for one in page])",
    "json.dumps(sorted(page))",
    "pages(page)",
    "same(page['next'])",
    "caught(page)",
    "other",
]
# Functions that write each time
ENDLESS = [
    "y.set(x.get_body().decode().strip())",
    "y.set(f'{x.id}')",
    "y.set(x.id + ' again')",
    "y.set({'a': x.id})",
    "text: str = 'a'\ny.set(text)",
    "y.set(json.dumps({one: 1 for one in x}))",
    "y.set(func.QueueMessage(body=b'a'))",
    "y.set([one.get_body().decode() for one in x])",
    "y.set(json.dumps(x.get_json()))",
    "job = json.loads(x)\njob['page'] += 1\ny.set(json.dumps(job))",
    "for one in json.loads(x):\n    if not one:\n        continue\ny.set('a')",
    "rows = []\nrows.append(rows)\ny.set(rows)",
    "try:\n    job = json.loads(x)\nexcept ValueError:\n    job = {}\ny.set('a')",
    "try:\n    y.set(text_of(x))\nexcept ValueError:\n    y.set('bad')",
]
# Functions that may write nothing
NOTHING = [
    *(f"page = json.loads(x)\ny.set({value})" for value in MAYBE),
    "following = x.get_json().get('url')\ny.set(following)",
    "todo = json.loads(x)\ntodo.pop(0)\ny.set(json.dumps(todo))",
    "rows = ['a']\nrows.clear()\ny.set(rows)",
    "rows = ['a']\ndel rows[0]\ny.set(rows)",
    "rows = ['a']\nrows[:] = x\ny.set(rows)",
    "y.set(same(*x))",
    "x.pop()\ny.set(x)",
    "x = json.loads(x)['next']\ny.set(x)",
    "y.set('a')\nif x.id:\n    y.set(None)",
    "rows = []\nrows.extend(json.loads(x))\ny.set(rows)",
]
# Functions that may end before they write, or with an exception
EARLY = [
    "for one in json.loads(x):\n    if one:\n        return\ny.set('a')",
    "with open('a') as f:\n    for one in f:\n        return\ny.set('a')",
    "try:\n    job = text_of(x)\nexcept KeyError:\n    return\ny.set('a')",
    "for one in x:\n    try:\n        print()\n    finally:\n        break\n    y.set('a')",
    "while x:\n    return\ny.set('a')",
    "for a in x:\n    for b in a:\n        break\n    else:\n        continue\n    y.set('a')",
    "try:\n    y.set(text_of(x))\nexcept KeyError:\n    print()",
    "with suppress(KeyError):\n    y.set(text_of(x))",
    "if x.left < 0:\n    raise ValueError\ny.set('a')",
    "if not x.id:\n    raise ValueError\ny.set('a')",
    "if x:\n    y.set('a')\nelse:\n    raise ValueError",
    "y.set('a')\nif x.left < 0:\n    raise ValueError",
    "try:\n    text_of(x)\nexcept KeyError as e:\n    raise ValueError from e\ny.set('a')",
    "assert x.left\ny.set('a')",
    "check(x)\ny.set('a')",
]
# Variables and functions that lead back to themselves
ITSELF = [
    "page = page\ny.set(page)",
    "rows = list(rows)\ny.set(rows)",
    "a = b\nb = a\ny.set(a)",
    "a = b\nb = a\ny.set(json.dumps(a))",
    "a = []\na.extend(a)\ny.set(a)",
    "y.set(again(x))",
]


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
    assert len(found(plant, find, source(*KINDS["queue"], body), HELPERS)) == count


@pytest.mark.parametrize(
    ("bodies", "endless"),
    [(ENDLESS, True), (NOTHING, False), (EARLY, False), (ITSELF, False)],
    ids=["endless", "nothing", "early", "itself"],
)
def test_what_is_certain(bodies: list[str], endless: bool, plant: Plant, find: Find) -> None:
    # One that is found shows that the rule did not fail.
    names = {f"case{place}": body for place, body in enumerate([*bodies, "y.set('text')"])}
    functions = [
        source(
            f"queue_trigger('x', '{name}', 'Main')",
            f"queue_output('y', '{name}', 'Main')",
            body,
            name,
        )
        for name, body in names.items()
    ]
    messages = found(plant, find, *functions, HELPERS)
    warned = [names[message.split()[0]] for message in messages]
    assert warned == [*(bodies if endless else []), "y.set('text')"]


@pytest.mark.parametrize("body", ["y.set(rows)", "for row in rows:\n        y.set('a')"])
def test_an_input_may_be_empty(body: str, plant: Plant, find: Find) -> None:
    trigger, output = KINDS["queue"]
    text = source(trigger, f"{output}\n@bp.sql_input('rows', 'SELECT 1', 'Main')", body)
    assert found(plant, find, text.replace("(x, y", "(x, rows, y")) == []


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("return 'a'", 1),
        ("if x:\n    return 'a'\nreturn 'b'", 1),
        ("if x:\n    return None\nreturn 'b'", 0),
        ("if x:\n    return 'a'", 0),
        ("yield 'a'\nreturn 'b'", 0),
        ("if x.dequeue_count > 3:\n    raise ValueError\nreturn 'a'", 0),
        ("try:\n    return str(x)\nexcept ValueError:\n    return 'bad'", 1),
        ("return x.get_json().get('next')", 0),
        ("return [one for one in x.get_json()]", 0),
        ("if x.left < 0:\n    raise ValueError\nreturn 'a'", 0),
        ("try:\n    return str(x)\nexcept ValueError:\n    print()", 0),
        ("with suppress(ValueError):\n    return str(x)", 0),
        ("for one in x:\n    return 'a'", 0),
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
