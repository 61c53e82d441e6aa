"""What checks an app and publishes it: workflows and pipelines that their linters accept, and the host's trial."""

import http.server
import os
import re
import shlex
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from hooks.catalogue import read_yaml
from tests.support.catalogue import one_of_each
from tests.support.linters import lint
from tests.support.repositories import replace
from tests.support.run import run
from tests.worker import client

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
# Plays Core Tools: the host of the tests answers on another port, which the test puts into the tool.
HOST = """#!/bin/sh
echo The host says hello
test "$*" = start || exit 2
export PYTHONPATH="{path}"
exec "{python}" -B -m worker.serve . {port}
"""
# Plays a host that answers only what is in its folder, and does not stop when it is asked to.
STUBBORN_HOST = """#!/bin/sh
trap '' INT TERM
mkdir -p "{folder}/admin/host"
echo '{{"state": "Running"}}' > "{folder}/admin/host/status"
exec "{python}" -m http.server --bind 127.0.0.1 --directory "{folder}" {port}
"""
# Plays Core Tools of npm, a script that starts the host, which only Ctrl+C stops.
HOST_IN_A_SCRIPT = STUBBORN_HOST.replace("INT ", "").replace("exec ", "")
# Plays the validator, which finds some faults before the host would.
VALIDATOR = """import json
functions = [{{"name": name}} for name in {names}]
print(json.dumps({{"error": None, "findings": [], "apps": [{{"functions": functions}}]}}))
"""


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
    text = workflow.read_text(encoding="utf-8")
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
    stages = [s for s in read_yaml(app / "azure-pipelines.yml")["stages"] if "stage" in s]
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
        (
            {"pay": "servicebus_queue"},
            {"web_framework": "flask"},
            "http://localhost:7071/products",
        ),
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
    pipx = tmp_path / "pipx"
    environment = {
        "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}",
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
    }
    for status in (0, 1):
        pipx.write_text(f"#!/bin/sh\necho checked\nexit {status}\n", encoding="utf-8")
        pipx.chmod(0o755)
        run("bash", *options, "-c", steps[-1]["run"], environment=environment, status=status)
        assert (tmp_path / "summary").read_text(encoding="utf-8") == "checked\n"


def test_what_is_on_main_is_published_without_a_stored_secret(render: Callable[..., Path]) -> None:
    path = render({"hello": "http"}) / ".github" / "workflows" / "ci.yml"
    assert "secrets." not in path.read_text(encoding="utf-8")
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
    unpublished = (app / ".funcignore").read_text(encoding="utf-8").splitlines()
    assert ("azure-pipelines.yml" in unpublished) == (ci == "azure-pipelines")
    text = (app / "README.md").read_text(encoding="utf-8")
    assert ("AZURE_FUNCTION_APP_NAME" in text) == (ci == "github")
    assert ("serviceConnection" in text) == (ci == "azure-pipelines")


@pytest.fixture
def free_port() -> int:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        port: int = nobody.getsockname()[1]
    return port


@pytest.fixture
def hosted(project: Callable[..., Path], free_port: int) -> Path:
    """An app whose tool looks for the host on a free port."""
    app = project({"hello": "http", "orders": "queue"}, devcontainer=True)
    tool = app / "tools" / "try_host.py"
    text = tool.read_text(encoding="utf-8")
    tool.write_text(text.replace(":7071", f":{free_port}"), encoding="utf-8")
    return app


def try_host(
    app: Path, python: Path, tmp_path: Path, host: str, *command: str, status: int = 1
) -> CompletedProcess[str]:
    """Run the tool of an app with a script that plays Core Tools."""
    program = tmp_path / "bin" / "func"
    program.parent.mkdir()
    if host:
        program.write_text(host, encoding="utf-8")
        program.chmod(0o755)
    environment = {
        "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}",
        # A proxy that does not answer, and is asked for every address.
        "http_proxy": "http://127.0.0.1:9",
        "no_proxy": "",
    }
    tool = (python, "-m", "tools.try_host")
    return run(*tool, *command, folder=app, environment=environment, status=status)


@pytest.fixture
def host(worker_python: Path, free_port: int) -> str:
    """A script that plays Core Tools."""
    return HOST.format(
        path=client.environment()["PYTHONPATH"], python=worker_python, port=free_port
    )


def add_function(app: Path, *decorators: str, argument: str) -> None:
    """Write a function called other at the end of an app, and let its validator find nothing."""
    lines = [*decorators, f"def other({argument}):", "    return None", ""]
    with (app / "function_app.py").open("a", encoding="utf-8") as file:
        file.write("\n".join(["", "", *lines]))
    play_validator(app, "hello", "orders", "other")


def play_validator(app: Path, *names: str) -> None:
    tool = app / "tools" / "validate.pyz"
    tool.write_text(VALIDATOR.format(names=names), encoding="utf-8")


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["true"], None),
        ([], None),
        (["false"], "The command that calls a function failed."),
        (["no/such"], "The command cannot be run: [Errno 2] No such file or directory: 'no/such'"),
    ],
)
def test_the_trial_runs_the_app_in_the_host(
    command: list[str],
    said: str | None,
    hosted: Path,
    worker_python: Path,
    host: str,
    tmp_path: Path,
) -> None:
    status = 0 if said is None else 1
    done = try_host(hosted, worker_python, tmp_path, host, *command, status=status)
    assert done.stdout == "The host runs hello, orders.\n", done.stderr
    if said:
        assert done.stderr.endswith(f"{said}\n")
        assert "The host says hello" in done.stderr


def test_the_trial_compares_the_host_s_functions_with_the_app_s(
    hosted: Path, worker_python: Path, host: str, tmp_path: Path
) -> None:
    play_validator(hosted, "hello", "orders", "more")
    done = try_host(hosted, worker_python, tmp_path, host, "true")
    found = "['hello', 'orders'] instead of ['hello', 'more', 'orders']"
    assert done.returncode == 1
    assert done.stderr.endswith(f"The host found the functions {found}.\n")


@pytest.mark.parametrize(
    ("decorators", "argument", "said"),
    [
        (
            ['@app.timer_trigger("timer", schedule="@daily")'],
            "timer: func.TimerRequest",
            "The schedule expression '@daily' was not recognized.",
        ),
        (
            ['@app.queue_trigger("message", queue_name="q", connection="Missing")'],
            "message: func.QueueMessage",
            "Storage account connection string 'AzureWebJobsMissing' does not exist.",
        ),
        (
            ['@app.generic_trigger("data", type="someTrigger")'],
            "data",
            "The binding type(s) 'someTrigger' are not registered.",
        ),
        (
            ['@app.route("hello")'],
            "req: func.HttpRequest",
            "The route specified conflicts with the route defined by function 'hello'.",
        ),
    ],
)
def test_the_trial_fails_for_a_function_that_the_host_does_not_run(
    decorators: list[str],
    argument: str,
    said: str,
    hosted: Path,
    worker_python: Path,
    host: str,
    tmp_path: Path,
) -> None:
    add_function(hosted, *decorators, argument=argument)
    done = try_host(hosted, worker_python, tmp_path, host, "true")
    assert done.returncode == 1
    assert done.stderr.endswith(f"The host does not run these functions:\nother: {said}\n")


def test_the_trial_shows_why_the_host_does_not_start(
    hosted: Path, worker_python: Path, tmp_path: Path
) -> None:
    host = "#!/bin/sh\necho No worker; exit 3\n"
    done = try_host(hosted, worker_python, tmp_path, host, "true")
    assert done.stderr.splitlines() == ["No worker", "", "The host did not start."]


@pytest.mark.parametrize(("script", "seconds"), [(STUBBORN_HOST, "0.1"), (HOST_IN_A_SCRIPT, "20")])
def test_the_trial_stops_the_host_if_it_does_not_answer(
    script: str, seconds: str, hosted: Path, worker_python: Path, free_port: int, tmp_path: Path
) -> None:
    replace(
        hosted / "tools" / "try_host.py", "SECONDS_TO_STOP = 20", f"SECONDS_TO_STOP = {seconds}"
    )
    host = script.format(folder=tmp_path, python=worker_python, port=free_port)
    done = try_host(hosted, worker_python, tmp_path, host)
    said = "\nThe host does not list its functions: HTTP Error 404: File not found\n"
    assert done.stderr.endswith(said)
    with socket.socket() as nobody:
        assert nobody.connect_ex(("127.0.0.1", free_port)) != 0


def test_the_trial_takes_no_other_host_for_its_own(
    hosted: Path, worker_python: Path, host: str, free_port: int, tmp_path: Path
) -> None:
    class Other(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"state": "Running"}')

    with http.server.ThreadingHTTPServer(("127.0.0.1", free_port), Other) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        done = try_host(hosted, worker_python, tmp_path, host)
        other.shutdown()
    expected = f"A host runs already on http://localhost:{free_port}. Stop it first.\n"
    assert (done.stdout, done.stderr) == ("", expected)


def test_the_trial_says_that_the_app_is_broken(
    hosted: Path, worker_python: Path, tmp_path: Path
) -> None:
    (hosted / "function_app.py").write_text("import nothing\n", encoding="utf-8")
    done = try_host(hosted, worker_python, tmp_path, "#!/bin/sh\nexec sleep 60\n")
    assert "The app has errors:" in done.stderr
    assert "No requirement provides nothing." in done.stderr
