"""Loops, blocks and lists of coroutines that fail with asynchronous code."""

import textwrap

import pytest

from tests.support.validator import Files, Find, Plant

SOURCE = """
import asyncio

import aiohttp
import azure.functions as func
from azure.cosmos.aio import CosmosClient
from httpx import AsyncClient, Client

bp = func.Blueprint()


async def many():
    yield 1


async def one():
    return 1


@bp.route(route="orders")
{definition}:
{body}
    return func.HttpResponse("")
"""
ASYNC, SYNC = "async def orders(req)", "def orders(req)"


def app(body: str, definition: str) -> Files:
    """Return an app with a function whose body begins on line 21."""
    body = textwrap.indent(body, "    ")
    source = SOURCE.format(definition=definition, body=body)
    return {
        "blueprints/orders.py": source,
        "requirements.txt": "azure-functions\naiohttp\nazure-cosmos\nhttpx\n",
    }


@pytest.mark.parametrize(
    ("body", "definition", "message", "fix"),
    [
        (
            "asyncio.get_event_loop().run_until_complete(one())",
            SYNC,
            "asyncio.get_event_loop fails in orders, which runs in a thread without a loop.",
            "Write asyncio.run(...), or async def orders and await.",
        ),
        (
            "await asyncio.gather([one(), one()])",
            ASYNC,
            "asyncio.gather takes coroutines, and not a list of them.",
            "Write * before [one(), one()].",
        ),
        (
            "tasks = [one() for _ in req.params]; await asyncio.gather(tasks)",
            ASYNC,
            "asyncio.gather takes coroutines, and not a list of them.",
            "Write * before tasks.",
        ),
        (
            "for x in many(): print(x)",
            ASYNC,
            "many is an asynchronous generator, so this loop fails.",
            "Write async for.",
        ),
        (
            "print([x for x in many()])",
            SYNC,
            "many is an asynchronous generator, so this loop fails.",
            "Write async for in async def orders.",
        ),
        (
            "with aiohttp.ClientSession() as session: print(session)",
            ASYNC,
            "aiohttp.ClientSession needs async with, so this line fails.",
            "Write async with.",
        ),
        (
            "with AsyncClient() as session: print(session)",
            SYNC,
            "AsyncClient needs async with, so this line fails.",
            "Write async with in async def orders.",
        ),
        (
            'with CosmosClient("https://localhost", "k") as client: print(client)',
            ASYNC,
            "CosmosClient needs async with, so this line fails.",
            "Write async with.",
        ),
    ],
)
def test_what_fails_with_asynchronous_code(
    body: str, definition: str, message: str, fix: str, plant: Plant, find: Find
) -> None:
    [found] = find(plant(app(body, definition)), "AF243")
    assert (found.path, found.line) == ("blueprints/orders.py", 21)
    assert (found.message, found.fix) == (message, fix)


@pytest.mark.parametrize(
    "call",
    [
        "asyncio.create_task(one())",
        "asyncio.create_task(one(), name='one')",
        "asyncio.ensure_future(one())",
        "asyncio.run(asyncio.gather(one(), one(), return_exceptions=True))",
        "asyncio.gather(*[one() for _ in req.params])",
    ],
)
def test_tasks_in_a_thread_without_a_loop(call: str, plant: Plant, find: Find) -> None:
    [found] = find(plant(app(call, SYNC)), "AF243")
    assert (found.path, found.line) == ("blueprints/orders.py", 21)
    assert "fails in orders, which runs in a thread without a loop." in found.message


@pytest.mark.parametrize(
    ("body", "definition"),
    [
        ("asyncio.get_event_loop().call_soon(print)", ASYNC),
        ("asyncio.create_task(one())", ASYNC),
        ("await asyncio.ensure_future(one())", ASYNC),
        ("async def all():\n    asyncio.create_task(one())\nasyncio.run(all())", SYNC),
        ("async def all():\n    await asyncio.gather(one(), one())\nasyncio.run(all())", SYNC),
        ("asyncio.run(asyncio.wait_for(one(), 1))", SYNC),
        ("with asyncio.Runner() as runner:\n    runner.run(one())", SYNC),
        ("run = lambda: asyncio.create_task(one())", SYNC),
        ("loop = asyncio.new_event_loop()\nasyncio.ensure_future(one(), loop=loop)", SYNC),
        ("asyncio.ensure_future(one(), loop=req.loop)", SYNC),
        ("asyncio.gather(one(), **req.options)", SYNC),
        ("try:\n    asyncio.create_task(one())\nexcept RuntimeError:\n    pass", SYNC),
        (
            "asyncio.set_event_loop(loop := asyncio.new_event_loop())\nasyncio.get_event_loop()",
            SYNC,
        ),
        ("try:\n    asyncio.get_event_loop()\nexcept RuntimeError:\n    pass", SYNC),
        (
            "try:\n    loop = asyncio.get_event_loop()\nexcept Exception:\n    loop = req.loop",
            SYNC,
        ),
        (
            "with asyncio.Runner() as runner:\n    loop = runner.get_loop()\n    asyncio.gather(one())",
            SYNC,
        ),
        (
            "import nest_asyncio\nnest_asyncio.apply()\nasyncio.get_event_loop().stop()",
            SYNC,
        ),
        ("await asyncio.gather(*[one(), one()])", ASYNC),
        ("await asyncio.gather(one())", ASYNC),
        ("tasks = [one()]\ntasks = one()\nawait asyncio.gather(tasks)", ASYNC),
        ("async for x in many():\n    print(x)", ASYNC),
        ("print([x async for x in many()])", ASYNC),
        ("many = list\nfor x in many():\n    print(x)", SYNC),
        ("async with aiohttp.ClientSession() as session:\n    print(session)", ASYNC),
        ("with Client() as session:\n    print(session)", SYNC),
    ],
)
def test_what_works_with_asynchronous_code(
    body: str, definition: str, plant: Plant, find: Find
) -> None:
    assert find(plant(app(body, definition)), "AF243") == []


@pytest.mark.parametrize(
    "body",
    [
        "loops.LOOP.run_until_complete(asyncio.gather(loops.LOOP.create_task(one())))",
        "loops.begin()\nasyncio.get_event_loop().run_until_complete(one())",
    ],
)
def test_another_module_has_a_loop(body: str, plant: Plant, find: Find) -> None:
    loops = """
        import asyncio

        LOOP = asyncio.new_event_loop()


        def begin():
            asyncio.set_event_loop(LOOP)
        """
    files = app(f"from blueprints import loops\n{body}", SYNC)
    assert find(plant({**files, "blueprints/loops.py": loops}), "AF243") == []


def test_a_client_in_a_module_without_asynchronous_code(plant: Plant, find: Find) -> None:
    source = """
        import azure.functions as func
        from azure.cosmos.aio import CosmosClient

        bp = func.Blueprint()


        @bp.route(route="orders")
        def orders(req: func.HttpRequest) -> func.HttpResponse:
            client = CosmosClient("https://localhost", "key")
            shop = client.get_database_client("shop").get_container_client("orders")
            print(shop.read_item("1", "1"))
            return func.HttpResponse("")
        """
    requirements = "azure-functions\nazure-cosmos\n"
    files: Files = {"blueprints/orders.py": source, "requirements.txt": requirements}
    [found] = find(plant(files), "AF243")
    assert (found.path, found.line) == ("blueprints/orders.py", 11)
    assert found.message == "shop.read_item does not run: nothing awaits it."
