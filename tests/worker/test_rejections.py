"""Apps that the worker rejects or that stop the host. Each case is a process, so there are few."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.worker.client import Report, WorkerCrashed, run_project
from tests.worker.exchange import Call
from tests.worker.invocations import Expected, Invocation
from tests.worker.sample_app import HOST_JSON
from tests.worker.small_apps import HEAD, TEXT, write_project

FUNCTION = """
@app.route("f")
def f(req: func.HttpRequest) -> str: ...
"""

REJECTED = {
    "builtin generic": (
        HEAD
        + """
@app.event_hub_message_trigger("events", event_hub_name="h", connection="C", cardinality="many")
def f(events: list[func.EventHubEvent]) -> None: ...
""",
        "binding events has invalid non-type annotation",
    ),
    "missing argument": (
        HEAD
        + """
@app.queue_trigger("message", queue_name="q", connection="C")
def f() -> None: ...
""",
        "not present in Python: {'message'}",
    ),
    "argument without binding": (
        HEAD
        + """
@app.queue_trigger("message", queue_name="q", connection="C")
def f(message: func.QueueMessage, more: int = 1) -> None: ...
""",
        "{'more'}",
    ),
    "duplicate name": (
        HEAD
        + """
for path in ("a", "b"):
    @app.route(path)
    def f(req: func.HttpRequest) -> func.HttpResponse: ...
""",
        "ValueError: Function f does not have a unique function name",
    ),
    "import error": ("import no_such_module", "No module named 'no_such_module'"),
    "syntax error": ("app = = 1", "SyntaxError: invalid syntax"),
    "no app": ("", "Could not find top level function app instances in function_app.py"),
}


@pytest.mark.parametrize(("code", "message"), REJECTED.values(), ids=REJECTED)
def test_an_app_that_the_worker_rejects(
    worker_python: Path, tmp_path: Path, code: str, message: str
) -> None:
    report = run_project(worker_python, write_project(tmp_path, {"function_app.py": code}))
    assert report.rejection is not None
    assert message in report.rejection.message
    assert "Traceback" in report.rejection.stack
    assert report.functions == {}


def test_a_blueprint_that_is_not_registered_has_no_functions(
    worker_python: Path, tmp_path: Path
) -> None:
    code = """
bp = func.Blueprint()
@bp.route("f")
def f(req: func.HttpRequest) -> func.HttpResponse: ...
"""
    report = run_project(worker_python, write_project(tmp_path, {"function_app.py": HEAD + code}))
    assert report == Report(functions={}, results=[])


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"host.json": "{}"}, "host.json has no version in its root."),
        ({"host.json": HOST_JSON.replace("PREFIX", "v1/")}, "creating the route with name 'f'"),
        (
            {"function_app.py": FUNCTION + FUNCTION.replace("def f", "def F")},
            "The functions f and F differ in case only.",
        ),
    ],
)
def test_what_stops_the_host(
    worker_python: Path, tmp_path: Path, files: Mapping[str, str], says: str
) -> None:
    code = HEAD + files.get("function_app.py", FUNCTION)
    project = write_project(tmp_path, {**files, "function_app.py": code})
    report = run_project(worker_python, project)
    assert report.stopped is not None
    assert says in report.stopped
    assert (report.functions, report.rejection) == ({}, None)


def test_a_function_in_error_cannot_be_called(worker_python: Path, tmp_path: Path) -> None:
    code = """
@app.queue_trigger("message", queue_name="q", connection="Missing")
def f(message: func.QueueMessage) -> None: ...
"""
    project = write_project(tmp_path, {"function_app.py": HEAD + code})
    call = Invocation("a message", Call("f", TEXT), Expected())
    with pytest.raises(WorkerCrashed, match="The function f is in error: Storage account"):
        run_project(worker_python, project, [call])
