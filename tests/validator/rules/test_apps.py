"""The app that the entry point makes."""

from pathlib import Path

import pytest

from tests.support.validator import HEALTHY, Find, Plant, find_problems


def test_an_entry_point_without_an_app_is_found(plant: Plant, find: Find) -> None:
    app = plant({"function_app.py": "import json\n", "blueprints/hello.py": None})
    [found] = find(app, "AF105")
    assert (found.path, found.line) == ("function_app.py", 1)


def test_an_app_from_another_module_is_an_app(plant: Plant, find: Find) -> None:
    app = plant(
        {
            "function_app.py": "from blueprints.main import app\n",
            "blueprints/main.py": HEALTHY["function_app.py"],
        }
    )
    assert find(app, "AF10") == []


def test_two_apps_are_found(plant: Plant, find: Find) -> None:
    entry = HEALTHY["function_app.py"] + "other = func.FunctionApp()\n"
    [found] = find(plant({"function_app.py": entry}), "AF1")
    assert (found.code, found.path, found.line) == ("AF106", "function_app.py", 8)
    assert "app, other" in found.message


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
    assert [found.code for found in find_problems(app, "AF1", worker_python)] == ["AF106"]


@pytest.mark.parametrize(
    "made", ["func.FunctionApp()", "func.FunctionApp(http_auth_level='ADMIN')"]
)
def test_an_app_without_functions_is_found(made: str, plant: Plant, find: Find) -> None:
    entry = f"import azure.functions as func\n\napp = {made}\n"
    [found] = find(plant({"function_app.py": entry}), "AF107")
    assert (found.path, found.line) == ("function_app.py", 1)
