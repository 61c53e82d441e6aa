"""A tool that gets an argument that it does not know says what it takes, and does nothing."""

import ast
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.apps import content
from tests.support.run import run

ANSWERS = {
    "devcontainer": True,
    "ci": "github",
    "package_manager": "uv",
    "app_folder": "apps/orders",
    "libraries": "libs/pricing",
}
# All but tools.settings, which takes none.
TOOLS = ("emulators", "libraries", "migrate", "requirements", "root_files", "try_host")


@pytest.mark.parametrize("argument", ["--help", "--chekc"])
@pytest.mark.parametrize("tool", TOOLS)
def test_an_unknown_argument_changes_nothing(
    tool: str, argument: str, render: Callable[..., Path], tmp_path: Path
) -> None:
    rendered = render({"cities": "postgresql"}, **ANSWERS)
    app = shutil.copytree(rendered, tmp_path / "shop" / "apps" / "orders")
    (tmp_path / "shop" / ".git").mkdir()
    before = content(tmp_path)
    source = (app / "tools" / f"{tool}.py").read_text(encoding="utf-8")
    done = run(sys.executable, "-B", "-m", f"tools.{tool}", argument, folder=app, status=1)
    assert done.stderr.strip() == (ast.get_docstring(ast.parse(source), clean=False) or "").strip()
    assert done.stdout == ""
    assert content(tmp_path) == before
