"""Settings of tools that an app has already, also those of the whole repository."""

from pathlib import Path

import pytest

from hooks.adoption.tool_settings import tool_settings
from tests.hooks.adoption.conftest import Adopt
from tests.support.existing_apps import SHAPES, write_app
from tests.support.repositories import commit

RUFF = "[tool.ruff]\nline-length = 120\n"


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """The folder of an app in a repository."""
    app = tmp_path / "shop" / "apps" / "orders"
    app.mkdir(parents=True)
    commit(tmp_path / "shop")
    return app


@pytest.mark.parametrize(
    "name",
    [
        *("pytest.ini", ".pytest.ini", "tox.ini", "setup.cfg", "mypy.ini", ".mypy.ini"),
        *("ruff.toml", ".ruff.toml", ".flake8"),
    ],
)
def test_a_file_of_a_tool_is_found(name: str, app: Path) -> None:
    assert tool_settings(app) is None
    (app / name).touch()
    assert tool_settings(app) == name


@pytest.mark.parametrize(
    ("file", "content", "found"),
    [
        ("shop/ruff.toml", "", "../../ruff.toml"),
        ("shop/apps/pytest.ini", "", "../pytest.ini"),
        ("shop/pyproject.toml", RUFF, "../../pyproject.toml"),
        ("shop/pyproject.toml", "[tool.pytest.ini_options]\n", "../../pyproject.toml"),
        ("shop/pyproject.toml", "[tool.uv]\n", None),
        ("shop/pyproject.toml", "tool = 1\n", None),
        ("shop/pyproject.toml", "[tool.ruff\n", None),
        ("shop/apps/orders/pyproject.toml", RUFF, None),
        ("ruff.toml", "", None),
    ],
)
def test_settings_of_the_repository_hold_for_the_app(
    file: str, content: str, found: str | None, app: Path, tmp_path: Path
) -> None:
    """Those above the repository do not, and the app's own file stays as it is."""
    (tmp_path / file).write_text(content, encoding="utf-8")
    assert tool_settings(app) == found


def test_an_adopted_app_keeps_the_settings_of_its_repository(
    tmp_path: Path, adopt: Adopt, capsys: pytest.CaptureFixture[str]
) -> None:
    app = write_app(SHAPES["web, Docker, in a subfolder"], tmp_path)
    (tmp_path / "pyproject.toml").write_text(RUFF, encoding="utf-8")
    commit(tmp_path)
    assert adopt(app, "--no-index") == ""
    why = "  pyproject.toml: ../../pyproject.toml has the settings of your tools"
    assert why in capsys.readouterr().out.splitlines()
    assert adopt(app, "--no-index", "--apply") == ""
    assert not (app / "pyproject.toml").exists()
