"""A mistake is reported once: what follows from it in the same statement is left out."""

from pathlib import Path

import pytest

from tests.support.samples import CONFLICT
from tests.support.validator import HEALTHY, Files, Find, Plant, find_problems

HELLO, ENTRY = HEALTHY["blueprints/hello.py"], HEALTHY["function_app.py"]
ROUTE = '@bp.route(route="hello", methods=["GET"])'
SWAPPED = """
    import azure.functions as func

    bp = func.Blueprint()


    @bp.timer_trigger("0 */5 * * * *", "timer")
    def hello(timer: func.TimerRequest) -> None:
        pass
    """
LONG_ROUTE = '@bp.route(\n    methods=["GETT"],\n)'
LONG_APP = "App(\n    http_auth_level='anonymous',\n)"


def app_with(text: str) -> Files:
    """Return an app that runs a line when it is imported."""
    return {"function_app.py": f"{ENTRY}{text}\n"}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"blueprints/hello.py": HELLO.replace("GET", "GETT")}, "AF224"),
        ({"blueprints/hello.py": HELLO.replace(ROUTE, LONG_ROUTE)}, "AF224"),
        ({"function_app.py": ENTRY.replace("App()", LONG_APP)}, "AF224"),
        (app_with("answer = func.HttpResponse({})"), "AF241"),
        (app_with(CONFLICT), "AF601"),
    ],
)
def test_why_an_app_cannot_be_imported_is_reported_once(
    files: Files, expected: str, plant: Plant, find: Find
) -> None:
    found = find(plant(files), imports=False)
    assert [problem.code for problem in found] == [expected]


OTHER_APP = HELLO.replace("bp = func.Blueprint()", "bp = func.FunctionApp()")
ONLY_HELLO = """
import azure.functions as func

from blueprints import hello

app = func.FunctionApp()
"""


ENTRY_OF_HELLO = f"{ONLY_HELLO}app.register_functions(hello.bp)\n"
NO_ORDERS: Files = {"blueprints/orders.py": None}
REGISTERED = (
    f"from blueprints.hello import bp\n{ONLY_HELLO.strip()}\n\napp.register_functions(bp)\n"
)


@pytest.mark.parametrize(
    ("files", "expected", "imports"),
    [
        ({"function_app.py": ONLY_HELLO}, "AF110", True),
        ({"function_app.py": ONLY_HELLO, "blueprints/hello.py": OTHER_APP}, "AF108", True),
        ({"function_app.py": REGISTERED, "blueprints/hello.py": OTHER_APP}, "AF106", False),
        ({"blueprints/hello.py": OTHER_APP, "function_app.py": ENTRY_OF_HELLO}, "AF108", False),
    ],
)
def test_an_app_that_lacks_its_functions_is_reported_once(
    files: Files, expected: str, imports: bool, plant: Plant, find: Find
) -> None:
    found = find(plant({**NO_ORDERS, **files}), "AF1", imports=imports)
    assert [problem.code for problem in found] == [expected]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"host.json": CONFLICT}, "AF601"),
        ({"local.settings.json": CONFLICT}, "AF601"),
        ({"requirements.txt": "azure-functions\npricing @ file:../pricing\n"}, "AF405"),
        (
            {
                "blueprints/hello.py": HELLO.replace(
                    ROUTE, '@bp.queue_output("req", "orders", "OrdersStorage")'
                )
            },
            "AF116",
        ),
        ({"blueprints/hello.py": SWAPPED}, "AF113"),
    ],
)
def test_one_mistake_is_one_finding(files: Files, expected: str, plant: Plant, find: Find) -> None:
    assert [problem.code for problem in find(plant(files))] == [expected]


def test_another_mistake_in_the_file_is_reported_too(plant: Plant, worker_python: Path) -> None:
    files = app_with("func.nothing()\nfunc.HttpResponse({})")
    found = find_problems(plant(files), python=worker_python, imports=False)
    assert [(problem.code, problem.line) for problem in found] == [("AF101", 8), ("AF241", 9)]


def test_what_follows_is_reported_if_its_cause_is_accepted(
    plant: Plant, worker_python: Path
) -> None:
    files = app_with("func.HttpResponse({})  # validate: ignore AF241")
    [found] = find_problems(plant(files), python=worker_python, imports=False)
    assert (found.code, found.line) == ("AF101", 8)
