"""Requests of asynchronous clients for HTTP and of models: what nothing awaits never runs."""

import json
import textwrap
from pathlib import Path

import pytest

from functions_validator.data import read_table
from tests.support.run import run
from tests.support.validator import Files, Plant, find_problems

HTTP = """
import asyncio

import aiohttp
import azure.functions as func
import httpx
from httpx import AsyncClient
from openai import AsyncAzureOpenAI, AzureOpenAI

bp = func.Blueprint()
shared = AsyncClient()
model = AsyncAzureOpenAI()
waiting = AzureOpenAI()


def made():
    return AsyncAzureOpenAI()


def either():
    if waiting:
        return waiting
    return AsyncAzureOpenAI()


@bp.route(route="orders")
async def orders(req: func.HttpRequest) -> func.HttpResponse:
    url = "https://example.com"
    async with httpx.AsyncClient() as client, aiohttp.ClientSession() as session:
{body}
    return func.HttpResponse("")
"""


def with_http(body: str) -> Files:
    """Return an app with asynchronous clients for HTTP and of a model."""
    source = HTTP.format(body=textwrap.indent(body, " " * 8))
    libraries = "aiohttp\nhttpx\nopenai\n"
    return {"blueprints/orders.py": source, "requirements.txt": f"azure-functions\n{libraries}"}


@pytest.mark.parametrize(
    ("body", "called"),
    [
        ("answer = client.get(url)\nprint(answer.text)", "client.get"),
        ("print(client.get(url).json())", "client.get"),
        ("print(list(client.get(url)))", "client.get"),
        ("print({'a': client.get(url)})", "client.get"),
        ("shared.post(url, json={})", "shared.post"),
        ("answer = session.get(url)\nprint(answer.status)", "session.get"),
        ("made().chat.completions.create(messages=[])", "made().chat.completions.create"),
        ("mine = made()\nprint(mine.embeddings.create().data)", "mine.embeddings.create"),
        ("async with session.get(url) as answer:\n    print(answer.json())", "answer.json"),
        ("answer = await session.get(url)\nreturn answer.text().strip()", "answer.text"),
        (
            "answer = model.chat.completions.create(messages=[])\nprint(answer.choices[0])",
            "model.chat.completions.create",
        ),
        (
            "async for event in model.responses.create(stream=True):\n    print(event)",
            "model.responses.create",
        ),
    ],
)
def test_requests_that_nothing_awaits(body: str, called: str, plant: Plant) -> None:
    [found] = find_problems(plant(with_http(body)), "AF243")
    assert found.message == f"{called} does not run: nothing awaits it."


@pytest.mark.parametrize(
    "body",
    [
        "answer = await client.get(url)\nprint(answer.json(), answer.text, answer.read())",
        "async with client.stream('GET', url) as answer:\n    print(await answer.aread())",
        "await client.send(client.build_request('GET', url))",
        "print(await asyncio.gather(*[client.get(url) for _ in range(2)]))",
        "asyncio.create_task(client.post(url))",
        "first, second = client.get(url), client.get(url)\nawait asyncio.gather(first, second)",
        "async with session.get(url) as answer:\n    print(await answer.json(), answer.status)",
        "answer = session.get(url)\nasync with answer as entered:\n    print(await entered.read())",
        "answer = await session.get(url)\nanswer.raise_for_status()\nprint(answer.close())",
        "calls = dict(a=client.get(url))\nawait asyncio.gather(*calls.values())",
        "calls = set([client.get(url)])\nawait asyncio.gather(*calls)",
        "for number, call in enumerate((client.get(url),)):\n    print(number, await call)",
        "for call in sorted([client.get(url)], key=id):\n    await call",
        "with httpx.Client() as client:\n    print(client.get(url).text)",
        "print(httpx.get(url).text)",
        "async with model.chat.completions.stream() as events:\n    print(events)",
        "print(model.models.list())",
        "print(either().embeddings.create().data)",
        "print((await made().embeddings.create()).data)",
        "answer = await model.chat.completions.create(messages=[])\nprint(answer.choices[0])",
        "print(waiting.chat.completions.create(messages=[]).choices[0])",
    ],
)
def test_requests_that_may_be_right(body: str, plant: Plant) -> None:
    assert find_problems(plant(with_http(body)), "AF243") == []


SERVICE = """
import httpx


class Service:
    def __init__(self, other: httpx.AsyncClient) -> None:
        {made}

    async def load(self) -> str:
        answer = {awaited}self.client.get("https://example.com")
        return answer.text
"""
CONSTRUCTOR = "    def __init__(self, other=None):\n        "


@pytest.mark.parametrize(
    ("made", "awaited", "codes"),
    [
        ("self.client = httpx.AsyncClient()", "", ["AF243"]),
        ("self.client: httpx.AsyncClient = other", "", ["AF243"]),
        ("self.client = httpx.AsyncClient()", "await ", []),
        ("self.client = httpx.Client()", "", []),
        ("self.client = httpx.AsyncClient()\n        self.client = httpx.Client()", "", []),
        ("self.client = httpx.AsyncClient()\n        other.client = httpx.Client()", "", []),
        ("vars(self).update(client=httpx.Client())", "", []),
        # Python takes the last constructor.
        (f"...\n\n{CONSTRUCTOR}self.client = httpx.AsyncClient()", "", ["AF243"]),
        (f"self.client = httpx.AsyncClient()\n\n{CONSTRUCTOR}...", "", []),
        ("...\n\n    def connect(self):\n        self.client = httpx.AsyncClient()", "", []),
    ],
)
def test_a_client_of_an_object(made: str, awaited: str, codes: list[str], plant: Plant) -> None:
    assert_in_service(plant, SERVICE.format(made=made, awaited=awaited), codes)


@pytest.mark.parametrize(
    "more",
    [
        "class Fake(Service):\n    pass",
        "class Fake:\n    client = {}",
        "class Fake:\n    @property\n    def client(self):\n        return {}",
        "def fake(service):\n    setattr(service, 'client', {})",
        "def fake(service):\n    vars(service)['client'] = {}",
        "def fake(service):\n    service.__dict__['client'] = {}",
        "httpx.AsyncClient = dict",
    ],
)
def test_a_client_of_an_object_that_may_be_another(more: str, plant: Plant) -> None:
    service = SERVICE.format(made="self.client = httpx.AsyncClient()", awaited="")
    assert_in_service(plant, service, ["AF243"])
    assert_in_service(plant, f"{service}\n\n{more}\n", [])


def test_a_client_in_a_method_with_a_decorator(plant: Plant) -> None:
    service = SERVICE.format(made="self.client = httpx.AsyncClient()", awaited="")
    changed = service.replace("    async def", "    @staticmethod\n    async def")
    assert_in_service(plant, changed, [])


def assert_in_service(plant: Plant, service: str, codes: list[str]) -> None:
    files = with_http("pass")
    files["blueprints/service.py"] = service
    source = str(files["blueprints/orders.py"])
    files["blueprints/orders.py"] = f"import blueprints.service\n{source}"
    assert [one.code for one in find_problems(plant(files), "AF243")] == codes


CLIENTS = """
import contextlib

import httpx

http = httpx.AsyncClient()


def load(http):
    return http
"""


@pytest.mark.parametrize(
    ("imports", "more", "codes"),
    [
        ("from shared.clients import http", "", ["AF243"]),
        ("from shared.clients import http", "with contextlib.nullcontext({}) as http: ...", []),
        (
            "from shared.clients import http",
            "def set_up():\n    global http\n    with contextlib.nullcontext({}) as http: ...",
            [],
        ),
        (
            "if bp:\n    from shared.fakes import http\nelse:\n    from shared.clients import http",
            "",
            [],
        ),
        ("from shared import clients\nhttp = clients.http", "", ["AF243"]),
        ("from shared import clients\nhttp = clients.http\nclients.http = {}", "", []),
        ("from shared import clients\nhttp = clients.http\nfor http in 'a': ...", "", []),
    ],
)
def test_a_client_of_another_module(
    imports: str, more: str, codes: list[str], plant: Plant
) -> None:
    files = with_http("http.get(url)")
    source = str(files["blueprints/orders.py"])
    made = "bp = func.Blueprint()"
    files["blueprints/orders.py"] = source.replace(made, f"{made}\n{imports}")
    files["shared/clients.py"] = f"{CLIENTS}\n\n{more}\n"
    files["shared/fakes.py"] = "http = {}\n"
    files["shared/__init__.py"] = ""
    assert [one.code for one in find_problems(plant(files), "AF243")] == codes


STREAM = """
import azure.functions as func
from azurefunctions.extensions.http.fastapi import JSONResponse, Request

bp = func.Blueprint()


@bp.route(route="orders")
async def orders(req: Request) -> JSONResponse:
    order = {read}
    return JSONResponse({{"id": order["id"]}})
"""


@pytest.mark.parametrize(("read", "codes"), [("req.json()", ["AF243"]), ("await req.json()", [])])
def test_the_body_of_a_streamed_request(read: str, codes: list[str], plant: Plant) -> None:
    requirements = "azure-functions\nazurefunctions-extensions-http-fastapi\n"
    files = {"blueprints/orders.py": STREAM.format(read=read), "requirements.txt": requirements}
    assert [one.code for one in find_problems(plant(files), "AF243")] == codes


MISSING = """
import importlib, json, sys
missing = []
for name, members in json.loads(sys.argv[1]).items():
    library, _, class_ = name.rpartition(".")
    made = getattr(importlib.import_module(library), class_)
    names = members.get("parts") or members["coroutines"]
    missing += [f"{name}.{one}" for one in names if not hasattr(made, one)]
print(json.dumps(missing))
"""


def test_the_classes_of_the_table_have_its_methods(worker_python: Path) -> None:
    done = run(worker_python, "-c", MISSING, json.dumps(read_table("async_classes")))
    assert json.loads(done.stdout) == []
