"""The import of the entry point."""

from pathlib import Path

import pytest

from tests.support.validator import HEALTHY, Find, Plant, find_problems


def test_an_error_at_import_is_found_in_the_users_file(plant: Plant, worker_python: Path) -> None:
    app = plant({"blueprints/hello.py": "import json\n\njson.no_such_function()\n"})
    [found] = find_problems(app, "AF101", worker_python)
    assert (found.path, found.line) == ("blueprints/hello.py", 3)
    assert "no_such_function" in found.message


def test_a_syntax_error_is_found(plant: Plant, find: Find) -> None:
    app = plant({"blueprints/hello.py": "def hello(:\n"})
    [found] = find(app, "AF101")
    assert (found.path, found.line) == ("blueprints/hello.py", 1)


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
    [found] = find(app, "AF1")
    assert (found.code, found.path, found.line) == ("AF101", "function_app.py", 8)


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
    [found] = find(plant({"blueprints/orders.py": source}), "AF101")
    assert (found.path, found.line) == ("blueprints/orders.py", 8)


def test_sys_exit_at_import_is_found(plant: Plant, worker_python: Path) -> None:
    app = plant({"blueprints/hello.py": "import sys\nsys.exit(3)\n"})
    [found] = find_problems(app, "AF10", worker_python)
    assert (found.code, found.path, found.line) == ("AF102", "blueprints/hello.py", 2)


def test_a_process_that_ends_at_import_is_found(plant: Plant, worker_python: Path) -> None:
    app = plant({"blueprints/hello.py": "import os\nos._exit(0)\n"})
    [found] = find_problems(app, "AF10", worker_python)
    assert (found.code, found.path) == ("AF102", "function_app.py")


def test_writing_into_the_project_at_import_is_found_and_refused(
    plant: Plant, worker_python: Path
) -> None:
    content = "from pathlib import Path\nPath('state.txt').write_text('x')\n"
    app = plant({"blueprints/hello.py": content})
    assert "AF104" in [found.code for found in find_problems(app, "AF1", worker_python)]
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
    app = plant({"local.settings.json": None, "blueprints/hello.py": source})
    assert bool(find_problems(app, "AF101", worker_python)) == is_fault
