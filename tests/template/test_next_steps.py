"""What `copier copy` says to do next can be done: each printed command is run in a shell."""

import os
import re
import sys
from pathlib import Path

import pytest

from hooks import environments
from tests.support.catalogue import DEFAULT_PYTHON
from tests.support.run import run
from tests.support.scripts import write_script
from tests.support.text_files import read

# What the machine need not have. `python -m venv` and pip are uv, which takes packages from its cache.
STAND_INS = {
    "func": 'echo "func $*" >> "$CALLS"',
    "npx": 'echo "npx $*" >> "$CALLS"',
    f"python{DEFAULT_PYTHON}": 'test "$1 $2" = "-m venv" && shift 2 && exec "$UV" venv --quiet --python "$PYTHON" "$@"',
    "pip": 'exec "$UV" pip "$@"',
    "uv": 'UV_PYTHON="$PYTHON" exec "$UV" "$@"',
}
PIP = [
    "cd '{app}'",
    f"python{DEFAULT_PYTHON} -m venv .venv",
    "source .venv/bin/activate",
    "pip install -r requirements-dev.txt",
    "pytest",
]
UV = ["cd '{app}'", "uv sync", "uv run python -m tools.requirements", "uv run pytest"]
AZURITE = r"npx --yes azurite@[\d.]+ --silent --skipApiVersionCheck &"


def copy(template: Path, app: Path, *answers: str, folder: Path | None = None) -> str:
    """Copy the template as a user does in a folder, and return the message after that."""
    data = [argument for answer in answers for argument in ("--data", answer)]
    copier = [sys.executable, "-m", "copier", "copy", "--defaults"]
    said = run(*copier, *data, template, app, folder=folder).stderr
    return said[said.index(" is in ") :]


def commands(message: str) -> list[str]:
    """Return the commands that are printed for a POSIX shell."""
    return re.findall(r"(?m)^  (\S.*)$", message.split("On Windows")[0])


@pytest.mark.skipif(os.name == "nt", reason="The commands are for a POSIX shell.")
@pytest.mark.parametrize(("package_manager", "steps"), [("pip", PIP), ("uv", UV)])
def test_every_command_can_be_run(
    package_manager: str, steps: list[str], template: Path, tmp_path: Path
) -> None:
    python, uv = environments.find_python(DEFAULT_PYTHON), environments.find_uv()
    if python is None or uv is None:
        pytest.skip(f"Python {DEFAULT_PYTHON} and uv are not both installed")
    app = tmp_path / "my app"
    printed = commands(copy(template, app, f"package_manager={package_manager}"))
    assert printed[: len(steps)] == [step.format(app=app) for step in steps]
    assert re.fullmatch(AZURITE, printed[-2])

    tools = tmp_path / "tools"
    for name, script in STAND_INS.items():
        write_script(tools / name, script)
    environment = {
        "PATH": os.pathsep.join([str(tools), os.environ["PATH"]]),
        "CALLS": str(tmp_path / "calls"),
        "PYTHON": str(python),
        "UV": str(uv),
        "VIRTUAL_ENV": "",
    }
    done = run("bash", "-ec", "\n".join([*printed, "wait"]), environment=environment)
    assert re.search(r"\d+ passed", done.stdout)
    calls = read(tmp_path / "calls").splitlines()
    assert {call.split()[0] for call in calls} == {"npx", "func"}
    assert "func start" in calls
    assert (app / "uv.lock").exists() == (package_manager == "uv")


def test_other_answers_have_other_steps(template: Path, tmp_path: Path) -> None:
    emulators = copy(template, tmp_path / "emulators", "devcontainer=true")
    assert "with Azure Functions Core Tools and Docker:" in emulators
    assert commands(emulators)[-2:] == ["python -m tools.emulators", "func start"]
    assert (tmp_path / "emulators" / "tools" / "emulators.py").exists()
    dapr = copy(template, tmp_path / "dapr", "functions={stock: dapr_topic}")
    assert "with Azure Functions Core Tools, the Dapr CLI and Node.js:" in dapr
    assert commands(dapr)[-1].endswith(" -- func start")
    readme = read(tmp_path / "dapr" / "README.md")
    assert f"\n{commands(dapr)[-1]} " in readme
    for message in (emulators, copy(template, tmp_path / "uv", "package_manager=uv")):
        lines = [line for line in message.splitlines() if str(tmp_path) not in line]
        assert max(map(len, lines)) <= 60


@pytest.mark.parametrize(("length", "last"), [(40, "func start"), (41, "ruff format")])
def test_long_names_need_other_line_breaks(
    length: int, last: str, template: Path, tmp_path: Path
) -> None:
    message = copy(template, tmp_path / "app", f"functions={{hello: http, {'a' * length}: timer}}")
    assert commands(message)[-1] == last


def test_a_copy_into_the_current_folder_needs_no_cd(template: Path, tmp_path: Path) -> None:
    message = copy(template, Path("."), folder=tmp_path)
    assert message.startswith(" is in this folder.\n")
    assert commands(message)[0] == f"python{DEFAULT_PYTHON} -m venv .venv"
