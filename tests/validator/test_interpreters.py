"""The interpreter that imports the app: which one it is, and what is said if it cannot."""

import json
import sys
import time
from pathlib import Path

import pytest

from tests.support.scripts import write_script
from tests.support.text_files import read
from tests.support.validator import HEALTHY, NOT_REGISTERED, Plant, validate


def test_an_interpreter_is_one_from_here(plant: Plant, worker_python: Path, tmp_path: Path) -> None:
    (tmp_path / "ours").symlink_to(worker_python.parents[1])
    done = validate(plant(), "--python", f"ours/bin/{worker_python.name}", folder=tmp_path)
    assert "indexed by" in done.stdout, done.stderr


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
def test_what_is_not_a_python_is_not_the_apps_fault(
    does: str, asked: bool, plant: Plant, tmp_path: Path
) -> None:
    app = plant({".venv/pyvenv.cfg": "home = /nowhere\n", ".venv/bin/activate": ""})
    python = write_script(app / ".venv/bin/python", does)
    options: list[str | Path] = ["--python", python] if asked else []
    done = validate(app, *options, "--timeout", "2", "--format", "json", folder=tmp_path)
    assert done.returncode == 2
    report = json.loads(done.stdout)
    assert report["error"] == done.stderr.strip()
    assert report["error"].startswith(f"{python} does not run as Python 3.10 or above. ")


def test_an_old_python_is_refused(plant: Plant, tmp_path: Path) -> None:
    old = tmp_path / "sitecustomize.py"
    old.write_text("import sys\nsys.hexversion = 0x030900F0\n", encoding="utf-8")
    python = write_script(tmp_path / "python", f'PYTHONPATH={tmp_path} exec {sys.executable} "$@"')
    done = validate(plant(), "--python", python)
    assert (done.returncode, done.stdout) == (2, "")
    assert "does not run as Python 3.10 or above" in done.stderr


def test_a_shim_finds_the_version_of_the_callers_folder(
    plant: Plant, worker_python: Path, tmp_path: Path
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    (here / ".python-version").write_text("3.13\n", encoding="utf-8")
    shim = f'test -f .python-version && exec {worker_python} "$@"\nexit 127'
    write_script(here / "bin" / "python-shim", shim)
    app = plant()
    path = {"PATH": f"{here / 'bin'}:/usr/bin:/bin"}
    assert (
        "indexed by"
        in validate(app, "--python", "python-shim", folder=here, environment=path).stdout
    )
    assert (
        validate(app, "--python", "python-shim", folder=tmp_path, environment=path).returncode == 2
    )


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


def test_a_missing_package_is_not_the_apps_fault(plant: Plant, worker_python: Path) -> None:
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
    seen = read(ticks)
    time.sleep(0.5)
    assert seen.startswith("tick")
    assert read(ticks) == seen


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
