"""The app that the entry point makes."""

import textwrap
from pathlib import Path

import pytest

from tests.support.validator import HEALTHY, Find, Plant, find_problems


def test_an_app_from_another_module_is_an_app(plant: Plant, find: Find) -> None:
    app = plant(
        {
            "function_app.py": "from blueprints.main import app\n",
            "blueprints/main.py": HEALTHY["function_app.py"],
        }
    )
    assert find(app, "AF10") == []


@pytest.mark.parametrize(
    "made",
    [
        "app, version = func.FunctionApp(), 1",
        "[app] = [func.FunctionApp()]",
        "app, *others = func.FunctionApp(), 1, 2",
        "app = func.FunctionApp() if __name__ else None",
        "app = None or func.FunctionApp()",
        "for app in [func.FunctionApp()]:\n    pass",
    ],
)
def test_an_app_that_is_made_in_an_unusual_way(made: str, plant: Plant, find: Find) -> None:
    entry = HEALTHY["function_app.py"].replace("app = func.FunctionApp()", made)
    assert find(plant({"function_app.py": entry}), "AF1") == []


def test_two_apps_are_found(plant: Plant, find: Find) -> None:
    entry = HEALTHY["function_app.py"] + "other = func.FunctionApp()\n"
    [found] = find(plant({"function_app.py": entry}), "AF1")
    assert (found.code, found.path, found.line) == ("AF106", "function_app.py", 8)
    assert "app, other" in found.message


TWICE = """
    import azure.functions as func

    app = func.FunctionApp()
    {before}

    @app.function_name("first")
    @app.route(route="first")
    def hello(req: func.HttpRequest) -> str:
        return "hello"

    {between}
    app = {second}

    @app.route(route="second")
    def second(req: func.HttpRequest) -> str:
        return "second"
    """


@pytest.mark.parametrize("second", ["func.FunctionApp()", "func.FunctionApp(auth)"])
def test_an_app_that_takes_the_name_of_another_is_found(
    second: str, plant: Plant, find: Find
) -> None:
    between = "auth = func.AuthLevel.ANONYMOUS"
    app = plant({"function_app.py": TWICE.format(before="", between=between, second=second)})
    [found] = find(app, "AF106")
    assert (found.path, found.line) == ("function_app.py", 12)
    assert found.message == "This line replaces app, so the app does not have first."


def test_blueprints_of_an_app_whose_name_is_taken_are_lost(plant: Plant, find: Find) -> None:
    entry = HEALTHY["function_app.py"] + "app = func.FunctionApp()\n"
    entry += "app.register_functions(hello.bp)\n"
    [found] = find(plant({"function_app.py": entry}), "AF106")
    assert (found.path, found.line) == ("function_app.py", 8)
    assert "does not have the blueprints that are registered above" in found.message


@pytest.mark.parametrize(
    ("before", "between", "second"),
    [
        ("", "", "app"),
        ("", "first = app", "func.FunctionApp()"),
        ("app = func.FunctionApp()", "", "app"),
    ],
)
def test_an_app_that_is_kept_is_not_lost(
    before: str, between: str, second: str, plant: Plant
) -> None:
    entry = TWICE.format(before=before, between=between, second=second)
    found = find_problems(plant({"function_app.py": entry}), "AF106")
    assert [one for one in found if "anew" in one.message] == []


IMPORTED = "from blueprints.empty import app as other\n"
AGAIN = "from blueprints.empty import app\nimport azure.functions as func\n\n"


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("", "application = app\n", 8),
        ("", "application: func.FunctionApp = app\n", 8),
        ("", "application: func.FunctionApp = func.FunctionApp()\n", 8),
        ("", IMPORTED, 8),
        (IMPORTED, "", 6),
    ],
)
def test_an_app_under_two_names_is_found(
    before: str, after: str, line: int, plant: Plant, find: Find
) -> None:
    empty = "import azure.functions as func\n\napp = func.FunctionApp()\n"
    entry = before + HEALTHY["function_app.py"] + after
    [found] = find(plant({"function_app.py": entry, "blueprints/empty.py": empty}), "AF106")
    assert (found.path, found.line) == ("function_app.py", line)


@pytest.mark.parametrize(
    ("entry", "other"),
    [
        (f"{IMPORTED}{HEALTHY['function_app.py']}del other\n", "app = func.FunctionApp()"),
        (f"{IMPORTED}{HEALTHY['function_app.py']}other = None\n", "app = func.FunctionApp()"),
        (
            f"{IMPORTED}{HEALTHY['function_app.py']}",
            "def app():\n    app = func.FunctionApp()\n    return app",
        ),
        (f"{IMPORTED}{HEALTHY['function_app.py']}", "app = func.Blueprint()"),
        (f"{IMPORTED}{HEALTHY['function_app.py']}", "app = func.FunctionApp()\napp = 1"),
        (f"{AGAIN}app.register_functions(func.Blueprint())\n", "app = func.FunctionApp()"),
    ],
)
def test_one_app_is_not_several(entry: str, other: str, plant: Plant, find: Find) -> None:
    empty = f"import azure.functions as func\n\n{other}\n"
    assert find(plant({"function_app.py": entry, "blueprints/empty.py": empty}), "AF106") == []


def test_several_apps_are_one_error_though_the_first_has_no_functions(
    plant: Plant, worker_python: Path
) -> None:
    entry = "from blueprints.empty import other\n" + HEALTHY["function_app.py"]
    empty = "import azure.functions as func\n\nother = func.FunctionApp()\n"
    app = plant({"function_app.py": entry, "blueprints/empty.py": empty})
    [found] = find_problems(app, "AF10", worker_python)
    assert (found.code, found.path) == ("AF106", "function_app.py")


@pytest.mark.parametrize(
    "made", ["func.FunctionApp()", "func.FunctionApp(http_auth_level='ADMIN')"]
)
def test_an_app_without_functions_is_found(made: str, plant: Plant, find: Find) -> None:
    entry = f"import azure.functions as func\n\napp = {made}\n"
    [found] = find(plant({"function_app.py": entry}), "AF107")
    assert (found.path, found.line) == ("function_app.py", 1)


FLASK = """
import azure.functions as func
from flask import Flask

{before}app = Flask(__name__)
{after}
"""
VIEWS = """

@app.route("/orders/<name>")
def orders(name):
    return {"name": name}


@app.get("/health")
def health():
    return {}


"""


@pytest.mark.parametrize(
    "entry",
    [
        FLASK.format(before="", after=f"{VIEWS}app = func.WsgiFunctionApp(app=app.wsgi_app)"),
        FLASK.format(
            before="def make():\n    ",
            after=textwrap.indent(f"{VIEWS}return app", "    ")
            + "\n\napp = func.WsgiFunctionApp(app=make())",
        ),
    ],
)
def test_views_of_another_app_of_the_same_name_are_not_functions(
    entry: str, plant: Plant, find: Find
) -> None:
    host = '{"version": "2.0", "extensions": {"http": {"routePrefix": ""}}}'
    files = {
        "function_app.py": entry,
        "host.json": host,
        "requirements.txt": "azure-functions\nflask\n",
    }
    blueprints = {"blueprints/hello.py": None, "blueprints/orders.py": None}
    assert find(plant({**files, **blueprints})) == []


def test_functions_of_an_app_that_takes_the_name_of_another_are_read(
    plant: Plant, find: Find
) -> None:
    entry = """
        import azure.functions as func

        app = dict()
        app = func.FunctionApp()


        @app.queue_output(arg_name="out", queue_name="orders", connection="OrdersStorage")
        def send(out: func.Out[str]) -> None:
            out.set("a")
        """
    assert [found.code for found in find(plant({"function_app.py": entry}), "AF116")] == ["AF116"]


def test_functions_of_an_app_in_a_tuple_are_read(plant: Plant, find: Find) -> None:
    entry = """
        import azure.functions as func

        app, version = func.FunctionApp(), 1


        @app.queue_output(arg_name="out", queue_name="orders", connection="OrdersStorage")
        def send(out: func.Out[str]) -> None:
            out.set("a")
        """
    assert [found.code for found in find(plant({"function_app.py": entry}), "AF116")] == ["AF116"]


SECOND = HEALTHY["blueprints/orders.py"].replace("func.Blueprint()", "func.FunctionApp()")
FACTORY = """
import azure.functions as func


def make():
    bp = func.FunctionApp()

    @bp.route(route="a")
    def a(req: func.HttpRequest) -> str:
        return ""

    return bp
"""
MODULES = ("blueprints/hello.py", "blueprints/orders.py")
ENTRY = HEALTHY["function_app.py"].replace("app.register_functions(orders.bp)\n", "")


@pytest.mark.parametrize("more", ["", "from os.path import *\n"])
def test_an_app_in_another_module_is_lost(more: str, plant: Plant, find: Find) -> None:
    app = plant({"function_app.py": f"{ENTRY}{more}", "blueprints/orders.py": SECOND})
    [found] = find(app, "AF1")
    assert (found.code, found.path, found.line) == ("AF108", "blueprints/orders.py", 5)
    assert "orders" in found.message


def test_an_app_that_has_one_name_with_another_in_functions_is_lost(plant: Plant) -> None:
    functions = [f"\n\ndef {name}():\n    from {name} import other\n" for name in ("one", "two")]
    entry = HEALTHY["function_app.py"] + "".join(functions)
    other = HEALTHY["blueprints/hello.py"].replace("func.Blueprint()", "func.FunctionApp()")
    other = other.replace("bp = ", "other = ").replace("@bp.", "@other.")
    found = find_problems(plant({"function_app.py": entry, "one.py": other}), "AF108")
    assert [one.path for one in found] == ["one.py"]


def test_an_app_in_a_third_module_is_lost(plant: Plant, find: Find) -> None:
    entry = "from blueprints import hello, orders\n\napp = orders.bp\n"
    app = plant({"function_app.py": entry, **dict.fromkeys(MODULES, SECOND)})
    assert [found.path for found in find(app, "AF108")] == ["blueprints/hello.py"]


@pytest.mark.parametrize(
    ("entry", "other"),
    [
        (f"{ENTRY}from blueprints.orders import *\n", SECOND),
        ("from blueprints.orders import bp as app\n", SECOND),
        ("from blueprints.orders import *\n", SECOND),
        ("from blueprints import orders\n\napp = orders.bp\n", SECOND),
        (f"{ENTRY}from blueprints import orders\n", SECOND.partition("@bp")[0]),
        (
            ENTRY,
            FACTORY,
        ),
    ],
)
def test_an_app_that_the_worker_finds_or_that_has_no_functions(
    entry: str, other: str, plant: Plant, find: Find
) -> None:
    app = plant({"function_app.py": entry, "blueprints/orders.py": other})
    assert find(app, "AF108") == []


MIXED = """
    import azure.functions as func
    from blueprints import orders

    bp = func.Blueprint()
    other = func.Blueprint()


    @other.timer_trigger(arg_name="timer", schedule="0 0 * * * *")
    def tick(timer: func.TimerRequest) -> None:
        print(timer.past_due)


    {decorators}
    def hello(req: func.HttpRequest, out: func.Out[str]) -> str:
        out.set("x")
        return "x"
    """
REGISTERED = ENTRY + "app.register_functions(orders.bp)\napp.register_functions(hello.other)\n"
OUT = 'queue_output(arg_name="out", queue_name="q", connection="OrdersStorage")'


@pytest.mark.parametrize(
    ("first", "second", "line", "imports"),
    [
        (f"@other.{OUT}", '@bp.route(route="a")', 13, True),
        ('@bp.route(route="a")', f"@other.{OUT}", 14, False),
        (f"@orders.bp.{OUT}", '@bp.route(route="a")', 13, True),
        ('@other.function_name("a")', f'@bp.{OUT}\n    @bp.route(route="a")', 13, True),
    ],
)
def test_decorators_of_two_containers_are_one_error(
    first: str, second: str, line: int, imports: bool, plant: Plant, find: Find
) -> None:
    source = MIXED.format(decorators=f"{first}\n    {second}")
    app = plant({"function_app.py": REGISTERED, "blueprints/hello.py": source})
    [found] = find(app, "AF1", imports=imports)
    assert (found.code, found.path, found.line) == ("AF109", "blueprints/hello.py", line)


def test_decorators_of_a_blueprint_without_functions_stop_the_import(
    plant: Plant, find: Find
) -> None:
    decorators = f'@empty.{OUT}\n    @bp.route(route="a")'
    source = MIXED.format(decorators=decorators).replace("other", "empty", 1)
    source = source.replace("@other.", "@bp.")
    entry = ENTRY + "from blueprints import orders\napp.register_functions(orders.bp)\n"
    [found] = find(
        plant({"function_app.py": entry, "blueprints/hello.py": source}), "AF1", imports=False
    )
    assert found.code == "AF109"


def test_decorators_of_one_container_under_two_names(plant: Plant, find: Find) -> None:
    source = MIXED.format(decorators=f'@same.{OUT}\n    @bp.route(route="a")').replace(
        "other = func.Blueprint()", "other = func.Blueprint()\n    same = bp"
    )
    app = plant({"function_app.py": REGISTERED, "blueprints/hello.py": source})
    assert [found.code for found in find(app, "AF109")] == []
