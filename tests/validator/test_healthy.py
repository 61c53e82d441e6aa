"""Healthy apps: no error, no warning, no note."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from functions_validator.indexing.index import IndexOptions
from functions_validator.project.project import Project
from hooks.catalogue import Kind
from tests.support.catalogue import KINDS, PYTHONS, every_on_flex, one_of_each
from tests.support.validator import HEALTHY, Find, Plant, find_problems, problems_of


def test_the_app_of_the_tests_is_healthy(plant: Plant, find: Find) -> None:
    assert find(plant()) == []


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
def test_every_kind_is_healthy_by_its_sources(kind: Kind, with_one: Callable[[Kind], Path]) -> None:
    assert find_problems(with_one(kind)) == []


@pytest.mark.parametrize("package_manager", ["pip", "uv"])
@pytest.mark.parametrize("ci", ["github", "azure-pipelines"])
def test_apps_with_infrastructure_are_healthy(
    ci: str, package_manager: str, render: Callable[..., Path]
) -> None:
    app = render(every_on_flex(), infra="azd", ci=ci, package_manager=package_manager)
    plan = Project(app).plan
    assert plan is not None
    assert plan.id == "flex"
    assert find_problems(app) == []


@pytest.mark.parametrize("version", PYTHONS)
@pytest.mark.parametrize("streams", [False, True])
def test_all_kinds_are_healthy_when_they_are_indexed(
    streams: bool,
    version: str,
    render: Callable[..., Path],
    environment: Callable[[str], Path],
) -> None:
    functions = one_of_each(version, streams=streams)
    app, python = render(functions, python_version=version), environment(version)
    project = Project(app, IndexOptions(python))
    assert problems_of(project) == []
    assert project.index is not None
    assert len(project.index.functions) >= len(functions)


@pytest.mark.parametrize("framework", ["fastapi", "flask"])
def test_web_frameworks_are_healthy(
    framework: str, render: Callable[..., Path], worker_python: Path
) -> None:
    app = render(one_of_each(), web_framework=framework, telemetry="opentelemetry")
    assert find_problems(app) == []
    assert find_problems(app, python=worker_python) == []


def test_many_functions_may_import_different_things_under_one_name(plant: Plant) -> None:
    functions = [
        f"""
@app.route("get-{number}")
def get_{number}(req: func.HttpRequest) -> func.HttpResponse:
    from steps import get_{number} as run
    value = run(req.params.get("id"))
    return func.HttpResponse(run(value) if value else run("none"))
"""
        for number in range(200)
    ]
    entry = HEALTHY["function_app.py"] + "".join(functions)
    steps = "".join(f"def get_{number}(value):\n    return value\n" for number in range(200))
    app = plant({"function_app.py": entry, "steps.py": steps})
    started = time.perf_counter()
    assert find_problems(app) == []
    # With a search of all functions for each import of each use, it takes seconds.
    assert time.perf_counter() - started < 2
