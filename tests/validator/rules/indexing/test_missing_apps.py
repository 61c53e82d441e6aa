"""Entry points without an app, as far as the sources tell."""

import pytest

from tests.support.validator import Find, Plant, find_problems


def test_an_entry_point_without_an_app_is_found(plant: Plant, find: Find) -> None:
    app = plant({"function_app.py": "import json\n", "blueprints/hello.py": None})
    [found] = find(app, "AF105")
    assert (found.path, found.line) == ("function_app.py", 1)


def test_a_function_of_the_first_model_in_the_entry_point_is_no_app(
    plant: Plant, find: Find
) -> None:
    entry = "from azure.functions import HttpResponse\n\n\ndef main(req):\n    name = req.params.get('a')\n    return HttpResponse(name)\n"
    files = {"function_app.py": entry, "blueprints/hello.py": None}
    [found] = find(plant(files), "AF105")
    app = "Add `app = func.FunctionApp()`"
    assert found.fix == f"{app}, and decorate main with its trigger, such as @app.route(...)."
    files["function_app.py"] = entry.replace("main(req)", "main()")
    [found] = find(plant(files), "AF105")
    assert found.fix == f"{app}."


@pytest.mark.parametrize(
    "made",
    [
        "def make():\n    global\tapp\n    app = shopkit.build()\n\n\nmake()",
        "def make():\n    globals()['app'] = shopkit.build()\n\n\nmake()",
        "def make():\n    globals().update(app=shopkit.build())\n\n\nmake()",
        "def make():\n    setattr(sys.modules[__name__], 'app', shopkit.build())\n\n\nmake()",
        "def make():\n    vars(sys.modules[__name__]).update(app=shopkit.build())\n\n\nmake()",
        "def make():\n    inspect.getmodule(make).app = shopkit.build()\n\n\nmake()",
        "async def make():\n    global app\n    app = await shopkit.build()\n\n\nshopkit.run(make())",
        "app = None or shopkit.build()",
        "def select():\n    return shopkit.build()\n\n\napp = select()",
        "app, other = shopkit.build(), 1",
        "app = shopkit.build() if sys.argv else None",
        "(app,) = [*shopkit.apps]",
        "@shopkit.built\ndef app(builder):\n    return builder",
        "@shopkit.built()\ndef app(builder):\n    return builder",
        "from shopkit import app",
        "from shopkit import orders as app",
        "from shopkit import APP",
        "from shopkit import *",
    ],
)
def test_an_app_that_a_library_makes(made: str, plant: Plant) -> None:
    entry = f"import inspect\nimport sys\n\nimport shopkit\n\n\n{made}\n"
    assert find_problems(plant({"function_app.py": entry}), "AF105", imports=False) == []


@pytest.mark.parametrize(
    "made",
    [
        "def main(req):\n    'Is not global here.'\n    name = shopkit.name_of(req)",
        "def main(req):\n    name, other = shopkit.name_of(req), (more := shopkit.more())",
        "@functools.cache\ndef main(req):\n    return req",
        "from shopkit import name_of",
    ],
)
def test_what_does_not_make_an_app(made: str, plant: Plant) -> None:
    entry = f"import functools\n\nimport shopkit\n\n\n{made}\n"
    files = {"function_app.py": entry, "blueprints/hello.py": None}
    assert len(find_problems(plant(files), "AF105", imports=False)) == 1


@pytest.mark.parametrize(
    ("line", "fix"),
    [
        ("VALUE = 1", "Add `app = func.FunctionApp()`."),
        ("web = FastAPI()", "Add `app = func.AsgiFunctionApp(app=web)`."),
        ("app = Flask('a')", "`app = func.WsgiFunctionApp(app=web)`, and rename app to web above"),
        (
            "from api import app",
            "`app = func.AsgiFunctionApp(app=web)`, and import app as web above",
        ),
        ("from api import app as orders", "Add `app = func.AsgiFunctionApp(app=orders)`."),
        ("from api import other", "Add `app = func.FunctionApp()`."),
        ("def make():\n    web = FastAPI()\n    return web", "Add `app = func.FunctionApp()`."),
    ],
)
def test_what_an_entry_point_without_an_app_needs(line: str, fix: str, plant: Plant) -> None:
    entry = f"from fastapi import FastAPI\nfrom flask import Flask\n\n{line}\n"
    api = "from fastapi import FastAPI\n\napp = FastAPI()\nother = 1\n"
    files = {"function_app.py": entry, "api.py": api, "blueprints/hello.py": None}
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
        ("from . import app", 0),
        ("from azure.functions.decorators import FunctionApp\n\napp = FunctionApp()", 0),
        ("from api import *", 0),
        ("from api import functions", 0),
        ("from api import made", 0),
        ("from api import twice", 0),
        ("from api import lost", 0),
        ("from api import wrapped", 0),
        ("from api import again", 0),
        ("from broken import handle", 0),
        ("from api import walrus", 0),
        ("from api import typed", 0),
        ("import package\nfrom api import later", 0),
        ("from filled import app", 0),
        ("from package import app", 0),
        ("import shop.app as app", 0),
        ("import shop.other as other", 1),
        ("import api\n\napp = api.functions", 0),
        ("import api, copy\n\napp = copy.copy(api.functions)", 0),
        ("import api, copy\n\napp = copy.deepcopy(api.functions)", 0),
        ("from api import handle\n\napp = handle()", 0),
        ("from api import handle\n\nfor app in [handle()]:\n    pass", 0),
        ("from api import handle\n\nwith handle() as app:\n    pass", 0),
        ("from api import handle\n\nwith handle():\n    pass", 1),
        ("from api import handle\n\nmatch handle():\n    case app:\n        pass", 0),
        (
            "from api import handle\n\n\ndef main():\n    for part in handle():\n        print(part)",
            1,
        ),
    ],
)
def test_what_may_bring_an_app_from_a_module(line: str, count: int, plant: Plant) -> None:
    api = """
        import azure.functions as func
        import shopkit
        from typing import cast
        from fastapi import FastAPI
        from shopkit import lost

        LIMIT = 3
        app = FastAPI()
        bp = func.Blueprint()
        functions = func.FunctionApp()
        made = shopkit.make()
        twice = None
        walrus = (inner := func.FunctionApp())
        typed = cast(func.FunctionApp, made)
        later = None
        if LIMIT:
            twice = made


        class Order:
            pass


        def handle():
            return functions


        @shopkit.wraps
        def wrapped():
            return functions


        def again():
            return functions


        from shopkit import again
        """
    files = {
        "function_app.py": f"{line}\n",
        "api.py": api,
        "package/__init__.py": "import api\n\napi.later = 1\nfrom .app import *\n",
        "package/app.py": "from api import functions as app\n",
        "shop/__init__.py": "from .app import app\n",
        "shop/app.py": "from api import functions as app\n",
        "shop/other.py": "",
        "broken/__init__.py": "def handle(:\n",
        "broken/handle.py": "",
        "filled.py": "import api\n\napp = None\nglobals()['app'] = api.functions\n",
    }
    found = find_problems(plant(files), "AF105", imports=False)
    assert len(found) == count
