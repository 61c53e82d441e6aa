"""Responses that cannot be made, and what they do not have."""

import textwrap

import pytest

from tests.support.validator import Files, Find, Plant

SOURCE = """
import dataclasses
import io
import json
import uuid
from datetime import date, datetime, timedelta
from decimal import Decimal
{imports}
import azure.functions as func
from shared.models import Order, Text

bp = func.Blueprint()


@bp.route(route="hello")
def hello(req: func.HttpRequest, context: func.Context) -> func.HttpResponse:
{body}
    return func.HttpResponse("")
"""
# They are slow to import, so only the apps have them that use them.
LIBRARIES = {
    "flask": "import flask",
    "listed()": "\n\ndef listed():\n    return [1]\n",
    "JSONResponse": "from fastapi.responses import JSONResponse",
    "= HttpResponse": "from azure.functions import HttpResponse",
    "= azure.functions": "import azure.functions",
    "= fn.": "import azure.functions as fn",
    "State.": "import enum\n\nclass State(enum.Enum):\n    NEW = 1\n",
    "State3.": "import enum\n\nclass State3(enum.Enum):\n    NEW = enum.nonmember('1')\n",
    "State4.": "import enum\n\nclass Plain(enum.EnumMeta): ...\n\nclass State4(enum.Enum, metaclass=Plain):\n    NEW = '1'\n",
    "State2.": "import enum\n\nclass State2(str, enum.Enum):\n    NEW = '1'\n",
    "Item": "from pydantic import BaseModel\n\nclass Item(BaseModel):\n    id: str\n",
}
MODELS = """
import dataclasses


@dataclasses.dataclass
class Order:
    id: str


class Text(str):
    pass
"""


def app(body: str) -> Files:
    """Return an app with lines in a function, and with models."""
    imports = "\n".join(line for name, line in LIBRARIES.items() if name in body)
    return {
        "blueprints/hello.py": SOURCE.format(imports=imports, body=textwrap.indent(body, "    ")),
        "shared/__init__.py": "",
        "shared/models.py": MODELS,
        "requirements.txt": "azure-functions\nfastapi\nflask\npydantic\n",
    }


R = "r = func.HttpResponse('x')\n"


@pytest.mark.parametrize(
    ("body", "message", "fix"),
    [
        (f"{R}r.status_code = 404", "cannot be changed", "Write status_code= in func.Http"),
        ("r = HttpResponse('x')\nr.status_code = 404", "cannot be changed", "Write status_code="),
        ("r=func.HttpResponse('x')\nr.status_code=404", "cannot be changed", "Write status_code="),
        ("r = fn.HttpResponse('x')\nr.headers = {}", "cannot be changed", "Write headers="),
        ("r = azure.functions.HttpResponse()\nr.mimetype = 'a/b'", "cannot be changed", "Write mi"),
        (
            "r: func.HttpResponse = func.HttpResponse('x')\nr.status_code = 404",
            "cannot be changed",
            "Write status_code=",
        ),
        (f"{R}r.set_cookie('a', 'b')", "attribute 'set_cookie'", "Write r.headers.add("),
        (f"{R}r.set_body('y')", "no attribute 'set_body'", "Give the body to func.HttpResponse("),
        (f"{R}print(r.body)", "no attribute 'body'", "Use get_body."),
        (f"{R}print(r.status)", "no attribute 'status'", "Use status_code."),
        ("func.HttpResponse(x for x in 'ab')", "is a generator", "Join its parts"),
        ("func.HttpResponse(io.BytesIO(b''))", "is a file", "Read it"),
        (
            "def parts():\n    yield 'x'\nfunc.HttpResponse(parts())",
            "is a generator",
            "HTTP streams",
        ),
        ("print(req.params.getlist('a'))", "no attribute 'getlist'", "parse_qs for all values"),
        ("func.HttpResponse(sum([1]))", "is a number", "Write str(...) around it."),
        ("func.HttpResponse(len(req.url))", "is a number", "Write str(...) around it."),
        ("func.HttpResponse(dict(req.params))", "is a dict", "Write json.dumps(...)"),
        (
            "func.HttpRequest('x', status_code=400, mimetype='text/plain')",
            "no argument 'status_code'",
            "HttpResponse instead",
        ),
        ("func.HttpResponse(dataclasses.asdict(Order('x')))", "is a dict", "Write json.dumps"),
        (
            "def respond(data: dict):\n    return func.HttpResponse(data)\nprint(respond)",
            "is a dict",
            "Write json.dumps(...)",
        ),
        ("func.HttpResponse(listed())", "is a list", "Write json.dumps(...)"),
        ("x = listed()\nfunc.HttpResponse(x)", "is a list", "Write json.dumps(...)"),
        ("x = {'a': 1}\nfunc.HttpResponse(body=x)", "is a dict", "Write json.dumps(...)"),
        ("func.HttpResponse(Order('x'))", "is an object of Order", "Give it text"),
        (
            "try:\n    pass\nexcept OSError as e:\n    func.HttpResponse(e, status_code=500)",
            "is an exception",
            "Write str(...) around it.",
        ),
        ("json.dumps(req.params)", "req.params is not a dict", "Write dict(req.params)."),
        ("json.dumps({'a': {'b': req.params}})", "req.params is not a dict", "Write dict(req.p"),
        ("json.dumps({'a': req.get_body()})", "req.get_body() is bytes", "Write req.get_body().d"),
        ("json.dumps(req.headers)", "is not a dict", "Write dict(req.headers)."),
        ("print(req.params.name)", "no attribute 'name'", 'Write req.params.get("name").'),
        ("json.dumps({'at': datetime.now()})", "gets a datetime", "give json.dumps a default="),
        ("json.dumps({'at': datetime.utcnow()})", "gets a datetime", "give json.dumps a default="),
        ("json.dumps([datetime.fromisoformat(req.url)])", "gets a datetime", "Write it as text"),
        ("json.dumps((date.today(), 'x'))", "gets a date,", "Write it as text"),
        ("json.dumps(date(2026, 1, 1))", "gets a date,", "Write it as text"),
        ("json.dumps([datetime.strptime('26', '%y')])", "gets a datetime", "Write it as text"),
        ("json.dumps({'left': timedelta(1)})", "gets a timedelta", "Write it as text"),
        ("json.dumps({'price': Decimal('9.9')})", "gets a Decimal", "Write it as text"),
        ("json.dumps(set(req.params))", "gets a set", "Write it as text"),
        ("json.dumps({{'error': 'x'}})", "gets a set", "Write it as text or a dict"),
        ("json.dumps(Item(id='x'))", "gets an object of Item", "Write it as text or a dict"),
        ("json.dumps([uuid.uuid4()])", "gets a UUID", "Write it as text"),
        ("json.dumps([uuid.UUID(req.url)])", "gets a UUID", "Write it as text"),
        ("x = Order('x')\nprint(json.dumps(x))", "gets an object of Order", "or a dict first"),
        # A name that is in its own value, and one that is in a value twice.
        ("x = {'a': x}\njson.dumps([x, {1}])", "gets a set", "Write it as text"),
        (
            "try:\n    pass\nexcept ValueError as e:\n    json.dumps({'error': e})",
            "gets an exception",
            "Write it as text",
        ),
        ("json.dumps(map(str, [1]))", "gets a map", "Write it as text"),
        ("json.dumps({'a': range(3)})", "gets a range", "Write it as text"),
        ("json.dumps({'a': [State.NEW]})", "gets a member of State", "Write it as text"),
        ("x = {1}\nx1 = [x, x]\njson.dumps([x1, x1])", "gets a set", "Write it as text"),
        ("context.log('x')", "no attribute 'log'", "It has function_directory,"),
    ],
)
def test_responses_that_cannot_be_made_or_used_like_this(
    body: str, message: str, fix: str, plant: Plant, find: Find
) -> None:
    [found] = find(plant(app(body)), "AF2")
    assert found.code == "AF241"
    assert message in found.message
    assert fix in found.fix


@pytest.mark.parametrize(("name", "count"), [("models", 0), ("other", 1)])
def test_a_parameter_with_the_name_of_a_module_is_not_the_module(
    name: str, count: int, plant: Plant, find: Find
) -> None:
    files = app("return answer(req)")
    made = f"\n\ndef answer({name}):\n    return func.HttpResponse(models.Order('x'))\n"
    source = f"from shared import models\n{files['blueprints/hello.py']!s}{made}"
    assert len(find(plant({**files, "blueprints/hello.py": source}), "AF241")) == count


def test_every_body_that_is_no_text(plant: Plant, find: Find) -> None:
    bodies = ("open('x')", "io.StringIO('x')", "bool(1)", "float('1')", "int('1')", "round(1.2)")
    found = find(plant(app("\n".join(f"func.HttpResponse({body})" for body in bodies))), "AF2")
    assert [one.message.split()[7] for one in found] == ["file,"] * 2 + ["number,"] * 4


def test_every_value_of_a_response(plant: Plant, find: Find) -> None:
    values = ("charset", "headers", "mimetype", "status_code")
    body = f"{R}print({', '.join(f'r.{value}' for value in values)})\n"
    body += "\n".join(f"r.{value} = req" for value in values)
    found = find(plant(app(body)), "AF2")
    assert [one.message.split()[0] for one in found] == [f"r.{value}" for value in values]


@pytest.mark.parametrize(
    "body",
    [
        f"{R}r.headers['a'] = 'b'\nprint(r.get_body(), r.status_code)",
        f"{R}r.extra = 1\nprint(r.extra)",
        f"{R}r = flask.Response()\nr.status_code = 404",
        "r = flask.Response('x')\nr.status_code = 404\nr.set_cookie('a')",
        "func.HttpResponse(str(len(req.url)))",
        "x = {'a': 1}\nx = json.dumps(x)\nfunc.HttpResponse(x)",
        "func.HttpResponse(Text('x'))",
        "len = str\nfunc.HttpResponse(len(req.url))",
        "dict = str\nfunc.HttpResponse(dict(req.params))",
        "try:\n    pass\nexcept OSError as e:\n    e = str(e)\n    func.HttpResponse(e)",
        "try:\n    pass\nexcept OSError as e:\n    func.HttpResponse(str(e))\ne = ''\nfunc.HttpResponse(e)",
        "json.dumps(dict(req.params), default=str)",
        "json.dumps(req.params, default=dict)",
        "x = {'all': req.params}\njson.dumps({**req.params, 'headers': {**req.headers}})",
        "json.dumps({'a': 1, **Order('x')})",
        "print(req.params.get('x'), req.headers.items(), req.form.getlist('x'))",
        "json.dumps({'at': datetime.now()}, default=str)",
        "json.dumps([*map(str, [1]), *range(3), State2.NEW, State2.NEW.value])",
        "json.dumps(State3.NEW)",
        "json.dumps(State4.NEW)",
        "map = list\njson.dumps(map('ab'))",
        "try:\n    pass\nexcept OSError as e:\n    e = str(e)\n    json.dumps({'error': e})",
        "json.dumps({'a': Order.id})",
        "def respond(data: str):\n    return func.HttpResponse(data)\nprint(respond)",
        "def respond(data: dict):\n    data = str(data)\n    return func.HttpResponse(data)\nprint(respond)",
        "x = {'id': uuid.uuid4()}\nx['id'] = str(x['id'])\njson.dumps(x)",
        "x = {'id': uuid.uuid4()}\nx.update(id='1')\njson.dumps(x)",
        "x = {'id': uuid.uuid4()}\ndel x['id']\njson.dumps(x)",
        "date = str\njson.dumps(date(2026))",
        "set = list\njson.dumps(set(req.params))",
        "json.dumps([date(one) for date in (str, int) for one in 'ab'])",
        "json.JSONEncoder.default = str\njson.dumps(date(2026, 1, 1))",
        "json.dumps = repr\njson.dumps(date(2026, 1, 1))",
        "try:\n    import orjson as json\nexcept ImportError:\n    import json\njson.dumps({'at': datetime.now()})",
        "json.dumps({'at': datetime.now().isoformat(), 'id': str(uuid.uuid4())})",
        "json.dumps(dataclasses.asdict(Order('x')))",
        "func.HttpResponse(dataclasses.asdict(Order('x'), dict_factory=str))",
        "from dataclasses import asdict\ndef asdict(value):\n    return str(value)\nfunc.HttpResponse(asdict(Order('x')))",
        "json.dumps(Text('x'))",
        "try:\n    json.dumps(Order('x'))\nexcept TypeError:\n    pass",
        "print(context.function_name, context.retry_context.retry_count)",
    ],
)
def test_responses_that_can_be_made(body: str, plant: Plant, find: Find) -> None:
    assert find(plant(app(body)), "AF2") == []


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ("JSONResponse({})", "a response of FastAPI"),
        ("flask.jsonify({})", "a response of Flask"),
        ("Order('x')", "an object of Order"),
        ("Text('x')", ""),
        ("flask.render_template('x')", ""),
    ],
)
def test_responses_of_web_frameworks(value: str, what: str, plant: Plant, find: Find) -> None:
    found = find(plant(app(f"if req.params:\n    return {value}")), "AF2")
    assert [(one.code, what in one.message) for one in found] == [("AF242", True)] * bool(what)
