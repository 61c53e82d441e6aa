"""Set up a generated project, validate it and run its tests: python -m hooks.post_generation DEST"""

import re
import sys
import time
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from hooks import compiled_data, environments, shell

ANSWERS = ".copier-answers.yml"
# In the environment, so that it is never committed, and is deleted with the environment.
FINISHED = Path(".venv", "set-up-and-tested")

# Up to this length, a function's name leaves every line of the templates as ruff formats it.
LONGEST_TIDY_NAME = 40


def set_up(project: Path, *, is_new: bool = False) -> None:
    """Create the project's environment, validate and test it, and print a summary.

    In a new project, lines that a long name makes too long are wrapped first. Exits with status
    1 and the output of the command that failed, if one does.
    """
    answers = read_answers(project)
    try:
        python = make_environment(project, answers)
    except environments.EnvironmentFailure as failure:
        sys.exit(str(failure))
    print("Checking and testing ...", flush=True)
    started = time.monotonic()
    if is_new and max(map(len, answers["functions"])) > LONGEST_TIDY_NAME:
        _run_module(python, project, "ruff", "check", "--quiet", "--select", "I", "--fix")
        _run_module(python, project, "ruff", "format", "--quiet")
    for check in (["ruff", "check", "--quiet"], ["ruff", "format", "--check", "--quiet"]):
        _run_module(python, project, *check)
    # The first release has no validator.
    has_validator = (project / "tools" / "validate.pyz").exists()
    validation = _run(python, project, "tools/validate.pyz") if has_validator else "-"
    tests = _run_module(python, project, "pytest", "-q")
    *findings, validation = validation.strip().splitlines()
    print(*findings, sep="\n", end="\n" if findings else "")
    (project / FINISHED).touch()
    print(summary(project, answers, validation, tests, time.monotonic() - started))


def read_answers(project: Path) -> dict[str, Any]:
    """Return the answers that the project was generated from. Exits with a sentence if there are none."""
    try:
        text = (project / ANSWERS).read_text(encoding="utf-8")
    except OSError:
        sys.exit(f"{project} has no {ANSWERS}, so it was not generated from this template.")
    answers: dict[str, Any] = yaml.safe_load(text)
    return answers


def make_environment(project: Path, answers: Mapping[str, Any]) -> Path:
    """Create .venv with the chosen Python or the nearest one, and return its interpreter.

    A project that uses uv gets its lock file and requirements.txt if uv and that Python are installed.
    """
    version = str(answers["python_version"])
    found, python = environments.nearest_python(version)
    if found != version:
        print(
            f"Python {version} is not installed, so this uses Python {found}, the nearest version."
        )
    print(f"Installing its requirements with Python {found} ...", flush=True)
    if answers.get("package_manager") != "uv":
        requirements = ["--requirement", "requirements-dev.txt"]
        return environments.make_environment(project / ".venv", python, requirements, project)
    if found == version and environments.find_uv():
        return environments.sync(project, python, libraries(answers))
    print(f"There is no uv.lock yet. Install uv and Python {version}, then run `uv sync`.")
    pyproject = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    requirements = pyproject["project"]["dependencies"] + pyproject["dependency-groups"]["dev"]
    requirements += [f"--editable={folder}" for folder in libraries(answers)]
    return environments.make_environment(project / ".venv", python, requirements, project)


def libraries(answers: Mapping[str, Any]) -> list[str]:
    """Return the folders, from that of the project, of the packages of its repository that it uses."""
    up = "../" * len(Path(answers.get("app_folder", "")).parts)
    return [f"{up}{folder}" for folder in answers.get("libraries", "").split()]


def summary(
    project: Path, answers: dict[str, Any], validation: str, tests: str, seconds: float
) -> str:
    """Return what was generated, validated and tested, and the next commands."""
    functions = [f"{name} ({kind})" for name, kind in answers["functions"].items()]
    passed = re.search(r"\d+ passed", tests)
    activate = r".venv\Scripts\activate" if shell.IS_WINDOWS else "source .venv/bin/activate"
    emulators = "python -m tools.emulators" if answers.get("devcontainer") else start_azurite()
    return f"""
{answers["project_name"]}
  generated  the functions {", ".join(functions)}
  validated  {validation}
  tested     {passed.group() if passed else "no test"}, in {seconds:.1f} s with the checks

Next:
  {shell.change_folder(project)}
  {activate}
  {emulators}
  func start"""


def start_azurite() -> str:
    """Return the command that starts the storage emulator beside the shell."""
    container = compiled_data.read()["services"]["storage"]["containers"]["azurite"]
    [version] = re.findall(r"azurite:([\d.]+)", container)
    command = f"npx --yes azurite@{version} --silent --skipApiVersionCheck"
    return f"cmd /c start {command}" if shell.IS_WINDOWS else f"{command} &"


def _run_module(python: Path, project: Path, *command: str) -> str:
    """Return what a module prints. Exits with it if the module fails."""
    return _run(python, project, "-m", *command)


def _run(python: Path, project: Path, *command: str) -> str:
    """Return what a Python program prints. Exits with it if the program fails."""
    done = environments.run([python, *command], project)
    if done.returncode != 0:
        called = " ".join(word for word in command if word != "-m")
        sys.exit(f"`{called}` fails in {project}:\n{done.stdout.strip()}")
    return done.stdout


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Name a project: python -m hooks.post_generation DEST")
    set_up(Path(sys.argv[1]))
