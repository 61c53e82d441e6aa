"""Entry points without an app, as far as the sources tell."""

import pytest

from tests.support.validator import Plant, find_problems


@pytest.mark.parametrize(
    ("line", "fix"),
    [
        ("VALUE = 1", "Add `app = func.FunctionApp()`."),
        ("web = FastAPI()", "Add `app = func.AsgiFunctionApp(app=web)`."),
        ("app = Flask('a')", "`app = func.WsgiFunctionApp(app=web)`, and rename app to web above"),
    ],
)
def test_what_an_entry_point_without_an_app_needs(line: str, fix: str, plant: Plant) -> None:
    entry = f"from fastapi import FastAPI\nfrom flask import Flask\n\n{line}\n"
    files = {"function_app.py": entry, "blueprints/hello.py": None}
    [found] = find_problems(plant(files), "AF105", imports=False)
    assert fix in found.fix


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("from api import app", 1),
        ("from api import app as web", 1),
        ("from api import bp", 1),
        ("from api import handle, Order, LIMIT", 1),
        ("from blueprints import hello", 1),
        ("import api", 1),
        ("from api import *", 0),
        ("from api import functions", 0),
        ("from api import made", 0),
        ("from api import twice", 0),
        ("from api import lost", 0),
        ("from api import wrapped", 0),
        ("import api\n\napp = api.functions", 0),
        ("from api import handle\n\napp = handle()", 0),
    ],
)
def test_what_may_bring_an_app_from_a_module(line: str, count: int, plant: Plant) -> None:
    api = """
        import azure.functions as func
        import shopkit
        from fastapi import FastAPI
        from shopkit import lost

        LIMIT = 3
        app = FastAPI()
        bp = func.Blueprint()
        functions = func.FunctionApp()
        made = shopkit.make()
        twice = None
        if LIMIT:
            twice = made


        class Order:
            pass


        def handle():
            return functions


        @shopkit.wraps
        def wrapped():
            return functions
        """
    files = {"function_app.py": f"{line}\n", "api.py": api}
    found = find_problems(plant(files), "AF105", imports=False)
    assert len(found) == count
