"""tools/try_host.py, which CI runs: it starts the app in the host, and fails if a function does not run there."""

import http.server
import os
import socket
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.support.run import run
from tests.support.scripts import write_script
from tests.support.text_files import append, replace
from tests.worker import client
from tests.worker.servers import start

# Plays Core Tools: the host of the tests answers on another port, which the test puts into the tool.
HOST = """echo The host says hello
test "$*" = start || exit 2
export PYTHONPATH="{path}"
exec "{python}" -B -m worker.serve . {port}
"""
# Plays a host that answers only what is in its folder, and does not stop when it is asked to.
STUBBORN_HOST = """trap '' INT TERM
mkdir -p "{folder}/admin/host"
echo '{{"state": "Running"}}' > "{folder}/admin/host/status"
exec "{python}" -m http.server --bind 127.0.0.1 --directory "{folder}" {port}
"""
# Plays Core Tools of npm, a script that starts the host, which only Ctrl+C stops.
HOST_IN_A_SCRIPT = STUBBORN_HOST.replace("INT ", "").replace("exec ", "")
# Plays the validator, which finds some faults before the host would.
VALIDATOR = """import json
functions = [{{"name": name}} for name in {names}]
print(json.dumps({{"error": {error!r}, "findings": [], "apps": [{{"functions": functions}}]}}))
"""


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
    replace(app / "tools" / "try_host.py", ":7071", f":{free_port}")
    return app


def try_host(
    app: Path, python: Path, tmp_path: Path, host: str, *command: str, status: int = 1
) -> CompletedProcess[str]:
    """Run the tool of an app with a script that plays Core Tools."""
    program = tmp_path / "bin" / "func"
    if host:
        write_script(program, host)
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
    append(app / "function_app.py", "\n".join(["", "", *lines]))
    play_validator(app, "hello", "orders", "other")


def play_validator(app: Path, *names: str, error: str | None = None) -> None:
    tool = app / "tools" / "validate.pyz"
    tool.write_text(VALIDATOR.format(names=names, error=error), encoding="utf-8")


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


def test_the_trial_says_why_the_app_could_not_be_checked(
    hosted: Path, worker_python: Path, host: str, tmp_path: Path
) -> None:
    play_validator(hosted, error="It is odd.")
    done = try_host(hosted, worker_python, tmp_path, host, "true")
    assert done.returncode == 1
    assert done.stderr.endswith("The app has errors:\nIt is odd.\n")


def test_the_trial_shows_why_the_validator_does_not_run(
    hosted: Path, worker_python: Path, host: str, tmp_path: Path
) -> None:
    tool = hosted / "tools" / "validate.pyz"
    tool.write_text("raise SystemExit('It is torn.')\n", encoding="utf-8")
    done = try_host(hosted, worker_python, tmp_path, host, "true")
    assert done.returncode == 1
    assert done.stderr.endswith("tools/validate.pyz failed:\nIt is torn.\n\n")


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
    host = "echo No worker; exit 3"
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


def test_the_trial_does_not_mistake_another_host_for_its_own(
    hosted: Path, worker_python: Path, host: str, free_port: int, tmp_path: Path
) -> None:
    class Other(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"state": "Running"}')

    with http.server.ThreadingHTTPServer(("127.0.0.1", free_port), Other) as other:
        start(other)
        done = try_host(hosted, worker_python, tmp_path, host)
        other.shutdown()
    expected = f"A host is already running on http://localhost:{free_port}. Stop it first.\n"
    assert (done.stdout, done.stderr) == ("", expected)


def test_the_trial_says_that_the_app_is_broken(
    hosted: Path, worker_python: Path, tmp_path: Path
) -> None:
    (hosted / "function_app.py").write_text("import nothing\n", encoding="utf-8")
    done = try_host(hosted, worker_python, tmp_path, "exec sleep 60")
    assert "The app has errors:" in done.stderr
    assert "No requirement provides nothing." in done.stderr
