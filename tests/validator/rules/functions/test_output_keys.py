"""Documents and rows that an output gets without the keys that their service needs."""

import textwrap

import pytest

from tests.support.validator import Files, Find, Plant, find_problems

SOURCE = """
import json
import azure.functions as func

bp = func.Blueprint()


def stamp(one):
    one.update({{"id": "x", "PartitionKey": "a", "RowKey": "b"}})


@bp.route(route="hello")
@bp.{output}
def hello(req: func.HttpRequest, out{annotation}) -> func.HttpResponse:
{body}
    return func.HttpResponse("")
"""
COSMOS = 'cosmos_db_output("out", "OrdersStorage", "shop", "orders")'
TABLE = 'table_output("out", "OrdersStorage", "orders"{})'
DOCUMENT, TEXT = ": func.Out[func.Document]", ": func.Out[str]"
KEYS = "'PartitionKey': 'a', 'RowKey': 'b'"


def writing(body: str, output: str = COSMOS, annotation: str = DOCUMENT) -> Files:
    """Return an app with lines in a function that has an output."""
    body = textwrap.indent(body, "    ")
    source = SOURCE.format(output=output, annotation=annotation, body=body)
    return {"blueprints/hello.py": source}


@pytest.mark.parametrize(
    ("body", "annotation"),
    [
        ("out.set(func.Document.from_dict({'name': 'x'}))", DOCUMENT),
        ("new = {'name': 'x'}\nout.set(func.Document.from_dict(new))", DOCUMENT),
        ("new = func.Document.from_dict({'name': req.url})\nout.set(new)", DOCUMENT),
        ("out.set(func.Document.from_json(json.dumps({'name': 'x'})))", DOCUMENT),
        ("out.set(json.dumps({'name': 'x'}))", TEXT),
        ("new = {'name': 'x'}\ntext = json.dumps(new)\nprint(new)\nout.set(text)", TEXT),
    ],
)
def test_a_document_without_an_id(body: str, annotation: str, plant: Plant, find: Find) -> None:
    [found] = find(plant(writing(body, annotation=annotation)), "AF241")
    assert found.message == "out.set gets a document without an id, which Azure Cosmos DB refuses."
    assert found.fix == 'Add "id" to it, such as str(uuid.uuid4()).'


@pytest.mark.parametrize("value", ["1", "2.5"])
def test_a_document_with_a_number_as_its_id(value: str, plant: Plant, find: Find) -> None:
    body = f"out.set(func.Document.from_dict({{'id': {value}}}))"
    [found] = find(plant(writing(body)), "AF241")
    assert found.message.startswith("out.set gets a document whose id is a number")


@pytest.mark.parametrize(
    ("body", "arguments", "lacks"),
    [
        ("out.set(json.dumps({'Name': 'x'}))", "", "PartitionKey and RowKey"),
        ("out.set(json.dumps({'RowKey': 'x'}))", "", "PartitionKey"),
        ("row = {'Name': 'x'}\nout.set(json.dumps(row))", ', partition_key="a"', "RowKey"),
    ],
)
def test_a_row_without_its_keys(
    body: str, arguments: str, lacks: str, plant: Plant, find: Find
) -> None:
    [found] = find(plant(writing(body, TABLE.format(arguments), TEXT)), "AF241")
    assert found.message == f"out.set gets a row without {lacks}, which the table refuses."
    assert found.fix == f"Add {lacks} to it."


@pytest.mark.parametrize(
    ("body", "output", "annotation"),
    [
        ("out.set(func.Document.from_dict({'id': 'x'}))", COSMOS, DOCUMENT),
        ("out.set(func.Document.from_dict({**req.params}))", COSMOS, DOCUMENT),
        ("out.set(func.Document.from_dict({req.url: 'x'}))", COSMOS, DOCUMENT),
        (
            "new = {'a': 1}\nnew['id'] = 'x'\nout.set(func.Document.from_dict(new))",
            COSMOS,
            DOCUMENT,
        ),
        (
            "new = func.Document.from_dict({'a': 1})\nnew['id'] = 'x'\nout.set(new)",
            COSMOS,
            DOCUMENT,
        ),
        (
            "new = func.Document.from_dict({'a': 1})\nnew.update(id='x')\nout.set(new)",
            COSMOS,
            DOCUMENT,
        ),
        ("new = func.Document.from_dict({'a': 1})\nstamp(new)\nout.set(new)", COSMOS, DOCUMENT),
        ("new = {'a': 1}\nstamp(one=new)\nout.set(json.dumps(new))", TABLE.format(""), TEXT),
        ("new = {'a': 1}\nold = new\nold['id'] = 'x'\nout.set(json.dumps(new))", COSMOS, TEXT),
        (
            "new = {'a': 1}\nfor one in (new,):\n    one['id'] = 'x'\nout.set(json.dumps(new))",
            COSMOS,
            TEXT,
        ),
        (
            "new = {'a': 1}\n(old := new).update(id='x')\nout.set(json.dumps(new))",
            COSMOS,
            TEXT,
        ),
        ("new = {'a': 1}\nnew.update(id='x')\nout.set(json.dumps(new))", COSMOS, TEXT),
        ("new = {}\nout.set(func.Document.from_dict(new))", COSMOS, DOCUMENT),
        ("out.set(func.Document.from_json(req.get_body()))", COSMOS, DOCUMENT),
        ("out.set(func.Document.from_dict(req.get_json()))", COSMOS, DOCUMENT),
        ("out = Wrapped(out)\nout.set(json.dumps({'a': 1}))", COSMOS, TEXT),
        (f"out.set(json.dumps({{{KEYS}}}))", TABLE.format(""), TEXT),
        (f"out.set(json.dumps({{{KEYS.lower()}}}))", TABLE.format(""), TEXT),
        (
            "out.set(json.dumps({'a': 1}))",
            TABLE.format(', partition_key="a", row_key="{rand-guid}"'),
            TEXT,
        ),
        ("out.set(json.dumps([{'a': 1}]))", TABLE.format(""), TEXT),
        ("out.set(json.dumps({'a': 1}))", 'queue_output("out", "a-queue", "OrdersStorage")', TEXT),
        (
            "out.set(func.Document.from_dict({'a': 1}))",
            'cosmos_db_output_v3("out", "shop", "orders", "OrdersStorage")',
            DOCUMENT,
        ),
    ],
)
def test_values_that_the_service_takes(
    body: str, output: str, annotation: str, plant: Plant
) -> None:
    assert find_problems(plant(writing(body, output, annotation)), "AF241") == []
