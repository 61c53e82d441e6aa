"""Models of pydantic and dataclasses that a function writes as JSON, or returns as they are."""

import textwrap

import pytest

from tests.support.validator import Files, Find, Plant

SOURCE = """
import dataclasses
import json
from datetime import datetime
from typing import ClassVar

import azure.functions as func
from pydantic import BaseModel, ValidationError, field_serializer

bp = func.Blueprint()


class Item(BaseModel):
    id: str
    at: datetime


class Plain(BaseModel):
    id: str


class Written(BaseModel):
    at: datetime

    @field_serializer("at")
    def write(self, at):
        return str(at)


class Later(BaseModel):
    id: str
    at: datetime = None
    _made: datetime


class Dumped(BaseModel):
    at: datetime

    def model_dump(self):
        return super().model_dump(mode="json")


@dataclasses.dataclass
class Shared:
    all: ClassVar[list] = []
    id: str
    at: datetime
    name: str = ""


@dataclasses.dataclass
class Order:
    id: str
    at: datetime


@bp.route(route="hello")
def hello(req: func.HttpRequest) -> func.HttpResponse:
{body}
    return func.HttpResponse("")
"""
MADE = "item = Item(**req.get_json())\n"
FIX = "Write it as text or a dict first, or give json.dumps a default=."


def app(body: str) -> Files:
    """Return an app with lines in a function, and with models."""
    source = SOURCE.format(body=textwrap.indent(body, "    "))
    return {"blueprints/hello.py": source, "requirements.txt": "azure-functions\npydantic\n"}


@pytest.mark.parametrize(
    ("body", "message", "fix"),
    [
        (f"{MADE}print(json.dumps(item.model_dump()))", "json.dumps gets a datetime", FIX),
        (f"{MADE}print(json.dumps([item.dict()]))", "json.dumps gets a datetime", FIX),
        (
            "item = Item.model_validate_json(req.get_body())\njson.dumps({'a': item.model_dump()})",
            "json.dumps gets a datetime",
            FIX,
        ),
        (
            "item = Shared('1', datetime.now())\nprint(json.dumps(dataclasses.asdict(item)))",
            "json.dumps gets a datetime",
            FIX,
        ),
        (
            "item = Order('1', at=datetime.now())\nprint(json.dumps(dataclasses.asdict(item)))",
            "json.dumps gets a datetime",
            FIX,
        ),
        (
            "item = Item.model_validate(req.get_json())\njson.dumps(item)",
            "json.dumps gets an object of Item",
            FIX,
        ),
        (
            "item = Plain.parse_raw(req.get_body())\nfunc.HttpResponse(item)",
            "The body of this response is an object of Plain",
            "Give it text, such as JSON.",
        ),
        (
            "try:\n    Item()\nexcept ValidationError as e:\n    func.HttpResponse(e.errors())",
            "The body of this response is a list",
            "Write e.json().",
        ),
    ],
)
def test_models_that_are_no_text(
    body: str, message: str, fix: str, plant: Plant, find: Find
) -> None:
    [found] = find(plant(app(body)), "AF241")
    assert (found.message.partition(",")[0], found.fix) == (message, fix)


@pytest.mark.parametrize(
    "body",
    [
        f"{MADE}print(json.dumps(item.model_dump(mode='json')), item.model_dump_json())",
        f"{MADE}print(json.dumps(item.model_dump(), default=str))",
        "item = Plain(id='1')\nprint(json.dumps(item.model_dump()))",
        "item = Written(at=None)\nprint(json.dumps(item.model_dump()))",
        "item = Later(id='1')\nprint(json.dumps(item.model_dump()))",
        "item = Dumped(at=None)\nprint(json.dumps(item.model_dump()))",
        f"{MADE}item.at = str(item.at)\nprint(json.dumps(item.model_dump()))",
        "item = Order('1', None)\nprint(json.dumps(dataclasses.asdict(item)))",
        f"{MADE}setattr(item, 'at', req.url)\nprint(json.dumps(item.model_dump()))",
        "item = Order('1', at=str(req.url))\nprint(json.dumps(dataclasses.asdict(item)))",
        "item = Item.load(req)\nprint(json.dumps(item.model_dump()), json.dumps(item))",
        "try:\n    Item()\nexcept OSError as e:\n    func.HttpResponse(e.errors())",
        "try:\n    Item()\nexcept ValidationError as e:\n    func.HttpResponse(e.json())",
    ],
)
def test_models_that_are_written(body: str, plant: Plant, find: Find) -> None:
    assert find(plant(app(body)), "AF241") == []
