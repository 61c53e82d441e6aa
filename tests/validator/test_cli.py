"""The command line: the exit status, what is printed, the choice of rules, and several apps at once."""

from pathlib import Path

import pytest

from functions_validator.cli import main
from hooks.catalogue import ROOT
from tests.support.apps import content
from tests.support.validator import HEALTHY, NOT_REGISTERED, Files, Plant, validate


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


def test_paths_are_relative_to_the_current_folder(plant: Plant) -> None:
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
        (["app", "--select", "AF9"], "No code begins with AF9: they go from AF101 to AF723."),
        (["app", "--ignore", "E501"], "No code begins with E501"),
        (["app", "--python", "no-such-python"], "There is no interpreter no-such-python."),
        (["app", "--python", "app/host.json"], "There is no interpreter app/host.json."),
        (["app", "--python", ""], "--python names no interpreter. Name one that runs, such as"),
        (["app", "--python", " "], "--python names no interpreter."),
        (["app", "--python", "false"], "does not run as Python 3.10 or above."),
        (["app", "--timeout", "0"], "Argument --timeout: '0' is not a number above 0."),
        (["app", "--timeout", "nan"], "Argument --timeout: 'nan' is not a number above 0."),
        (["app", "--timeout", "1m"], "Argument --timeout: '1m' is not a number above 0."),
        (["app/blueprints"], "Name the folder with host.json, not one below it."),
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


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"main.py": HEALTHY["function_app.py"]}, "main.py makes a function app: rename it to"),
        ({"Hello/function.json": "{}"}, "It has functions of the v1 programming model"),
        ({"main.py": "import json\n"}, "Name the folder of a function app of the v2"),
    ],
)
def test_why_a_folder_with_host_json_has_no_app(
    files: Files, words: str, plant: Plant, capsys: pytest.CaptureFixture[str]
) -> None:
    app = plant({"function_app.py": None, **files})
    assert main([str(app), "--no-index"]) == 2
    printed = capsys.readouterr().err
    assert f"{app} has no function_app.py beside a host.json." in printed
    assert words in printed


def test_every_app_of_a_repository_is_checked(plant: Plant, tmp_path: Path) -> None:
    plant().rename(tmp_path / "orders")
    plant(NOT_REGISTERED).rename(tmp_path / "invoices")
    done = validate("--no-index", folder=tmp_path)
    assert done.returncode == 1
    [finding, _, invoices, orders] = done.stdout.splitlines()
    assert finding.startswith("invoices/blueprints/orders.py:5:1: AF110")
    assert invoices.startswith("invoices: 1 error")
    assert orders.startswith("orders: 0 errors")
