"""Apps with a web framework: it answers every request for which no function has a route."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from hooks.catalogue import ROOT
from tests.support.apps import check_style, check_types, run_tests, texts
from tests.support.catalogue import KINDS, PYTHONS, WEB_FRAMEWORKS, one_of_each
from tests.worker.client import check, load_invocations, run_project
from tests.worker.exchange import HttpRequest
from tests.worker.invocations import Invocation

FUNCTIONS = {"hello": "http", "orders": "queue", "nightly": "timer"}

frameworks = pytest.mark.parametrize("framework", WEB_FRAMEWORKS)


def test_an_app_without_one_has_nothing_of_it(render: Callable[..., Path]) -> None:
    app = render(FUNCTIONS)
    assert [path for path in app.rglob("*") if "web" in path.name] == []
    assert "httpx" not in (app / "requirements-dev.txt").read_text(encoding="utf-8")


@frameworks
def test_its_files_are_clean(framework: str, render: Callable[..., Path]) -> None:
    app = render(FUNCTIONS, web_framework=framework)
    assert {path.name for path in (app / "web").iterdir()} == {"__init__.py", "app.py"}
    check_style(app)


@frameworks
def test_nothing_in_it_speaks_of_the_prefix_that_it_leaves_out(
    framework: str, render: Callable[..., Path]
) -> None:
    app = render(one_of_each(), web_framework=framework)
    prefix = re.compile(r"\s\"?/api/|7071/api/")
    assert [path for path, text in texts(app).items() if prefix.search(text)] == []


@pytest.mark.parametrize("version", PYTHONS)
@frameworks
def test_its_own_tests_pass_beside_all_kinds(
    framework: str,
    version: str,
    environment: Callable[[str], Path],
    project: Callable[..., Path],
) -> None:
    app = project(one_of_each(version), python_version=version, web_framework=framework)
    run_tests(app, environment(version), "tests/test_web.py", "tests/test_app.py")


@pytest.mark.parametrize("version", [PYTHONS[0], PYTHONS[-1]])
@frameworks
def test_it_is_typed(
    framework: str,
    version: str,
    environment: Callable[[str], Path],
    project: Callable[..., Path],
) -> None:
    app = project(FUNCTIONS, python_version=version, web_framework=framework)
    check_types(app, environment(version))


@frameworks
def test_the_worker_passes_it_what_no_function_takes(
    framework: str, render: Callable[..., Path], worker_python: Path
) -> None:
    folder = ROOT / "template" / "web_frameworks" / framework
    [http] = [kind for kind in KINDS if kind.id == "http"]
    invocations = [
        *load_invocations(folder, framework, "web"),
        *map(without_prefix, load_invocations(http.folder, http.id, "hello")[:3]),
    ]
    app = render(FUNCTIONS, web_framework=framework)
    report = run_project(worker_python, app, invocations)
    assert report.rejection is None
    assert set(report.functions) == {*FUNCTIONS, "http_app_func"}
    differences = [
        check(invocation, result)
        for invocation, result in zip(invocations, report.results, strict=True)
    ]
    assert [difference for difference in differences if difference] == []


def without_prefix(invocation: Invocation) -> Invocation:
    """Return the invocation for an app whose routes have no prefix."""
    assert isinstance(invocation.request, HttpRequest)
    url = invocation.request.url.removeprefix("/api")
    return replace(invocation, request=replace(invocation.request, url=url))
