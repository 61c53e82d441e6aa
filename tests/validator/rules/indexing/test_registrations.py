"""What an app registers."""

import pytest

from tests.support.validator import HEALTHY, Files, Find, Plant

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
OF_ROUTER = (
    "Include the router in a FastAPI app, and pass that app to func.AsgiFunctionApp(app=...)."
)
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


@pytest.mark.parametrize("method", ["register_functions", "register_blueprint"])
def test_a_blueprint_cannot_register_another_one(method: str, plant: Plant, find: Find) -> None:
    source = HEALTHY["blueprints/orders.py"]
    source = f"{source}\n\nmore = func.Blueprint()\nmore.{method}(bp)\n"
    [found] = find(plant({"blueprints/orders.py": source}), "AF101", imports=False)
    assert (found.path, found.line) == ("blueprints/orders.py", 14)
    assert found.message == f"A blueprint has no {method}, so this line fails."


def test_a_blueprint_without_parentheses(plant: Plant, find: Find) -> None:
    source = HEALTHY["blueprints/orders.py"].replace("func.Blueprint()", "func.Blueprint")
    [found] = find(plant({"blueprints/orders.py": source}), "AF101", imports=False)
    assert (found.path, found.line) == ("blueprints/orders.py", 8)
    assert found.message == "bp is the class func.Blueprint, and not an object of it."
    assert found.fix == "Write bp = func.Blueprint()."


def test_another_name_for_the_class_of_blueprints(plant: Plant, find: Find) -> None:
    source = HEALTHY["blueprints/orders.py"].replace(
        "bp = func.Blueprint()", "Blueprint = func.Blueprint\nbp = Blueprint()"
    )
    assert find(plant({"blueprints/orders.py": source}), "AF101") == []


@pytest.mark.parametrize("method", ["include_router", "register", "register_blueprints"])
@pytest.mark.parametrize("owner", ["app", "hello.bp"])
def test_a_method_that_registers_only_in_other_libraries(
    owner: str, method: str, plant: Plant, find: Find
) -> None:
    call = f"{owner}.{method}(orders.bp)"
    entry = HEALTHY["function_app.py"].replace("app.register_functions(orders.bp)", call)
    [found] = find(plant({"function_app.py": entry}), imports=False)
    assert (found.code, found.line) == ("AF101", 7)
    assert found.message == f"{owner} has no {method}, so this line fails."
    fix = "Write app.register_functions instead."
    assert found.fix == (fix if owner == "app" else "Register each blueprint with the app.")


@pytest.mark.parametrize("is_imported", [True, False])
def test_routes_of_fastapi_that_a_plain_app_gets(
    is_imported: bool, plant: Plant, find: Find
) -> None:
    made = "from fastapi import APIRouter\nroutes = APIRouter()\n"
    entry = HEALTHY["function_app.py"] + ("from web import routes\n" if is_imported else made)
    files: Files = {"function_app.py": f"{entry}app.include_router(routes)\n", "web.py": made}
    [found] = find(plant(files), "AF101", imports=False)
    assert found.message == "app has no include_router, so this line fails."
    assert found.fix == OF_ROUTER


@pytest.mark.parametrize(
    ("library", "call"),
    [
        ("fastapi.routing", "app.include_router(routes)"),
        ("fastapi", "app.include_router(router=routes)"),
        ("fastapi", "hello.bp.include_router(routes)"),
        ("fastapi", "app.include_router(APIRouter(), prefix='/orders')"),
    ],
)
def test_other_ways_to_give_an_app_routes_of_fastapi(
    library: str, call: str, plant: Plant, find: Find
) -> None:
    made = f"from {library} import APIRouter\nroutes = APIRouter()\n"
    entry = f"{HEALTHY['function_app.py']}{made}{call}\n"
    [found] = find(plant({"function_app.py": entry}), "AF101", imports=False)
    assert (found.line, found.fix) == (10, OF_ROUTER)


@pytest.mark.parametrize("name", ["hello", "[hello.bp]"])
def test_a_blueprint_that_is_given_by_keyword(name: str, plant: Plant, find: Find) -> None:
    call = "register_functions(function_container={})".format
    entry = HEALTHY["function_app.py"].replace("register_functions(hello.bp)", call("hello.bp"))
    assert find(plant({"function_app.py": entry}), "AF101") == []
    entry = entry.replace(call("hello.bp"), call(name))
    [found] = find(plant({"function_app.py": entry}), imports=False)
    assert (found.code, found.line) == ("AF101", 6)
    assert (found.message, found.fix) == REGISTERED[name]


@pytest.mark.parametrize(
    ("kind", "method"), [("Asgi", "include_router"), ("Wsgi", "register_blueprints")]
)
@pytest.mark.parametrize("is_azure", [True, False])
def test_routes_of_a_web_framework_that_the_app_gets(
    is_azure: bool, kind: str, method: str, plant: Plant, find: Find
) -> None:
    given = "orders.bp" if is_azure else "routes"
    app = f"from web import routes, web\napp = func.{kind}FunctionApp(app=web)\napp.{method}({given})\n"
    entry = HEALTHY["function_app.py"].partition("app = ")[0] + app
    files: Files = {"function_app.py": entry, "web.py": "routes = web = print\n"}
    [found] = find(plant(files), "AF101", imports=False)
    assert found.message == f"app has no {method}, so this line fails."
    if is_azure:
        assert found.fix == "Write app.register_functions instead."
    elif kind == "Asgi":
        assert found.fix == "Call include_router of the FastAPI app instead."
    else:
        assert found.fix == "Call register_blueprint of the Flask app instead."


@pytest.mark.parametrize(
    ("lines", "call"),
    [
        (
            "func.FunctionApp.register = func.FunctionApp.register_functions",
            "app.register(hello.bp)",
        ),
        (
            "func.FunctionApp.register = lambda self, given: None",
            "app.register([hello.bp])",
        ),
        ("func.Blueprint.register_functions = print", "hello.bp.register_functions(orders.bp)"),
    ],
)
def test_a_method_that_the_app_adds(lines: str, call: str, plant: Plant, find: Find) -> None:
    entry = HEALTHY["function_app.py"].replace("app = ", f"{lines}\napp = ") + f"{call}\n"
    assert find(plant({"function_app.py": entry}), "AF101") == []


def test_a_list_for_a_method_that_does_not_exist(plant: Plant, find: Find) -> None:
    head = HEALTHY["function_app.py"].partition("app.register")[0]
    entry = f"{head}app.register_blueprints([hello.bp, orders.bp])\n"
    [found] = find(plant({"function_app.py": entry}), imports=False)
    assert found.code == "AF101"
    assert found.message.startswith("app has no register_blueprints")
