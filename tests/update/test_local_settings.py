"""local.settings.json is the user's: an update leaves it alone, and one command brings it up to date."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.repositories import commit, run_git
from tests.support.run import run
from tests.support.text_files import read_json
from tests.support.updates import update

OWN = {
    "IsEncrypted": False,
    "Values": {"StorageConnection": "the user's own", "OWN": "é"},
    "Host": {"CORS": "*"},
}


@pytest.fixture
def settings(app: Path) -> Path:
    """The settings of a user, who changed, added and removed some."""
    path = app / "local.settings.json"
    path.write_text(json.dumps(OWN), encoding="utf-8")
    return path


def tools_settings(app: Path) -> str:
    return run(sys.executable, "-m", "tools.settings", folder=app).stdout


def values(path: Path) -> dict[str, Any]:
    values: dict[str, Any] = read_json(path)["Values"]
    return values


@pytest.mark.parametrize("committed", [False, True])
def test_an_update_does_not_touch_it(committed: bool, app: Path, settings: Path) -> None:
    if committed:
        run_git(app, "add", "--force", settings.name)
        commit(app)
    before = settings.read_bytes()
    update(app, functions={"orders": "queue", "cities": "cosmosdb"})
    assert settings.read_bytes() == before


def test_the_tool_adds_what_is_new_and_changes_no_value(app: Path, settings: Path) -> None:
    update(app, functions={"orders": "queue", "cities": "cosmosdb"})
    assert tools_settings(app).startswith("local.settings.json: added CosmosDBConnection")
    example = values(app / "local.settings.example.json")
    assert "CosmosDBConnection" in example
    assert values(settings) == {**example, **OWN["Values"]}  # type: ignore[dict-item]
    assert read_json(settings)["Host"] == OWN["Host"]


def test_a_fresh_clone_of_an_updated_app_gets_one_with_one_command(
    app: Path, tmp_path: Path
) -> None:
    update(app, functions={"orders": "queue", "cities": "cosmosdb"})
    commit(app)
    clone = tmp_path / "clone"
    run_git(tmp_path, "clone", "--quiet", str(app), str(clone))
    assert not (clone / "local.settings.json").exists()
    tools_settings(clone)
    example = clone / "local.settings.example.json"
    assert read_json(clone / "local.settings.json") == read_json(example)
    assert run_git(clone, "status", "--porcelain") == ""


def test_an_update_of_a_fresh_clone_makes_it(app: Path, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    run_git(tmp_path, "clone", "--quiet", str(app), str(clone))
    update(clone, functions={"orders": "queue", "cities": "cosmosdb"})
    example = clone / "local.settings.example.json"
    assert read_json(clone / "local.settings.json") == read_json(example)


def test_a_setting_that_is_no_longer_needed_stays(app: Path, settings: Path) -> None:
    update(app, functions={"hello": "http"})
    tools_settings(app)
    assert values(settings)["StorageConnection"] == "the user's own"
