"""`make adopt`: what it says at the end, and the commands that it names."""

import re
import shlex
from pathlib import Path

import pytest

from tests.hooks.adoption.conftest import Adopt
from tests.support.existing_apps import SHAPES, write_app
from tests.support.repositories import commit, status
from tests.support.run import run

# What the tests and checks of the template use.
TOOLS = (
    "azure-functions-runtime>=1.3,<2; python_version >= '3.13' mypy>=2.4.1 pytest>=8.3 ruff>=0.17"
)


@pytest.mark.parametrize(
    ("name", "answers", "install", "prefix", "check"),
    [
        (
            "single file",
            ["--data", "ci=github"],
            "pip install -r requirements-dev.txt",
            "",
            ["ruff check", "ruff format --check", "mypy"],
        ),
        ("blueprints and Poetry", [], f"pip install {TOOLS}", "", []),
        (
            "durable and uv",
            ["--data", "ci=github"],
            f"uv add --dev {TOOLS}",
            "uv run ",
            ["ruff check", "ruff format --check", "mypy ."],
        ),
    ],
)
def test_the_next_commands_install_and_run_the_tools(
    name: str,
    answers: list[str],
    install: str,
    prefix: str,
    check: list[str],
    tmp_path: Path,
    adopt: Adopt,
    capsys: pytest.CaptureFixture[str],
) -> None:
    app = write_app(SHAPES[name], tmp_path / "app")
    assert adopt(app, "--no-index", "--apply", *answers) == ""
    said = capsys.readouterr().out.splitlines()
    commands = [
        " ".join(shlex.split(line)).replace('"', "'") for line in said if line.startswith("  ")
    ]
    start = commands.index(install) + 1
    wanted = ["python -m tools.settings", "python tools/validate.pyz", "pytest", *check]
    assert commands[start:] == [f"{prefix}{command}" for command in wanted]


@pytest.mark.parametrize(
    ("setting", "command"),
    [
        ("testpaths = checks", "pytest tests/test_app.py"),
        ("testpaths = tests/unit\n    src/tests", "pytest tests/test_app.py"),
        ("testpaths = checks\n    tests", "pytest"),
        ("testpaths = ./tests/", "pytest"),
        ("testpaths = .", "pytest"),
        ("python_files = check_*.py tests.py", "pytest tests/test_app.py"),
        ("python_files = check_*.py test_*.py", "pytest"),
    ],
)
def test_the_test_of_the_app_is_named_where_pytest_looks_elsewhere(
    setting: str, command: str, app: Path, adopt: Adopt, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = f"[pytest]\n{setting}\naddopts = --strict-markers\n"
    (app / "tox.ini").write_text(settings, encoding="utf-8")
    commit(app)
    assert adopt(app, "--no-index", "--apply") == ""
    said = capsys.readouterr().out.splitlines()
    assert [line.strip() for line in said if line.startswith("  pytest")] == [command]
    [does] = [line for line in said if line.startswith("pytest")]
    checks = (
        "checks the app as a whole" if command != "pytest" else "also checks the app as a whole"
    )
    assert does.startswith(f"{command} {checks}")


@pytest.mark.parametrize(
    ("lines", "lacks"),
    [
        ("-r requirements.txt\npytest==8.3.0\nRuff\n", ["azure-functions-runtime", "mypy"]),
        ("-r requirements/test.txt\n", []),
        ("azure-functions-runtime\nmypy\npytest\nruff\n", ["-r requirements.txt"]),
        ("azure-functions==1.26\nazure_functions_runtime\nmypy\npytest\nruff\n", []),
    ],
)
def test_what_the_own_requirements_for_development_lack_is_named(
    lines: str, lacks: list[str], app: Path, adopt: Adopt, capsys: pytest.CaptureFixture[str]
) -> None:
    (app / "requirements-dev.txt").write_text(lines, encoding="utf-8")
    commit(app)
    assert adopt(app, "--no-index", "--apply") == ""
    said = capsys.readouterr().out
    assert "\n  pip install -r requirements-dev.txt\n" in said
    _, _, named = said.partition("add them to requirements-dev.txt: ")
    names = named.splitlines()[0].split(", ") if named else []
    assert [re.split("[<>=]", name)[0] for name in names] == lacks


def test_what_azure_does_not_need_is_named_for_the_own_funcignore(
    app: Path, adopt: Adopt, capsys: pytest.CaptureFixture[str]
) -> None:
    (app / ".funcignore").write_text("tests\n", encoding="utf-8")
    commit(app)
    assert adopt(app, "--no-index", "--apply") == ""
    *_, last = capsys.readouterr().out.splitlines()
    start, _, names = last.partition(" .funcignore: ")
    assert start == "Azure does not need these: add them to"
    assert {"tools", "pyproject.toml"} <= set(names.split(", "))
    assert "tests" not in names.split(", ")


@pytest.mark.parametrize("ci", ["github", "none"])
def test_the_files_at_the_root_are_part_of_the_commit_but_no_other_changes(
    ci: str, tmp_path: Path, adopt: Adopt, capsys: pytest.CaptureFixture[str]
) -> None:
    repository = tmp_path / "repository"
    app = write_app(SHAPES["web, Docker, in a subfolder"], repository)
    (repository / "notes.txt").write_text("", encoding="utf-8")
    assert adopt(app, "--no-index", "--apply", "--data", f"ci={ci}") == ""
    lines = capsys.readouterr().out.splitlines()
    commands = [
        line for line in lines if line.startswith(("  cd ", "  python tools/", "  git add"))
    ]
    run("bash", "-ec", "\n".join(line for line in commands if "validate" not in line))
    assert status(repository)[-1] == "?? notes.txt"
    assert {line[:2] for line in status(repository)[:-1]} == {"A "}
    assert "A  .pre-commit-config.yaml" in status(repository)
    assert (repository / ".github").exists() is (ci == "github")
