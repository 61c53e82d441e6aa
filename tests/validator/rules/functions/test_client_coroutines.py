"""Coroutines of durable clients and of the clients of azure.*.aio: what nothing awaits never runs."""

import json
import textwrap
from pathlib import Path

import pytest

from functions_validator.data import read_table
from tests.support.run import run
from tests.support.validator import Files, Find, Plant, find_problems

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
        "mine = None\ntry:\n    mine = CosmosClient('a')\nfinally:\n    if mine:\n        mine.close()",
        "async with store.opened() as mine:\n    mine.read_item('a', 'b')",
        "mine = await store.awaited()\nmine.read_item('a', 'b')",
        "store.plain().read_item('a', 'b')",
        "global shared\nshared.create_database('a')",
    ],
)
def test_clients_of_azure_that_nothing_awaits(body: str, plant: Plant) -> None:
    [found] = find_problems(plant(with_azure(body)), "AF243")
    assert found.message.endswith(" does not run: nothing awaits it.")
    fix = (
        "Put await and parentheses around the call: (await stream.readall(...)).decode(...)"
        if "decode" in body
        else "Write await before it."
    )
    assert found.fix == fix


def test_a_client_of_azure_that_only_another_module_names(plant: Plant) -> None:
    files = with_azure("async with store.opened() as mine:\n    mine.read_item('a', 'b')")
    source = str(files["blueprints/orders.py"])
    start, end = source.index("from azure.cosmos"), source.index("from shared")
    start_of_clients, end_of_helper = source.index("shared = Cosmos"), source.index("@bp.route")
    alone = source[:start] + source[end:start_of_clients] + source[end_of_helper:]
    [found] = find_problems(plant({**files, "blueprints/orders.py": alone}), "AF243")
    assert found.message == "mine.read_item does not run: nothing awaits it."


@pytest.mark.parametrize("client", ["store.shared", "same"])
@pytest.mark.parametrize(("made", "codes"), [("CosmosClient('a')", ["AF243"]), ("print", [])])
def test_a_client_of_another_module(client: str, made: str, codes: list[str], plant: Plant) -> None:
    files = with_azure(f"{client}.create_database('a')")
    source = str(files["blueprints/orders.py"])
    files["blueprints/orders.py"] = f"from shared.store import shared as same\n{source}"
    clients = f"from azure.cosmos.aio import CosmosClient\n\nshared = {made}\n"
    files["shared/store.py"] = clients
    assert [one.code for one in find_problems(plant(files), "AF243")] == codes


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
        ("mine = None\nmine = print\nmine = CosmosClient('a')\nmine.close()", "pass", ""),
        ("mine = CosmosClient('a')\nmine = None\nmine.close()", "pass", ""),
        ("mine = None\nmine = CosmosClient('a')\nmine = None\nmine.close()", "pass", ""),
        (
            "mine = None\nfor mine in [print]:\n    mine = CosmosClient('a')\n    mine.close()",
            "pass",
            "",
        ),
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
    libraries = json.loads(run(worker_python, "-c", DESCRIBE, json.dumps(list(table))).stdout)
    assert libraries.keys() == table.keys()
    for library, (coroutines, ambiguous, makers) in libraries.items():
        assert table[library]["coroutines"] == coroutines
        assert ambiguous == []
        assert table[library]["makers"] == [m for m in makers if not m.startswith("from_")]
