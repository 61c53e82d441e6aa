"""The command line: exit status, formats, choice of rules, several apps, and what it never does."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from subprocess import CompletedProcess

import pathspec
import pytest

from functions_validator.cli import main
from hooks.catalogue import ROOT
from tests.support.apps import content
from tests.support.run import run
from tests.support.validator import HEALTHY, Files, Plant

NOT_REGISTERED: Files = {
    "function_app.py": "import azure.functions as func\nfrom blueprints import hello, orders\n\n"
    "app = func.FunctionApp()\napp.register_functions(hello.bp)\n"
}


def validate(
    *arguments: str | Path,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> CompletedProcess[str]:
    """Run `hooks/validate.py` in a process of its own."""
    command = (sys.executable, ROOT / "hooks" / "validate.py", *arguments)
    return run(*command, folder=folder, environment=environment, status=None, timeout=120)


def test_a_healthy_app(plant: Plant, worker_python: Path) -> None:
    app = plant()
    before = content(app)
    done = validate(app, "--python", worker_python)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(
        "0 errors, 0 warnings in 2 functions (indexed by the Functions worker on Python 3.13."
    )
    assert content(app) == before


def test_an_error_with_its_place_and_how_to_fix_it(plant: Plant) -> None:
    app = plant(NOT_REGISTERED)
    done = validate(app, "--no-index")
    assert done.returncode == 1
    [finding, page, summary] = done.stdout.splitlines()
    assert finding == (
        f"{app}/blueprints/orders.py:5:1: AF110 The blueprint with orders is not registered with "
        "the app. Add app.register_functions(...) for it."
    )
    assert page == f"AF110 is explained in {ROOT}/docs/rules/indexing.md#af110"
    assert summary.startswith("1 error, 0 warnings in 2 functions (sources only, not indexed; ")


def test_paths_are_those_from_here(plant: Plant) -> None:
    done = validate("--no-index", folder=plant(NOT_REGISTERED))
    assert done.stdout.startswith("blueprints/orders.py:5:1: AF110 ")


def test_a_warning_does_not_fail(plant: Plant) -> None:
    files: Files = {"requirements.txt": "azure-functions\nazure-functions-worker\n"}
    done = validate(plant(files), "--no-index", "--select", "AF402")
    assert done.returncode == 0
    assert "0 errors, 1 warning" in done.stdout


@pytest.mark.parametrize(
    ("options", "status"),
    [
        (["--select", "AF110"], 1),
        (["--select", "AF6,AF110"], 1),
        (["--select", "af6, af110"], 1),
        (["--select", "AF6"], 0),
        (["--ignore", "AF110"], 0),
        (["--ignore", "AF11"], 0),
    ],
)
def test_rules_are_chosen_by_how_their_codes_start(
    options: list[str], status: int, plant: Plant
) -> None:
    assert main([str(plant(NOT_REGISTERED)), "--no-index", *options]) == status


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["no-such-folder"], "no-such-folder is not a folder."),
        ([".", "--format", "xml"], "invalid choice: 'xml'"),
        ([".", "--format"], "Argument --format: expected one argument. See --help.\n"),
        (["."], ". has no function_app.py beside a host.json."),
        (["app", "--select", "AF9"], "No code begins with AF9: they go from AF101 to AF717."),
        (["app", "--ignore", "E501"], "No code begins with E501"),
        (["app", "--python", "no-such-python"], "There is no interpreter no-such-python."),
        (["app", "--python", "app/host.json"], "There is no interpreter app/host.json."),
        (["app", "--python", "false"], "does not run as Python 3.10 or above."),
    ],
)
def test_what_cannot_be_checked_is_said_in_a_sentence(
    arguments: list[str],
    words: str,
    plant: Plant,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    plant()
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty" if arguments[0] == "." else tmp_path)
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert words in printed.err
    assert len(printed.err.splitlines()) == 1


def test_an_interpreter_is_one_from_here(plant: Plant, worker_python: Path, tmp_path: Path) -> None:
    (tmp_path / "ours").symlink_to(worker_python.parents[1])
    done = validate(plant(), "--python", f"ours/bin/{worker_python.name}", folder=tmp_path)
    assert "indexed by" in done.stdout, done.stderr


def script(path: Path, text: str) -> Path:
    """Return a program of the shell."""
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    "does",
    [
        "echo 'pyenv: python: command not found' >&2; exit 127",
        "exit 0",
        "kill -9 $$",
        "exec sleep 60",
        "echo 'not JSON'",
    ],
)
@pytest.mark.parametrize("asked", [True, False])
def test_what_is_no_python_is_not_the_apps_fault(
    does: str, asked: bool, plant: Plant, tmp_path: Path
) -> None:
    app = plant({".venv/pyvenv.cfg": "home = /nowhere\n", ".venv/bin/activate": ""})
    python = script(app / ".venv/bin/python", does)
    options: list[str | Path] = ["--python", python] if asked else []
    done = validate(app, *options, "--timeout", "2", "--format", "json", folder=tmp_path)
    assert done.returncode == 2
    report = json.loads(done.stdout)
    assert report["error"] == done.stderr.strip()
    assert report["error"].startswith(f"{python} does not run as Python 3.10 or above. ")


def test_an_old_python_is_refused(plant: Plant, tmp_path: Path) -> None:
    old = tmp_path / "sitecustomize.py"
    old.write_text("import sys\nsys.hexversion = 0x030900F0\n", encoding="utf-8")
    python = script(tmp_path / "python", f'PYTHONPATH={tmp_path} exec {sys.executable} "$@"')
    done = validate(plant(), "--python", python)
    assert (done.returncode, done.stdout) == (2, "")
    assert "does not run as Python 3.10 or above" in done.stderr


def test_a_shim_finds_the_version_of_the_callers_folder(
    plant: Plant, worker_python: Path, tmp_path: Path
) -> None:
    here = tmp_path / "here"
    (here / "bin").mkdir(parents=True)
    (here / ".python-version").write_text("3.13\n", encoding="utf-8")
    shim = f'test -f .python-version && exec {worker_python} "$@"\nexit 127'
    script(here / "bin" / "python-shim", shim)
    app = plant()
    path = {"PATH": f"{here / 'bin'}:/usr/bin:/bin"}
    assert (
        "indexed by"
        in validate(app, "--python", "python-shim", folder=here, environment=path).stdout
    )
    assert (
        validate(app, "--python", "python-shim", folder=tmp_path, environment=path).returncode == 2
    )


def test_every_app_of_a_repository_is_checked(plant: Plant, tmp_path: Path) -> None:
    plant().rename(tmp_path / "orders")
    plant(NOT_REGISTERED).rename(tmp_path / "invoices")
    done = validate("--no-index", folder=tmp_path)
    assert done.returncode == 1
    [finding, _, invoices, orders] = done.stdout.splitlines()
    assert finding.startswith("invoices/blueprints/orders.py:5:1: AF110")
    assert invoices.startswith("invoices: 1 error")
    assert orders.startswith("orders: 0 errors")


def test_the_projects_own_environment_indexes_it(plant: Plant, worker_python: Path) -> None:
    app = plant()
    (app / ".venv").symlink_to(worker_python.parents[1])
    assert "the Functions worker on Python 3.13" in validate(app).stdout


def test_an_environment_whose_python_is_gone_is_no_reason_to_take_another(
    plant: Plant, tmp_path: Path
) -> None:
    app = plant({".venv/pyvenv.cfg": "home = /nowhere\n", ".venv/bin/activate": ""})
    (app / ".venv/bin/python").symlink_to(tmp_path / "gone")
    done = validate(app)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{app}/.venv/bin/python does not run as Python 3.10 or above." in done.stderr


def test_why_an_app_is_not_indexed_is_said_first(plant: Plant) -> None:
    app = plant(NOT_REGISTERED)
    first, second, *_ = validate(app, "--python", sys.executable).stdout.splitlines()
    assert first == (
        f"{app}: not indexed: azure-functions is not installed for {sys.executable}, so only the "
        "sources were checked. Install the app's requirements there, or name another interpreter "
        "with --python."
    )
    assert "AF110" in second


def test_a_missing_package_of_the_app_is_no_fault(plant: Plant, worker_python: Path) -> None:
    files = {"blueprints/hello.py": "import numpy\n" + HEALTHY["blueprints/hello.py"]}
    done = validate(plant(files), "--python", worker_python, "--select", "AF1")
    assert done.returncode == 0
    assert f'{plant(files)}: not indexed: "numpy" is not installed for ' in done.stdout


def test_an_app_that_reaches_for_the_network_is_not_blamed(
    plant: Plant, worker_python: Path
) -> None:
    source = "import urllib.request\nurllib.request.urlopen('http://127.0.0.1:9/')\n"
    app = plant({"blueprints/hello.py": source + HEALTHY["blueprints/hello.py"]})
    done = validate(app, "--python", worker_python, "--select", "AF1")
    assert done.returncode == 0
    assert done.stdout.startswith(f"{app}: not indexed: Importing the app accesses the network")


def test_an_import_that_never_ends_is_stopped_with_all_it_started(
    plant: Plant, worker_python: Path, tmp_path: Path
) -> None:
    ticks = tmp_path / "ticks"
    clock = f"""
import time
while True:
    open({str(ticks)!r}, "a").write("tick ")
    time.sleep(0.05)
"""
    source = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {clock!r}])\n"
    app = plant({"blueprints/hello.py": source})
    done = validate(app, "--python", worker_python, "--timeout", "3", "--select", "AF1")
    assert done.returncode == 1
    assert "AF103 Importing the app did not end within 3 seconds." in done.stdout
    seen = ticks.read_text(encoding="utf-8")
    time.sleep(0.5)
    assert seen.startswith("tick")
    assert ticks.read_text(encoding="utf-8") == seen


def test_a_flood_of_output_is_not_passed_on(plant: Plant, worker_python: Path) -> None:
    source = "for _ in range(300_000):\n    print('x' * 100)\n" + HEALTHY["blueprints/hello.py"]
    done = validate(plant({"blueprints/hello.py": source}), "--python", worker_python)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout) < 500


SECRET = "c2VjcmV0LXRoYXQtbXVzdC1ub3Qtc2hvdw=="


@pytest.mark.parametrize("name", ["OrdersStorage", "Pin"])
@pytest.mark.parametrize("format", ["text", "json", "github", "sarif", "junit"])
def test_secrets_are_not_printed(format: str, name: str, plant: Plant, worker_python: Path) -> None:
    account = f"DefaultEndpointsProtocol=https;AccountName=shop;AccountKey={SECRET}"
    settings = {"FUNCTIONS_WORKER_RUNTIME": "python", "OrdersStorage": account, "Pin": SECRET}
    app = plant(
        {
            "local.settings.json": json.dumps({"Values": settings}),
            "blueprints/hello.py": f"import os\nraise ValueError(os.environ[{name!r}])\n",
        }
    )
    done = validate(app, "--python", worker_python, "--format", format)
    assert "ValueError" in done.stdout
    assert SECRET not in done.stdout + done.stderr


@pytest.mark.parametrize("name", ["ORDERS_API_KEY", "orders_password"])
def test_variables_with_a_telling_name_are_not_printed(
    name: str, plant: Plant, worker_python: Path
) -> None:
    source = f"import os\nraise ValueError(os.environ[{name!r}])\n"
    app = plant({"blueprints/hello.py": source})
    done = validate(app, "--python", worker_python, environment={name: SECRET})
    assert "ValueError" in done.stdout
    assert SECRET not in done.stdout + done.stderr


def test_a_wrong_choice_ends_the_import_of_the_app(
    plant: Plant, worker_python: Path, tmp_path: Path
) -> None:
    """The app is imported while the rules are read."""
    app = plant({"function_app.py": "import time\n\ntime.sleep(100)\n"})
    arguments = (app, "--python", worker_python, "--select", "AF999")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    done = validate(*arguments, environment={"TMPDIR": str(temporary)})
    assert done.returncode == 2
    assert list(temporary.iterdir()) == []


def test_a_reader_that_has_enough_sees_no_traceback(plant: Plant) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "functions_validator", str(plant()), "--no-index"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    with open(writing, "w") as closed:
        done = subprocess.run(
            command, stdout=closed, stderr=subprocess.PIPE, env=environment, check=False
        )
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.parametrize(
    ("format", "encoding", "printed"),
    [
        ("text", "ascii", rb"Gr\xf6\xdfe"),
        ("text", "cp1252", "Größe".encode("cp1252")),
        ("github", "ascii", "Größe".encode()),
        ("junit", "cp1252", "Größe".encode()),
    ],
)
def test_an_output_that_does_not_take_all_characters(
    format: str, encoding: str, printed: bytes, plant: Plant
) -> None:
    source = HEALTHY["blueprints/orders.py"].replace("OrdersStorage", "Größe")
    app = plant({"blueprints/orders.py": source})
    command = [sys.executable, "-m", "functions_validator", str(app), "--no-index"]
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT / "src"),
        "PYTHONIOENCODING": encoding,
    }
    done = subprocess.run(
        [*command, "--format", format], capture_output=True, env=environment, check=False
    )
    assert (done.returncode, done.stderr) == (1, b"")
    assert printed in done.stdout


def test_no_rule_is_imported_before_the_app() -> None:
    code = (
        "import functions_validator.cli, sys; print('functions_validator.registry' in sys.modules)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, env=environment, check=True, text=True
    )
    assert done.stdout == "False\n"


# What takes long to import, and what pathspec, which reads ignore files, imports of it.
SLOW = {"argparse", "dataclasses", "inspect", "logging", "packaging", "pathspec", "tokenize"}
OF_PATHSPEC = {"dataclasses", "inspect", "pathspec", "tokenize"}


@pytest.mark.parametrize(
    ("files", "needed"),
    [({}, OF_PATHSPEC), ({".gitignore": None, ".funcignore": None}, set())],
    ids=["ignore files", "none"],
)
def test_a_healthy_app_is_checked_without_slow_libraries(
    files: Files, needed: set[str], plant: Plant
) -> None:
    code = (
        "import sys; sys.argv[1:] = ['--no-index']; from functions_validator.cli import main; main(); "
        f"print(*sys.modules.keys() & {SLOW!r})"
    )
    # Without the modules that the site's packages load.
    places = [str(ROOT / "src"), str(Path(pathspec.__file__).parents[1])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(places)}
    done = subprocess.run(
        [sys.executable, "-S", "-c", code],
        cwd=plant(files),
        stdout=subprocess.PIPE,
        env=environment,
        check=True,
        text=True,
    )
    assert set(done.stdout.splitlines()[-1].split()) <= needed


@pytest.mark.parametrize(
    ("error", "status"),
    [
        ("BrokenPipeError(errno.EPIPE, 'x')", 141),
        ("OSError(errno.EINVAL, 'x')", 141),
        ("OSError(errno.EINVAL, 'x', 'app.py')", 1),
        ("OSError(errno.ENOSPC, 'x')", 1),
    ],
)
def test_how_a_reader_that_has_enough_is_known(error: str, status: int) -> None:
    code = (
        "import errno, functions_validator.__main__ as command\n"
        f"def main():\n    raise {error}\n"
        "command.main = main\ncommand.run()"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        [sys.executable, "-c", code], stderr=subprocess.PIPE, env=environment, check=False
    )
    assert (done.returncode, done.stderr == b"") == (status, status == 141)
