"""Coroutines that a triggered function returns: the worker does not await them."""

import textwrap

import pytest

from tests.support.validator import HEALTHY, Files, Find, Plant

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


@pytest.mark.parametrize(
    ("body", "fix"),
    [
        ("return await web.handle(req)", "Write it without await."),
        ("return await func.WsgiMiddleware(None).handle(req)", "Write it without await."),
        ("return await web.handle_async(req)", "Write handle instead, without await."),
        ("return web.handle(req)", None),
        ("web = Web()\nreturn await web.handle(req)", None),
    ],
)
def test_the_middleware_for_wsgi_is_not_asynchronous(
    body: str, fix: str | None, plant: Plant, find: Find
) -> None:
    [(path, source)] = with_middleware(body, "async def orders(req)").items()
    source = str(source).replace("AsgiM", "WsgiM")
    source = source.replace("await web.handle_async(req)", "web.handle(req)", 1)
    found = find(plant({path: source}), "AF241")
    assert [(one.code, one.fix) for one in found] == ([("AF241", fix)] if fix else [])


def test_a_coroutine_of_a_module_that_names_no_other(plant: Plant, find: Find) -> None:
    source = HEALTHY["blueprints/hello.py"].replace('func.HttpResponse("Hello")', "fetch(req)")
    source = source.replace("import azure", "from shared.web import fetch\nimport azure")
    web = "async def fetch(req):\n    return 'x'\n"
    files: Files = {"blueprints/hello.py": source, "shared/__init__.py": "", "shared/web.py": web}
    [found] = find(plant(files), "AF243")
    assert found.fix == "Write async def hello, and await it."
