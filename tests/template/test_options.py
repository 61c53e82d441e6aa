"""The answers besides the functions, in pairs: each value of one with each value of another."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from allpairspy import AllPairs

from tests.support.apps import check_style, check_types, texts
from tests.support.catalogue import DEFAULT_PYTHON, ON_FLEX, PYTHONS, WEB_FRAMEWORKS, one_of_each
from tests.support.linters import lint
from tests.support.own_tests import run_other_tests, run_tests
from tests.support.text_files import read_json
from tests.support.validator import find_problems
from tests.worker.client import run_project

# In this order, few combinations have all pairs, and most of those have one function.
VALUES: dict[str, list[Any]] = {
    "python_version": PYTHONS,
    "auth_level": ["anonymous", "function", "admin"],
    "web_framework": ["none", *WEB_FRAMEWORKS],
    "ci": ["github", "azure-pipelines", "none"],
    "kinds": ["http", "all"],
    "docker": [True, False],
    "infra": ["none", "azd"],
    "package_manager": ["pip", "uv"],
    "durable_backend": ["storage", "scheduler"],
    "telemetry": ["none", "opentelemetry"],
    "app_folder": [".", "apps/my-app"],
    "agents_md": [True, False],
    "devcontainer": [False, True],
}
PAIRS = [dict(zip(VALUES, values, strict=True)) for values in AllPairs(list(VALUES.values()))]
# The tests of a web app import function_app.py, which starts the telemetry: one combination for each web framework runs
# all tests in that process.
WITH_TELEMETRY_FIRST = [
    next(
        pair
        for pair in PAIRS
        if (pair["web_framework"], pair["telemetry"], pair["kinds"])
        == (framework, "opentelemetry", "all")
    )
    for framework in WEB_FRAMEWORKS
]
FUNCTIONS = {"hello": "http", "orders": "queue", "nightly": "timer"}


def choose(answers: dict[str, Any]) -> tuple[dict[str, str], dict[str, Any]]:
    """Return the functions and the other answers of a combination."""
    others = {name: value for name, value in answers.items() if name != "kinds"}
    functions = one_of_each(answers["python_version"])
    if answers["infra"] == "azd":
        functions = {name: id for name, id in functions.items() if id in ON_FLEX}
    return (functions if answers["kinds"] == "all" else {"hello": "http"}), others


@pytest.mark.first
@pytest.mark.parametrize(
    "answers", PAIRS, ids=lambda answers: "-".join(map(str, answers.values())).lower()
)
def test_a_combination_is_clean_typed_tested_and_indexed(
    answers: dict[str, Any],
    project: Callable[..., Path],
    render: Callable[..., Path],
    environment: Callable[[str], Path],
    worker_python: Path,
) -> None:
    functions, others = choose(answers)
    app = project(functions, **others)
    version = answers["python_version"]
    check_style(app)
    check_types(app, environment(version))
    if answers in WITH_TELEMETRY_FIRST:
        run_tests(app, environment(version))
    else:
        # test_own_tests.py runs those of this app.
        plain = render(one_of_each(version), python_version=version)
        run_other_tests(app, environment(version), plain)
    assert run_project(worker_python, app).rejection is None


@pytest.mark.parametrize(
    "answers", PAIRS, ids=lambda answers: "-".join(map(str, answers.values())).lower()
)
def test_linters_find_nothing_in_a_combination(
    answers: dict[str, Any], render: Callable[..., Path], node: str
) -> None:
    functions, others = choose(answers)
    checked = lint(render(functions, **others), node)
    chosen = {
        "hadolint": answers["docker"],
        "compose": answers["devcontainer"],
        "devcontainer": answers["devcontainer"],
        "github": answers["ci"] == "github",
        "azure-pipelines": answers["ci"] == "azure-pipelines",
        "bicep": answers["infra"] == "azd",
    }
    assert checked == sorted(name for name, is_chosen in chosen.items() if is_chosen)


@pytest.mark.parametrize("version", ["3.10", "3.13"])
def test_each_file_that_names_a_python_past_its_support_says_so_and_accepts_it(
    version: str, render: Callable[..., Path]
) -> None:
    answers = {"infra": "azd", "package_manager": "uv"}
    app = render(FUNCTIONS, python_version=version, **answers)
    saying = [path for path, text in texts(app).items() if "no longer gets security" in text]
    past = ["Dockerfile", "infra/main.bicep", "pyproject.toml"]
    assert sorted(saying) == (past if version == "3.10" else [])
    assert find_problems(app, "AF42") == []


def test_an_app_without_telemetry_has_nothing_of_it(render: Callable[..., Path]) -> None:
    app = render(FUNCTIONS)
    named = [path for path, text in texts(app).items() if "telemetry" in text.lower()]
    assert named == [".copier-answers.yml"]
    assert not (app / "shared").exists()


def test_the_tests_of_telemetry_pass_where_the_shell_turns_it_off(
    render: Callable[..., Path], environment: Callable[[str], Path]
) -> None:
    app = render({"hello": "http"}, telemetry="opentelemetry")
    in_the_shell = {"OTEL_SDK_DISABLED": "true", "OTEL_TRACES_SAMPLER": "always_off"}
    test = "tests/test_shared_telemetry.py"
    run_tests(app, environment(DEFAULT_PYTHON), test, environment=in_the_shell)


def test_the_host_sends_its_telemetry_through_opentelemetry_too(
    render: Callable[..., Path],
) -> None:
    app = render(FUNCTIONS, telemetry="opentelemetry")
    host = read_json(app / "host.json")
    assert host["telemetryMode"] == "OpenTelemetry"
    # It has no meaning in that mode.
    assert "logging" not in host
