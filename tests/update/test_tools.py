"""Our tools in an app: an update replaces them, whatever formatter its owner uses."""

import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hooks.catalogue import ROOT
from tests.support.releases import LATER, NoHistory, release
from tests.support.repositories import commit, conflicts
from tests.support.run import run
from tests.support.text_files import append, read, replace
from tests.support.updates import copy, update

FUNCTIONS = {"hello": "http", "orders": "queue", "nightly": "timer"}
# The app of the report that this came from.
BEFORE = "9ca2c10"
# With each of these, an app has one of our tools.
EVERY_TOOL = {
    "devcontainer": True,
    "package_manager": "uv",
    "app_folder": "apps/orders",
    "libraries": "libs/pricing",
}
OURS = ("tools/*.py", "tests/test_app.py")
# Formatted by version 0.1.0, and left as it is: apps that format it have no conflict.
AS_IT_WAS = "        LOCAL.write_text(json.dumps("


def our_sources(template: Path) -> list[Path]:
    """Return where a repository of the template has the sources of our tools."""
    folders = (template / "template" / "project", template / "template")
    return [path for folder in folders for pattern in OURS for path in folder.glob(pattern)]


def format_code(app: Path) -> None:
    """Do what an owner does who likes shorter lines, and commit it."""
    pyproject = app / "pyproject.toml"
    text = re.sub("line-length = [0-9]+", "line-length = 88", read(pyproject))
    pyproject.write_text(text, encoding="utf-8")
    run(sys.executable, "-m", "ruff", "format", "--quiet", "--no-cache", folder=app)
    commit(app, "Format the code")


@pytest.fixture
def old_app(released: Path, tmp_path: Path) -> Path:
    """An app with the sources of the validator in tools/validate, as no release had it."""
    template = Path(shutil.copytree(released, tmp_path / "template"))
    if run("git", "tag", "0.1.1", BEFORE, folder=template, status=None).returncode != 0:
        raise NoHistory(f"{BEFORE} is not in this checkout: clone all of it.")
    app = tmp_path / "app"
    copy(template, app, "0.1.1", functions=FUNCTIONS)
    assert len(list(app.glob("tools/validate/*.py"))) > 10
    return app


def test_the_validator_becomes_one_file(old_app: Path) -> None:
    update(old_app)
    assert sorted(path.name for path in (old_app / "tools").iterdir()) == [
        "settings.py",
        "validate.pyz",
    ]


def test_an_app_that_was_formatted_has_no_conflict_in_the_tools(old_app: Path) -> None:
    format_code(old_app)
    update(old_app, ci="none")
    # Its owner may have tests there, and all of it is new.
    assert conflicts(old_app) == ["tests/test_app.py"]
    validate = [sys.executable, "tools/validate.pyz", "--no-index"]
    done = run(*validate, folder=old_app, status=1)
    assert "tests/test_app.py:14:1: AF601 " in done.stdout
    assert done.stdout.splitlines()[-1].startswith("1 error, 0 warnings in 3 functions")


def test_the_next_update_has_no_conflict_at_all(
    own_template: Path, new_app: Callable[..., Path]
) -> None:
    app = new_app({**FUNCTIONS, "accounts": "postgresql"}, own_template, **EVERY_TOOL)
    format_code(app)
    changed = our_sources(own_template)
    assert len(changed) == 8
    for path in changed:
        for line in read(path).splitlines():
            if line.startswith(("def ", "import ")):
                replace(path, f"{line}\n", f"{line}  # changed\n")
        append(path, "# changed\n")
    release(own_template, LATER)
    update(app)
    assert conflicts(app) == []
    for pattern in OURS:
        for path in app.glob(pattern):
            assert "# changed\n" in read(path)


@pytest.mark.parametrize("line_length", [79, 88, 100, 120])
def test_no_line_length_of_a_formatter_changes_the_tools(line_length: int) -> None:
    files = our_sources(ROOT)
    assert len(files) == 8
    command = [sys.executable, "-m", "ruff", "format", "--diff", "--no-cache", "--isolated"]
    done = run(*command, f"--line-length={line_length}", *files, status=None)
    removed = re.findall("(?m)^-(?!--)(.*)$", done.stdout)
    assert [line for line in removed if not line.startswith(AS_IT_WAS)] == []
