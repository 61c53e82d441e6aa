"""What functions write into the folder of the app."""

import textwrap
from pathlib import Path

import pytest

from functions_validator.indexing.index import IndexOptions
from functions_validator.project.import_failures import why_not_indexed
from functions_validator.project.project import Project
from tests.support.validator import HEALTHY, Files, Find, Plant, find_problems

IMPORTS = """import os
import shutil
import tempfile
import zipfile
from os import makedirs
from pathlib import Path

import azure.functions as func
import joblib
import pandas
from shared import files

DATA = Path(__file__).parent / "data"
OUTSIDE = os.path.join("/tmp", "orders.txt")
MODE = "r"
NAME = "orders.txt"
IS_LOCAL = os.getenv("WEBSITE_INSTANCE_ID") is None
"""
SHARED = """import json


def save():
    with open("cache.json", "w") as file:
        json.dump(1, file)


def save_locally():
    if json:
        save_more()


def save_more():
    open("more.json", "w").close()


def unused():
    open("unused.json", "w").close()


def only_locally(function):
    return function if json else print


@only_locally
def dump():
    open("dump.json", "w").close()


class Lake:
    def to_excel(self, path):
        return path
"""
SOURCE = HEALTHY["blueprints/hello.py"].replace("import azure.functions as func\n", IMPORTS)


def writing(body: str) -> Files:
    """Return an app with a function that begins with some lines."""
    lines = body.replace("\n", "\n    ")
    return {
        "blueprints/hello.py": SOURCE.replace("    return", f"    {lines}\n    return"),
        "shared/__init__.py": "",
        "shared/files.py": SHARED,
    }


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ("open('orders.txt', 'w').close()", "orders.txt"),
        (
            "with open('data/orders.txt', mode='ab') as file:\n    file.write(b'')",
            "data/orders.txt",
        ),
        ("open(NAME, 'r+').close()", "orders.txt"),
        (
            "folder = str(Path(__file__).parent)\nopen(os.path.join(folder, 'a.txt'), 'w')",
            "blueprints/a.txt",
        ),
        ("open(os.path.join(os.getcwd(), 'a.txt'), 'wb+')", "a.txt"),
        ("(DATA / 'a.txt').open('w')", "blueprints/data/a.txt"),
        ("Path('a.json').write_text('')", "a.json"),
        ("path = f'report_{req.url}.csv'\nopen(path, 'w')", "report_..."),
        ("joblib.dump(1, 'model_' + req.url + '.bin')", "model_..."),
        ("import logging\nlogging.FileHandler('orders.log')", "orders.log"),
        (
            "from logging.handlers import RotatingFileHandler\nRotatingFileHandler(filename='a.log')",
            "a.log",
        ),
        ("pandas.DataFrame().to_csv('out.csv', index=False)", "out.csv"),
        ("zipfile.ZipFile('a.zip', 'w')", "a.zip"),
        ("import sqlite3\nsqlite3.connect('orders.db')", "orders.db"),
        ("os.rename(OUTSIDE, 'data/a.json')", "data/a.json"),
        ("shutil.copyfile(src=OUTSIDE, dst='a.json')", "a.json"),
        ("shutil.move(OUTSIDE, DATA)", "blueprints/data"),
        ("os.makedirs('cache/reports', exist_ok=True)", "cache/reports"),
        ("DATA.mkdir(exist_ok=True)", "blueprints/data"),
        ("DATA.joinpath('done').touch()", "blueprints/data/done"),
        (
            "if not req.url:\n    return func.HttpResponse('No.', status_code=400)\nopen('a.txt', 'w')",
            "a.txt",
        ),
        ("if not req.url:\n    raise ValueError\nopen('a.txt', 'w')", "a.txt"),
        ("def inner():\n    return 1\nopen('a.txt', 'w')", "a.txt"),
        ("url = req.url\nassert url\nopen('a.txt', 'w')", "a.txt"),
        (
            "try:\n    req.get_json()\nexcept ValueError:\n    raise\nopen('a.txt', 'w')",
            "a.txt",
        ),
    ],
)
def test_a_function_that_writes(body: str, path: str, plant: Plant) -> None:
    [found] = find_problems(plant(writing(body)), "AF104")
    assert found.path == "blueprints/hello.py"
    assert found.message == (
        f"The app writes {path} into its own folder, which fails if it runs from a package."
    )
    assert found.fix == "Write to tempfile.gettempdir() instead."


@pytest.mark.parametrize(("path", "codes"), [("orders.xlsx", ["AF104"]), ("/tmp/orders.xlsx", [])])
def test_a_function_that_saves_a_workbook(path: str, codes: list[str], plant: Plant) -> None:
    files = writing(f"import openpyxl\nbook = openpyxl.Workbook()\nbook.save({path!r})")
    files["shared/files.py"] = SHARED.replace("save()", "keep()")
    assert [one.code for one in find_problems(plant(files), "AF104")] == codes


def test_a_function_that_another_one_calls(plant: Plant) -> None:
    [found] = find_problems(plant(writing("files.save()")), "AF104")
    assert (found.path, found.line) == ("shared/files.py", 5)


@pytest.mark.parametrize(
    "body",
    [
        "open('data.txt')",
        "os.rename('data.txt', OUTSIDE)",
        "shutil.copy('data.txt', tempfile.gettempdir())",
        "os.makedirs('shared', exist_ok=True)",
        "Path('shared').mkdir(exist_ok=True)",
        "makedirs('shared', exist_ok=True)",
        "os.makedirs(os.path.join(tempfile.gettempdir(), 'a'))",
        "if not os.path.exists('cache'):\n    os.makedirs('cache')",
        "'data.txt'.replace('data', 'a.txt')",
        "open('data.txt', MODE)",
        "open('/tmp/a.txt', 'w')",
        "open(OUTSIDE, 'w')",
        "open(os.devnull, 'w')",
        "open(req.url, 'w')",
        "open(os.path.expanduser('~/a.txt'), 'w')",
        "open('../a.txt', 'w')",
        "open('C:\\\\a.txt', 'w')",
        "open(os.path.join(tempfile.gettempdir(), 'a.txt'), 'w')",
        "folder = tempfile.mkdtemp()\nopen(f'{folder}/a.txt', 'w')",
        "path = 'a.txt'\nfor path in ['/tmp/a']:\n    open(path, 'w')",
        "path = path + 'a.txt'\nopen(path, 'w')",
        "with tempfile.TemporaryDirectory() as folder:\n    (Path(folder) / 'a.txt').write_text('')",
        "pandas.DataFrame().to_csv('abfss://a@b.dfs.core.windows.net/out.csv')",
        "pandas.DataFrame().to_csv(index=False)",
        "zipfile.ZipFile('a.zip')",
        "import sqlite3\nsqlite3.connect(':memory:')",
        "import sqlite3\nsqlite3.connect('function_app.py')",
        "from shared.stores import store\nstore.save('orders.xlsx', req.url)",
        "try:\n    open('a.txt', 'w')\nexcept OSError:\n    pass",
        "if os.getenv('DEBUG'):\n    open('a.txt', 'w')",
        "if os.getenv('STORAGE'):\n    return func.HttpResponse('')\nopen('a.txt', 'w')",
        "if not IS_LOCAL:\n    raise ValueError\nopen('a.txt', 'w')",
        "assert IS_LOCAL\nopen('a.txt', 'w')",
        "if os.getenv('DEBUG') != req.url:\n    raise ValueError\nopen('a.txt', 'w')",
        "debug = os.getenv('DUMP')\nif not debug:\n    raise ValueError\nopen('a.txt', 'w')",
        "later = lambda: open('a.txt', 'w')",
        "open('a.txt', 'w', opener=req.url)",
        "pandas.DataFrame().to_parquet('container/a.parquet', filesystem=req.url)",
        "files.Lake().to_excel('out.xlsx')",
        "files.dump()",
        "def inner(path='a.txt'):\n    open(path, 'w')\ninner('/tmp/a')",
        "os.chdir('/tmp')\nopen('a.txt', 'w')",
        "files.save_locally()",
        "name = req.url.replace('a', 'b.txt')",
    ],
)
def test_functions_that_may_write_elsewhere(body: str, plant: Plant) -> None:
    assert find_problems(plant(writing(body)), "AF104") == []


def test_a_function_with_a_decorator_of_its_own(plant: Plant) -> None:
    files = writing("open('a.txt', 'w')")
    source = str(files["blueprints/hello.py"]).replace(
        "@bp.route", "@files.only_locally\n@bp.route"
    )
    assert find_problems(plant({**files, "blueprints/hello.py": source}), "AF104") == []


@pytest.mark.parametrize("around", ["if IS_LOCAL:", "def make(NAME):"])
def test_a_function_inside_of_something_else(around: str, plant: Plant) -> None:
    files = writing("open(NAME, 'w')")
    top, function = str(files["blueprints/hello.py"]).split("@bp", 1)
    source = f"{top}{around}\n{textwrap.indent(f'@bp{function}', '    ')}"
    assert find_problems(plant({**files, "blueprints/hello.py": source}), "AF104") == []


@pytest.mark.parametrize("path", ["Dockerfile", "docker/Dockerfile"])
def test_an_image_can_be_written(path: str, plant: Plant) -> None:
    image = "FROM mcr.microsoft.com/azure-functions/python:4-python3.13\n"
    app = plant({**writing("open('a.txt', 'w')"), path: image})
    assert find_problems(app, "AF104") == []


def test_it_is_found_beside_what_the_import_writes(plant: Plant, find: Find) -> None:
    source = HEALTHY["blueprints/hello.py"].replace(
        "    return", "    open('a.txt', 'w')\n    return"
    )
    assert [one.line for one in find(plant({"blueprints/hello.py": source}), "AF104")] == [8]


def test_what_the_import_writes_too_is_found_once(plant: Plant, find: Find) -> None:
    source = HEALTHY["blueprints/hello.py"].replace("    return", "    save()\n    return")
    source = source.replace(
        "bp =",
        "def save():\n    open('a.txt', 'w')\n\n\ntry:\n    save()\nexcept OSError:\n    pass\n\nbp =",
    )
    assert [one.line for one in find(plant({"blueprints/hello.py": source}), "AF104")] == [4]


IMAGE = "FROM mcr.microsoft.com/azure-functions/python:4-python3.12\nCOPY . /home/site/wwwroot\n"
WITH_IMAGE: Files = {
    "Dockerfile": f"{IMAGE}RUN pip install -r /home/site/wwwroot/requirements.txt\n"
}
DATABASE: Files = {"app.db": b""}


@pytest.mark.parametrize("settings", [HEALTHY["local.settings.json"], None])
@pytest.mark.parametrize(
    ("line", "files", "codes"),
    [
        ("sqlite3.connect('app.db')", {}, ["AF101"]),
        ("sqlite3.connect('file:app.db', uri=True)", {}, ["AF101"]),
        ("sqlite3.connect('app.db')", DATABASE, []),
        ("open('a.txt', 'w')", {}, ["AF101"]),
        ("open('a.txt', 'w')", WITH_IMAGE, []),
        ("if not os.getenv('WEBSITE_SITE_NAME'):\n    open('a.txt', 'w')", {}, []),
        ("if os.name:\n    open('a.txt', 'w')", {}, ["AF101"]),
    ],
)
def test_what_an_import_may_write_in_azure(
    line: str,
    files: Files,
    codes: list[str],
    settings: str | None,
    plant: Plant,
    worker_python: Path,
) -> None:
    source = f"import os, sqlite3\n{line}\n{HEALTHY['blueprints/hello.py']}"
    app = plant({**files, "blueprints/hello.py": source, "local.settings.json": settings})
    found = find_problems(app, "AF10", worker_python, imports=False)
    assert [one.code for one in found] == codes
    why = why_not_indexed(Project(app, IndexOptions(worker_python)))
    assert why.endswith("" if codes else "Open it in a function, on first use.")


@pytest.mark.parametrize(
    "line",
    [
        "os.makedirs('blueprints', exist_ok=True)",
        "sqlite3.connect(':memory:').execute('CREATE TABLE orders(id)')",
        "sqlite3.connect('file:orders?mode=memory&cache=shared', uri=True)",
        "sqlite3.connect('file:app.db?mode=ro', uri=True)",
    ],
)
def test_an_import_that_writes_nothing(line: str, plant: Plant, worker_python: Path) -> None:
    source = f"import os, sqlite3\n{line}\n{HEALTHY['blueprints/hello.py']}"
    app = plant({**DATABASE, "blueprints/hello.py": source})
    assert find_problems(app, "AF10", worker_python) == []
