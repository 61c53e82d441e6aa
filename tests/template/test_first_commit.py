"""What a new app leaves to others: a first commit without secrets, an image that can be built, and checks that work."""

import json
import re
import shlex
import sys
from collections.abc import Callable
from fnmatch import fnmatch
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from hooks.catalogue import read_yaml
from tests.support.apps import check_types, content
from tests.support.cache import CACHE
from tests.support.catalogue import (
    DEFAULT_PYTHON,
    PYTHONS,
    WEB_FRAMEWORKS,
    every_on_flex,
    one_of_each,
)
from tests.support.linters import hadolint
from tests.support.repositories import run_git
from tests.support.run import run
from tests.support.text_files import read, read_json

EVERYTHING = {
    "web_framework": WEB_FRAMEWORKS[0],
    "telemetry": "opentelemetry",
    "package_manager": "uv",
    "devcontainer": True,
}
OPTIONS = pytest.mark.parametrize("answers", [{}, EVERYTHING], ids=["few", "all"])


@pytest.fixture
def committed(project: Callable[..., Path], answers: dict[str, Any]) -> Path:
    """An app with every kind, all of whose files that git takes are in its index."""
    app = project(one_of_each(), **answers)
    (app / ".env").write_text("KEY=secret\n", encoding="utf-8")
    run_git(app, "init")
    run_git(app, "add", "--all")
    return app


def hooks(app: Path) -> dict[str, dict[str, Any]]:
    """Return the checks of pre-commit by their names."""
    repositories = read_yaml(app / ".pre-commit-config.yaml")["repos"]
    return {hook["id"]: hook for repository in repositories for hook in repository["hooks"]}


def excluded_lines(app: Path) -> list[str]:
    """Return the patterns of the lines in which pre-commit looks for no secrets."""
    name, patterns = hooks(app)["detect-secrets"]["args"]
    assert name == "--exclude-lines"
    return str(patterns).split("|")


@OPTIONS
def test_the_first_commit_has_no_settings_and_no_secret(
    committed: Path, answers: dict[str, Any], render: Callable[..., Path]
) -> None:
    files = run_git(committed, "ls-files").splitlines()
    assert "local.settings.example.json" in files
    assert not {"local.settings.json", ".env"} & set(files)
    hook = hooks(committed)["detect-secrets"]
    looked_at = [file for file in files if not re.search(hook["exclude"], file)]
    if answers:
        # Most files are the same without these options, where more lines of them are looked at.
        plain = render(one_of_each())
        assert set(excluded_lines(plain)) <= set(excluded_lines(committed))
        here, there = content(committed), content(plain)
        looked_at = [file for file in looked_at if here[file] != there.get(file)]
    scan = [sys.executable, "-m", "detect_secrets.pre_commit_hook", *hook["args"]]
    assert ".pre-commit-config.yaml" in looked_at
    run(*scan, *looked_at, folder=committed)

    settings = committed / "local.settings.example.json"
    values = read_json(settings)
    key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq"
    values["Values"]["Real"] = (
        f"AccountEndpoint=https://x.documents.azure.com;AccountKey={key}/K1SZFPTOtr/KBHBeksoGMGw=="
    )
    settings.write_text(json.dumps(values, indent=2), encoding="utf-8")
    found = run(*scan, settings.name, folder=committed, status=1).stdout
    assert "Azure Storage Account access key" in found


@pytest.mark.parametrize(
    ("functions", "answers"),
    [
        (one_of_each(), {}),
        (one_of_each(), EVERYTHING),
        (every_on_flex(), {"infra": "azd", "ci": "azure-pipelines"}),
    ],
    ids=["few", "all", "azd"],
)
def test_no_ignore_file_outside_the_app_hides_its_files(
    functions: dict[str, str],
    answers: dict[str, Any],
    project: Callable[..., Path],
    tmp_path: Path,
) -> None:
    """An update would delete such files, with the owner's changes."""
    app = project(functions, **answers)
    run_git(app, "init")
    run_git(app, "add", "--all")
    everything = tmp_path / "ignore"
    everything.write_text("*\n", encoding="utf-8")
    asked = f"{run_git(app, 'ls-files')}notes.txt\nlocal.settings.json\n"
    ignore = ["-c", f"core.excludesFile={everything}", "check-ignore", "--no-index", "--stdin"]
    ignored = run("git", *ignore, folder=app, stdin=asked).stdout.split()
    assert ignored == ["notes.txt", "local.settings.json"]


@OPTIONS
def test_pre_commit_takes_its_configuration(committed: Path, answers: dict[str, Any]) -> None:
    check = [sys.executable, "-m", "pre_commit", "validate-config"]
    run(*check, ".pre-commit-config.yaml", folder=committed)
    entries = {
        name: shlex.split(hook["entry"])
        for name, hook in hooks(committed).items()
        if "entry" in hook
    }
    assert entries["validate"] == ["python", "tools/validate.pyz"]
    assert ("requirements" in entries) == bool(answers)
    for entry in entries.values():
        assert program(committed, " ".join(entry)).is_file()


@OPTIONS
def test_it_passes_the_versions_of_the_checks_that_pre_commit_pins(committed: Path) -> None:
    pins = {
        Path(repository["repo"]).name: repository["rev"].removeprefix("v")
        for repository in read_yaml(committed / ".pre-commit-config.yaml")["repos"]
        if "rev" in repository
    }
    ruff = pins.pop("ruff-pre-commit")
    assert set(hooks(committed)) >= {"ruff-check", "ruff-format"}
    run_tool("ruff", ruff, "check", folder=committed)
    run_tool("ruff", ruff, "format", "--check", folder=committed)
    # Of these, another test runs the installed version.
    assert pins == {"detect-secrets": version("detect-secrets")}


@pytest.mark.first
def test_it_passes_the_oldest_linters_that_it_may_have(
    render: Callable[..., Path], environment: Callable[[str], Path]
) -> None:
    python = environment(DEFAULT_PYTHON)
    _, installed, *_ = run(python, "-m", "mypy", "--version").stdout.split()
    for answers, name in (({}, "requirements-dev.txt"), (EVERYTHING, "pyproject.toml")):
        app = render(one_of_each(), **answers)
        text = read(app / name)
        oldest = dict(re.findall(r"\b(mypy|ruff)>=([\d.]+)", text))
        run_tool("ruff", oldest["ruff"], "check", "--no-cache", folder=app)
        run_tool("ruff", oldest["ruff"], "format", "--check", "--no-cache", folder=app)
        if oldest["mypy"] == installed:
            # It need not read the libraries again.
            check_types(app, python)
        else:
            # A package for agents has syntax that mypy on an older Python cannot read.
            chosen = f"--python-executable={python}"
            run_tool("mypy", oldest["mypy"], chosen, folder=app, python=python)


def run_tool(
    name: str, version: str, *arguments: str, folder: Path, python: Path = Path(sys.executable)
) -> None:
    """Run a version of a linter, in an environment of its own."""
    uv = [sys.executable, "-m", "uv", "tool", "run", "--python", str(python)]
    command = [*uv, f"{name}@{version}", *arguments]
    # Versions of mypy discard each other's cache, for which they read the libraries in half a minute.
    run(*command, folder=folder, environment={"MYPY_CACHE_DIR": str(CACHE / f"{name}-{version}")})


def program(app: Path, command: str) -> Path:
    """Return the file of the app that a command such as `python -m tools.settings` runs."""
    words = command.split()
    if "-m" in words:
        return app / f"{words[words.index('-m') + 1].replace('.', '/')}.py"
    return app / words[1]


@pytest.mark.parametrize("python_version", [*PYTHONS, "3.14"])
def test_the_dockerfile_is_one_of_good_style(
    python_version: str, render: Callable[..., Path]
) -> None:
    app = render({"hello": "http"}, python_version=python_version)
    hadolint(app / "Dockerfile")
    lines = read(app / "Dockerfile").splitlines()
    assert f"FROM mcr.microsoft.com/azure-functions/python:4-python{python_version}" in lines
    install = next(line for line in lines if line.startswith("RUN pip install"))
    assert lines.index("COPY requirements.txt /") < lines.index(install)
    assert lines.index(install) < lines.index("COPY . /home/site/wwwroot")


@pytest.mark.parametrize(
    ("kind", "has_settings"),
    [("http", False), ("mcp_tool", False), ("durable", True), ("queue", True), ("timer", True)],
)
def test_the_dockerfile_says_when_a_container_needs_more_settings(
    kind: str, has_settings: bool, render: Callable[..., Path]
) -> None:
    app = render({"orders": kind})
    text = read(app / "Dockerfile")
    assert ("other settings of local.settings.example.json" in text) == has_settings
    hadolint(app / "Dockerfile")


@OPTIONS
@pytest.mark.parametrize("ignore", [".dockerignore", ".funcignore"])
def test_only_the_app_goes_to_azure(committed: Path, ignore: str) -> None:
    lines = read(committed / ignore).splitlines()
    patterns = [line for line in lines if line and not line.startswith("#")]
    deployed = {
        path.name
        for path in committed.iterdir()
        if not any(fnmatch(path.name, pattern) for pattern in patterns)
    }
    app = {"function_app.py", "host.json", "requirements.txt", "blueprints", "shared"}
    assert app <= deployed <= {*app, "agents", "web"}


@OPTIONS
def test_a_task_of_the_editor_starts_what_is_there(
    committed: Path, answers: dict[str, Any]
) -> None:
    tasks = read_json(committed / ".vscode" / "tasks.json")["tasks"]
    labels = [task["label"] for task in tasks]
    assert {"func: host start", "install", "settings", "validate", "tests"} <= set(labels)
    assert ("emulators" in labels) == bool(answers)
    [start, *others] = tasks
    assert set(start["dependsOn"]) < set(labels)
    assert start["dependsOrder"] == "sequence"
    launch = read_json(committed / ".vscode" / "launch.json")
    assert launch["configurations"][0]["preLaunchTask"] == start["label"]
    for task in others:
        for command in (task["command"], task.get("windows", task)["command"]):
            if " -m tools." in command or command.endswith(".pyz"):
                assert program(committed, command).is_file()
