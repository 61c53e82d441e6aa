"""Apps with a web framework: it answers every request for which no function has a route."""

import json
import re
import socketserver
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from jinja2.exceptions import FilterArgumentError

from functions_validator.routing.table import order
from hooks.catalogue import ROOT
from tests.support.apps import texts
from tests.support.catalogue import BY_ID, DEFAULT_PYTHON, PYTHONS, WEB_FRAMEWORKS, one_of_each
from tests.support.own_tests import run_tests
from tests.support.text_files import append, read
from tests.worker.client import check, load_invocations, run_at_once, run_project
from tests.worker.exchange import HttpRequest
from tests.worker.invocations import Expected, Invocation
from tests.worker.servers import start

FUNCTIONS = {"hello": "http", "orders": "queue", "nightly": "timer"}
# HTTP functions that sort before and after the name that azure-functions gives the web app, up to the last name.
AROUND = {"a": "http", "http_app": "http", "zebra": "http", "z_web": "http", "z" * 127: "http"}
WEB_FUNCTION = "z__web"

frameworks = pytest.mark.parametrize("framework", WEB_FRAMEWORKS)


def test_an_app_without_one_has_nothing_of_it(render: Callable[..., Path]) -> None:
    app = render(FUNCTIONS)
    assert [path for path in app.rglob("*") if "web" in path.name] == []
    assert "httpx" not in read(app / "requirements-dev.txt")


@frameworks
def test_it_has_a_package_of_its_own(framework: str, render: Callable[..., Path]) -> None:
    app = render(FUNCTIONS, web_framework=framework)
    assert {path.name for path in (app / "web").iterdir()} == {
        "__init__.py",
        "app.py",
        "products.py",
    }


@frameworks
def test_nothing_in_it_mentions_the_prefix_that_it_leaves_out(
    framework: str, render: Callable[..., Path]
) -> None:
    app = render(one_of_each(), web_framework=framework)
    prefix = re.compile(r"\s\"?/api/|7071/api/")
    assert [path for path, text in texts(app).items() if prefix.search(text)] == []


@pytest.mark.parametrize("kind", ["http_api", "mcp_resource"])
def test_a_function_can_have_the_name_of_that_prefix(
    kind: str, render: Callable[..., Path]
) -> None:
    """Its name stays in every route and address that it is a part of."""
    written = {}
    for name in ("api", "apl"):
        app = render({name: kind}, web_framework="fastapi")
        written[name] = [
            read(app / path).replace(name.title(), "Api").replace("apl", "api")
            for path in (f"blueprints/{name}.py", f"tests/test_{name}.py", "README.md")
        ]
    assert written["api"] == written["apl"]


@pytest.mark.parametrize("version", PYTHONS)
@frameworks
def test_its_own_tests_pass_beside_all_kinds(
    framework: str,
    version: str,
    environment: Callable[[str], Path],
    project: Callable[..., Path],
) -> None:
    app = project(one_of_each(version), python_version=version, web_framework=framework)
    # Those who work with Flask may have set it for all shells.
    in_the_shell = {"FLASK_DEBUG": "1"}
    run_tests(app, environment(version), "tests/test_web.py", environment=in_the_shell)


@frameworks
def test_its_own_tests_send_no_telemetry(
    framework: str, render: Callable[..., Path], environment: Callable[[str], Path]
) -> None:
    sent = []

    class Azure(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            sent.append(self.request.recv(1024))

    app = render({"hello": "http"}, telemetry="opentelemetry", web_framework=framework)
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Azure) as server:
        start(server)
        address = f"http://127.0.0.1:{server.server_address[1]}/"
        connection = f"IngestionEndpoint={address};LiveEndpoint={address}"
        in_the_shell = {
            "APPLICATIONINSIGHTS_CONNECTION_STRING": f"InstrumentationKey={uuid4()};{connection}"
        }
        run_tests(app, environment(DEFAULT_PYTHON), "tests/test_web.py", environment=in_the_shell)
        server.shutdown()
    assert sent == []


@frameworks
def test_the_worker_passes_it_what_no_function_takes(
    framework: str, render: Callable[..., Path], worker_python: Path
) -> None:
    folder = ROOT / "template" / "web_frameworks" / framework
    functions = {**FUNCTIONS, **AROUND}
    invocations = [
        *load_invocations(folder, framework, "web"),
        *(one for name in ("hello", *AROUND) for one in invocations_of(name)[:3]),
    ]
    app = render(functions, web_framework=framework)
    report = run_project(worker_python, app, invocations)
    assert (report.rejection, report.stopped, report.in_error) == (None, None, {})
    assert set(report.functions) == {*functions, WEB_FUNCTION}
    differences = [
        check(invocation, result)
        for invocation, result in zip(invocations, report.results, strict=True)
    ]
    assert [difference for difference in differences if difference] == []


@frameworks
def test_a_bug_is_a_500_without_its_text(
    framework: str, project: Callable[..., Path], worker_python: Path
) -> None:
    app = project(FUNCTIONS, web_framework=framework)
    bug = """

@app.get("/bug")
def bug() -> str:
    raise ValueError("password")
"""
    append(app / "web" / "app.py", bug)
    requests = [HttpRequest("GET", "/bug"), HttpRequest("DELETE", "/bug")]
    invocations = [Invocation(request.method, request, Expected()) for request in requests]
    report = run_project(worker_python, app, invocations)
    wrong, other_method = [result.answer for result in report.results]
    assert wrong is not None
    assert wrong.status == 500
    assert b"password" not in wrong.body
    assert other_method is not None
    assert (other_method.status, "GET" in other_method.headers["allow"]) == (405, True)


def test_requests_that_come_at_once_share_what_the_app_creates_at_its_start(
    render: Callable[..., Path], worker_python: Path
) -> None:
    """The first requests of a process each start the app, since the library does not wait."""
    app = render(FUNCTIONS, web_framework="fastapi")
    products = [f'{{"id": "p{number}", "name": "P", "cents": 1}}' for number in range(5)]
    json_body = {"content-type": "application/json"}
    added = [HttpRequest("POST", "/products", json_body, body.encode()) for body in products]
    listed = [HttpRequest("GET", "/products")]
    store = "web.products:ProductStore"
    load = run_at_once(worker_python, app, [added, listed], store)
    assert load.made == 1
    [page] = [result.answer for result in load.rounds[1].results]
    assert page is not None
    assert len(json.loads(page.body)) == 5


@frameworks
def test_it_gets_the_methods_and_paths_that_are_left(
    framework: str, render: Callable[..., Path], worker_python: Path
) -> None:
    functions = {**FUNCTIONS, **AROUND, "bill": "durable", "tool": "mcp_tool"}
    of_host = ["/admin/host/status", "/admin/functions", "/runtime/webhooks/durabletask/instances"]
    of_host += ["/runtime/webhooks/mcp", "/admin/functions/hello/status"]
    of_web = [("DELETE", f"/{name.replace('_', '-')}") for name in ("hello", *AROUND)]
    of_web += [("GET", path) for path in ("/", "/api/hello", "/admin/x", "/runtime/x", "/bill")]
    requests = [HttpRequest("GET", path) for path in of_host]
    requests += [HttpRequest(method, path) for method, path in of_web]
    invocations = [Invocation(request.url, request, Expected()) for request in requests]
    report = run_project(worker_python, render(functions, web_framework=framework), invocations)
    bodies = [result.answer.body if result.answer else b"" for result in report.results]
    answered_by_web = [b'"detail"' in body for body in bodies]
    assert answered_by_web == [False] * len(of_host) + [True] * len(of_web)


def test_its_name_sorts_after_every_name_that_the_guard_takes(
    render: Callable[..., Path],
) -> None:
    assert list(AROUND)[-1] == "z" * 127
    assert max([*AROUND, "z_z", "zz_9", WEB_FUNCTION], key=order) == WEB_FUNCTION
    for name in (WEB_FUNCTION, "z___z", "z" * 128):
        with pytest.raises(FilterArgumentError, match="name of a function"):
            render({name: "http"}, web_framework="fastapi")


def invocations_of(name: str) -> list[Invocation]:
    """Return the invocations of a function of the kind http, in an app whose routes have no prefix."""
    http = BY_ID["http"]
    return [*map(without_prefix, load_invocations(http.folder, http.id, name))]


def without_prefix(invocation: Invocation) -> Invocation:
    """Return the invocation for an app whose routes have no prefix."""
    assert isinstance(invocation.request, HttpRequest)
    url = invocation.request.url.removeprefix("/api")
    return replace(invocation, request=replace(invocation.request, url=url))


def test_the_readme_names_no_path_of_it_that_a_function_takes(render: Callable[..., Path]) -> None:
    said = []
    for name in ("items", "products", "docs"):
        app = render({name: "http"}, web_framework="fastapi")
        readme = read(app / "README.md")
        said.append(("curl http://localhost:7071/products\n" in readme, "\n`/docs` " in readme))
    assert said == [(True, True), (False, True), (True, False)]
