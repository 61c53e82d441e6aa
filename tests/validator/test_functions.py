"""AF201 to AF203 and AF221 to AF223: names, batches and routes that the host refuses."""

from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import Found, Plant

Judged = Callable[[Path, str], list[Found]]
APP = """import typing
import azure.functions as func

bp = func.Blueprint()

"""
HTTP = "(req: func.HttpRequest) -> func.HttpResponse:\n    return func.HttpResponse()\n\n"
NOTHING = " -> None:\n    pass\n"


def codes(plant: Plant, judged: Judged, source: str) -> list[str]:
    app = plant({"blueprints/hello.py": APP + source})
    return [finding.code for finding in judged(app, "AF2")]


@pytest.mark.parametrize(
    ("name", "expected"), [("1st", ["AF201"]), ("Host", ["AF201"]), ("a b", ["AF201"]), ("a-b", [])]
)
def test_names(plant: Plant, judged: Judged, name: str, expected: list[str]) -> None:
    source = f"@bp.function_name('{name}')\n@bp.route(route='a')\ndef a{HTTP}"
    assert codes(plant, judged, source) == expected


@pytest.mark.parametrize(
    ("decorator", "expected"),
    [
        ("queue_trigger('x', 'my_queue', 'AzureWebJobsStorage')", ["AF202"]),
        ("queue_trigger('x', 'a', 'AzureWebJobsStorage')", ["AF202"]),
        ("queue_trigger('x', 'Orders', 'AzureWebJobsStorage')", []),
        ("queue_trigger('x', '%QUEUE_NAME%', 'AzureWebJobsStorage')", []),
        ("blob_trigger('x', 'My/{name}', 'AzureWebJobsStorage')", ["AF202"]),
        ("blob_trigger('x', '/samples/{name}', 'AzureWebJobsStorage')", ["AF202"]),
        ("blob_trigger('x', 'samples', 'AzureWebJobsStorage')", []),
        ("blob_trigger('x', '{box}/{name}', 'AzureWebJobsStorage')", []),
    ],
)
def test_storage_names(plant: Plant, judged: Judged, decorator: str, expected: list[str]) -> None:
    kind = "InputStream" if "blob" in decorator else "QueueMessage"
    source = f"@bp.{decorator}\ndef a(x: func.{kind}){NOTHING}"
    assert codes(plant, judged, source) == expected


@pytest.mark.parametrize(
    ("cardinality", "annotation", "expected"),
    [
        ("many", "func.EventHubEvent", ["AF203"]),
        ("many", "typing.List[func.EventHubEvent]", []),
        ("one", "func.EventHubEvent", []),
    ],
)
def test_batches(
    plant: Plant, judged: Judged, cardinality: str, annotation: str, expected: list[str]
) -> None:
    source = (
        "@bp.event_hub_message_trigger('x', 'AzureWebJobsStorage', 'hub',"
        f" cardinality='{cardinality}')\ndef a(x: {annotation}){NOTHING}"
    )
    assert codes(plant, judged, source) == expected


@pytest.mark.parametrize(
    ("route", "expected"),
    [
        ("admin/users", ["AF221"]),
        ("/Administration", ["AF221"]),
        ("users/admin", []),
        ("a/{id", ["AF222"]),
        ("a/{id}/{ID}", ["AF222"]),
        ("a/{*rest}/b", ["AF222"]),
        ("a?id={id}", ["AF222"]),
        ("a//b", ["AF222"]),
        ("a/{}", ["AF222"]),
        ("/a/{id:int?}/", []),
        ("a/{code:regex(^[0-9]{{3}}$)}", []),
        ("a/{*rest}", []),
    ],
)
def test_routes(plant: Plant, judged: Judged, route: str, expected: list[str]) -> None:
    assert codes(plant, judged, f"@bp.route(route='{route}')\ndef a{HTTP}") == expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("route='a/{id}'", "route='/A/{name}/', methods=['GET']", ["AF223"]),
        ("route='b'", "", ["AF223"]),
        ("route='a', methods=['GET']", "route='a', methods=['POST']", []),
        ("route='a/{id:int}'", "route='a/{id:alpha}'", []),
        ("route='a/{id}'", "route='a/{*id}'", []),
    ],
)
def test_equal_routes(
    plant: Plant, judged: Judged, first: str, second: str, expected: list[str]
) -> None:
    source = f"@bp.route({first})\ndef a{HTTP}\n@bp.route({second})\ndef b{HTTP}"
    assert codes(plant, judged, source) == expected
