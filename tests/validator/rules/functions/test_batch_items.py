"""What functions do with the items of the lists that they get."""

import textwrap

import pytest

from tests.support.validator import Files, Find, Found, Plant

SOURCE = """
import json
import typing

import azure.functions as func

bp = func.Blueprint()


@bp.{decorator}
def orders({parameters}):
{body}
"""
HUB = (
    'event_hub_message_trigger(arg_name="events", event_hub_name="h", connection="C", '
    'cardinality="many", data_type="binary")'
)
FEED = 'cosmos_db_trigger(arg_name="events", database_name="d", container_name="c", connection="C")'
EVENTS = "events: typing.List[func.EventHubEvent]"
DOCUMENTS = "events: func.DocumentList"


def app(decorator: str, parameters: str, body: str) -> Files:
    """Return an app whose function has its body from line 11 on."""
    body = textwrap.indent(body, "    ")
    source = SOURCE.format(decorator=decorator, parameters=parameters, body=body)
    return {"blueprints/orders.py": source}


def assert_only(found: list[Found], message: str, fix: str) -> None:
    """Fail unless one finding says that the second line of the body uses another object."""
    assert [(one.code, one.path, one.line) for one in found] == [
        ("AF241", "blueprints/orders.py", 12)
    ]
    assert [(one.message, one.fix) for one in found] == [(message, fix)]


@pytest.mark.parametrize(
    ("body", "message", "fix"),
    [
        (
            "for event in events:\n    print(event.body)",
            "event is a func.EventHubEvent, which has no attribute 'body'.",
            "Use get_body.",
        ),
        (
            "for event in events:\n    print(json.loads(event))",
            "event is a func.EventHubEvent, which json.loads cannot read.",
            "Write json.loads(event.get_body()).",
        ),
        (
            'for event in events:\n    print("a" + event.get_body())',
            "event.get_body() is bytes, which this line uses as text.",
            "Write event.get_body().decode().",
        ),
        (
            "if events:\n    print(events.get_body())",
            "events is a list of func.EventHubEvent, which has no attribute 'get_body'.",
            "Use get_body of each item, in a loop over events.",
        ),
        (
            'print(\n    [event["id"] for event in events])',
            "event is a func.EventHubEvent, which has no items.",
            "Use event.get_body().",
        ),
    ],
)
def test_events_that_are_used_as_something_else(
    body: str, message: str, fix: str, plant: Plant, find: Find
) -> None:
    assert_only(find(plant(app(HUB, EVENTS, body)), "AF2"), message, fix)


@pytest.mark.parametrize(
    ("body", "message", "fix"),
    [
        (
            "for event in events:\n    print(event.id)",
            "event is a func.Document, which has no attribute 'id'.",
            'Write event["id"].',
        ),
        (
            "if events:\n    print(events[0].id)",
            "events[0] is a func.Document, which has no attribute 'id'.",
            'Write events[0]["id"].',
        ),
        (
            "for event in events:\n    print(json.dumps(event))",
            "event is a func.Document, which json.dumps cannot write.",
            "Write dict(event).",
        ),
        (
            "if events:\n    print(json.dumps(events))",
            "events is a func.DocumentList, which json.dumps cannot write.",
            "Write [dict(one) for one in events].",
        ),
    ],
)
def test_documents_that_are_used_as_objects_or_json(
    body: str, message: str, fix: str, plant: Plant, find: Find
) -> None:
    assert_only(find(plant(app(FEED, DOCUMENTS, body)), "AF2"), message, fix)


def test_rows_that_are_used_as_objects(plant: Plant, find: Find) -> None:
    decorator = (
        'timer_trigger(arg_name="timer", schedule="0 0 6 * * *")\n'
        '@bp.sql_input(arg_name="rows", command_text="select 1", connection_string_setting="C")'
    )
    body = "print([row.Id for row in rows])"
    [found] = find(plant(app(decorator, "timer, rows: func.SqlRowList", body)), "AF2")
    assert found.message == "row is a func.SqlRow, which has no attribute 'Id'."


@pytest.mark.parametrize(
    ("parameters", "body"),
    [
        (EVENTS, "for event in events:\n    print(event.get_body().decode(), event.metadata)"),
        (EVENTS, "events.sort()\nprint(events.body, events.copy())"),
        (EVENTS, "for event in sorted(events):\n    print(event.body)"),
        (EVENTS, "for event in events:\n    event = json.loads(event.get_body())\n    event.body"),
        (EVENTS, 'for event in events:\n    if hasattr(event, "body"):\n        print(event.body)'),
        (EVENTS, "events = [json.loads('{}')]\nfor event in events:\n    print(event.body)"),
        ("events", "for event in events:\n    print(event.body)"),
    ],
)
def test_events_that_may_be_what_they_are_used_as(
    parameters: str, body: str, plant: Plant, find: Find
) -> None:
    assert find(plant(app(HUB, parameters, body)), "AF241") == []


@pytest.mark.parametrize(
    "body",
    [
        'for event in events:\n    print(event["id"], event.get("id"), len(event), "id" in event)',
        "for event in events:\n    print(json.dumps(dict(event)), event.to_json(), event.data)",
        "print(json.dumps(events, default=dict), events[0].to_json())",
        "print(json.dumps([dict(event) for event in events]), events.to_json())",
    ],
)
def test_documents_that_are_used_as_dicts(body: str, plant: Plant, find: Find) -> None:
    assert find(plant(app(FEED, DOCUMENTS, body)), "AF241") == []
