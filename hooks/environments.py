"""Find Python interpreters, and create virtual environments with uv or, without it, venv and pip.

It uses only the standard library, so that it can set up everything else:

    python -m hooks.environments .venv GROUP...

creates the template's own environment with dependency groups of pyproject.toml; the group "project" is what the
package functions-validator requires.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from hooks import compiled_data, shell

OLDEST_OWN_PYTHON = (3, 11)

UV = "uv>=0.5"


class EnvironmentFailure(Exception):
    """A command that creates an environment failed; the message has its output."""


def find_python(version: str) -> Path | None:
    """Return an interpreter of a version such as "3.13", or None if it is not installed."""
    return next((python for python in _candidates(version) if _is_version(python, version)), None)


def nearest_python(version: str) -> tuple[str, Path]:
    """Return an interpreter of the version or of the nearest one that is installed, the newer of two.

    Raises EnvironmentFailure if no version that Azure Functions runs is installed.
    """

    def distance(other: str) -> int:
        return abs(_minor(other) - _minor(version))

    versions = sorted(azure_versions(), key=_minor, reverse=True)
    for candidate in sorted(versions, key=distance):
        if python := find_python(candidate):
            return candidate, python
    raise EnvironmentFailure(
        f"None of Python {', '.join(versions)} is installed. Install Python {version}."
    )


def azure_versions() -> list[str]:
    """Return the versions of Python that an app can choose, such as "3.13", in the order of the prompt."""
    return list(compiled_data.read()["pythons"])


def make_environment(
    directory: Path, python: Path, requirements: Sequence[str], folder: Path
) -> Path:
    """Create a virtual environment with pip and the requirements, and return its interpreter.

    The requirements are arguments of `pip install`, which runs in the folder. An environment that
    already exists is kept. Raises EnvironmentFailure, with the output, if a command fails.
    """
    directory = directory.absolute()
    inside = interpreter(directory)
    if uv := find_uv():
        if not inside.exists():
            _run([uv, "venv", "--quiet", "--python", python, directory], folder)
        _run([uv, "pip", "install", "--quiet", "--python", inside, "pip", *requirements], folder)
    else:
        if not inside.exists() or not _has_pip(inside, folder):
            _run([python, "-m", "venv", directory], folder)
        _run([inside, "-m", "pip", "install", "--quiet", *requirements], folder)
    return inside


def _has_pip(python: Path, folder: Path) -> bool:
    """Whether an environment has pip: venv leaves one without it when it is stopped, or lacks ensurepip."""
    return run([python, "-m", "pip", "--version"], folder).returncode == 0


def sync(project: Path, python: Path, packages: Sequence[str] = ()) -> Path:
    """Create .venv, uv.lock and requirements.txt of a project that uses uv, and return its interpreter.

    The packages are folders, which the project then requires. Raises EnvironmentFailure, with the
    output, if a command fails.
    """
    uv = find_uv() or "uv"
    inside = interpreter(project.absolute() / ".venv")
    # A member of a workspace would share the environment of the workspace.
    os.environ["UV_PROJECT_ENVIRONMENT"] = str(inside.parents[1])
    if packages:
        _run([uv, "add", "--quiet", "--python", python, "--editable", *packages], project)
    _run([uv, "sync", "--quiet", "--python", python], project)
    _run([uv, "run", "--no-sync", "python", "-m", "tools.requirements"], project)
    return inside


def interpreter(directory: Path) -> Path:
    """Return the path of the interpreter in a virtual environment."""
    return directory / ("Scripts/python.exe" if shell.IS_WINDOWS else "bin/python")


def _minor(version: str) -> int:
    return int(version.split(".")[1])


def _candidates(version: str) -> Iterator[Path]:
    """Yield paths that may be an interpreter of the version, the most likely first."""
    if version == "{}.{}".format(*sys.version_info):
        yield Path(sys._base_executable)  # type: ignore[attr-defined]
    # pyenv's commands on the path are slow, and only work for versions that are activated.
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    for home in sorted(pyenv.glob(f"versions/{version}.*"), reverse=True):
        yield home / ("python.exe" if shell.IS_WINDOWS else "bin/python")
    for name in (f"python{version}", "python3", "python"):
        if found := shutil.which(name):
            yield Path(found)
    if shell.IS_WINDOWS and (launcher := shutil.which("py")):
        answer = subprocess.run(
            # Isolated from the environment, which could choose the encoding of what it prints.
            [launcher, f"-{version}", "-I", "-Xutf8", "-c", "import sys; print(sys.executable)"],
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        if answer.returncode == 0:
            yield Path(answer.stdout.strip())


def _is_version(python: Path, version: str) -> bool:
    """Whether the interpreter runs, has that version and can create environments."""
    question = "import sys, venv; print('{}.{}'.format(*sys.version_info))"
    try:
        answer = subprocess.run(
            [python, "-c", question], capture_output=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0 and answer.stdout.strip() == version.encode()


def find_uv() -> str | None:
    """Return the path of uv, which is on the path or next to this Python, or None."""
    beside_python = str(Path(sys.executable).parent)
    return shutil.which("uv") or shutil.which("uv", path=beside_python)


def run(command: Sequence[str | Path], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command, and return it with all that it prints as one text."""
    return subprocess.run(
        command,
        cwd=folder,
        # uv and git print UTF-8 on every system, and Python does if it is asked to.
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


def _run(command: Sequence[str | Path], folder: Path) -> None:
    done = run(command, folder)
    if done.returncode != 0:
        called = " ".join(map(str, command))
        raise EnvironmentFailure(f"`{called}` failed:\n{done.stdout.strip()}")


def _requirements(groups: Sequence[str]) -> list[str]:
    """Return the requirements of dependency groups; the group "project" is those of the package."""
    import tomllib

    pyproject = Path(__file__).parents[1] / "pyproject.toml"
    content = tomllib.loads(pyproject.read_text(encoding="utf-8"))
    known = {**content["dependency-groups"], "project": content["project"]["dependencies"]}
    return [requirement for group in groups for requirement in known[group]]


def main() -> None:
    """Create the template's own environment."""
    if sys.version_info < OLDEST_OWN_PYTHON:
        sys.exit("This needs Python 3.11 or newer. Run make with PYTHON=python3.13, for example.")
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("groups", nargs="+")
    arguments = parser.parse_args()
    print(f"Setting up {arguments.directory} ({', '.join(arguments.groups)}) ...", flush=True)
    python = Path(sys.executable)
    try:
        # With uv, the rest takes seconds where pip takes minutes.
        inside = make_environment(arguments.directory, python, [UV], Path.cwd())
        os.environ["PATH"] += os.pathsep + str(inside.parent.absolute())
        requirements = _requirements(arguments.groups)
        make_environment(arguments.directory, python, requirements, Path.cwd())
    except EnvironmentFailure as failure:
        sys.exit(str(failure))


if __name__ == "__main__":
    main()
