"""Inputs of activities that are read as JSON again, results of activities, and those of entities."""

import textwrap

import pytest

from tests.support.validator import Files, Find, Plant

SOURCE = """
import contextlib
import json
from json import loads

import azure.durable_functions as df
import azure.functions as func

bp = df.Blueprint()


@bp.orchestration_trigger(context_name="context")
def steps(context):
    options = df.RetryOptions(1000, 3)
    total = yield context.call_entity(df.EntityId("counter", "a"), "get")
    items = {{"a": total}}
    yield context.{call}


@bp.activity_trigger(input_name="payload")
def store(payload):
{body}


@bp.entity_trigger(context_name="context")
def counter(context):
    state = context.get_state(lambda: 0)
    {entity}
"""
READ = "return json.loads(payload)['a']"
DICT = 'call_activity("store", {"a": 1})'


def app(
    call: str = DICT, body: str = "return 1", entity: str = "context.set_result(state)"
) -> Files:
    """Return an app with a call of an activity whose body begins on line 21."""
    source = SOURCE.format(call=call, body=textwrap.indent(body, "    "), entity=entity)
    requirements = "azure-functions\nazure-functions-durable\n"
    return {"blueprints/orders.py": source, "requirements.txt": requirements}


@pytest.mark.parametrize(
    ("call", "body", "kind"),
    [
        (DICT, READ, "a dict"),
        (DICT, "return loads(payload)", "a dict"),
        ('call_activity("store", items)', READ, "a dict"),
        ('call_activity("store", input_={"a": 1})', READ, "a dict"),
        ('call_activity("store", [1, 2])', READ, "a list"),
        ('call_activity("store", (1, 2))', READ, "a list"),
        ('call_activity("store", [n for n in "ab"])', READ, "a list"),
        ('call_activity_with_retry("store", options, {"a": 1})', READ, "a dict"),
    ],
)
def test_an_input_that_is_read_again(
    call: str, body: str, kind: str, plant: Plant, find: Find
) -> None:
    [found] = find(plant(app(call, body)), "AF127")
    assert (found.path, found.line) == ("blueprints/orders.py", 21)
    assert found.message == f"payload is {kind} already, so this line fails."
    assert found.fix == "Use payload as it is."


@pytest.mark.parametrize(
    ("call", "body"),
    [
        ('call_activity("store", json.dumps({"a": 1}))', READ),
        ('call_activity("store", json.dumps(items))', READ),
        ('call_activity("store", context.get_input())', READ),
        ('call_activity("store", "{}")', READ),
        ('call_activity("store")', READ),
        ('call_activity("store", total)', READ),
        ('call_activity("store", str({"a": 1}))', READ),
        ('call_activity("store", f"{items}")', READ),
        ('call_activity("store", *items)', READ),
        (DICT, "return json.loads(payload['a'])"),
        (DICT, "return json.loads(payload.get('a'))"),
        (DICT, "return json.loads(json.dumps(payload))"),
        (DICT, "payload = json.dumps(payload)\nreturn json.loads(payload)"),
        (DICT, "if isinstance(payload, str):\n    payload = json.loads(payload)\nreturn payload"),
        (DICT, "return json.loads(payload) if type(payload) is str else payload"),
        (DICT, "try:\n    return json.loads(payload)\nexcept TypeError:\n    return payload"),
        (DICT, "return json.dumps(payload)"),
        (DICT, "return bp.loads(payload)"),
        (DICT, "for payload in payload['a']:\n    json.loads(payload)\nreturn 1"),
        (DICT, "if payload['a']:\n    return 1\nreturn json.loads(payload)"),
        (DICT, "is_text = type(payload) is str\nif is_text:\n    return json.loads(payload)"),
        (DICT, "while type(payload) is str:\n    return json.loads(payload)"),
        (DICT, "try:\n    return payload['a']\nexcept TypeError:\n    return json.loads(payload)"),
        (DICT, "try:\n    print(1)\nfinally:\n    print(json.loads(payload))"),
        (DICT, "with contextlib.suppress(TypeError):\n    return json.loads(payload)"),
        (f'{DICT}\n    context.call_activity("store", json.dumps(items))', READ),
        (f'{DICT}\n    context.call_activity("store", total)', READ),
        (f'{DICT}\n    context.call_activity("store")', READ),
        (f"{DICT}\n    context.call_activity(total, total)", READ),
        (f'{DICT}\n\n\ndef other(task):\n    task.call_activity("store", "1")', READ),
        (DICT, "match payload:\n    case str():\n        return json.loads(payload)\nreturn 1"),
    ],
)
def test_inputs_that_are_read_once(call: str, body: str, plant: Plant, find: Find) -> None:
    assert find(plant(app(call, body)), "AF127") == []


@pytest.mark.parametrize("body", ["yield payload", "for n in payload:\n    yield n"])
def test_an_activity_is_a_generator(body: str, plant: Plant, find: Find) -> None:
    [found] = find(plant(app(body=body)), "AF242")
    assert found.message == "store is a generator, which cannot be written as JSON."
    assert found.fix == "Return a list instead."


@pytest.mark.parametrize(
    "body",
    [
        "return [*payload]",
        "def parts():\n    yield 1\nreturn [*parts()]",
        "return [n for n in payload]",
        "return sum(n for n in payload)",
    ],
)
def test_an_activity_that_is_no_generator(body: str, plant: Plant, find: Find) -> None:
    assert find(plant(app(body=body)), "AF242") == []


@pytest.mark.parametrize(
    ("entity", "value"), [("return state", "state"), ("return state + 1", "state + 1")]
)
def test_an_entity_returns_a_result(entity: str, value: str, plant: Plant, find: Find) -> None:
    [found] = find(plant(app(entity=entity)), "AF242")
    assert found.message == "call_entity does not get what counter returns."
    assert found.fix == f"Write context.set_result({value})."


@pytest.mark.parametrize(
    "entity",
    [
        "context.set_result(state); return state",
        "return context.set_result(state)",
        "return context.set_state(state)",
        "return None",
        "return",
        "context.set_state(state)",
    ],
)
def test_an_entity_sets_its_result(entity: str, plant: Plant, find: Find) -> None:
    assert find(plant(app(entity=entity)), "AF242") == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("yield context.call_entity", "context.signal_entity"),
        ("total = yield context.call_entity", "total = 1\n    yield context.call_entity"),
        ('EntityId("counter"', 'EntityId("other"'),
        ("bp = df.Blueprint()", "bp = df.Blueprint()\n\n\ndef peek(of):\n    return counter(of)"),
        ("    return state", "    dict(context)\n    return state"),
        ("    return state", "    dict(a=context)\n    return state"),
        ("    return state", "    same = context\n    same.finish(1)\n    return state"),
    ],
)
def test_nothing_asks_for_what_an_entity_returns(
    old: str, new: str, plant: Plant, find: Find
) -> None:
    files = app(entity="return state")
    source = str(files["blueprints/orders.py"]).replace(old, new)
    assert find(plant({**files, "blueprints/orders.py": source}), "AF242") == []
