"""Broken projects: a clear line, never a traceback."""

import os
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from functions_validator.cli import main
from functions_validator.project.project import Project
from tests.support.validator import Files, Plant


@pytest.fixture
def output(capsys: pytest.CaptureFixture[str]) -> Callable[[Path], str]:
    """Return what the command prints of a project, without an index; it must not fail."""

    def run(app: Path) -> str:
        assert main([str(app), "--no-index"]) in (0, 1)
        return "".join(capsys.readouterr())

    return run


BROKEN: dict[str, Files] = {
    "a source that is not text": {"blueprints/hello.py": b"\xff\xfe\x00\x00\x01"},
    "a source with null bytes": {"blueprints/hello.py": b"import os\0\n"},
    "a source in an unknown encoding": {"blueprints/hello.py": b"# coding: klingon\n"},
    "a source in an encoding that is not of text": {"blueprints/hello.py": b"# coding: rot13\n"},
    "a source nested too deeply": {"blueprints/hello.py": "(" * 5000 + ")" * 5000},
    "an empty entry point": {"function_app.py": ""},
    "an annotation that is not text": {
        "function_app.py": "import azure.functions as func\n\napp = func.FunctionApp()\n\n\n"
        "@app.route()\ndef hello(req: '\\ud800') -> str:\n    return ''\n"
    },
    "host.json that is not JSON": {"host.json": "{"},
    "host.json that is a list": {"host.json": "[]"},
    "host.json that is not text": {"host.json": b"\xff\xff\xff"},
    "host.json in UTF-16": {"host.json": '{"version": "2.0"}'.encode("utf-16")},
    "host.json nested too deeply": {"host.json": "[" * 100_000},
    "settings that are a list": {"local.settings.json": "[1, 2]"},
    "settings whose values are a list": {"local.settings.json": '{"Values": [1]}'},
    "settings that are nothing": {"local.settings.json": ""},
    "requirements that are not text": {"requirements.txt": b"\xff\xff"},
    "requirements that include themselves": {"requirements.txt": "-r requirements.txt\n"},
    "patterns that are not valid": {".funcignore": "[\n!\n**\n//\n", ".gitignore": b"\xff"},
    "a template nested too deeply": {
        "main.json": '{"$schema": "https://x/deploymentTemplate.json", "resources": ' + "[" * 5000
    },
    "azure.yaml nested too deeply": {"azure.yaml": "[" * 1000, "infra/main.bicep": "var x = 1\n"},
    "a workflow that is not text": {"deploy.yml": b"\xff"},
    "a workflow nested too deeply": {
        "requirements.txt": "azure-functions\nrequests\n",
        "deploy.yml": "uses: azure/functions-action@v1\nwith: " + "{a: " * 5000,
    },
    "a workflow that repeats itself without end": {
        "deploy.yml": "a0: &a0 [flexconsumption]\n"
        + "".join(f"a{i + 1}: &a{i + 1} [{', '.join([f'*a{i}'] * 10)}]\n" for i in range(10)),
    },
    "pyproject.toml that is not TOML": {"pyproject.toml": "[", "requirements.txt": None},
}


@pytest.mark.parametrize("files", BROKEN.values(), ids=BROKEN)
def test_a_broken_file(files: Files, plant: Plant, output: Callable[[Path], str]) -> None:
    lines = output(plant(files)).splitlines()
    assert not [line for line in lines if "Traceback" in line or "could not be checked" in line]
    assert " in " in lines[-1]


def test_folders_with_the_names_of_files(plant: Plant, output: Callable[[Path], str]) -> None:
    app = plant({"requirements.txt": None, ".funcignore": None, "host.json": None})
    for name in ("requirements.txt", ".funcignore", "host.json", "x.py", "blueprints/y.json"):
        (app / name).mkdir()
    output(app)


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need a right there")
def test_links_in_circles(plant: Plant, output: Callable[[Path], str]) -> None:
    app = plant()
    files = Project(app).files
    (app / "again").symlink_to(app, target_is_directory=True)
    (app / "loop.py").symlink_to(app / "loop.py")
    (app / "gone.json").symlink_to(app / "nowhere.json")
    output(app)
    assert Project(app).files == files


def test_files_that_may_not_be_read(
    plant: Plant, output: Callable[[Path], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    app, opened = plant(), open
    refused: list[str] = []

    def refusing(path: str | Path, *options: object, **named: object) -> object:
        name = Path(path).name
        if name in ("host.json", "hello.py", "requirements.txt"):
            refused.append(name)
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *options, **named)  # type: ignore[call-overload]

    monkeypatch.setattr("builtins.open", refusing)
    said = output(app)
    assert {*refused} == {"host.json", "hello.py", "requirements.txt"}
    sentence = "cannot read the file: permission denied. Allow everybody to read it."
    assert f"hello.py:1:1: AF101 Python {sentence}" in said


@pytest.mark.parametrize("function", ["listdir", "stat"])
def test_folders_that_may_not_be_read(
    function: str, plant: Plant, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    app = plant()

    def refusing(path: str | Path, *options: object, **named: object) -> NoReturn:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, function, refusing)
    status = main([str(app), "--no-index"])
    monkeypatch.undo()
    assert status == 2
    printed = capsys.readouterr()
    assert re.fullmatch(
        re.escape(str(app)) + r"\S* cannot be read: permission denied\.\n", printed.err
    )
    assert printed.out == ""


def test_no_room_for_the_answer_of_the_index(
    plant: Plant, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(plant() / "none"))
    assert main([str(plant())]) == 2
    assert capsys.readouterr().err.startswith("The app cannot be indexed: no such file")


def test_json_of_ten_megabytes(plant: Plant, output: Callable[[Path], str]) -> None:
    rows = ",".join(f'"K{number}": "{number:0500}"' for number in range(20_000))
    app = plant({"local.settings.json": f'{{"Values": {{{rows}}}}}'})
    output(app)
