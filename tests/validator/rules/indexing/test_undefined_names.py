"""Names of the library, and names in annotations."""

import json
from collections.abc import Callable
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


@pytest.mark.parametrize(
    ("lines", "line", "name"),
    [
        ("LEVEL = Level.HIGH", 1, "Level"),
        ("NAMES = {\n    'first': First,\n}", 2, "First"),
        ("class Order(Model):\n    number: int", 1, "Model"),
        ("class Order:\n    number = field(0)", 2, "field"),
        ("@wrapped\ndef helper(): ...", 1, "wrapped"),
        ("def helper(first=FIRST): ...", 1, "FIRST"),
        ("LATER = [one for one in First]", 1, "First"),
        ("logger.info('Hello')\nOther", 1, "logger"),
    ],
)
def test_an_undefined_name_that_the_import_reads_is_found(
    lines: str, line: int, name: str, plant: Plant, find: Find
) -> None:
    source = HEALTHY["blueprints/hello.py"]
    start = source.lstrip().count("\n")
    app = plant({"blueprints/hello.py": f"{source}\n{lines}\n"})
    [found] = find(app, "AF1", imports=False)
    assert (found.code, found.line) == ("AF101", start + 1 + line)
    assert (found.message, found.fix) == (
        f"{name} is not defined.",
        "Import it, or correct the name.",
    )


@pytest.mark.parametrize(
    "lines",
    [
        "later = lambda: First",
        "def helper():\n    return First",
        "First = False and Second",
        "First = Second if False else None",
        "try:\n    text = unicode\nexcept NameError:\n    text = str",
        "if False:\n    print(First)",
        "print([one for one in 'ab'], {a: b for a, b in {}.items()})",
        "for one in []:\n    print(First)",
        "import builtins\nbuiltins.First = 1\nprint(First)",
        "globals()['First'] = 1\nprint(First)",
        "import gettext\ngettext.install('shop')\nprint(_('Hello'))",
        "from os.path import *\nprint(join('a'))",
        "def helper():\n    global First\n    First = 1\nhelper()\nprint(First)",
        "print(__file__, __name__, __doc__)\nclass A:\n    path = f'{__module__}.{__qualname__}'",
        "with open(__file__) as First:\n    pass\nprint(First)",
        "(First := 1)\nprint(First)",
    ],
)
def test_names_that_the_import_finds_or_does_not_read(
    lines: str, plant: Plant, worker_python: Path
) -> None:
    app = plant({"blueprints/hello.py": f"{HEALTHY['blueprints/hello.py']}\n{lines}\n"})
    for python in (None, worker_python):
        assert find_problems(app, "AF1", python) == []


def test_what_newer_versions_have_built_in(
    plant: Plant, environment: Callable[[str], Path]
) -> None:
    line = "class Errors(ExceptionGroup): ..."
    app = plant({"blueprints/hello.py": f"{HEALTHY['blueprints/hello.py']}\n{line}\n"})
    run(environment("3.10"), "-B", PYZ, app, "--no-index")


def test_a_package_has_the_names_of_its_modules(plant: Plant, worker_python: Path) -> None:
    entry = "import azure.functions as func\nimport shop\n\napp = func.FunctionApp()\n"
    package = "from .orders import total\nprint(orders, total, other)\n"
    files: Files = {
        "function_app.py": f"import shop.other\n{entry}",
        "shop/__init__.py": f"import shop.other\n{package}",
        "shop/orders.py": "total = 1\n",
        "shop/other/__init__.py": "",
    }
    app = plant(files)
    for python in (None, worker_python):
        assert find_problems(app, "AF101", python) == []


@pytest.mark.parametrize(
    "lines",
    [
        "def first[T](items: list[T]) -> T: ...",
        "class First[T](list[T]): ...",
        "type First[T] = dict[T, Later]",
    ],
)
def test_what_has_types_of_its_own(lines: str, plant: Plant, worker_python: Path) -> None:
    """The worker's Python reads it, since the one of these tests may be too old."""
    app = plant({"blueprints/hello.py": f"{HEALTHY['blueprints/hello.py']}\n\n{lines}\n"})
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
