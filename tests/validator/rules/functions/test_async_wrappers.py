"""Decorators of the app where one is asynchronous and the other is not: its wrapper, or the function."""

import textwrap

import pytest

from tests.support.validator import Files, Find, Plant

SOURCE = """
import asyncio
import functools
import inspect
import logging

import azure.durable_functions as df
import azure.functions as func

bp = df.Blueprint()


def checked(call):
{wrapper}


{decorators}
{definition}:
    return func.HttpResponse("x")
"""
ASYNC = "async def orders(req: func.HttpRequest) -> func.HttpResponse"
SYNC = "def orders(req: func.HttpRequest) -> func.HttpResponse"
PLAIN = """
@functools.wraps(call)
def inner(req):
    {body}

return inner
"""
AWAITING = PLAIN.replace("def inner", "async def inner")
ROUTE = '@bp.route(route="orders")\n'


def app(wrapper: str, definition: str, decorators: str = f"{ROUTE}@checked") -> Files:
    """Return an app with a function in a wrapper."""
    source = SOURCE.format(
        wrapper=textwrap.indent(wrapper, "    "), definition=definition, decorators=decorators
    )
    requirements = "azure-functions\nazure-functions-durable\n"
    return {"blueprints/orders.py": source, "requirements.txt": requirements}


@pytest.mark.parametrize(
    "body",
    [
        "return call(req)",
        "result = call(req); logging.info('done'); return result",
        "result = call(req); result.headers['a'] = 'b'; return result",
        "call(req); return 'x'",
        "logging.info(call.__name__); return call(req)",
    ],
)
def test_a_wrapper_does_not_await_the_function(body: str, plant: Plant, find: Find) -> None:
    [found] = find(plant(app(PLAIN.format(body=body), ASYNC)), "AF2")
    assert (found.code, found.path) == ("AF243", "blueprints/orders.py")
    assert found.message == "orders does not run: nothing in inner awaits it."
    assert found.fix == "Write async def inner, and await call(...)."


@pytest.mark.parametrize("result", ["func.HttpResponse('x')", "answer", "'x'", "f'{req}'"])
def test_a_wrapper_awaits_a_plain_function_for_a_value(
    result: str, plant: Plant, find: Find
) -> None:
    definition = f"{SYNC}:\n    answer = str(1)\n    return {result}\n\n\ndef more()"
    [found] = find(plant(app(AWAITING.format(body="return await call(req)"), definition)), "AF243")
    assert found.fix == "Write async def orders."


def test_a_wrapper_awaits_a_plain_function(plant: Plant, find: Find) -> None:
    [found] = find(plant(app(AWAITING.format(body="return await call(req)"), SYNC)), "AF2")
    assert (found.code, found.path) == ("AF243", "blueprints/orders.py")
    assert found.message == "inner awaits orders, which is not async, so it fails."
    assert found.fix == "Write async def orders."


@pytest.mark.parametrize(
    ("wrapper", "definition"),
    [
        (PLAIN.format(body="return call(req)"), SYNC),
        (PLAIN.format(body="return asyncio.run(call(req))"), ASYNC),
        (PLAIN.format(body="coroutine = call(req); return asyncio.run(coroutine)"), ASYNC),
        (PLAIN.format(body="return other(call(req))"), ASYNC),
        (PLAIN.format(body="return 'x'"), ASYNC),
        (AWAITING.format(body="return await call(req)"), ASYNC),
        (AWAITING.format(body="return call(req)"), SYNC),
        (AWAITING.format(body="return await asyncio.to_thread(call, req)"), SYNC),
        (AWAITING.format(body="return await call(req)"), "def orders(req)"),
        (AWAITING.format(body="return await call(req)"), "def orders(req) -> 'Answer'"),
        (
            AWAITING.format(
                body="return await call(req) if asyncio.iscoroutinefunction(call) else call(req)"
            ),
            SYNC,
        ),
        (
            PLAIN.format(
                body="result = call(req); return asyncio.run(result) if inspect.isawaitable(result) else result"
            ),
            ASYNC,
        ),
        ("call = other(call)\n" + PLAIN.format(body="return call(req)"), ASYNC),
        (
            "if hasattr(call, 'is_async'):\n    return call\n"
            + PLAIN.format(body="return call(req)"),
            ASYNC,
        ),
        ("@other\n" + PLAIN.strip().format(body="return call(req)"), ASYNC),
        (
            PLAIN.format(body="return call(req)").replace(
                "return inner", "inspect.markcoroutinefunction(inner)\nreturn inner"
            ),
            ASYNC,
        ),
        (
            PLAIN.format(body="return call(req)").replace(
                "return inner", "other(inner)\nreturn inner"
            ),
            ASYNC,
        ),
        (
            PLAIN.format(body="return call(req)").replace(
                "return inner", "inner = other(inner)\nreturn inner"
            ),
            ASYNC,
        ),
        (PLAIN.format(body="return asyncio.run(call(req)) if other else call(req)"), ASYNC),
        (AWAITING.format(body="return await call(req) if other else call(req)"), SYNC),
        (AWAITING.format(body="return await call(req) if other(call) else None"), SYNC),
        (
            AWAITING.format(body="return await call(req)"),
            f"{SYNC}:\n    return other(req)\n\n\ndef more()",
        ),
    ],
)
def test_wrappers_that_fit(wrapper: str, definition: str, plant: Plant, find: Find) -> None:
    source = app(wrapper, definition)
    text = str(source["blueprints/orders.py"]).replace(
        "def checked", "def other(f):\n    return f\n\n\ndef checked"
    )
    assert find(plant({**source, "blueprints/orders.py": text}), "AF243") == []


def test_a_client_awaits_what_a_wrapper_returns(plant: Plant, find: Find) -> None:
    decorators = f'{ROUTE}@bp.durable_client_input(client_name="client")\n@checked'
    wrapper = PLAIN.replace("(req)", "(req, client)").format(body="return call(req, client)")
    definition = "async def orders(req: func.HttpRequest, client) -> func.HttpResponse"
    assert find(plant(app(wrapper, definition, decorators)), "AF243") == []


def test_another_decorator_may_await_the_function(plant: Plant, find: Find) -> None:
    wrapper = PLAIN.format(body="return call(req)")
    assert find(plant(app(wrapper, ASYNC, f"{ROUTE}@checked\n@checked")), "AF243") == []


@pytest.mark.parametrize("trigger", ["orchestration_trigger", "entity_trigger"])
@pytest.mark.parametrize(
    ("wrapper", "definition"),
    [
        (PLAIN.format(body="return call(req)"), "async def orders(context) -> func.HttpResponse"),
        (
            AWAITING.format(body="return await call(req)"),
            "def orders(context) -> func.HttpResponse",
        ),
    ],
)
def test_functions_that_cannot_be_asynchronous(
    wrapper: str, definition: str, trigger: str, plant: Plant, find: Find
) -> None:
    decorators = f'@bp.{trigger}(context_name="context")\n@checked'
    assert find(plant(app(wrapper, definition, decorators)), "AF243") == []
