"""Asynchronous code that never runs."""

import json
import subprocess
import textwrap
from pathlib import Path

import pytest

from functions_validator.data import read_table
from tests.support.validator import HEALTHY, Files, Find, Plant, find_problems

SOURCE = """
import asyncio
import json

import azure.functions as func
from shared import names

bp = func.Blueprint()


async def store(text=""):
    return text


async def many():
    yield 1


def plain():
    return 1


class Repository:
    async def save(self, text=""):
        return text

    async def many(self):
        yield 1

    async def replaced(self):
        return 1

    def plain(self):
        return 1


class Other(Repository):
    pass


repository = Repository()
other = Other()
repository.replaced = plain


@bp.route(route="orders")
{definition}:
{body}
    return func.HttpResponse("")
"""


NAMES = """
async def load():
    return 1


class Queue:
    async def put(self):
        return 1


queue = Queue()
"""


def calling(body: str, definition: str) -> Files:
    """Return an app with a function whose body begins on line 47."""
    source = SOURCE.format(definition=definition, body=textwrap.indent(body, "    "))
    return {
        "blueprints/orders.py": source,
        "shared/__init__.py": "",
        "shared/names.py": NAMES,
    }


ASYNC, SYNC = "async def orders(req: func.HttpRequest)", "def orders(req: func.HttpRequest)"


@pytest.mark.parametrize(
    ("body", "definition", "message", "fix"),
    [
        ('store("x")', ASYNC, "store does not run: nothing awaits it.", "Write await before it."),
        ("store()", SYNC, "store does not run: nothing awaits it.", "Write async def orders"),
        ("names.load()", ASYNC, "names.load does not run: nothing awaits it.", "Write await"),
        (
            "asyncio.sleep(1)",
            ASYNC,
            "asyncio.sleep does not run: nothing awaits it.",
            "Write await",
        ),
        ("x = func.HttpResponse(store())", ASYNC, "store does not run", "Write await before it."),
        ("x = store()", ASYNC, "store does not run", "Write await before it."),
        ("x = sorted(store())", ASYNC, "store does not run", "Write await before it."),
        ("repository.save()", ASYNC, "repository.save does not run", "Write await before it."),
        ("names.queue.put()", ASYNC, "names.queue.put does not run", "Write await before it."),
        ("Repository().save()", ASYNC, "Repository().save does not run", "Write await before it."),
        ("names.Queue().put()", ASYNC, "names.Queue().put does not run", "Write await before it."),
        ("x = repository.save()['a']", SYNC, "repository.save does not run", "Write async def"),
        ("x = store()\nprint(f'{x}')", ASYNC, "store does not run", "Write await before it."),
        ("x = names.load()['a']", ASYNC, "names.load does not run", "Write await before it."),
        ("x = json.dumps({'a': store()})", ASYNC, "store does not run", "Write await before it."),
        ("a, b = store()", ASYNC, "store does not run", "Write await before it."),
        ("if store():\n    pass", ASYNC, "store does not run", "Write await before it."),
        ("for x in store():\n    pass", ASYNC, "store does not run", "Write await before it."),
        ("x = store() + 'a'", ASYNC, "store does not run", "Write await before it."),
        ("asyncio.run(store())", ASYNC, "asyncio.run fails in orders", "Await the coroutine"),
        ("x = asyncio.run(store())", ASYNC, "asyncio.run fails in orders", "Await the coroutine"),
        (
            "asyncio.get_event_loop().run_until_complete(store())",
            ASYNC,
            "fails in orders, which runs in a loop itself",
            "Await the coroutine",
        ),
    ],
)
def test_asynchronous_code_that_never_runs(
    body: str, definition: str, message: str, fix: str, plant: Plant, find: Find
) -> None:
    [found] = find(plant(calling(body, definition)), "AF2")
    assert (found.code, found.path, found.line) == ("AF243", "blueprints/orders.py", 47)
    assert message in found.message
    assert found.fix.startswith(fix)


def test_a_method_of_an_object_that_the_function_makes(plant: Plant, find: Find) -> None:
    [found] = find(plant(calling("mine = Repository()\nmine.save()", ASYNC)), "AF2")
    assert (found.code, found.line) == ("AF243", 48)


METHODS = """
from dataclasses import dataclass

import azure.functions as func

bp = func.Blueprint()


{decorator}
class Repository:
    name: str = ""

    async def save(self, text=""):
        return text

    async def each(self):
        yield 1

    def plain(self):
        return 1

    async def add(self):
        {body}

    @staticmethod
    async def copy(other):
        other.save()


{more}


@bp.route(route="orders")
async def orders(req: func.HttpRequest) -> func.HttpResponse:
    await Repository().add()
    return func.HttpResponse("")
"""


def of_a_method(body: str, decorator: str = "", more: str = "") -> Files:
    """Return an app with a method of a class, whose body is on line 22."""
    source = METHODS.format(body=body, decorator=decorator, more=more)
    return {"blueprints/orders.py": source}


@pytest.mark.parametrize("decorator", ["", "@dataclass", "@dataclass(frozen=True)"])
@pytest.mark.parametrize("body", ["self.save()", "print(self.save())", "x = self.save()"])
def test_methods_of_the_same_object_that_nothing_awaits(
    body: str, decorator: str, plant: Plant, find: Find
) -> None:
    [found] = find(plant(of_a_method(body, decorator)), "AF243")
    assert (found.path, found.line) == ("blueprints/orders.py", 22)
    assert found.message == "self.save does not run: nothing awaits it."


SUBCLASS = "class Other(Repository):\n    def save(self, text=''):\n        return text"


@pytest.mark.parametrize(
    ("body", "decorator", "more"),
    [
        ("await self.save()", "", ""),
        ("return self.save()", "", ""),
        ("self.pending = self.save()", "", ""),
        ("self.each()", "", ""),
        ("self.plain()", "", ""),
        ("self.missing()", "", ""),
        ("store = open('a')\n        store.save()", "", ""),
        ("self = Other()\n        self.save()", "", SUBCLASS),
        ("self.save()", "", SUBCLASS),
        ("self.save()", "", "Repository.save = print"),
        ("self.save()", "@(lambda one: one)", ""),
    ],
)
def test_methods_of_the_same_object_that_may_run(
    body: str, decorator: str, more: str, plant: Plant, find: Find
) -> None:
    assert find(plant(of_a_method(body, decorator, more)), "AF243") == []


@pytest.mark.parametrize(
    ("body", "definition"),
    [
        ("await store()", ASYNC),
        ("x = store()\nawait x", ASYNC),
        ("asyncio.create_task(store())", ASYNC),
        ("await asyncio.gather(store(), names.load())", ASYNC),
        ("asyncio.run(store())", SYNC),
        ("plain()", ASYNC),
        ("many()", ASYNC),
        ("store = plain\nstore()", ASYNC),
        ("def inner():\n    asyncio.run(store())", ASYNC),
        ("x = func.HttpResponse(await store())", ASYNC),
        ("x = store()\ntasks = [x]\nawait asyncio.gather(*tasks)", ASYNC),
        ("x = store()\ny = x\nawait y", ASYNC),
        ("x = store()\nif x is not None:\n    await x", ASYNC),
        ("x = store()\nx.close()", ASYNC),
        ("x = None\nx = store()", ASYNC),
        ("x = store()\nasync def inner():\n    await x", ASYNC),
        ("for x in [store(), store()]:\n    await x", ASYNC),
        ("x = plain(store())", ASYNC),
        ("repository.plain()", ASYNC),
        ("repository.many()", ASYNC),
        ("repository.replaced()", ASYNC),
        ("mine = Repository()\nawait mine.save()", ASYNC),
        ("mine = Repository()\nmine = plain()\nmine.save()", ASYNC),
        ("for mine in [Repository()]:\n    mine.save()", ASYNC),
        ("Repository = plain()\nRepository().save()", ASYNC),
        ("Other().save()", ASYNC),
        ("other.save()", ASYNC),
        ("repository = other_one()\nrepository.save()", ASYNC),
        ("await repository.save()", ASYNC),
        ("import nest_asyncio\nasyncio.run(store())", ASYNC),
    ],
)
def test_asynchronous_code_that_runs(body: str, definition: str, plant: Plant, find: Find) -> None:
    assert find(plant(calling(body, definition)), "AF2") == []


CLIENT = """
import json

import azure.durable_functions as df
import azure.functions as func

bp = df.Blueprint()


@bp.orchestration_trigger(context_name="context")
def steps(context):
    return (yield context.create_timer(context.current_utc_datetime))


def plain(function):
    return function


async def begin(starter: df.DurableOrchestrationClient):
    return await starter.start_new("steps")


async def begin_{name}(starter: {type}):
    {helper}


@bp.route(route="orders")
@bp.durable_client_input(client_name="client")
async def orders(req: func.HttpRequest, client):
{body}
    return func.HttpResponse("")
"""
TYPE = "df.DurableOrchestrationClient"


def with_client(body: str, helper: str = "pass", type_: str = TYPE) -> Files:
    """Return an app with a durable client in a function and in a helper of it."""
    source = CLIENT.format(body=textwrap.indent(body, "    "), helper=helper, type=type_, name="it")
    requirements = "azure-functions\nazure-functions-durable\n"
    return {"blueprints/orders.py": source, "requirements.txt": requirements}


@pytest.mark.parametrize(
    "body",
    [
        "client.start_new('steps')",
        "x = client.start_new('steps')\nreturn client.create_check_status_response(req, x)",
        "return client.create_check_status_response(req, client.start_new('steps'))",
        "x = client.start_new('steps')\nreturn func.HttpResponse(json.dumps({'id': x}))",
        "x = client.start_new('steps')\ny = await client.get_status(x)",
        "x = client.get_status('a').runtime_status",
        "x = client.get_status('a')\nif x.runtime_status:\n    pass",
        "x = client.get_status_all()\nfor y in x:\n    pass",
        "client.terminate('a', reason='x')",
        "client.raise_event('a', 'go')",
        "client.signal_entity(df.EntityId('a', 'b'), 'add')",
    ],
)
def test_durable_clients_that_nothing_awaits(body: str, plant: Plant, find: Find) -> None:
    [found] = find(plant(with_client(body)), "AF243")
    assert found.message.startswith("client.")
    assert found.message.endswith(" does not run: nothing awaits it.")
    assert find(
        plant(with_client("", body.replace("client", "starter").partition("\n")[0])), "AF243"
    )


@pytest.mark.parametrize(
    "body",
    [
        "x = await client.start_new('steps')\nreturn client.create_check_status_response(req, x)",
        "x = client.start_new('steps')\ny = await x",
        "x = [client.get_status(y) for y in 'ab']",
        "client.create_http_management_payload('a')",
        "x = await begin(client)",
        "client = other()\nclient.start_new('steps')",
    ],
)
def test_durable_clients_that_may_run(body: str, plant: Plant, find: Find) -> None:
    assert find(plant(with_client(body)), "AF243") == []


def test_other_clients_and_the_second_version(plant: Plant, find: Find) -> None:
    files = with_client("", "starter.start_new('steps')", "dict")
    assert find(plant(files), "AF243") == []
    files = with_client("client.start_new('steps')")
    second = {"requirements.txt": "azure-functions\nazure-functions-durable>=2\n"}
    assert find(plant({**files, **second}), "AF243") == []
    text = str(files["blueprints/orders.py"]).replace(
        "async def orders", "@plain\nasync def orders"
    )
    assert find(plant({**files, "blueprints/orders.py": text}), "AF243") == []


AIO = """
from typing import Optional

import azure.functions as func
from azure.cosmos.aio import ContainerProxy, CosmosClient
from azure.servicebus.aio import ServiceBusClient
from azure.storage import blob
from azure.storage.blob import aio
from azure.storage.blob.aio import BlobClient
from shared import store

bp = func.Blueprint()
shared = CosmosClient("https://example.com")
replaced = CosmosClient("https://example.com")
replaced = print


async def save(container: ContainerProxy, maybe: Optional[ContainerProxy] = None) -> None:
    {helper}


@bp.route(route="orders")
async def orders(req: func.HttpRequest) -> func.HttpResponse:
{body}
    return func.HttpResponse("")
"""


HELPERS = """
import contextlib
from typing import TYPE_CHECKING, AsyncIterator

if TYPE_CHECKING:
    from azure.cosmos.aio import ContainerProxy


@contextlib.asynccontextmanager
async def opened() -> "AsyncIterator[ContainerProxy]":
    from azure.cosmos.aio import ContainerProxy

    yield ContainerProxy("a", "b", "c")


async def awaited() -> "ContainerProxy":
    async with opened() as container:
        return container


def plain() -> "ContainerProxy":
    return opened


@print
def decorated() -> "ContainerProxy":
    return opened
"""


def with_azure(body: str, helper: str = "pass", more: str = "") -> Files:
    """Return an app with clients of Azure's asynchronous libraries in a function and in a helper of it."""
    source = AIO.format(body=textwrap.indent(body, "    "), helper=helper) + more
    helpers = {"shared/__init__.py": "", "shared/store.py": HELPERS}
    libraries = "azure-cosmos\nazure-storage-blob\nazure-servicebus\n"
    requirements = {"requirements.txt": f"azure-functions\n{libraries}"}
    return {"blueprints/orders.py": source, **helpers, **requirements}


CONTAINER = 'container = shared.get_database_client("a").get_container_client("b")\n'
BUS = "bus = ServiceBusClient.from_connection_string('a')\n"
STREAM = "mine = BlobClient.from_blob_url('a')\nstream = await mine.download_blob()\n"


@pytest.mark.parametrize(
    "body",
    [
        f"{CONTAINER}item = container.read_item('a', 'b')\nreturn item['name']",
        f"{CONTAINER}container.upsert_item({{}})",
        "shared.get_database_client('a').delete_container('b')",
        "base = await shared.create_database_if_not_exists('a')\nbase.create_container('b')",
        "base = shared.create_database('a')\nprint(base.id)",
        "async with CosmosClient('a') as mine:\n    mine.create_database('b')",
        f"{BUS}async with bus.get_queue_sender('b') as sender:\n    sender.send_messages(b'c')",
        f"{STREAM}text = stream.readall().decode()",
        "mine = aio.BlobClient('a', 'b', 'c')\nmine.upload_blob(b'd')",
        "mine = CosmosClient('a')\nmine.close()",
        "async with store.opened() as mine:\n    mine.read_item('a', 'b')",
        "mine = await store.awaited()\nmine.read_item('a', 'b')",
        "store.plain().read_item('a', 'b')",
        "global shared\nshared.create_database('a')",
    ],
)
def test_clients_of_azure_that_nothing_awaits(body: str, plant: Plant) -> None:
    [found] = find_problems(plant(with_azure(body)), "AF243")
    assert found.message.endswith(" does not run: nothing awaits it.")
    assert found.fix == "Write await before it."


def test_a_client_of_azure_that_only_another_module_names(plant: Plant) -> None:
    files = with_azure("async with store.opened() as mine:\n    mine.read_item('a', 'b')")
    source = str(files["blueprints/orders.py"])
    start, end = source.index("from azure.cosmos"), source.index("from shared")
    start_of_clients, end_of_helper = source.index("shared = Cosmos"), source.index("@bp.route")
    alone = source[:start] + source[end:start_of_clients] + source[end_of_helper:]
    [found] = find_problems(plant({**files, "blueprints/orders.py": alone}), "AF243")
    assert found.message == "mine.read_item does not run: nothing awaits it."


def test_a_client_of_azure_that_a_parameter_names(plant: Plant) -> None:
    [found] = find_problems(plant(with_azure("pass", "container.upsert_item({})")), "AF243")
    assert found.message == "container.upsert_item does not run: nothing awaits it."


@pytest.mark.parametrize(
    ("body", "helper", "more"),
    [
        (f"{CONTAINER}item = await container.read_item('a', 'b')", "pass", ""),
        (f"{CONTAINER}container.query_items('a')", "pass", ""),
        (f"{CONTAINER}item = container.read_item('a', 'b')\nawait item", "pass", ""),
        ("replaced.create_database('a')", "pass", ""),
        ("mine = store.decorated()\nmine.read_item('a', 'b')", "pass", ""),
        ("async with store.opened() as mine:\n    await mine.read_item('a', 'b')", "pass", ""),
        ("mine = store.awaited()\nawait (await mine).read_item('a', 'b')", "pass", ""),
        ("shared = print\nshared.create_database('a')", "pass", ""),
        ("mine = blob.BlobClient('a', 'b', 'c')\nmine.upload_blob(b'd')", "pass", ""),
        ("mine = BlobClient('a', 'b', 'c')\nmine = print\nmine.upload_blob(b'd')", "pass", ""),
        ("for mine in [print]:\n    mine.upload_blob(b'd')", "pass", ""),
        ("from shared.store import plain as shared\nshared.create_database('a')", "pass", ""),
        ("async def shared(): ...\nshared.close()", "pass", ""),
        ("class shared: ...\nshared.close()", "pass", ""),
        ("try:\n    pass\nexcept OSError as shared:\n    shared.close()", "pass", ""),
        ("match 1:\n    case [shared, *_]:\n        shared.close()", "pass", ""),
        ("match 1:\n    case {**shared}:\n        shared.close()", "pass", ""),
        ("mine = shared.unknown('a')\nmine.create_database('a')", "pass", ""),
        ("mine = mine.get_database_client('a')\nmine.create_container('a')", "pass", ""),
        ("pass", "return container.upsert_item({})", ""),
        ("pass", "container = print\n    container.upsert_item({})", ""),
        ("pass", "maybe.upsert_item({})", ""),
        ("BlobClient('a', 'b', 'c').upload_blob(b'd')", "pass", "\nBlobClient = print\n"),
        (
            "BlobClient('a', 'b', 'c').upload_blob(b'd')",
            "pass",
            "\nif bp:\n    from azure.storage.blob import BlobClient\n",
        ),
    ],
)
def test_clients_of_azure_that_may_be_right(
    body: str, helper: str, more: str, plant: Plant
) -> None:
    assert find_problems(plant(with_azure(body, helper, more)), "AF243") == []


DESCRIBE = """
import importlib, inspect, json, re, sys
found = {}
for library in json.loads(sys.argv[1]):
    module = importlib.import_module(library)
    classes = [n for n in module.__all__ if inspect.isclass(getattr(module, n))]
    coroutines, others, makers = set(), set(), set()
    for method, name in ((getattr(getattr(module, c), n), n) for c in classes for n in dir(getattr(module, c))):
        if name.startswith("_") or not inspect.isroutine(method):
            continue
        (coroutines if inspect.iscoroutinefunction(method) else others).add(name)
        answer = str(inspect.signature(method).return_annotation)
        if set(re.findall(r"\\w+", answer)) & set(classes) and not re.search("Paged|List|Iter", answer):
            makers.add(name)
    found[library] = [sorted(coroutines), sorted(coroutines & others), sorted(makers)]
print(json.dumps(found))
"""


def test_the_table_of_clients_is_that_of_the_libraries(worker_python: Path) -> None:
    table = read_table("async_clients")
    command = [str(worker_python), "-c", DESCRIBE, json.dumps(list(table))]
    described = subprocess.run(command, capture_output=True, text=True, check=True)
    for library, (coroutines, ambiguous, makers) in json.loads(described.stdout).items():
        assert table[library]["coroutines"] == coroutines
        assert ambiguous == []
        assert table[library]["makers"] == [m for m in makers if not m.startswith("from_")]


MIDDLEWARE = """
import asyncio
import functools

import azure.functions as func

bp = func.Blueprint()
web = func.AsgiMiddleware(None)
old = func.WsgiMiddleware(None)


async def fetch(req):
    return await web.handle_async(req)


def later(req):
    return fetch(req)


def awaited(function):
    @functools.wraps(function)
    def run(req: func.HttpRequest) -> func.HttpResponse:
        return asyncio.run(function(req))

    return run


@bp.route(route="orders")
{definition}:
{body}
"""


def with_middleware(body: str, definition: str) -> Files:
    """Return an app with a function whose body begins in line 29."""
    body = textwrap.indent(body, "    ")
    return {"blueprints/orders.py": MIDDLEWARE.format(definition=definition, body=body)}


@pytest.mark.parametrize(
    "body",
    [
        "return web.handle_async(req)",
        "return func.AsgiMiddleware(None).handle_async(req)",
        "return fetch(req)",
        "result = fetch(req)\nreturn result",
        "mine = func.AsgiMiddleware(None)\nreturn mine.handle_async(req)",
        "web.handle_async(req)\nreturn ''",
        "web.notify_startup()\nreturn ''",
        "return func.HttpResponse(web.handle_async(req).get_body())",
    ],
)
@pytest.mark.parametrize("definition", ["async def orders(req)", "def orders(req)"])
def test_what_a_trigger_gets_without_await(
    body: str, definition: str, plant: Plant, find: Find
) -> None:
    [found] = find(plant(with_middleware(body, definition)), "AF243")
    assert found.line in (29, 30)
    assert found.message.endswith(" does not run: nothing awaits it.")


@pytest.mark.parametrize(
    ("body", "definition"),
    [
        ("return await web.handle_async(req)", "async def orders(req)"),
        ("return await fetch(req)", "async def orders(req)"),
        ("return await later(req)", "async def orders(req)"),
        ("result = fetch(req)\nreturn await result", "async def orders(req)"),
        ("return (await asyncio.gather(fetch(req)))[0]", "async def orders(req)"),
        ("return await asyncio.to_thread(web.handle, req)", "async def orders(req)"),
        ("return old.handle(req)", "async def orders(req)"),
        ("return old.handle(req)", "def orders(req)"),
        ("return web.handle(req)", "def orders(req)"),
        ("return asyncio.run(web.handle_async(req))", "def orders(req)"),
        ("web = req.params['x']\nreturn web.handle_async(req)", "async def orders(req)"),
        ("def inner():\n    return fetch(req)\nreturn await inner()", "async def orders(req)"),
        ("return fetch(req)", "@awaited\nasync def orders(req)"),
        ("return fetch(req)", "@awaited\ndef orders(req)"),
    ],
)
def test_what_a_trigger_gets_after_all(
    body: str, definition: str, plant: Plant, find: Find
) -> None:
    assert find(plant(with_middleware(body, definition)), "AF243") == []


def test_the_old_method_of_the_middleware_starts_a_loop(plant: Plant, find: Find) -> None:
    [found] = find(plant(with_middleware("return web.handle(req)", "async def orders(req)")), "AF2")
    assert (found.code, found.line) == ("AF243", 29)
    assert found.message == "web.handle fails in orders, which runs in a loop itself."


@pytest.mark.parametrize(("asynchronous", "expected"), [("async ", ["AF243"]), ("", [])])
def test_what_the_decorator_of_a_client_awaits(
    asynchronous: str, expected: list[str], plant: Plant
) -> None:
    files = with_client("return client.start_new('steps')")
    source = str(files["blueprints/orders.py"])
    assert "async def orders(" in source
    changed = source.replace("async def orders(", f"{asynchronous}def orders(")
    found = find_problems(plant({**files, "blueprints/orders.py": changed}), "AF243")
    assert [one.code for one in found] == expected


def test_a_coroutine_of_a_module_that_names_no_other(plant: Plant, find: Find) -> None:
    source = HEALTHY["blueprints/hello.py"].replace('func.HttpResponse("Hello")', "fetch(req)")
    source = source.replace("import azure", "from shared.web import fetch\nimport azure")
    web = "async def fetch(req):\n    return 'x'\n"
    files: Files = {"blueprints/hello.py": source, "shared/__init__.py": "", "shared/web.py": web}
    [found] = find(plant(files), "AF243")
    assert found.fix == "Write async def hello, and await it."
