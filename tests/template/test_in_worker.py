"""Every kind in the real worker: it indexes the functions, and each answers what the host sends."""

import functools
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from hooks.catalogue import Kind
from tests.support.catalogue import BY_ID, DEFAULT_PYTHON, KINDS, WEB_FRAMEWORKS
from tests.support.kind_events import alone, function_name
from tests.support.text_files import append, read, replace
from tests.worker.client import Report, check, load_invocations, run_project
from tests.worker.exchange import HttpRequest
from tests.worker.invocations import Expected, Invocation

# The worker's library is there for Python 3.13 and above.
INDEXED = [kind for kind in KINDS if DEFAULT_PYTHON in kind.python]
# Each with its place among those of its app.
INVOCATIONS = [
    (kind, place, invocation)
    for streams in (False, True)
    for place, (kind, invocation) in enumerate(
        (kind, invocation)
        for kind in INDEXED
        if kind.streams == streams
        for invocation in alone(kind)
    )
]


@pytest.fixture(scope="module")
def report(render: Callable[..., Path], worker_python: Path) -> Callable[[bool], Report]:
    """Return what the worker makes of an app with all kinds that stream HTTP, or with all that do not."""

    @functools.cache
    def run(streams: bool) -> Report:
        kinds = [kind for kind in INDEXED if kind.streams == streams]
        project = render({function_name(kind): kind.id for kind in kinds})
        invocations = [invocation for kind in kinds for invocation in alone(kind)]
        return run_project(worker_python, project, invocations)

    return run


@pytest.mark.parametrize("streams", [False, True])
def test_the_worker_takes_every_function(
    streams: bool, report: Callable[[bool], Report], reach: Callable[[Kind, str, bool], None]
) -> None:
    found = report(streams)
    assert found.rejection is None
    expected = {
        kind: kind.functions_of(function_name(kind)) for kind in INDEXED if kind.streams == streams
    }
    for kind, names in expected.items():
        reach(kind, "indexed", set(names) <= set(found.functions))
    assert sorted(found.functions) == sorted(name for names in expected.values() for name in names)


@pytest.mark.parametrize(
    ("kind", "place", "invocation"),
    INVOCATIONS,
    ids=[f"{kind.id}: {invocation.title}" for kind, _, invocation in INVOCATIONS],
)
def test_a_function_answers_as_its_kind_says(
    kind: Kind,
    place: int,
    invocation: Invocation,
    report: Callable[[bool], Report],
    reach: Callable[[Kind, str, bool], None],
) -> None:
    difference = check(invocation, report(kind.streams).results[place])
    reach(kind, "invoked", difference is None)
    assert difference is None


def test_the_worker_answers_the_greeting_of_the_readme(
    render: Callable[..., Path], worker_python: Path
) -> None:
    """The command that README.md begins with gives an app that answers its first request."""
    functions = {"hello": "http", "orders": "queue", "nightly": "timer"}
    http = BY_ID["http"]
    greeting = load_invocations(http.folder, http.id, "hello")[0]
    report = run_project(worker_python, render(functions), [greeting])
    assert set(report.functions) == set(functions)
    [result] = report.results
    answer = result.http_answer()
    assert (answer.status, answer.body) == (200, b'{"message": "Hello, Ada!"}')


def test_the_threads_of_a_report_log_for_its_invocation(
    project: Callable[..., Path], worker_python: Path
) -> None:
    """The worker gives a log message to the invocation that its own variable names."""
    app = project({"orders": "http_report"})
    logs_what_the_worker_knows = """

def read_status(order: int) -> str:
    from azure_functions_runtime import invocation_id_cv

    logger.info("Thread of %s", invocation_id_cv.get())
    return "open"
"""
    append(app / "blueprints" / "orders.py", logs_what_the_worker_knows)
    request = HttpRequest("POST", "/api/orders", body=b"[1, 2]")
    report = run_project(worker_python, app, [Invocation("orders", request, Expected())])
    [result] = report.results
    assert result.failure is None
    [invocation, *threads] = result.logs
    assert invocation.startswith("Invocation ")
    assert threads == [f"Thread of {invocation.split()[1]}"] * 2


# Three functions that log the trace of their invocation, and then that of a span of their own.
SPANS = """

import os

from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider

from shared import telemetry

# Spans stay here, instead of going to Application Insights.
telemetry.start = lambda: trace.set_tracer_provider(TracerProvider())
os.environ[telemetry.CONNECTION] = "InstrumentationKey=0000"


def work(context: func.Context, *passed: func.Context) -> None:
    logger.info("%s", context.trace_context.trace_parent)
    with telemetry.span("work", *passed):
        parent = trace.get_current_span().parent
        logger.info("%s", f"00-{parent.trace_id:032x}-{parent.span_id:016x}-01" if parent else None)


@bp.route("asynchronous")
async def asynchronous(req: func.HttpRequest, context: func.Context) -> str:
    work(context)
    return ""


@bp.route("alone")
def alone(req: func.HttpRequest, context: func.Context) -> str:
    work(context)
    return ""


@bp.route("passed")
def passed(req: func.HttpRequest, context: func.Context) -> str:
    work(context, context)
    return ""
"""


def test_spans_belong_to_the_trace_of_their_invocation(
    project: Callable[..., Path], worker_python: Path
) -> None:
    """Without `async`, the worker attaches it in another thread, and the README says what to do."""
    app = project({"hello": "http"}, telemetry="opentelemetry")
    append(app / "blueprints" / "hello.py", SPANS)
    turn_on_opentelemetry(app)
    names = ["asynchronous", "passed", "alone"]
    invocations = [
        Invocation(name, HttpRequest("GET", f"/api/{name}"), Expected()) for name in names
    ]
    report = run_project(worker_python, app, invocations)
    assert [result.failure for result in report.results] == [None] * 3
    traces = {name: result.logs for name, result in zip(names, report.results, strict=True)}
    for name in ("asynchronous", "passed"):
        invocation, parent = traces[name]
        assert parent == invocation
    # As long as the worker does not attach it, the README must say so.
    assert traces["alone"][1] == "None"
    readme = read(app / "README.md")
    assert "It does so for `async` functions only." in readme


# What the web app records of a request: first the trace of its invocation, then that of a span of its own.
TRACES = """

import logging
import os

from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider

from shared import telemetry

# Spans stay here, instead of going to Application Insights.
telemetry.start = lambda: trace.set_tracer_provider(TracerProvider())
os.environ[telemetry.CONNECTION] = "InstrumentationKey=0000"


def log_traces(invocation) -> str:
    logging.info("%s", invocation["azure_functions.trace_context"].trace_parent)
    with telemetry.span("work"):
        parent = trace.get_current_span().parent
        logging.info("%s", f"00-{parent.trace_id:032x}-{parent.span_id:016x}-01" if parent else None)
    return ""

"""
ROUTES = {
    "flask": """
from flask import request


@app.get("/traces")
def traces() -> str:
    return log_traces(request.environ)
""",
    "fastapi": """
@app.get("/traces")
async def traces(request: Request) -> str:
    return log_traces(request.scope)
""",
}


@pytest.mark.parametrize("framework", WEB_FRAMEWORKS)
def test_spans_of_a_web_app_belong_to_the_trace_of_their_invocation(
    framework: str, project: Callable[..., Path], worker_python: Path
) -> None:
    app = project({"hello": "http"}, telemetry="opentelemetry", web_framework=framework)
    append(app / "web" / "app.py", TRACES + ROUTES[framework])
    turn_on_opentelemetry(app)
    invocation = Invocation("z__web", HttpRequest("GET", "/traces"), Expected())
    report = run_project(worker_python, app, [invocation] * 2)
    for result in report.results:
        assert result.failure is None
        invocation_trace, parent, *_ = result.logs
        assert parent == invocation_trace


def turn_on_opentelemetry(app: Path) -> None:
    """Let the worker pass on the trace of each invocation."""
    values = '"Values": {'
    on = f'{values}"PYTHON_ENABLE_OPENTELEMETRY": "true",'
    replace(app / "local.settings.json", values, on)


@pytest.mark.parametrize("kind", [kind.id for kind in INDEXED if kind.streams])
def test_the_server_for_streams_does_not_log_the_key_of_a_caller(
    kind: str, render: Callable[..., Path], worker_python: Path
) -> None:
    app = render({"take": kind})
    request = HttpRequest("POST", "/api/take?code=SECRET", body=b"")
    report = run_project(worker_python, app, [Invocation("take", request, Expected())])
    [result] = report.results
    assert result.http_answer().status == 400
    assert "SECRET" not in report.printed


def test_one_setting_says_how_large_an_upload_can_be(
    project: Callable[..., Path], worker_python: Path
) -> None:
    app = project({"up": "http_stream"})
    settings = app / "local.settings.json"
    assert read(settings).count('"104857600"') == 1
    replace(settings, '"104857600"', '"1000"')
    bodies = [b"x" * size for size in (950, 951, 1000, 1001)]
    requests = [HttpRequest("POST", "/api/up", body=body) for body in bodies]
    invocations = [Invocation("an upload", request, Expected()) for request in requests]
    answers = [result.answer for result in run_project(worker_python, app, invocations).results]
    reason = b'{"error":"A file can have at most 950 bytes."}'
    assert [answer.status for answer in answers if answer] == [200, 413, 413, 500]
    assert [answer.body for answer in answers if answer][1:] == [reason, reason, b""]


@pytest.mark.parametrize("prefix", ["/api", ""])
def test_the_document_of_an_api_is_openapi(
    prefix: str, render: Callable[..., Path], worker_python: Path
) -> None:
    """With the routes that the host has for the functions, under the prefix of all routes."""
    app = render({"tasks": "http_api"}, web_framework="none" if prefix else "fastapi")
    request = HttpRequest("GET", f"{prefix}/tasks/openapi.json")
    report = run_project(worker_python, app, [Invocation("document", request, Expected())])
    [result] = report.results
    document = json.loads(result.http_answer().body)
    validate(document, cls=OpenAPIV31SpecValidator)
    assert document["servers"] == [{"url": prefix or "/"}]
    routes = {
        (method.upper(), path)
        for path, operations in document["paths"].items()
        for method in operations.keys() - {"parameters"}
    }
    assert routes == {
        ("GET", "/tasks"),
        ("POST", "/tasks"),
        ("GET", "/tasks/{id}"),
        ("PATCH", "/tasks/{id}"),
        ("DELETE", "/tasks/{id}"),
    }
