"""A mistake is reported once: what follows from it in the same statement is left out."""

import json
from pathlib import Path

import pytest

from functions_validator.project.bundle import STABLE
from tests.support.samples import CONFLICT
from tests.support.validator import HEALTHY, Files, Find, Plant, find_problems
from tests.validator.rules.host_files import host

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


NOT_CALLED = HELLO.replace(ROUTE, "@bp.route")
TOO_LATE = """
import azure.functions as func

bp = func.Blueprint()


def add() -> None:
    @bp.route(route="hello")
    def hello(req: func.HttpRequest) -> str:
        return ""
"""
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
        ({"blueprints/hello.py": NOT_CALLED, "function_app.py": ENTRY_OF_HELLO}, "AF119", True),
        ({"blueprints/hello.py": TOO_LATE, "function_app.py": ENTRY_OF_HELLO}, "AF123", True),
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


RETRY = {"strategy": "fixedDelay", "maxRetryCount": 2, "delayInterval": "00:00:02"}
BACKOFF = {"strategy": "exponentialBackoff", "maxRetryCount": 2}


def renamed(content: dict[str, object], name: str, other: str) -> dict[str, object]:
    """Return a mapping with one of its keys renamed."""
    return {other if key == name else key: value for key, value in content.items()}


@pytest.mark.parametrize(
    ("content", "code", "fix"),
    [
        (host(version=["2.0"]), "AF503", 'Set "version": "2.0".'),
        (host(version={}), "AF503", 'Set "version": "2.0".'),
        (host({"id": ["x"]}), "AF508", f'Set "id": "{STABLE}".'),
        (host({"version": {}}), "AF508", 'Set "version": "[4.*, 5.0.0)".'),
        (
            host().replace('version": "2', 'verson": "2'),
            "AF503",
            'Change "verson" to "version": "2.0".',
        ),
        (
            host().replace('version": "2', 'VERSION": "2'),
            "AF503",
            'Change "VERSION" to "version": "2.0".',
        ),
        (
            host().replace('version": "[', 'verson": "['),
            "AF508",
            'Change "verson" to "version": "[4.*, 5.0.0)".',
        ),
        (host().replace("extensionB", "extensionsB"), "AF510", None),
        (
            host(retry=renamed(RETRY, "strategy", "strateggy")),
            "AF514",
            'Change "strateggy" to "strategy".',
        ),
        (host(retry=renamed(RETRY, "maxRetryCount", "maxRetries")), "AF514", "Add maxRetryCount."),
        (
            host(retry=renamed(RETRY, "delayInterval", "delayIntervals")),
            "AF514",
            'Change "delayIntervals" to "delayInterval".',
        ),
        (
            host(retry={**BACKOFF, "minimumInterval": "10", "maximumInterval": "00:15:00"}),
            "AF514",
            'Write "00:10:00", if you do not mean days.',
        ),
        (
            host(retry={**BACKOFF, "minimumInterval": "00:10:00", "maximumInterval": "00:05:00"}),
            "AF514",
            "Swap them.",
        ),
    ],
)
def test_one_mistake_in_host_json_is_one_finding(
    content: str, code: str, fix: str | None, plant: Plant, find: Find
) -> None:
    [found] = find(plant({"host.json": content}))
    assert found.code == code
    assert fix in (None, found.fix)


def test_other_mistakes_in_a_host_json_of_one_line_are_reported_too(
    plant: Plant, find: Find
) -> None:
    content = {**json.loads(host(version=["2.0"])), "telemetryMod": "OpenTelemetry"}
    content["logging"] = {"fileLoggingMode": []}
    found = find(plant({"host.json": json.dumps(content)}))
    assert [one.code for one in found] == ["AF503", "AF505", "AF512"]
