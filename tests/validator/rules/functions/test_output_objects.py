"""Documents, rows and events that an output cannot write, and events that cannot be made."""

import textwrap

import pytest

from tests.support.validator import Files, Find, Plant, find_problems

SOURCE = """
import json
import uuid
from datetime import UTC, datetime
import azure.functions as func

bp = func.Blueprint()


def stamp(one):
    one["at"] = "now"


@bp.route(route="hello")
@bp.{output}
def hello(req: func.HttpRequest, out) -> func.HttpResponse:
{body}
    return func.HttpResponse("")
"""
COSMOS = 'cosmos_db_output("out", "OrdersStorage", "shop", "orders")'
SQL = 'sql_output("out", "INSERT", "OrdersStorage")'
GRID = 'event_grid_output("out", "Endpoint", "Key")'
EVENT = "func.EventGridOutputEvent(id='1', data={}, subject='s', event_type='t', event_time={}, data_version='1')"
NOW = "datetime.now(UTC)"
AT_NOW = f"{{'at': {NOW}}}"


def writing(output: str, body: str) -> Files:
    """Return an app with lines in a function that has an output."""
    source = SOURCE.format(output=output, body=textwrap.indent(body, "    "))
    return {"blueprints/hello.py": source}


@pytest.mark.parametrize(
    ("output", "body", "what"),
    [
        (COSMOS, f"out.set(func.Document.from_dict({{'id': '1', 'at': {NOW}}}))", "a document"),
        (COSMOS, "out.set(func.Document.from_dict({'id': uuid.uuid4()}))", "a document"),
        (
            COSMOS,
            f"new = {{'id': '1', 'a': [{{'at': {NOW}}}]}}\none = func.Document.from_dict(new)\nout.set(one)",
            "a document",
        ),
        (
            COSMOS,
            "out.set(func.DocumentList([func.Document.from_dict({'id': '1', 'a': {1, 2}})]))",
            "a document",
        ),
        (SQL, f"out.set(func.SqlRow.from_dict({{'at': {NOW}}}))", "a row"),
        (SQL, f"rows = [func.SqlRow.from_dict({{'at': {NOW}}})]\nout.set(rows)", "a row"),
        (GRID, f"out.set({EVENT.format(AT_NOW, NOW)})", "an event"),
    ],
)
def test_an_object_that_json_does_not_have(
    output: str, body: str, what: str, plant: Plant, find: Find
) -> None:
    [found] = find(plant(writing(output, body)), "AF241")
    assert found.message.startswith(f"out.set gets {what} with a ")
    assert found.message.endswith(", which JSON does not have.")


@pytest.mark.parametrize(
    ("event", "message", "fix"),
    [
        (
            "func.EventGridOutputEvent(id='1', data={})",
            "needs subject and event_type and event_time and data_version, so this line fails.",
            "Add subject and event_type and event_time and data_version.",
        ),
        ("func.EventGridOutputEvent('1', {})", "with names only", "Write id=, data=, subject=, "),
        (
            EVENT.replace("event_type", "type").format({}, NOW),
            "has no argument 'type'",
            "Write id=, ",
        ),
        *(
            (EVENT.format({}, time), "event_time", "Write a datetime, such as datetime.now(UTC).")
            for time in ("'2026-01-01'", f"{NOW}.isoformat()", f"str({NOW})", "f'{req.url}'")
        ),
    ],
)
def test_an_event_that_cannot_be_made(
    event: str, message: str, fix: str, plant: Plant, find: Find
) -> None:
    [found] = find(plant(writing(GRID, f"out.set({event})")), "AF241")
    assert message in found.message
    assert found.fix.startswith(fix)


@pytest.mark.parametrize(
    ("output", "body"),
    [
        (COSMOS, f"out.set(func.Document.from_dict({{'id': '1', 'at': {NOW}.isoformat()}}))"),
        (COSMOS, "out.set(func.Document.from_dict({'id': str(uuid.uuid4())}))"),
        (COSMOS, "out.set(func.Document.from_dict(req.get_json()))"),
        (COSMOS, f"print(func.Document.from_dict({{'id': '1', 'at': {NOW}}}))"),
        (
            COSMOS,
            f"new = {{'id': '1', 'at': {NOW}}}\nstamp(new)\nout.set(func.Document.from_dict(new))",
        ),
        (
            COSMOS,
            f"one = func.Document.from_dict({{'id': '1', 'at': {NOW}}})\none['at'] = ''\nout.set(one)",
        ),
        (
            COSMOS,
            f"out = Wrapped(out)\nout.set(func.Document.from_dict({{'id': '1', 'at': {NOW}}}))",
        ),
        (SQL, "out.set(func.SqlRowList(func.SqlRow.from_dict(one) for one in req.get_json()))"),
        (GRID, f"out.set({EVENT.format({}, NOW)})"),
        (GRID, f"out.set([{EVENT.format({}, 'None')}])"),
        (GRID, f"out.set({EVENT.format({}, 'when()')})"),
        (GRID, "out.set(func.EventGridOutputEvent(**req.get_json()))"),
    ],
)
def test_objects_that_are_written(output: str, body: str, plant: Plant) -> None:
    assert find_problems(plant(writing(output, body)), "AF241") == []
