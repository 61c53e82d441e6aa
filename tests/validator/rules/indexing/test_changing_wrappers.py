"""Decorators of the app that call a function with other arguments than the worker passes."""

import textwrap
from pathlib import Path

import pytest

from tests.support.validator import Find, Plant, find_problems

SOURCE = """
import functools

import azure.functions as func

bp = func.Blueprint()


def with_user({maker}):
{wrapper}


@bp.route(route="orders")
@with_user{arguments}
def orders({parameters}) -> str:
    return "x"
"""
WRAPPER = """
@functools.wraps(call)
def inner({parameters}):
    return call({arguments})

return inner
"""
FIX = 'Write "del inner.__wrapped__" above "return inner".'


def app(
    parameters: str, arguments: str, wrapped: str = "req: func.HttpRequest, user: str"
) -> dict[str, str]:
    """Return an app whose function gets its arguments from a wrapper with these parameters."""
    wrapper = textwrap.indent(WRAPPER.format(parameters=parameters, arguments=arguments), "    ")
    source = SOURCE.format(maker="call", wrapper=wrapper, arguments="", parameters=wrapped)
    return {"blueprints/orders.py": source}


@pytest.mark.parametrize(
    ("parameters", "arguments", "wrapped", "words", "fix"),
    [
        ("req", 'req, user="x"', "req, user: str", 'no trigger or binding is called "user".', FIX),
        ("req", 'req, "x"', "req, user: str", 'no trigger or binding is called "user".', FIX),
        ("req", "req.get_json()", "body: dict", 'no trigger or binding is called "body".', FIX),
        ("req", "", "", 'none of them is called "req".', FIX),
        (
            "*args, **kwargs",
            '*args, user="x", **kwargs',
            "req, user: str",
            'no trigger or binding is called "user".',
            f"Give inner the parameters req alone. {FIX}",
        ),
    ],
)
def test_a_wrapper_that_passes_other_arguments(
    parameters: str,
    arguments: str,
    wrapped: str,
    words: str,
    fix: str,
    plant: Plant,
    find: Find,
) -> None:
    [found] = find(plant(app(parameters, arguments, wrapped)), "AF1")
    assert (found.code, found.path, found.line) == ("AF113", "blueprints/orders.py", 20)
    assert found.message == (
        "functools.wraps shows the worker the parameters of orders and not those of inner: " + words
    )
    assert found.fix == fix


def test_such_a_wrapper_of_a_decorator_with_arguments(plant: Plant, find: Find) -> None:
    wrapper = textwrap.indent(WRAPPER.format(parameters="req", arguments="req, role"), "    ")
    nested = textwrap.indent(f"def decorate(call):\n{wrapper}\nreturn decorate\n", "    ")
    source = SOURCE.format(
        maker="role", wrapper=nested, arguments='("x")', parameters="req, user: str"
    )
    [found] = find(plant({"blueprints/orders.py": source}), "AF1")
    assert (found.code, found.fix) == ("AF113", FIX)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    return inner", "    del inner.__wrapped__\n    return inner"),
        ("    return inner", "    inner.__signature__ = SIGNATURE\n    return inner"),
        (", user: str", ""),
    ],
)
def test_a_wrapper_whose_parameters_the_worker_sees(
    old: str, new: str, plant: Plant, find: Find
) -> None:
    source = app("req", 'req, user="x"')["blueprints/orders.py"].replace(old, new)
    signature = "import inspect\nSIGNATURE = inspect.signature(lambda req: req)\n"
    source = source.replace("import functools\n", f"import functools\n{signature}")
    assert find(plant({"blueprints/orders.py": source}), "AF1") == []


def test_a_wrapper_that_passes_what_it_gets(plant: Plant, worker_python: Path) -> None:
    files = app("*args, **kwargs", "*args, **kwargs", "request: func.HttpRequest")
    [found] = find_problems(plant(files), "AF1", worker_python)
    assert (found.code, found.line) == ("AF113", 20)
    assert found.fix.startswith('Rename it to "req"')


BOTH = "req: func.HttpRequest, context: func.Context"


@pytest.mark.parametrize(
    ("parameters", "arguments", "wrapped", "name"),
    [
        ("*args", "*args", "req", "req"),
        ("request", "request", "req", "req"),
        ("req, *args", "req, *args", BOTH, "context"),
        ("req", "req, None", BOTH, "context"),
        ("req, /", "req", "req", "req"),
    ],
)
def test_a_wrapper_that_does_not_take_what_the_worker_passes(
    parameters: str, arguments: str, wrapped: str, name: str, plant: Plant, find: Find
) -> None:
    [found] = find(plant(app(parameters, arguments, wrapped)), "AF1")
    assert (found.code, found.path, found.line) == ("AF113", "blueprints/orders.py", 11)
    words = f"The worker passes {name} by its name to inner, which wraps orders and does not"
    assert found.message == f"{words} take it."
    assert found.fix == "Write def inner(*args, **kwargs), and pass both on."


@pytest.mark.parametrize(
    ("parameters", "arguments", "wrapped"),
    [
        ("*args, **kwargs", "*args, **kwargs", BOTH),
        ("**kwargs", "**kwargs", "req"),
        ("req", "req", "req"),
        ("req", "request=req", "req"),
        ("context, req", "req, context", BOTH),
        ("*, req, context=None", "req, context", BOTH),
        ("req, context, user=None", "req, context", BOTH),
        ("req, **rest", "req, **rest", BOTH),
        ("req, context, *args", "req, context", BOTH),
    ],
)
def test_a_wrapper_that_takes_what_the_worker_passes(
    parameters: str, arguments: str, wrapped: str, plant: Plant, find: Find
) -> None:
    assert find(plant(app(parameters, arguments, wrapped)), "AF1") == []


def test_a_parameter_that_only_the_worker_finds(plant: Plant, worker_python: Path) -> None:
    source = app("req", 'req, "x"')["blueprints/orders.py"]
    source = source.replace("return inner", "inner.__name__ = call.__name__\n    return inner")
    app_folder = plant({"blueprints/orders.py": source})
    assert find_problems(app_folder, "AF113") == []
    [found] = find_problems(app_folder, "AF113", worker_python)
    assert (
        found.message == 'The parameter "user" of orders has no trigger or binding with this name.'
    )
    assert found.fix == "Remove the parameter, and let the decorator set req.user instead."


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("@functools.wraps(call)", "@functools.wraps(other)"),
        ("    return inner", "    inner = other(inner)\n    return inner"),
        ("    return inner", "    other(inner)\n    return inner"),
    ],
)
def test_a_wrapper_whose_parameters_something_else_gives(
    old: str, new: str, plant: Plant, find: Find
) -> None:
    source = app("req", "req, None", BOTH)["blueprints/orders.py"]
    assert old in source
    source = source.replace(old, new)
    source = source.replace("def with_user", "def other(req):\n    return req\n\n\ndef with_user")
    assert find(plant({"blueprints/orders.py": source}), "AF113") == []
