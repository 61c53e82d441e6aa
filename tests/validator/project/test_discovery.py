"""Where function apps are in a folder, also where host.json and function_app.py are not together."""

import sys
from pathlib import Path

import pytest

from functions_validator.project.discovery import function_apps, interpreter_of
from tests.support.validator import HEALTHY, Find, Plant, find_problems

APP = HEALTHY["function_app.py"]
ENTRY = '{"Values": {"PYTHON_SCRIPT_FILE_NAME": "main.py"}}'
V1 = '{"bindings": []}'


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"host.json": "{}", "function_app.py": ""}, ["."]),
        ({"function_app.py": "x = 1"}, ["."]),
        ({"api/host.json": "{}", "api/function_app.py": "", "jobs/x.py": ""}, ["api"]),
        ({"host.json": "{}", "src/function_app.py": APP}, ["."]),
        ({"api/host.json": "{}", "api/src/app/function_app.py": APP}, ["api"]),
        ({"api/function_app.py": APP}, ["api"]),
        ({"api/function_app.py": "app = df.DFApp()"}, ["api"]),
        ({"a/function_app.py": APP, "b/host.json": "{}", "b/function_app.py": ""}, ["a", "b"]),
        ({"host.json": "{}", "Function_App.py": ""}, ["."]),
        ({"api/Host.json": "{}", "api/function_app.py": ""}, ["api"]),
        ({"a/HOST.JSON": "{}", "a/Function_app.py": "", "b/Function_App.py": APP}, ["a"]),
        ({"api/function_app.py": "x = 1"}, []),
        ({"api/function_app.py": APP, "api/__init__.py": ""}, []),
        ({"host.json": "{}", "api/function_app.py": APP, "api/__init__.py": ""}, ["."]),
        ({"samples/api/function_app.py": APP}, []),
        ({"Samples/api/function_app.py": APP}, []),
        ({"node_modules/api/function_app.py": APP}, []),
        ({".hidden/host.json": "{}", ".hidden/function_app.py": APP}, []),
        ({"host.json": "{}", "hello/function.json": V1, "old/function_app.py": APP}, []),
        ({"a/host.json": "{}", "a/function_app.py": "", "a/b/function_app.py": APP}, ["a"]),
        ({"host.json": "{}", "a/b.py": APP}, []),
        ({"local.settings.json": ENTRY, "main.py": APP}, []),
        ({"a/host.json": "{}", "a/local.settings.json": ENTRY, "a/main.py": APP}, ["a"]),
        ({"host.json": "{}", "local.settings.json": ENTRY, "main.py": APP}, ["."]),
    ],
)
def test_the_apps_of_a_folder(files: dict[str, str], expected: list[str], tmp_path: Path) -> None:
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    found = [path.relative_to(tmp_path).as_posix() for path in function_apps(tmp_path)]
    assert found == expected


@pytest.mark.parametrize("name", [".venv", "venv", ".env", "env"])
@pytest.mark.parametrize("path", ["bin/python", "Scripts/python.exe"])
def test_the_python_of_an_environment(path: str, name: str, tmp_path: Path) -> None:
    (tmp_path / name / path).parent.mkdir(parents=True)
    (tmp_path / name / path).touch()
    assert interpreter_of(tmp_path) == Path(sys.executable)
    (tmp_path / name / "pyvenv.cfg").touch()
    assert interpreter_of(tmp_path) == tmp_path / name / path


def test_an_entry_point_that_is_not_beside_host_json(plant: Plant) -> None:
    app = plant({"function_app.py": None, "src/function_app.py": APP})
    [found] = find_problems(app)
    assert (found.code, found.path, found.line) == ("AF105", "src/function_app.py", 1)
    assert "not beside host.json" in found.message
    app = plant({"function_app.py": None, "samples/function_app.py": APP})
    assert find_problems(app) == []


@pytest.mark.parametrize("name", ["Function_App.py", "function_app.PY"])
def test_an_entry_point_of_another_letter_case(name: str, find: Find, plant: Plant) -> None:
    [found] = find(plant({"function_app.py": None, name: APP}))
    assert (found.code, found.path, found.line) == ("AF105", name, 1)
    assert found.fix == f"Rename {name} to function_app.py."


def test_an_entry_point_that_a_dockerfile_copies(plant: Plant) -> None:
    dockerfile = "FROM python:3.13\nCOPY src/ host.json /home/site/wwwroot/\n"
    app = plant({"function_app.py": None, "src/function_app.py": APP, "Dockerfile": dockerfile})
    assert find_problems(app, "AF1") == []


def test_a_whole_disk_is_not_searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def walk(folder: Path) -> None:
        raise AssertionError(folder)

    monkeypatch.setattr("os.walk", walk)
    assert function_apps(Path(tmp_path.anchor)) == []
