"""The import of the entry point."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from functions_validator.checking import check
from functions_validator.data import read_table
from functions_validator.indexing.failures import why_not_indexed
from functions_validator.indexing.index import IndexOptions
from functions_validator.model import Place
from functions_validator.project.decorators import DECORATORS
from functions_validator.project.new_syntax import may_be_newer
from functions_validator.project.project import Project
from functions_validator.project.python_source import LARGEST_SOURCE, Module
from functions_validator.registry import chosen
from hooks.pyz import PYZ
from tests.support.run import run
from tests.support.validator import HEALTHY, Files, Find, Plant, find_problems, problems_of


def test_an_error_at_import_is_found_in_the_users_file(plant: Plant, worker_python: Path) -> None:
    app = plant({"blueprints/hello.py": "import json\n\njson.no_such_function()\n"})
    [found] = find_problems(app, "AF101", worker_python, imports=False)
    assert (found.path, found.line) == ("blueprints/hello.py", 3)
    assert "no_such_function" in found.message


def test_a_syntax_error_is_found(plant: Plant, find: Find) -> None:
    app = plant({"blueprints/hello.py": "def hello(:\n"})
    [found] = find(app, "AF101", imports=False)
    assert (found.path, found.line) == ("blueprints/hello.py", 1)


def test_a_line_in_another_encoding_is_found(plant: Plant, find: Find) -> None:
    text = HEALTHY["blueprints/hello.py"].replace('"Hello"', '"Grüße"')
    app = plant({"blueprints/hello.py": text.encode("latin-1")})
    [found] = find(app, "AF1", imports=False)
    assert (found.path, found.line) == ("blueprints/hello.py", 8)


def test_null_bytes_are_one_error(plant: Plant, find: Find) -> None:
    app = plant({"function_app.py": HEALTHY["function_app.py"] + "\0"})
    [found] = find(app, "AF1", imports=False)
    assert (found.code, found.path) == ("AF101", "function_app.py")


@pytest.mark.parametrize(
    "value", ["+".join(["1"] * 100_000), f'"{"x" * LARGEST_SOURCE}"'], ids=["deep", "long"]
)
def test_a_file_that_is_too_large_is_noted(value: str, plant: Plant) -> None:
    hello = f"from data import X\n{HEALTHY['blueprints/hello.py']}"
    app = plant({"blueprints/hello.py": hello, "data.py": f"X = {value}\n"})
    project = Project(app)
    assert problems_of(project) == []
    assert project.notes == ["data.py was not checked: it is too large."]


NESTED = "f-string: unmatched '['"
CLOSING = "f-string: closing parenthesis '}' does not match opening parenthesis '('"


@pytest.mark.parametrize(
    ("message", "line", "running", "app", "is_newer"),
    [
        (NESTED, "print(f'{row['name']}')", 11, None, True),
        (NESTED, "print(f'{row['name']}')", 11, 12, True),
        (NESTED, "print(f'{row['name']}')", 11, 11, False),
        (NESTED, "print(f'{row['name']}')", 12, None, False),
        ("f-string expression part cannot include a backslash", "f'{a}'", 10, 13, True),
        ("invalid syntax", "type Rows = list[int]", 11, None, True),
        ("expected '('", "async def first[T](rows: list[T]) -> T:", 11, None, True),
        ("invalid syntax", "class Rows[T]:", 11, 12, True),
        ("invalid syntax", "except* ValueError:", 10, 11, True),
        ("invalid syntax", "print(t'{name}')", 13, 14, True),
        ("invalid syntax", "print(t'{name}')", 13, 13, False),
        ("multiple exception types must be parenthesized", "except A, B:", 13, None, True),
        ("invalid syntax", "class Rows:", 11, None, False),
        ("invalid syntax", "def hello(:", 11, None, False),
        ("invalid syntax", "text = 'x' 5", 11, None, False),
        ("unterminated string literal", "print('x)", 10, 14, False),
        ("unterminated string literal (detected at line 2)", "x = 'I can't'", 11, None, False),
        ("unterminated string literal (detected at line 2)", "x = 'isn't' + 3", 13, None, False),
        ("invalid syntax", "x = 'isn't' + '3'", 13, None, False),
        ("invalid syntax", "x = ('t' 't'5)", 13, None, False),
        ("invalid syntax. Perhaps you forgot a comma?", "print(rt'{name}')", 12, None, True),
        ("invalid syntax", "return Tr'{name}'", 12, 14, True),
        ("f-string: expecting '}'", "f'{', '.join(names)}'", 11, None, True),
        ("f-string: unterminated string", "f'{d[\"a' 'b\"]}'", 11, None, True),
        ("f-string: unmatched '('", "f'{first('a')}'", 10, None, True),
        ("f-string: unmatched ')'", "f'{)}'", 10, None, False),
        ("f-string: empty expression not allowed", 'f"{}"', 11, None, False),
        ("f-string: single '}' is not allowed", "f'}'", 11, 12, False),
        (CLOSING, 'f"{(1}"', 11, None, False),
        ("f-string: invalid syntax", "f'{a b}'", 11, None, False),
        ("expected ','", "class Rows[T = int]:", 12, 13, True),
        ("invalid syntax", "type Rows[T=int] = list[T]", 12, None, True),
        ("invalid syntax", "async def first[T = int](rows: list[T]) -> T:", 12, 14, True),
        ("invalid syntax", "class Rows[T = int]:", 12, 12, False),
        ("invalid syntax", "def first[T](rows=1 2):", 12, 13, False),
    ],
)
def test_syntax_of_a_newer_python(
    tmp_path: Path, message: str, line: str, running: int, app: int | None, is_newer: bool
) -> None:
    (tmp_path / "hello.py").write_text(f"\n{line}\n")
    module = Module(tmp_path / "hello.py", "hello.py", "hello")
    module.error = (message, Place("hello.py", 2))
    assert may_be_newer(module, app, running) is is_newer


def test_a_file_for_a_newer_python_is_left_alone_and_noted(plant: Plant) -> None:
    code = HEALTHY["blueprints/hello.py"] + "\n\ndef first(name):\n    return t'{name}'\n"
    app = plant({"blueprints/hello.py": code})
    project = Project(app)
    assert check(project, chosen(["AF"], [])) == []
    running = f"{sys.version_info.major}.{sys.version_info.minor}"
    noted = (
        f"blueprints/hello.py was not checked: it may need a newer Python than {running}. "
        "Run the validator with the app's Python."
    )
    assert project.notes == ([noted] if sys.version_info < (3, 14) else [])
    (app / ".python-version").write_text("3.13\n")
    expected = ["AF101"] if sys.version_info < (3, 14) else []
    assert [found.code for found in find_problems(app)] == expected


@pytest.mark.parametrize(
    "line",
    [
        "from blueprints import no_such_module",
        "import blueprints.no_such_module",
        "from blueprints.no_such_module import bp",
        "from blueprints.hello import no_such_name",
    ],
)
def test_a_missing_module_or_name_of_the_app_is_found(line: str, plant: Plant, find: Find) -> None:
    app = plant({"function_app.py": HEALTHY["function_app.py"] + line + "\n"})
    [found] = find(app, "AF1", imports=False)
    assert (found.code, found.path, found.line) == ("AF101", "function_app.py", 8)


@pytest.mark.parametrize(
    ("folder", "line", "requirement"),
    [
        ("azure/main.bicep", "from azure.storage.blob import BlobClient", "azure-storage-blob"),
        ("alembic/env.py", "from alembic.config import Config", "alembic"),
        ("acme/notes.md", "import acme.client", "acme-sdk"),
    ],
)
def test_a_folder_with_the_name_of_a_package_is_not_imported(
    folder: str, line: str, requirement: str, plant: Plant, find: Find
) -> None:
    entry = f"{line}\n{HEALTHY['function_app.py']}"
    requirements = f"azure-functions\n{requirement}\n"
    app = plant({folder: "", "function_app.py": entry, "requirements.txt": requirements})
    assert find(app, "AF1", imports="azure" in line) == []


@pytest.mark.parametrize("path", ["functions/a.py", "acme/a.py", "acme/__init__.py"])
def test_a_missing_module_of_a_folder_is_found(path: str, plant: Plant, find: Find) -> None:
    entry = f"import {path.partition('/')[0]}.missing\n{HEALTHY['function_app.py']}"
    [found] = find(plant({path: "", "function_app.py": entry}), "AF1", imports=False)
    assert (found.code, found.line) == ("AF101", 1)


@pytest.mark.parametrize(
    ("path", "line", "instead"),
    [
        ("function_app.py", "from .blueprints import hello", "from blueprints import hello"),
        ("function_app.py", "from . import shared", "import shared"),
        ("blueprints/hello.py", "from ..shared import a, b", "from shared import a, b"),
        ("blueprints/__init__.py", "from ..shared import a", "from shared import a"),
    ],
)
def test_a_relative_import_that_leads_out_of_its_packages_is_found(
    path: str, line: str, instead: str, plant: Plant, find: Find
) -> None:
    source = f"{line}\n{HEALTHY.get(path, '')}"
    app = plant({"blueprints/__init__.py": "", "shared.py": "a = b = 1\n", path: source})
    [found] = find(app, "AF1", imports=False)
    assert (found.code, found.path, found.line) == ("AF101", path, 1)
    assert found.fix == f'Write "{instead}" instead.'


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("blueprints/hello.py", "from . import orders"),
        ("blueprints/__init__.py", "from .orders import bp"),
        ("blueprints/v1/__init__.py", "from ..orders import bp"),
        ("function_app.py", "try:\n    from .shared import a\nexcept ImportError:\n    a = 1"),
    ],
)
def test_relative_imports_that_succeed(path: str, line: str, plant: Plant, find: Find) -> None:
    files = {"blueprints/__init__.py": "", path: f"{line}\n{HEALTHY.get(path, '')}"}
    if "v1" in path:
        files["blueprints/hello.py"] = (
            f"from blueprints import v1\n{HEALTHY['blueprints/hello.py']}"
        )
    assert find(plant(files), "AF1") == []


@pytest.mark.parametrize(
    "line",
    [
        "from blueprints import data, hello",
        "from blueprints.hello import __name__ as name",
        "from blueprints.hello import *",
        "try:\n    import blueprints.no_such_module\nexcept ImportError:\n    pass",
    ],
)
def test_imports_that_succeed(line: str, plant: Plant, find: Find) -> None:
    entry = HEALTHY["function_app.py"] + line + "\n"
    app = plant({"function_app.py": entry, "blueprints/data/items.txt": ""})
    assert find(app, "AF1") == []


def test_a_misspelled_decorator_is_found(plant: Plant, find: Find) -> None:
    source = HEALTHY["blueprints/orders.py"].replace("queue_trigger", "queue_triger")
    [found] = find(plant({"blueprints/orders.py": source}), "AF101", imports=False)
    assert (found.path, found.line) == ("blueprints/orders.py", 8)


@pytest.mark.parametrize(
    ("decorator", "fix"),
    [
        ("http_trigger", 'Write "route" instead.'),
        ("get", 'Write "route" instead.'),
        ("timer", 'Write "timer_trigger" instead.'),
        ("cosmosdb_trigger", 'Write "cosmos_db_trigger" instead.'),
        ("event_hub_trigger", 'Write "event_hub_message_trigger" instead.'),
        ("queue_storage_trigger", 'Write "queue_trigger" instead.'),
        ("orchestrator_trigger", 'Write "orchestration_trigger" instead.'),
        ("webhook_trigger", "Use one that azure.functions has."),
        ("signalr_output", "Use one that azure.functions has."),
        ("kafka_input", "Use one that azure.functions has."),
    ],
)
def test_the_decorator_that_is_meant(decorator: str, fix: str, plant: Plant) -> None:
    source = HEALTHY["blueprints/orders.py"].replace("queue_trigger", decorator)
    [found] = find_problems(plant({"blueprints/orders.py": source}), "AF101")
    assert found.message == f'There is no decorator "{decorator}".'
    assert found.fix == fix


@pytest.mark.parametrize("name", ["get", "web_trigger"])
@pytest.mark.parametrize("added", ["bp.{} = bp.route", "setattr(bp, '{}', bp.route)"])
def test_a_method_that_the_app_adds_is_a_decorator(
    name: str, added: str, plant: Plant, find: Find
) -> None:
    source = HEALTHY["blueprints/hello.py"].replace("route(", f"{name}(")
    source = source.replace("Blueprint()", f"Blueprint()\n{added.format(name)}")
    assert find(plant({"blueprints/hello.py": source}), "AF1") == []


WAITING = """
import asyncio


{head}
    x = 1
    {line}
"""


def test_await_in_a_function_that_is_not_async(plant: Plant, find: Find) -> None:
    source = WAITING.format(head="def wait():", line="await asyncio.sleep(x)")
    app = plant({"blueprints/hello.py": HEALTHY["blueprints/hello.py"] + source})
    [found] = find(app, "AF1", imports=False)
    assert (found.code, found.path) == ("AF101", "blueprints/hello.py")
    assert found.fix == "Write async def wait."
    assert "await" in app.joinpath(found.path).read_text().splitlines()[found.line - 1]


@pytest.mark.parametrize(
    ("head", "line"),
    [
        ("async def wait():", "await asyncio.sleep(x)"),
        ("def wait():", "return (await one for one in x)"),
        ("def wait():", "async def inner(): await asyncio.sleep(x)"),
        ("async def wait():", "return [await one for one in x]"),
    ],
)
def test_await_where_python_takes_it(head: str, line: str, plant: Plant, find: Find) -> None:
    source = HEALTHY["blueprints/hello.py"] + WAITING.format(head=head, line=line)
    assert find(plant({"blueprints/hello.py": source}), "AF101") == []


REGISTERED = {
    "hello": ("blueprints.hello is a module, not a blueprint.", "Write hello.bp instead."),
    "hello.bps": ("blueprints.hello has no bps.", "Write hello.bp instead."),
    "hello.hello": (
        "blueprints.hello.hello is a function, not a blueprint.",
        "Write hello.bp instead.",
    ),
    "[hello.bp]": (
        "app.register_functions takes a blueprint, not a list of them.",
        "Call app.register_functions once for each blueprint.",
    ),
    "hello.bp, orders.bp": (
        "app.register_functions takes one blueprint.",
        "Call app.register_functions once for each blueprint.",
    ),
}


@pytest.mark.parametrize(
    ("old", "new", "line", "fix"),
    [
        ("App()", "App(auth_level=func.AuthLevel.FUNCTION)", 5, "Write http_auth_level instead."),
        ("App()", "App(name='shop')", 5, "Delete it."),
        ("hello.bp)", "hello.bp, url_prefix='/api')", 6, "Delete it, and write the prefix in "),
    ],
)
def test_an_argument_that_an_app_does_not_take(
    old: str, new: str, line: int, fix: str, plant: Plant, find: Find
) -> None:
    source = HEALTHY["function_app.py"].replace(old, new)
    [found] = find(plant({"function_app.py": source}), imports=False)
    assert (found.code, found.path, found.line) == ("AF101", "function_app.py", line)
    assert found.fix.startswith(fix)


@pytest.mark.parametrize("call", ["App(**OPTIONS)", "App(http_auth_level=func.AuthLevel.FUNCTION)"])
def test_arguments_that_an_app_takes(call: str, plant: Plant, find: Find) -> None:
    source = HEALTHY["function_app.py"].replace("App()", call)
    source = source.replace("app = ", "OPTIONS = {}\napp = ")
    named = source.replace("functions(hello.bp)", "functions(function_container=hello.bp)")
    assert find(plant({"function_app.py": source}), "AF1") == []
    assert find(plant({"function_app.py": named}), "AF101") == []


ENTRY = HEALTHY["function_app.py"].replace("hello.bp", "hello")
REBOUND = ENTRY.replace("app = ", "hello = hello.bp\napp = ")
# The method of an object that is not an app.
OF_ANOTHER = f"""{HEALTHY["function_app.py"]}

class Registry:
    def register_functions(self, module):
        self.module = module


registry = Registry()
registry.register_functions(hello)
"""
# A decorator that returns a blueprint.
MAKING = f"""{HEALTHY["blueprints/hello.py"]}

def called(function):
    return function()


@called
def made():
    return bp
"""
GUARDED = ENTRY.replace(
    "from blueprints import hello, orders\n",
    "from blueprints import orders\n\ntry:\n    from blueprints.hello import bp as hello\n"
    "except ImportError:\n    from blueprints import hello\n",
)


@pytest.mark.parametrize("name", REGISTERED)
def test_what_is_registered_must_be_a_blueprint(name: str, plant: Plant, find: Find) -> None:
    source = HEALTHY["function_app.py"].replace("hello.bp", name)
    [found] = find(plant({"function_app.py": source}), imports=False)
    assert (found.code, found.line) == ("AF101", 6)
    assert (found.message, found.fix) == REGISTERED[name]


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("hello", {"blueprints/__init__.py": "from .hello import bp as hello\n"}),
        ("hello.late", {"blueprints/hello.py": f"{HEALTHY['blueprints/hello.py']}late = bp\n"}),
        (
            "hello.late",
            {"blueprints/__init__.py": "from . import hello\n\nhello.late = hello.bp\n"},
        ),
        ("hello", {"function_app.py": REBOUND}),
        ("hello.made", {"blueprints/hello.py": MAKING}),
        ("hello", {"function_app.py": GUARDED}),
        ("hello", {"function_app.py": OF_ANOTHER}),
    ],
)
def test_blueprints_under_other_names(name: str, files: Files, plant: Plant, find: Find) -> None:
    source = HEALTHY["function_app.py"].replace("hello.bp", name)
    assert find(plant({"function_app.py": source, **files}), "AF1") == []


@pytest.mark.parametrize(
    ("old", "new", "fix"),
    [
        ("func.HttpRequest", "func.HTTPRequest", "Write func.HttpRequest instead."),
        ("-> func.HttpResponse", "-> func.HttpRespose", "Write func.HttpResponse instead."),
        ("func.Blueprint", "func.BluePrint", "Write func.Blueprint instead."),
        ("func.HttpRequest", "HttpReqest", "Write func.HttpRequest instead."),
        ("-> func.HttpResponse", "-> Response", "Import it, or correct the name."),
        ("bp = ", "def helper(req: HttpRequest): ...\nbp = ", "Write func.HttpRequest instead."),
        ('methods=["GET"]', "auth_level=func.AuthLevel.anonymous", "Choose one of ANONYMOUS, "),
        ('methods=["GET"]', "methods=[func.HttpMethod.Get]", "Choose one of GET, POST, "),
        ("bp = ", "from azure.functions import HTTPRequest\nbp = ", "Write HttpRequest instead."),
    ],
)
def test_a_misspelled_name_of_the_library_is_found(
    old: str, new: str, fix: str, plant: Plant, find: Find
) -> None:
    source = HEALTHY["blueprints/hello.py"].replace(old, new, 1)
    [found] = find(plant({"blueprints/hello.py": source}), imports=False)
    assert (found.code, found.path) == ("AF101", "blueprints/hello.py")
    assert found.fix.startswith(fix)


@pytest.mark.parametrize(
    "line",
    [
        "LEVEL = func.AuthLevel.ADMIN.value",
        "def later():\n    return func.HTTPRequest",
        "def later():\n    from azure.functions import HTTPRequest",
        "from contextlib import suppress\nwith suppress(AttributeError):\n    Request = func.HTTPRequest",
        "Request = False and func.HTTPRequest",
        "if hasattr(func, 'HTTPRequest'):\n    Request = func.HTTPRequest",
        "try:\n    Request = func.HTTPRequest\nexcept AttributeError:\n    pass",
        "Request = func.HTTPRequest if hasattr(func, 'HTTPRequest') else None",
        "try:\n    from azure.functions import HTTPRequest\nexcept ImportError:\n    pass",
        "from azure.functions import kafka, decorators\nX = func.decorators.core.AuthLevel",
        "LEVELS = list(func.AuthLevel.__members__)\nlater = lambda: func.HTTPRequest",
    ],
)
def test_names_of_the_library(line: str, plant: Plant, find: Find) -> None:
    source = f"{HEALTHY['blueprints/hello.py']}\n{line}\n"
    assert find(plant({"blueprints/hello.py": source}), "AF1") == []


def test_a_function_can_have_types_of_its_own(plant: Plant, worker_python: Path) -> None:
    """The worker's Python reads it, since the one of these tests may be too old."""
    source = HEALTHY["blueprints/hello.py"] + "\n\ndef first[T](items: list[T]) -> T: ...\n"
    app = plant({"blueprints/hello.py": source})
    for options in (("--no-index",), ("--python", str(worker_python))):
        done = run(worker_python, "-B", PYZ, app, "--select", "AF1", *options)
        assert done.stdout.startswith("0 errors, 0 warnings"), done.stdout


HELPERS = """
def helper(req: func.HTTPRequest, other: Unknown) -> func.HttpRespose:
    return req


class Kept:
    req: func.HTTPRequest


kept: func.HTTPRequest
"""


@pytest.mark.parametrize(
    "lines",
    [
        "def helper(text: Annotated[str, lambda value: value.strip()]): ...",
        "match (1, 2):\n    case [one, *Kind]: ...\ndef helper(text: Kind): ...",
        "match {}:\n    case {**Kind}: ...\ndef helper(text: Kind): ...",
        "match 1:\n    case int() as Kind: ...\ndef helper(text: Kind): ...",
        "setattr(sys.modules[__name__], 'Kind', int)\ndef helper(text: Kind): ...",
        "vars()['Kind'] = int\ndef helper(text: Kind): ...",
        "locals()['Kind'] = int\ndef helper(text: Kind): ...",
        "exec('class Kind: ...')\ndef helper(text: Kind): ...",
    ],
)
def test_names_that_annotations_find(lines: str, plant: Plant, find: Find) -> None:
    imports = "import sys\nfrom typing import Annotated\n"
    source = f"{imports}{HEALTHY['blueprints/hello.py']}\n{lines}\n"
    assert find(plant({"blueprints/hello.py": source}), "AF1") == []


def test_annotations_that_nothing_reads(plant: Plant, find: Find) -> None:
    source = HEALTHY["blueprints/hello.py"] + HELPERS
    late = f"from __future__ import annotations\n\n{source}"
    assert find(plant({"blueprints/hello.py": late}), "AF1") == []
    # Python 3.14 reads them late without that.
    files: Files = {"blueprints/hello.py": source}
    assert find_problems(plant({**files, ".python-version": "3.14\n"}), "AF1") == []
    lines = [one.line for one in find_problems(plant({**files, ".python-version": "3.13\n"}))]
    assert lines == [10, 10, 10, 15, 18]


def test_the_table_of_names_is_that_of_the_library(worker_python: Path) -> None:
    table = read_table("objects")
    code = (
        "import azure.functions as func, json; print(json.dumps({'names': dir(func), 'members': "
        f"{{name: [one.name for one in getattr(func, name)] for name in {list(table['members'])}}}}}))"
    )
    library = json.loads(run(worker_python, "-c", code).stdout)
    assert set(table["names"]) <= set(library["names"])
    new = {name for name in library["names"] if name[0].isupper()} - set(table["names"])
    assert new == set()
    members = {name: sorted(found) for name, found in library["members"].items()}
    assert {name: sorted(known) for name, known in table["members"].items()} == members


def test_sys_exit_at_import_is_found(plant: Plant, worker_python: Path) -> None:
    app = plant({"blueprints/hello.py": "import sys\nsys.exit(3)\n"})
    [found] = find_problems(app, "AF10", worker_python, imports=False)
    assert (found.code, found.path, found.line) == ("AF102", "blueprints/hello.py", 2)


OVERFLOW = """import ctypes
def crash():
    ctypes.string_at(0)
crash()
"""
SIGNAL = """import os
import signal
os.kill(os.getpid(), signal.{})
"""
THREAD = """import os
import threading
thread = threading.Thread(target=lambda: os._exit(3))
thread.start()
thread.join()
"""


@pytest.mark.parametrize(
    ("code", "line", "how"),
    [
        ("import os\nos._exit(0)\n", 2, "ends the process."),
        ("from os import _exit\nif True:\n    _exit(1)\n", 3, "ends the process."),
        (THREAD, 3, "ends the process."),
        (OVERFLOW, 3, "ends the process with SIGSEGV."),
        ("import os\n\nos.abort()\n", 3, "ends the process with SIGABRT."),
        (SIGNAL.format("SIGKILL"), 3, "ends the process with SIGKILL."),
        (SIGNAL.format("SIGTERM"), 3, "ends the process with SIGTERM."),
        ("import signal\nsignal.raise_signal(15)\n", 2, "ends the process with SIGTERM."),
        ("import os\nos.execv('/bin/true', ['true'])\n", 2, "ends the process."),
    ],
)
def test_a_process_that_ends_at_import_is_found(
    plant: Plant, worker_python: Path, code: str, line: int, how: str
) -> None:
    for path, above in (("blueprints/hello.py", ""), ("blueprints/größe.py", "\n\n")):
        files: Files = {path: above + code}
        if path not in HEALTHY:
            files["blueprints/hello.py"] = "from . import größe"
        [found] = find_problems(plant(files), "AF10", worker_python, imports=False)
        assert (found.code, found.path) == ("AF102", path)
        assert (found.line, found.message) == (
            line + above.count("\\n"),
            f"Importing the app {how}",
        )


def test_a_process_that_a_package_ends_is_found_at_its_import(
    plant: Plant, worker_python: Path
) -> None:
    package = ".python_packages/lib/site-packages/leaving/__init__.py"
    app = plant(
        {
            "blueprints/hello.py": "import json\nimport leaving\n",
            package: "import os\nos._exit(0)\n",
        }
    )
    [found] = find_problems(app, "AF10", worker_python, imports=False)
    assert (found.code, found.path, found.line) == ("AF102", "blueprints/hello.py", 2)


def test_endless_recursion_is_found(plant: Plant, worker_python: Path) -> None:
    app = plant({"blueprints/hello.py": "def first():\n    first()\n\n\nfirst()\n"})
    [found] = find_problems(app, "AF10", worker_python, imports=False)
    assert (found.code, found.path, found.line) == ("AF101", "blueprints/hello.py", 2)


def test_a_process_that_only_asks_for_itself_goes_on(plant: Plant, worker_python: Path) -> None:
    code = HEALTHY["blueprints/hello.py"] + "\nimport os\n\nos.kill(os.getpid(), 0)\n"
    app = plant({"blueprints/hello.py": code})
    assert find_problems(app, "AF10", worker_python) == []


def test_writing_into_the_project_at_import_is_found_and_refused(
    plant: Plant, worker_python: Path
) -> None:
    content = "from pathlib import Path\nPath('state.txt').write_text('x')\n"
    app = plant({"blueprints/hello.py": content})
    [found] = find_problems(app, "AF10", worker_python, imports=False)
    assert (found.code, found.path, found.line) == ("AF101", "blueprints/hello.py", 2)
    assert found.message.startswith("Importing the app writes state.txt, which fails")
    assert found.fix == "Write to tempfile.gettempdir() instead."
    assert not (app / "state.txt").exists()


@pytest.mark.parametrize(
    ("source", "is_fault"),
    [
        ("undefined_name\n", True),
        ("import json\njson.no_such_function()\n", True),
        ("from azure.functions import Blueprintt\n", True),
        ("from json import no_such_function\n", True),
        ("import azure.functions as func\nfunc.Blueprint().no_such_trigger()\n", True),
        ("import azure.functions as func\nfunc.FunctionApp(http_auth_level='x')\n", True),
        ("import no_such_package\n", False),
        ("from werkzeug import no_such_function\n", False),
        ("import werkzeug.http\nwerkzeug.http.parse_date(1)\n", False),
        ("import os\nos.getenv('ABSENT').split(',')\n", False),
        ("import os\nif 'ABSENT' not in os.environ:\n    raise ValueError('ABSENT?')\n", False),
    ],
)
def test_without_settings_and_packages_only_the_apps_own_mistakes_count(
    source: str, is_fault: bool, plant: Plant, worker_python: Path
) -> None:
    source += HEALTHY["blueprints/hello.py"]
    app = plant({"local.settings.json": None, "blueprints/hello.py": source})
    assert bool(find_problems(app, "AF101", worker_python, imports=False)) == is_fault


QUEUE = 'queue_trigger(arg_name="message", queue_name="orders", connection="OrdersStorage")'


@pytest.mark.parametrize(
    ("decorator", "words"),
    [
        ('queue_trigger(arg_name="message", queue="a", connection="OrdersStorage")', "queue_name"),
        ('queue_trigger(arg_name="message", queueName="a", connection="C")', '"queue_name"'),
        ('queue_trigger(arg_name="message", queue_name="a")', 'needs the argument "connection"'),
        ('queue_trigger("message", "a")', 'needs the argument "connection"'),
        ('timer_trigger(arg_name="message", cron="0 * * * * *")', 'needs the argument "schedule"'),
        ('blob_trigger(arg_name="message", path="a/b", conection="C")', '"connection"'),
        ('activity_trigger(arg_name="message")', 'Write "input_name"'),
        ('activity_trigger(input_name="message", nme="x")', "It takes input_name, activity."),
        ('route(path="a", trigger_arg_name="message")', 'has no argument "path"'),
        ('route(route="a", trigger_arg_name="message", authlevel="ANONYMOUS")', "auth_level"),
        ('redis_list_trigger(arg_name="message")', 'no decorator "redis_list_trigger"'),
        ('queues_trigger(arg_name="message")', 'Write "queue_trigger"'),
        ('event_grid_output("message")', "does not name its topic"),
        ('event_grid_output("message", topic_endpoint_uri="U")', "does not name its topic"),
        ('event_grid_output("message", "U", None)', "does not name its topic"),
        ('event_grid_output("message", "U", "K", "C")', "names its topic twice"),
        ('event_grid_output("message", "U", connection="C")', "names its topic twice"),
        ('eventhub_message_trigger(arg_name="message")', 'Write "event_hub_message_trigger"'),
        (
            'queue_trigger("message", "orders", "OrdersStorage", "text")',
            "\"data_type\" cannot be 'text'",
        ),
        ('warm_up_trigger("message", data_type="Bytes")', "UNDEFINED, STRING, BINARY, STREAM"),
        (
            'event_hub_message_trigger("message", "C", "a", cardinality="several")',
            "Choose one of ONE, MANY.",
        ),
        (
            'kafka_trigger("message", "t", "b", key_data_type="text")',
            "Choose one of INT, LONG, STRING, BINARY.",
        ),
        (
            'service_bus_queue_trigger("message", "C", "a", access_rights="send")',
            "Choose one of MANAGE, LISTEN.",
        ),
        ('kafka_trigger("message", "a", "B", protocol="SASL_SSL")', "SASLPLAINTEXT, SASLSSL."),
    ],
)
def test_what_a_decorator_does_not_take_is_found_without_importing(
    decorator: str, words: str, plant: Plant
) -> None:
    source = HEALTHY["blueprints/orders.py"].replace(QUEUE, decorator)
    found = find_problems(plant({"blueprints/orders.py": source}), "AF101")
    assert len(found) == 1
    assert words in f"{found[0].message} {found[0].fix}"


@pytest.mark.parametrize(
    "decorator",
    [
        QUEUE,
        'queue_trigger("message", "orders", "OrdersStorage", "string")',
        'queue_trigger(arg_name="message", queue_name="a", connection="C", new_option=1)',
        'queue_trigger(arg_name="message", queue_name="a", connection="C", data_typ="b")',
        'queue_trigger("message", *ARGUMENTS)',
        "queue_trigger(**ARGUMENTS)",
        'orchestration_trigger(context_name="message", input_type=dict)',
        'generic_trigger(arg_name="message", type="redisListTrigger", listDirection="LEFT")',
        'cosmos_db_trigger(arg_name="message", connection="C", database_name="a", container_name="b")',
        "warm_up_trigger('message')",
        'event_grid_output("message", "U", "K")',
        'event_grid_output("message", connection="C")',
        'event_grid_output("message", "U", "K", connection=CONNECTION)',
        'event_grid_output("message", **ARGUMENTS)',
        'event_hub_message_trigger("message", "C", "a", cardinality="Many", data_type=KIND)',
        'generic_trigger(arg_name="message", type="x", cardinality="several")',
        "my_own_decorator(1)",
    ],
)
def test_what_a_decorator_takes(decorator: str, plant: Plant) -> None:
    source = HEALTHY["blueprints/orders.py"].replace(QUEUE, decorator)
    assert find_problems(plant({"blueprints/orders.py": source}), "AF101") == []


def test_the_table_of_decorators_is_that_of_the_library(worker_python: Path) -> None:
    script = """
import inspect, json
import azure.durable_functions as df
import azure.functions as func

found = {}
for name in {*dir(df.DFApp), *dir(func.FunctionApp)}:
    method = getattr(df.DFApp, name, None) or getattr(func.FunctionApp, name)
    if not name.startswith("_") and callable(method):
        known = [p for p in inspect.signature(method).parameters.values() if p.name != "self"]
        named = [p for p in known if p.kind == p.POSITIONAL_OR_KEYWORD]
        required = sum(p.default is p.empty for p in named)
        found[name] = required, not any(p.kind == p.VAR_KEYWORD for p in known)
print(json.dumps(found))
"""
    done = subprocess.run(
        [worker_python, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    library = json.loads(done.stdout)
    for name, decorator in DECORATORS.items():
        assert [decorator.required, decorator.is_closed] == library[name], name


@pytest.mark.parametrize(
    "files",
    [
        {".gitignore": "blueprints/_version.py\n"},
        {".gitignore": "_version.py\n"},
        {"blueprints/.gitignore": "_version.py\n"},
        {
            "pyproject.toml": '[tool.hatch.build.hooks.vcs]\nversion-file = "blueprints/_version.py"\n'
        },
        {"setup.cfg": "[tool]\nwrite_to = blueprints/_version.py\n"},
    ],
)
def test_a_module_that_a_build_writes_is_no_error(
    files: Files, plant: Plant, find: Find, worker_python: Path
) -> None:
    entry = HEALTHY["function_app.py"] + "from blueprints._version import version\n"
    app = plant({"function_app.py": entry, **files})
    assert find(app, "AF1", imports=False) == []
    project = Project(app, IndexOptions(worker_python))
    assert why_not_indexed(project).startswith('"blueprints._version" is written by a build')


NO_DURABLE = 'import sys\n\nsys.modules["azure.durable_functions"] = None\n'
NEEDS_NUMPY = "try:\n    import numpy\nexcept ImportError as error:\n    raise "
ORCHESTRATOR = '@app.orchestration_trigger("context")\ndef orders_flow(context):\n    yield\n'


@pytest.mark.parametrize(
    ("start", "end", "lacks", "required", "code"),
    [
        (NO_DURABLE, ORCHESTRATOR, "azure.durable_functions", "azure-functions-durable", "AF415"),
        (
            f"{NO_DURABLE}import azure.durable_functions\n",
            "",
            "azure.durable_functions",
            "azure-functions-durable",
            "AF411",
        ),
        (f'{NEEDS_NUMPY}RuntimeError("Install numpy") from error\n', "", "numpy", "numpy", "AF101"),
        (f"{NEEDS_NUMPY}RuntimeError\n", "", "numpy", "numpy", "AF101"),
        (f"{NEEDS_NUMPY}SystemExit(1)\n", "", "numpy", "numpy", "AF102"),
        (
            "from importlib.metadata import version\nversion('numpy')\n",
            "",
            "numpy",
            "numpy",
            "AF101",
        ),
    ],
)
def test_a_required_package_that_is_not_installed_here_is_no_error(
    start: str,
    end: str,
    lacks: str,
    required: str,
    code: str,
    plant: Plant,
    worker_python: Path,
) -> None:
    files = {
        "function_app.py": start + HEALTHY["function_app.py"] + end,
        "requirements.txt": f"azure-functions\n{required}\n",
        "azure/main.bicep": "",
    }
    app = plant(files)
    assert find_problems(app, "AF", worker_python, imports=False) == []
    project = Project(app, IndexOptions(worker_python))
    assert why_not_indexed(project).startswith(f'"{lacks}" is not installed for {worker_python}')
    without = plant({**files, "requirements.txt": "azure-functions\n"})
    found = find_problems(without, "AF", worker_python, imports=False)
    assert [one.code for one in found] == [code]


def test_the_place_of_an_import_that_does_not_end(plant: Plant, worker_python: Path) -> None:
    source = "import time\n\n\ndef wait():\n    while True:\n        time.sleep(0.01)\n\n\nwait()\n"
    project = Project(plant({"blueprints/hello.py": source}), IndexOptions(worker_python, 4))
    [found] = [p for rule in chosen(["AF103"], []) for p in rule.check(project)]
    assert found.place.path == "blueprints/hello.py"
    assert found.place.line in (5, 6)


def test_the_place_of_a_write_at_import(plant: Plant, worker_python: Path) -> None:
    source = (
        "from pathlib import Path\n\n\ndef write(name):\n    try:\n        Path(name).write_text('x')\n"
        "    except OSError:\n        pass\n\n\nwrite('a.txt')\nwrite('b.txt')\n"
        "Path('logs').exists() or __import__('os').makedirs('logs')\n"
    )
    found = find_problems(
        plant({"blueprints/hello.py": source}), "AF104", worker_python, imports=False
    )
    places = {problem.message.split()[4].rstrip(","): problem.line for problem in found}
    assert places == {"a.txt": 6, "b.txt": 6, "logs": 13}
