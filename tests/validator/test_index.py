"""AF101 to AF118 and AF104: what the worker finds when it imports the app."""

from pathlib import Path

import pytest

from tests.support.validator import HEALTHY, Found, Judged, Plant, judge


def places(found: list[Found]) -> list[tuple[str, str, int]]:
    return [(finding.code, finding.path, finding.line) for finding in found]


def test_an_error_at_import_is_found_in_the_users_file(plant: Plant, worker_python: Path) -> None:
    app = plant({"blueprints/hello.py": "import json\n\njson.no_such_function()\n"})
    [found] = judge(app, "AF101", worker_python)
    assert (found.path, found.line) == ("blueprints/hello.py", 3)
    assert "no_such_function" in found.message


def test_a_syntax_error_is_found(plant: Plant, judged: Judged) -> None:
    app = plant({"blueprints/hello.py": "def hello(:\n"})
    assert places(judged(app, "AF101")) == [("AF101", "blueprints/hello.py", 1)]


@pytest.mark.parametrize(
    "line",
    [
        "from blueprints import no_such_module",
        "import blueprints.no_such_module",
        "from blueprints.no_such_module import bp",
        "from blueprints.hello import no_such_name",
    ],
)
def test_a_missing_module_or_name_of_the_app_is_found(
    line: str, plant: Plant, judged: Judged
) -> None:
    app = plant({"function_app.py": HEALTHY["function_app.py"] + line + "\n"})
    assert places(judged(app, "AF1")) == [("AF101", "function_app.py", 8)]


@pytest.mark.parametrize(
    "line",
    [
        "from blueprints import data, hello",
        "from blueprints.hello import __name__ as name",
        "from blueprints.hello import *",
        "try:\n    import blueprints.no_such_module\nexcept ImportError:\n    pass",
    ],
)
def test_imports_that_find_something(line: str, plant: Plant, judged: Judged) -> None:
    entry = HEALTHY["function_app.py"] + line + "\n"
    app = plant({"function_app.py": entry, "blueprints/data/items.txt": ""})
    assert judged(app, "AF1") == []


def test_a_misspelt_decorator_is_found(plant: Plant, judged: Judged) -> None:
    source = HEALTHY["blueprints/orders.py"].replace("queue_trigger", "queue_triger")
    found = judged(plant({"blueprints/orders.py": source}), "AF101")
    assert places(found) == [("AF101", "blueprints/orders.py", 8)]


def test_a_decorator_that_is_not_called_is_found(plant: Plant, judged: Judged) -> None:
    source = HEALTHY["blueprints/hello.py"].replace('(route="hello", methods=["GET"])', "")
    found = judged(plant({"blueprints/hello.py": source}), "AF119")
    assert places(found) == [("AF119", "blueprints/hello.py", 6)]


def test_sys_exit_at_import_is_found(plant: Plant, worker_python: Path) -> None:
    app = plant({"blueprints/hello.py": "import sys\nsys.exit(3)\n"})
    assert places(judge(app, "AF10", worker_python)) == [("AF102", "blueprints/hello.py", 2)]


def test_an_app_under_two_names_is_found(plant: Plant, worker_python: Path) -> None:
    app = plant(
        {
            "function_app.py": """
                import azure.functions as func
                from blueprints import hello

                app = func.FunctionApp()
                app.register_functions(hello.bp)
                application = app
                """,
            "blueprints/orders.py": "",
        }
    )
    assert [found.code for found in judge(app, "AF1", worker_python)] == ["AF106"]


def test_no_app_is_found(plant: Plant, judged: Judged) -> None:
    app = plant({"function_app.py": "import json\n", "blueprints/hello.py": None})
    assert places(judged(app, "AF105")) == [("AF105", "function_app.py", 1)]


def test_an_app_without_functions_is_found(plant: Plant, judged: Judged) -> None:
    entry = "import azure.functions as func\n\napp = func.FunctionApp()\n"
    app = plant({"function_app.py": entry})
    assert places(judged(app, "AF107")) == [("AF107", "function_app.py", 1)]


def test_a_function_without_a_trigger_is_found(plant: Plant, judged: Judged) -> None:
    app = plant(
        {
            "blueprints/hello.py": """
                import azure.functions as func

                bp = func.Blueprint()


                @bp.queue_output(arg_name="out", queue_name="q", connection="OrdersStorage")
                def hello(out: func.Out[str]) -> None:
                    out.set("x")
                """
        }
    )
    assert [found.code for found in judged(app, "AF116")] == ["AF116"]


def test_a_function_with_two_triggers_is_found(plant: Plant, judged: Judged) -> None:
    app = plant(
        {
            "blueprints/hello.py": """
                import azure.functions as func

                bp = func.Blueprint()


                @bp.route(route="hello")
                @bp.timer_trigger(arg_name="timer", schedule="0 0 * * * *")
                def hello(req: func.HttpRequest, timer: func.TimerRequest) -> str:
                    return "x"
                """
        }
    )
    assert [found.code for found in judged(app, "AF1")] == ["AF117"]


def test_a_name_in_two_blueprints_is_found(plant: Plant, judged: Judged) -> None:
    app = plant(
        {
            "blueprints/orders.py": """
                import azure.functions as func

                bp = func.Blueprint()


                @bp.route(route="other")
                def hello(req: func.HttpRequest) -> str:
                    return "x"
                """
        }
    )
    assert places(judged(app, "AF118")) == [("AF118", "blueprints/orders.py", 7)]


def test_writing_into_the_project_at_import_is_found_and_refused(
    plant: Plant, worker_python: Path
) -> None:
    content = "from pathlib import Path\nPath('state.txt').write_text('x')\n"
    app = plant({"blueprints/hello.py": content})
    assert "AF104" in [found.code for found in judge(app, "AF1", worker_python)]
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
    assert bool(judge(app, "AF101", worker_python)) == is_fault
