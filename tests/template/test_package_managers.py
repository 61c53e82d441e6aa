"""The packages of an app: by pip from requirements files, or by uv with a lock file."""

import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from hooks import environments
from tests.support.catalogue import PYTHONS, one_of_each
from tests.support.run import run
from tests.support.text_files import read

FUNCTIONS = {"hello": "http", "devices": "cosmosdb_client"}
OWN = "# Your own requirements go below this line."


def requirements(app: Path, name: str) -> list[str]:
    """Return the lines of a requirements file that are requirements."""
    lines = read(app / name).splitlines()
    return [line for line in lines if not line.startswith(("#", "-r"))]


@pytest.mark.parametrize("version", PYTHONS)
@pytest.mark.parametrize("devcontainer", [False, True])
def test_an_app_of_uv_asks_for_what_an_app_of_pip_asks_for(
    version: str, devcontainer: bool, render: Callable[..., Path]
) -> None:
    answers = {
        "python_version": version,
        "web_framework": "flask",
        "telemetry": "opentelemetry",
        "devcontainer": devcontainer,
    }
    functions = one_of_each(version)
    of_pip = render(functions, **answers)
    of_uv = render(functions, **answers, package_manager="uv")
    pyproject = tomllib.loads(read(of_uv / "pyproject.toml"))
    assert pyproject["project"]["requires-python"] == f"=={version}.*"
    assert pyproject["project"]["dependencies"] == requirements(of_pip, "requirements.txt")
    dev = [line.replace('"', "'") for line in requirements(of_pip, "requirements-dev.txt")]
    assert pyproject["dependency-groups"]["dev"] == dev
    assert not (of_uv / "requirements-dev.txt").exists()


@pytest.mark.parametrize(
    ("project_name", "name"),
    [
        ("pricing", "pricing"),
        ("Tax_Rates", "tax_rates-app"),
        ("Azure_Cosmos", "azure_cosmos-app"),
        ("PyTest", "pytest-app"),
        ("aiohttp-core", "aiohttp-core"),
        ("azure-cosmos-2", "azure-cosmos-2"),
        # A requirement with an extra.
        ("azure-core", "azure-core-app"),
    ],
)
def test_an_app_does_not_have_the_name_of_a_package_that_it_requires(
    project_name: str, name: str, render: Callable[..., Path]
) -> None:
    functions = {**FUNCTIONS, "tasks": "http_api"}
    answers = {"app_folder": "apps/shop", "libraries": "libs/pricing-core libs/tax-rates"}
    app = render(functions, project_name=project_name, package_manager="uv", **answers)
    pyproject = tomllib.loads(read(app / "pyproject.toml"))
    assert pyproject["project"]["name"] == name


def test_an_app_of_pip_has_nothing_of_uv(render: Callable[..., Path]) -> None:
    app = render(FUNCTIONS)
    assert "project" not in tomllib.loads(read(app / "pyproject.toml"))
    assert not (app / "tools" / "requirements.py").exists()
    files = [app / "README.md", app / ".funcignore", *(app / ".vscode").iterdir()]
    texts = [read(path) for path in [*files, app / ".pre-commit-config.yaml"]]
    assert [
        text for text in texts if "uv " in text or "uv.lock" in text.replace(r"uv\.lock", "")
    ] == []


@pytest.fixture
def locked(project: Callable[..., Path], environment: Callable[[str], Path]) -> Path:
    """An app of uv with its environment, lock file and requirements, as `make new` leaves it."""
    app = project(FUNCTIONS, package_manager="uv", python_version="3.12")
    environments.sync(app, environment("3.12"))
    return app


def write_requirements(app: Path, *arguments: str, status: int = 0) -> CompletedProcess[str]:
    """Run the tool of an app, by the uv of these tests."""
    tool = (environments.interpreter(app / ".venv"), "-m", "tools.requirements")
    uv = environments.find_uv() or "uv"
    return run(*tool, *arguments, folder=app, environment={"UV": uv}, status=status)


def test_requirements_txt_is_kept_in_step_with_the_lock_file(locked: Path) -> None:
    names = {line.partition("==")[0] for line in requirements(locked, "requirements.txt")}
    assert {"azure-functions", "azure-cosmos", "aiohttp"} <= names
    assert "pytest" not in names
    write_requirements(locked, "--check")

    file = locked / "requirements.txt"
    made = read(file)
    file.write_text(made + "six\n", encoding="utf-8")
    checked = write_requirements(locked, "--check", status=1)
    assert checked.stderr.startswith("requirements.txt differs from uv.lock")
    assert read(file) == made + "six\n"
    write_requirements(locked)
    assert read(file) == made

    pyproject = locked / "pyproject.toml"
    text = read(pyproject)
    pyproject.write_text(text.replace(OWN, f'"six",\n    {OWN}', 1), encoding="utf-8")
    outdated = write_requirements(locked, "--check", status=1)
    assert "Run `uv lock` to bring uv.lock up to date" in outdated.stderr


def test_the_tool_says_that_there_is_no_uv(render: Callable[..., Path]) -> None:
    app = render(FUNCTIONS, package_manager="uv")
    tool = [sys.executable, "-B", "-m", "tools.requirements"]
    done = run(*tool, folder=app, environment={"PATH": "", "UV": "uv"}, status=1)
    assert done.stderr.startswith("uv is not installed")


def test_the_validator_reads_an_app_of_uv(locked: Path) -> None:
    python = environments.interpreter(locked / ".venv")
    done = run(python, "tools/validate.pyz", folder=locked)
    assert done.stdout.startswith("0 errors, 0 warnings"), done.stdout
