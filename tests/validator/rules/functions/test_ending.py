"""Functions that end the process in which the worker runs all of them."""

import textwrap

import pytest

from tests.support.validator import Files, Find, Plant, find_problems

SOURCE = """
import argparse
import contextlib
import os
import sys

import azure.functions as func

bp = func.Blueprint()
reader = argparse.ArgumentParser()
{top}

@bp.timer_trigger(schedule="0 0 6 * * *", arg_name="timer")
{kind} hello(timer: func.TimerRequest) -> None:
{body}


if __name__ == "__main__":
    sys.exit(1)
"""
HELPER = "def stop(code):\n    {}\n"
LOCAL = (
    "parser = argparse.ArgumentParser()\nparser.add_argument('--day')\nprint(parser.parse_args())"
)
BUILD = (
    "def build():\n    parser = argparse.ArgumentParser()\n    parser.add_argument('--day')\n"
    "    return parser\n"
)
MANAGER = """
@contextlib.contextmanager
def going_on():
    try:
        yield
    except SystemExit as error:
        print(error)
"""
HIDING = "class GoingOn:\n    def __enter__(self): ...\n    def __exit__(self, *_): return True\n"


def running(body: str, top: str = "", kind: str = "def") -> Files:
    """Return an app with lines in a function, and others at the top of its module."""
    body = textwrap.indent(body, "    ")
    return {"blueprints/hello.py": SOURCE.format(top=top, kind=kind, body=body)}


@pytest.mark.parametrize("kind", ["def", "async def"])
@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("sys.exit()", "sys.exit()"),
        ("if timer.past_due:\n    sys.exit(1)", "sys.exit()"),
        ("from sys import exit as leave\nleave('late')", "leave()"),
        ("exit(1)", "exit()"),
        ("quit()", "quit()"),
        ("os._exit(0)", "os._exit()"),
        ("os.abort()", "os.abort()"),
        ("raise SystemExit", "raise SystemExit"),
        ("raise SystemExit(2) from None", "raise SystemExit"),
        ("try:\n    sys.exit(1)\nexcept Exception:\n    pass", "sys.exit()"),
        ("try:\n    print()\nexcept OSError:\n    sys.exit(1)", "sys.exit()"),
    ],
)
def test_what_ends_the_worker(body: str, name: str, kind: str, plant: Plant, find: Find) -> None:
    [found] = find(plant(running(body, kind=kind)), "AF253")
    assert found.path == "blueprints/hello.py"
    assert found.message == f"{name} ends the worker, and with it all functions that run there."


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (LOCAL, "parser.parse_args()"),
        ("print(reader.parse_args())", "reader.parse_args()"),
        ("argparse.ArgumentParser().parse_args()", "argparse.ArgumentParser().parse_args()"),
        ("print(reader.parse_args(None))", "reader.parse_args()"),
        ("print(build().parse_args())", "build().parse_args()"),
        ("parser = build()\nprint(parser.parse_args())", "parser.parse_args()"),
    ],
)
def test_options_of_the_worker(body: str, name: str, plant: Plant, find: Find) -> None:
    [found] = find(plant(running(body, BUILD)), "AF253")
    expected = f"{name} reads the options of the worker, does not know them, and ends it."
    assert (found.message, found.fix) == (expected, "Pass a list, such as parse_args([]).")


def test_a_function_that_others_call_is_reported_once(plant: Plant) -> None:
    top = f"{HELPER.format('sys.exit(code)')}\ndef check():\n    stop(1)\n    check()\n"
    [found] = find_problems(plant(running("check()\nstop(2)", top)), "AF253")
    assert (found.line, found.message[:10]) == (11, "sys.exit()")


def test_a_function_of_another_module_is_read(plant: Plant) -> None:
    shared = {"shared/__init__.py": "", "shared/steps.py": HELPER.format("exit(code)")}
    files = running("stop(1)", "from shared.steps import stop")
    [found] = find_problems(plant({**files, **shared}), "AF253")
    assert (found.path, found.line) == ("shared/steps.py", 2)


@pytest.mark.parametrize(
    ("body", "top"),
    [
        ("return", ""),
        ("try:\n    sys.exit(1)\nexcept SystemExit:\n    pass", ""),
        ("try:\n    sys.exit(1)\nexcept BaseException:\n    pass", ""),
        ("try:\n    sys.exit(1)\nexcept:\n    pass", ""),
        ("try:\n    stop(1)\nexcept SystemExit:\n    pass", HELPER.format("sys.exit(code)")),
        ("with contextlib.suppress(SystemExit):\n    sys.exit(1)", ""),
        ("print(stop)", HELPER.format("sys.exit(code)")),
        ("with going_on():\n    sys.exit(1)", MANAGER),
        ("with GoingOn():\n    sys.exit(1)", HIDING),
        ("try:\n    sys.exit(1)\nexcept ERRORS:\n    pass", "ERRORS = (SystemExit, OSError)"),
        ("if False:\n    sys.exit(1)", ""),
        ("return\nsys.exit(1)", ""),
        ("exit(1)", "from textwrap import *"),
        ("if not fork():\n    os._exit(0)", "from os import fork"),
        ("exit(1)", "def exit(code): ..."),
        ("def exit(code): ...\nexit(1)", ""),
        ("exit(1)", "exit = print"),
        ("timer.exit(1)", ""),
        ("if not os.fork():\n    os._exit(0)", ""),
        ("raise ValueError('SystemExit')", ""),
        ("print(reader.parse_args([]))", ""),
        ("print(reader.parse_args(args=['--day']))", ""),
        ("print(reader.parse_known_args())", ""),
        ("sys.argv = ['x']\nprint(reader.parse_args())", ""),
        ("setattr(sys, 'argv', [])\nprint(reader.parse_args())", ""),
        ("print(strict.parse_args())", "strict = argparse.ArgumentParser(exit_on_error=False)"),
        ("reader.add_argument('all', nargs=argparse.REMAINDER)\nreader.parse_args()", ""),
        ("read(timer)", "def read(reader):\n    return reader.parse_args()"),
        ("sys.exit = print\nsys.exit(1)", ""),
        ("reader.error = print\nprint(reader.parse_args())", ""),
        ("print(timer.parse_args())", ""),
    ],
)
def test_what_does_not_end_the_worker(body: str, top: str, plant: Plant, find: Find) -> None:
    assert find(plant(running(body, top)), "AF253") == []


def test_arguments_that_another_module_replaces(plant: Plant) -> None:
    files = running("sys.argv = ['read']\nprint(read())", "from shared import read")
    shared = "import argparse\n\ndef read():\n    return argparse.ArgumentParser().parse_args()\n"
    assert find_problems(plant({**files, "shared.py": shared}), "AF253") == []


def test_a_decorator_of_the_app_may_go_on(plant: Plant) -> None:
    top = """
def safe(function):
    @functools.wraps(function)
    def wrapper(timer):
        try:
            function(timer)
        except SystemExit as error:
            print(error)
    return wrapper
"""
    source = str(running("sys.exit(1)", f"import functools\n{top}")["blueprints/hello.py"])
    decorated = source.replace("\ndef hello(", "\n@safe\ndef hello(")
    assert find_problems(plant({"blueprints/hello.py": decorated}), "AF253") == []


def test_an_http_function_that_ends_the_worker_needs_no_response(plant: Plant) -> None:
    source = SOURCE.replace('timer_trigger(schedule="0 0 6 * * *", arg_name="timer")', "route()")
    source = source.replace("timer: func.TimerRequest) -> None", "req: func.HttpRequest) -> str")
    files = {"blueprints/hello.py": source.format(top="", kind="def", body="    sys.exit(1)")}
    assert [found.code for found in find_problems(plant(files), "AF")] == ["AF253"]
