"""What checks an app and publishes it: workflows and pipelines that their linters accept."""

import os
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hooks.catalogue import read_yaml
from tests.support.catalogue import one_of_each
from tests.support.linters import lint
from tests.support.run import run
from tests.support.scripts import write_script
from tests.support.text_files import read

OPTIONS: dict[str, dict[str, Any]] = {
    "few": {"docker": False},
    "azd": {"infra": "azd", "package_manager": "uv"},
    "all": {
        "web_framework": "fastapi",
        "telemetry": "opentelemetry",
        "package_manager": "uv",
        "devcontainer": True,
    },
}
apps = pytest.mark.parametrize(
    ("functions", "answers"),
    [
        ({"hello": "http"}, OPTIONS["few"]),
        ({"pay": "servicebus_queue"}, OPTIONS["few"]),
        ({"hello": "http", "events": "kafka"}, OPTIONS["azd"]),
        (one_of_each("3.13"), OPTIONS["all"]),
    ],
    ids=["http", "service-bus", "azd", "all"],
)


@apps
@pytest.mark.parametrize("ci", ["github", "azure-pipelines"])
def test_linters_find_nothing(
    ci: str,
    functions: dict[str, str],
    answers: dict[str, Any],
    render: Callable[..., Path],
    node: str,
) -> None:
    assert ci in lint(render(functions, **answers, ci=ci), node)


def test_linters_find_what_is_wrong(project: Callable[..., Path], node: str) -> None:
    app = project({"hello": "http"}, docker=False)
    workflow = app / ".github" / "workflows" / "ci.yml"
    text = read(workflow)
    wrong = {
        "runs-on: ubuntu-latest": "run-on: ubuntu-latest",
        r"needs: \[test,": "needs: [tests,",
        "checkout@[0-9a-f]+ # v[0-9.]+": "checkout@v7",
    }
    for old, new in wrong.items():
        workflow.write_text(re.sub(old, new, text), encoding="utf-8")
        with pytest.raises(AssertionError):
            lint(app, node)


def commands_of_workflow(app: Path) -> dict[str, list[str]]:
    """Return what each job of GitHub's runs."""
    jobs = read_yaml(app / ".github" / "workflows" / "ci.yml")["jobs"]
    return {
        name: [step["run"] for step in job["steps"] if "run" in step] for name, job in jobs.items()
    }


def commands_of_pipeline(app: Path) -> dict[str, list[str]]:
    """Return what each stage of Azure Pipelines runs, but the one that publishes."""
    entries = read_yaml(app / "azure-pipelines.yml")["stages"]
    stages = [entry for entry in entries if "stage" in entry]
    return {
        stage["stage"]: [step["script"] for step in stage["jobs"][0]["steps"] if "script" in step]
        for stage in stages
    }


@apps
def test_both_run_the_same_checks(
    functions: dict[str, str], answers: dict[str, Any], render: Callable[..., Path]
) -> None:
    on_github = commands_of_workflow(render(functions, **answers))
    in_azure = commands_of_pipeline(render(functions, **answers, ci="azure-pipelines"))
    for job in ("test", "host"):
        shared = [command for command in on_github[job] if command in in_azure[job]]
        ours = [command for command in shared if "python -m" in command or command[0] in "mpr"]
        assert ours
    checks = ["ruff check", "ruff format --check", "mypy", "pytest"]
    for commands in (on_github["test"], in_azure["test"]):
        assert [command for command in commands if command in checks] == checks
        assert any(command.startswith("python tools/validate.pyz") for command in commands)
        # Of Dependabot's changes, only uv.lock is there.
        written = [text for text in commands if text.startswith("python -m tools.requirements")]
        assert len(written) == (answers.get("package_manager") == "uv")
        assert "--check" not in "".join(written)
    assert "python tools/validate.pyz --format github" in on_github["test"]
    [trial] = [command for command in on_github["host"] if "try_host" in command]
    assert trial in in_azure["host"]
    for commands in (on_github["host"], in_azure["host"]):
        started = "python -m tools.emulators" in commands
        assert started == answers.get("devcontainer", False)
        assert started != any("azurite" in command for command in commands)


@pytest.mark.parametrize(
    ("functions", "answers", "call"),
    [
        ({"orders": "queue", "hello": "http"}, {}, "http://localhost:7071/api/hello?name=Ada"),
        ({"orders": "queue"}, {}, "http://localhost:7071/admin/functions/orders"),
        (
            {"uploads": "blob", "orders": "queue"},
            {},
            "http://localhost:7071/admin/functions/orders",
        ),
        ({"pay": "servicebus_queue"}, {}, None),
        # CI has no sidecar of Dapr.
        ({"alarms": "dapr_binding", "levels": "dapr_publish"}, {}, None),
        (
            {"levels": "dapr_publish", "hello": "http"},
            {},
            "http://localhost:7071/api/hello?name=Ada",
        ),
        (
            {"pay": "servicebus_queue"},
            {"web_framework": "flask"},
            "http://localhost:7071/products",
        ),
        # The function takes the path of the web app.
        ({"products": "http_jwt"}, {"web_framework": "flask"}, None),
    ],
)
def test_a_function_is_called_that_needs_no_other_service(
    functions: dict[str, str],
    answers: dict[str, Any],
    call: str | None,
    render: Callable[..., Path],
) -> None:
    host = commands_of_workflow(render(functions, **answers))["host"]
    [trial] = [shlex.split(command) for command in host if "try_host" in command]
    assert trial[:3] == ["python", "-m", "tools.try_host"]
    command = trial[3:]
    assert (command[-1] if command else None) == call
    assert not command or command[:2] == ["curl", "--fail-with-body"]


def test_the_weekly_check_fails_where_it_cannot_check(
    render: Callable[..., Path], tmp_path: Path
) -> None:
    """Such as where the template is a folder of another machine."""
    app = render({"hello": "http"})
    steps = read_yaml(app / ".github" / "workflows" / "template.yml")["jobs"]["check"]["steps"]
    # What GitHub runs with `shell: bash`, and without it.
    options = ["-eo", "pipefail"] if steps[-1].get("shell") == "bash" else ["-e"]
    environment = {
        "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}",
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
    }
    for status in (0, 1):
        write_script(tmp_path / "pipx", f"echo checked\nexit {status}")
        run("bash", *options, "-c", steps[-1]["run"], environment=environment, status=status)
        assert read(tmp_path / "summary") == "checked\n"


def test_what_is_on_main_is_published_without_a_stored_secret(render: Callable[..., Path]) -> None:
    path = render({"hello": "http"}) / ".github" / "workflows" / "ci.yml"
    assert "secrets." not in read(path)
    workflow = read_yaml(path)
    assert workflow["permissions"] == {}
    deploy = workflow["jobs"].pop("deploy")
    assert deploy["permissions"] == {"contents": "read", "id-token": "write"}
    assert deploy["environment"] == "production"
    assert set(deploy["needs"]) == set(workflow["jobs"])
    assert deploy["if"].startswith("github.ref == 'refs/heads/main' && ")
    for job in workflow["jobs"].values():
        assert job["permissions"] == {"contents": "read"}


def test_dependabot_looks_after_what_the_app_has(render: Callable[..., Path]) -> None:
    def ecosystems(**answers: Any) -> list[str]:
        file = render({"hello": "http"}, **answers) / ".github" / "dependabot.yml"
        return [update["package-ecosystem"] for update in read_yaml(file)["updates"]]

    assert ecosystems(docker=False) == ["pip", "github-actions"]
    assert ecosystems(**OPTIONS["all"]) == [
        "uv",
        "github-actions",
        "docker",
        "docker-compose",
        "devcontainers",
    ]


def test_dependabot_changes_the_lock_file_and_not_what_is_made_from_it(
    render: Callable[..., Path],
) -> None:
    for package_manager, excluded in (("uv", ["requirements.txt"]), ("pip", None)):
        app = render({"hello": "http"}, package_manager=package_manager)
        [update, *_] = read_yaml(app / ".github" / "dependabot.yml")["updates"]
        assert update["package-ecosystem"] == package_manager
        assert update.get("exclude-paths") == excluded


@pytest.mark.parametrize(
    ("ci", "files"),
    [
        ("none", set()),
        ("github", {".github", "tools/try_host.py"}),
        ("azure-pipelines", {"azure-pipelines.yml", "tools/try_host.py"}),
    ],
)
def test_an_app_has_the_files_of_its_answer_alone(
    ci: str, files: set[str], render: Callable[..., Path]
) -> None:
    app = render({"hello": "http"}, ci=ci)
    every = {".github", "azure-pipelines.yml", "tools/try_host.py"}
    assert {file for file in every if (app / file).exists()} == files
    unpublished = read(app / ".funcignore").splitlines()
    assert ("azure-pipelines.yml" in unpublished) == (ci == "azure-pipelines")
    text = read(app / "README.md")
    assert ("AZURE_FUNCTION_APP_NAME" in text) == (ci == "github")
    assert ("serviceConnection" in text) == (ci == "azure-pipelines")
