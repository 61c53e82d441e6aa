"""Names of the library, and names in annotations."""

import json
from pathlib import Path

import pytest

from functions_validator.data import read_table
from hooks.pyz import PYZ
from tests.support.run import run
from tests.support.validator import HEALTHY, Files, Find, Plant, find_problems


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
        ("bp = ", "from azure.functions import *\nbp = ", "Write import azure.functions as func."),
        (
            "bp = func.Blueprint(",
            "from azure.functions import *\nbp = Blueprint(",
            "Write from azure.functions import Blueprint.",
        ),
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
        "try:\n    from azure.functions import *\nexcept AttributeError:\n    pass",
        "from azure.functions.decorators import *",
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
