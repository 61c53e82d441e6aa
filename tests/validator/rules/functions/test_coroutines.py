"""Asynchronous code that never runs."""

import textwrap

import pytest

from tests.support.validator import Files, Find, Plant

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
        (
            "x = asyncio.to_thread(len, 'a') + 1",
            ASYNC,
            "asyncio.to_thread does not run",
            "Write await",
        ),
        (
            "x = str(asyncio.wait_for(store(), 1))",
            ASYNC,
            "asyncio.wait_for does not run",
            "Write await",
        ),
        (
            "x = asyncio.gather(store(), store())\nprint(json.dumps(x))",
            ASYNC,
            "asyncio.gather gives a future, and not the results that are used.",
            "Write await before it.",
        ),
        (
            "return func.HttpResponse(json.dumps([asyncio.gather(store())]))",
            ASYNC,
            "asyncio.gather gives a future",
            "Write await before it.",
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
        (
            "x = names.load()['a']",
            ASYNC,
            "names.load does not run",
            "Put await and parentheses around the call: (await names.load(...))[...]",
        ),
        (
            "x = await names.load().read()",
            ASYNC,
            "names.load does not run",
            "Put await and parentheses around the call: (await names.load(...)).read(...)",
        ),
        (
            "x = names.load().size",
            ASYNC,
            "names.load does not run",
            "Put await and parentheses around the call: (await names.load(...)).size",
        ),
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
        ("x = asyncio.gather(store())\nprint(x.done(), await x)", ASYNC),
        ("asyncio.gather(store())", ASYNC),
        ("tasks = asyncio.gather(store())", ASYNC),
        ("x = await asyncio.wait_for(asyncio.to_thread(len, 'a'), 1)", ASYNC),
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
    assert find(plant(calling(body, definition)), "AF243") == []
