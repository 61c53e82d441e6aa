"""The command line: exit status, formats, choice of rules, several apps, and what it never does."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from catalogue import ROOT

from .conftest import HEALTHY, Files, Plant

Run = Callable[..., subprocess.CompletedProcess[str]]

JUDGED_ALONE = "so the app is judged by its sources alone."
NOT_REGISTERED: Files = {
    "function_app.py": "import azure.functions as func\nfrom blueprints import hello, orders\n\n"
    "app = func.FunctionApp()\napp.register_functions(hello.bp)\n"
}


@pytest.fixture
def validate() -> Run:
    """Return what `hooks/validate.py` does in a process of its own."""

    def run(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
        done: subprocess.CompletedProcess[str] = subprocess.run(
            [sys.executable, ROOT / "hooks" / "validate.py", *map(str, arguments)],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            **options,  # type: ignore[call-overload]
        )
        return done

    return run


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_healthy_app(plant: Plant, validate: Run, worker_python: Path) -> None:
    app = plant()
    before = contents(app)
    done = validate(app, "--python", worker_python)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("0 errors, 0 warnings in 2 functions; judged by the Functions")
    assert contents(app) == before


def test_an_error_with_its_place_and_how_to_mend_it(plant: Plant, validate: Run) -> None:
    app = plant(NOT_REGISTERED)
    done = validate(app, "--no-index")
    assert done.returncode == 1
    [finding, summary] = done.stdout.splitlines()
    assert finding == (
        f"{app}/blueprints/orders.py:5:1: AF110 The blueprint with orders is not registered with "
        "the app. Add app.register_functions(...) for it."
    )
    assert summary.startswith("1 error, 0 warnings in 2 functions; judged by the sources alone in")


def test_paths_are_those_from_here(plant: Plant, validate: Run) -> None:
    done = validate("--no-index", cwd=plant(NOT_REGISTERED))
    assert done.stdout.startswith("blueprints/orders.py:5:1: AF110 ")


def test_a_warning_does_not_fail(plant: Plant, validate: Run) -> None:
    more = HEALTHY["blueprints/hello.py"].replace("hello", "more")
    done = validate(plant({"blueprints/more.py": more}), "--no-index", "--select", "AF111")
    assert done.returncode == 0
    assert "0 errors, 1 warning" in done.stdout


def test_json(plant: Plant, validate: Run) -> None:
    done = validate(plant(NOT_REGISTERED), "--no-index", "--format", "json")
    report = json.loads(done.stdout)
    [finding] = report["findings"]
    assert (finding["code"], finding["severity"]) == ("AF110", "error")
    assert finding["path"].endswith("blueprints/orders.py")
    assert (finding["line"], finding["column"]) == (5, 1)
    assert report["summary"]["errors"] == 1


def test_annotations_of_github(plant: Plant, validate: Run) -> None:
    done = validate("--no-index", "--format", "github", cwd=plant(NOT_REGISTERED))
    assert done.stdout.startswith(
        "::error file=blueprints/orders.py,line=5,col=1,title=AF110::The blueprint with orders"
    )


@pytest.mark.parametrize(
    ("options", "status"),
    [
        (["--select", "AF110"], 1),
        (["--select", "AF6,AF110"], 1),
        (["--select", "AF6"], 0),
        (["--ignore", "AF110"], 0),
        (["--ignore", "AF11"], 0),
    ],
)
def test_rules_are_chosen_by_how_their_codes_start(
    options: list[str], status: int, plant: Plant, validate: Run
) -> None:
    assert validate(plant(NOT_REGISTERED), "--no-index", *options).returncode == status


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["no-such-folder"], "no-such-folder is no folder"),
        ([".", "--select", "AF9"], "There is no rule AF9: the codes are AF101, "),
        (["."], ". has no function_app.py beside a host.json"),
        ([".", "--format", "xml"], "invalid choice: 'xml'"),
    ],
)
def test_what_cannot_be_judged(
    arguments: list[str], words: str, validate: Run, tmp_path: Path
) -> None:
    done = validate(*arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_every_app_of_a_repository_is_judged(plant: Plant, validate: Run, tmp_path: Path) -> None:
    plant().rename(tmp_path / "orders")
    plant(NOT_REGISTERED).rename(tmp_path / "invoices")
    done = validate("--no-index", cwd=tmp_path)
    assert done.returncode == 1
    [finding, invoices, orders] = done.stdout.splitlines()
    assert finding.startswith("invoices/blueprints/orders.py:5:1: AF110")
    assert invoices.startswith("invoices: 1 error")
    assert orders.startswith("orders: 0 errors")


def test_the_projects_own_environment_indexes_it(
    plant: Plant, validate: Run, worker_python: Path
) -> None:
    app = plant()
    (app / ".venv").symlink_to(worker_python.parents[1])
    assert "the Functions worker on Python 3.13" in validate(app).stdout


def test_packages_that_are_not_installed_are_noted_once(plant: Plant, validate: Run) -> None:
    done = validate(plant(NOT_REGISTERED), "--python", sys.executable)
    assert [line for line in done.stdout.splitlines() if line.startswith("note: ")] == [
        f"note: azure-functions is not installed for the Python that was asked, {JUDGED_ALONE}"
    ]
    assert "AF110" in done.stdout


def test_a_missing_package_of_the_app_is_no_fault(
    plant: Plant, validate: Run, worker_python: Path
) -> None:
    files = {"blueprints/hello.py": "import numpy\n" + HEALTHY["blueprints/hello.py"]}
    done = validate(plant(files), "--python", worker_python, "--select", "AF1")
    assert done.returncode == 0
    assert 'note: "numpy" is not installed' in done.stdout


def test_an_app_that_reaches_for_the_network_is_not_judged_by_it(
    plant: Plant, validate: Run, worker_python: Path
) -> None:
    source = "import urllib.request\nurllib.request.urlopen('http://127.0.0.1:9/')\n"
    app = plant({"blueprints/hello.py": source})
    done = validate(app, "--python", worker_python, "--select", "AF1")
    assert done.returncode == 0
    assert "note: Importing the app reaches for the network" in done.stdout


def test_an_import_that_never_ends_is_stopped_with_all_it_started(
    plant: Plant, validate: Run, worker_python: Path, tmp_path: Path
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


def test_a_flood_of_output_is_not_passed_on(
    plant: Plant, validate: Run, worker_python: Path
) -> None:
    source = "for _ in range(300_000):\n    print('x' * 100)\n" + HEALTHY["blueprints/hello.py"]
    done = validate(plant({"blueprints/hello.py": source}), "--python", worker_python)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout) < 500


SECRET = "c2VjcmV0LXRoYXQtbXVzdC1ub3Qtc2hvdw=="


@pytest.mark.parametrize("name", ["OrdersStorage", "Pin"])
@pytest.mark.parametrize("format", ["text", "json", "github"])
def test_secrets_are_not_printed(
    format: str, name: str, plant: Plant, validate: Run, worker_python: Path
) -> None:
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


@pytest.mark.parametrize(
    ("comment", "is_accepted"),
    [
        ("# validate: ignore AF422", True),
        ("# It is old. validate: ignore AF421", False),
        ("# validate: ignore AF421, AF422", True),
        ("RUN true  # validate: ignore AF422", False),
    ],
)
def test_a_comment_accepts_a_finding(
    comment: str, is_accepted: bool, plant: Plant, validate: Run
) -> None:
    image = "FROM mcr.microsoft.com/azure-functions/python:4-python3.8"
    app = plant({"Dockerfile": f"{comment}\n{image}\n"})
    done = validate(app, "--no-index")
    assert ("AF422" in done.stdout) != is_accepted
