"""Parsed JSON, dicts, tables and responses of other servers in the place of a response."""

import pytest

from tests.support.validator import Files, Find, Plant, find_problems

SOURCE = """
import json

import azure.functions as func
import httpx
import requests

bp = func.Blueprint()


@bp.route(route="hello")
def hello(req: func.HttpRequest):
    {line}
    return {value}


class Text:
    def _asdict(self):
        return ""


def load():
    return json.loads("{{}}")


def load_again():
    body = load()
    return body


def load_text() -> str:
    return json.loads("''")


async def ask():
    async with httpx.AsyncClient() as client:
        answer = await client.get("https://a")
    return answer.json()
"""
PARSED = "parsed JSON, such as a dict"
DICT, TABLE = "a dict", "a DataFrame"
READ = "import pandas as pd; rows = pd.read_csv('a.csv')"
ANSWER = "the response of another server"


def returning(line: str, value: str) -> Files:
    """Return an app with a function that runs a line, and returns something."""
    return {
        "blueprints/hello.py": SOURCE.format(line=line, value=value),
        "requirements.txt": "azure-functions\nhttpx\npandas\nrequests\n",
    }


@pytest.mark.parametrize("response", [True, False])
@pytest.mark.parametrize(
    ("line", "value", "what"),
    [
        ("pass", "req.get_json()", PARSED),
        ("body = req.get_json()", "body", PARSED),
        ("body = json.loads(req.get_body())", "body", PARSED),
        ("file = open('x')", "json.load(file)", PARSED),
        ("answer = requests.get('https://a')", "answer.json()", PARSED),
        ("answer = httpx.post('https://a')", "answer.json()", PARSED),
        ("pass", "requests.request('PUT', 'https://a').json()", PARSED),
        ("answer = requests.get('https://a')", "answer", ANSWER),
        ("pass", "httpx.get('https://a')", ANSWER),
        ("pass", "load()", PARSED),
        ("body = load_again()", "body", PARSED),
        ("client = httpx.Client()", "client.get('https://a')", ANSWER),
        ("answer = httpx.Client().get('https://a')", "answer.json()", PARSED),
        ("pass", "bp.model_dump()", DICT),
        (READ, "rows", TABLE),
        (READ, "rows.to_dict()", DICT),
        ("import pandas as pd", "pd.DataFrame([1], columns=['a'])", TABLE),
    ],
)
def test_what_is_not_a_response(
    response: bool, line: str, value: str, what: str, plant: Plant, find: Find
) -> None:
    given = f"func.HttpResponse({value})" if response else value
    [found] = find(plant(returning(line, given)), "AF2")
    expected = f"The body of this response is {what}," if response else f"hello returns {what},"
    assert (found.code, found.line) == ("AF241" if response else "AF242", 13)
    assert found.message.startswith(expected)


def test_what_a_coroutine_returns(plant: Plant, find: Find) -> None:
    files = returning("pass", "func.HttpResponse(await ask())")
    source = str(files["blueprints/hello.py"]).replace("def hello", "async def hello")
    [found] = find(plant({**files, "blueprints/hello.py": source}), "AF241")
    assert found.message.startswith(f"The body of this response is {PARSED},")


def test_a_module_of_the_app_with_the_name_of_a_library(plant: Plant) -> None:
    files = returning("pass", "func.HttpResponse(requests.get('https://a'))")
    own = {"requests.py": "def get(address):\n    return address\n"}
    assert find_problems(plant({**files, **own}), "AF241") == []


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("pass", "json.dumps(req.get_json())"),
        ("pass", "req.get_json()['name']"),
        ("answer = requests.get('https://a')", "answer.text"),
        ("answer = bp.get('https://a')", "answer"),
        ("body = req.get_json(); body = str(body)", "body"),
        ("body = json.loads('1'); assert isinstance(body, str)", "body"),
        ("body = json.loads('1'); assert type(body) is str", "body"),
        ("body: str = req.get_json()", "body"),
        ("body = req.get_json()\n    match body:\n        case dict(): body.clear()", "body"),
        ("pass", "bp.get_json()"),
        ("bp.get_json = str; req = bp", "req.get_json()"),
        ("requests = bp", "requests.get('https://a')"),
        ("pass", "load_text()"),
        ("pass", "bp.json()"),
        (READ, "rows.to_json()"),
        (READ, "rows.to_dict(into=bp)"),
        ("import pandas as pd", "pd.read_csv('a.csv', iterator=True)"),
        ("pass", "Text()._asdict()"),
    ],
)
@pytest.mark.parametrize("shape", ["func.HttpResponse({})", "{}"])
def test_what_may_be_a_response(
    shape: str, line: str, value: str, plant: Plant, find: Find
) -> None:
    assert find(plant(returning(line, shape.format(value))), "AF24") == []
