"""Every way to start the validator finds the same: pip, uvx, pre-commit, the clone and the file in an app."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hooks import environments, pyz
from hooks.catalogue import ROOT
from tests.support.missing import old_python
from tests.support.repositories import commit
from tests.support.run import run
from tests.support.samples import CONFLICT
from tests.support.validator import Plant

PACKAGE = (".pre-commit-hooks.yaml", "LICENSE", "README.md", "pyproject.toml", "src")
FINDING = "notes.md:1:1: AF601 A conflict is not resolved."


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with the package as it is in this checkout."""
    folder = tmp_path_factory.mktemp("repository")
    for name in PACKAGE:
        source = ROOT / name
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, folder / name, ignore=ignored)
        else:
            shutil.copy(source, folder / name)
    commit(folder)
    return folder


@pytest.fixture
def app(plant: Plant) -> Path:
    """An app with one error, in a repository."""
    app = plant({"notes.md": CONFLICT})
    commit(app)
    return app


def test_an_installed_command(app: Path, repository: Path, tmp_path: Path) -> None:
    python = environments.make_environment(
        tmp_path / "environment", Path(sys.executable), ["."], repository
    )
    command = shutil.which("functions-validator", path=str(python.parent))
    assert command is not None
    check([command, "--no-index"], app)
    check([str(python), "-m", "functions_validator", "--no-index"], app)


def test_uvx_from_a_repository(app: Path, repository: Path) -> None:
    uv = environments.find_uv()
    assert uv is not None
    source = f"git+{repository.as_uri()}"
    check(
        [uv, "tool", "run", "--quiet", "--from", source, "functions-validator", "--no-index"], app
    )


def test_pre_commit_from_a_repository(app: Path, repository: Path, tmp_path: Path) -> None:
    hook = (sys.executable, "-m", "pre_commit", "try-repo", repository, "functions-validator")
    environment = {"PRE_COMMIT_HOME": str(tmp_path / "pre-commit")}
    done = run(*hook, "--all-files", folder=app, environment=environment, status=1)
    assert FINDING in done.stdout


def test_the_clone_with_nothing_installed(app: Path) -> None:
    check([find_bare_python(), "-I", str(ROOT / "hooks" / "validate.py"), "--no-index"], app)


@pytest.mark.parametrize("version", ["2.7", "3.9"])
def test_the_clone_refuses_an_older_python_with_a_sentence(version: str, app: Path) -> None:
    program = ROOT / "hooks" / "validate.py"
    done = run(old_python(version), program, "--no-index", folder=app, status=2)
    said = f"The validator needs Python 3.10 or above, and this is Python {version}.\n"
    assert (done.stdout, done.stderr) == ("", said)


def test_the_file_in_an_app(app: Path, render: Callable[..., Path]) -> None:
    file = render({"hello": "http"}) / "tools" / "validate.pyz"
    assert file.read_bytes() == pyz.PYZ.read_bytes()
    check([find_bare_python(), str(file), "--no-index"], app)


def find_bare_python() -> str:
    """Return an interpreter without packages."""
    python = environments.find_python("{}.{}".format(*sys.version_info))
    assert python is not None
    return str(python)


def check(command: list[str], app: Path) -> None:
    """Fail unless the command finds the one error of the app."""
    done = run(*command, folder=app, status=1)
    assert done.stderr == ""
    finding = done.stdout.splitlines()[0]
    assert finding.startswith(FINDING)
