"""Asynchronous code that never runs."""

import textwrap

import pytest

from tests.support.validator import Files, Find, Plant

SOURCE = """
import asyncio

import azure.functions as func
from shared import names

bp = func.Blueprint()


async def store(text=""):
    return text


async def many():
    yield 1


def plain():
    return 1


@bp.route(route="orders")
{definition}:
{body}
    return func.HttpResponse("")
"""


def calling(body: str, definition: str) -> Files:
    """Return an app with a function whose body begins on line 23."""
    source = SOURCE.format(definition=definition, body=textwrap.indent(body, "    "))
    return {
        "blueprints/orders.py": source,
        "shared/__init__.py": "",
        "shared/names.py": "async def load():\n    return 1\n",
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
    assert (found.code, found.path, found.line) == ("AF243", "blueprints/orders.py", 23)
    assert message in found.message
    assert found.fix.startswith(fix)


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
        ("import nest_asyncio\nasyncio.run(store())", ASYNC),
    ],
)
def test_asynchronous_code_that_runs(body: str, definition: str, plant: Plant, find: Find) -> None:
    assert find(plant(calling(body, definition)), "AF2") == []
