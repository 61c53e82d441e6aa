"""Decorators of the app's own on functions."""

from pathlib import Path

import pytest

from tests.support.run import run
from tests.support.validator import Files, Find, Plant, find_problems

SOURCE = """
import functools

import azure.functions as func
from shared.wrappers import signed_in, with_role

bp = func.Blueprint()
known = {{}}


def logged(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        print(1)
        return function(*args, **kwargs)

    return wrapper


def listed(function):
    known[function] = 1

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper


def plain(function):
    return function


{decorators}
def hello(req: func.HttpRequest) -> func.HttpResponse:
    return func.HttpResponse("Hello")
"""
SHARED = """
import functools


def signed_in(function):
    @functools.wraps(function)
    async def wrapper(*args, **kwargs):
        return await function(*args, **kwargs)

    return wrapper


def with_role(role):
    def decorator(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            return function(*args, **kwargs)

        return wrapper

    return decorator
"""
ROUTE = '@bp.route(route="hello")'


def decorated(*decorators: str) -> Files:
    """Return an app with a function that has these decorators."""
    source = SOURCE.format(decorators="\n".join(decorators))
    shared = {"shared/__init__.py": "", "shared/wrappers.py": SHARED}
    return {**shared, "blueprints/hello.py": source}


@pytest.mark.parametrize("decorator", ["@logged", "@signed_in", "@with_role('admin')"])
def test_a_decorator_above_the_trigger_is_found(decorator: str, plant: Plant, find: Find) -> None:
    [found] = find(plant(decorated(decorator, ROUTE)))
    assert (found.code, found.path, found.line) == ("AF246", "blueprints/hello.py", 33)
    assert found.message.startswith(decorator.strip("@").partition("(")[0])


@pytest.mark.parametrize(
    "decorators",
    [
        (ROUTE, "@logged"),
        (ROUTE, "@with_role('admin')"),
        ("@plain", ROUTE),
        ("@listed", ROUTE),
        ("@functools.cache", ROUTE),
        ("@with_role", ROUTE),
        ("@missing", ROUTE),
    ],
)
def test_decorators_that_run_or_may_register_something(
    decorators: tuple[str, ...], plant: Plant
) -> None:
    assert find_problems(plant(decorated(*decorators)), "AF246") == []


def test_the_worker_calls_the_function_without_it(plant: Plant, worker_python: Path) -> None:
    app = plant(decorated("@logged", ROUTE))
    code = (
        "from function_app import app\n"
        "found = {one.get_function_name(): one.get_user_function() for one in app.get_functions()}\n"
        "print(hasattr(found['hello'], '__wrapped__'))"
    )
    assert run(worker_python, "-c", code, folder=app).stdout == "False\n"
