"""`python -m tools.settings` in a generated project."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.support.run import run
from tests.support.text_files import read, read_json


@pytest.fixture
def app(project: Callable[..., Path]) -> Path:
    return project({"orders": "queue"})


def run_tool(app: Path, status: int = 0) -> CompletedProcess[str]:
    return run(sys.executable, "-m", "tools.settings", folder=app, status=status)


def test_makes_the_file_in_a_fresh_clone(app: Path) -> None:
    (app / "local.settings.json").unlink()
    run_tool(app)
    assert read_json(app / "local.settings.json") == read_json(app / "local.settings.example.json")


def test_adds_what_is_new_and_changes_no_value(app: Path) -> None:
    values = {"StorageConnection": "mine", "OWN": "é", "FUNCTIONS_WORKER_RUNTIME": {"a": 1}}
    own = {"Values": values, "Host": {"CORS": "*"}}
    (app / "local.settings.json").write_text(json.dumps(own), encoding="utf-8-sig")
    done = run_tool(app)
    assert done.stdout == "local.settings.json: added IsEncrypted, AzureWebJobsStorage\n"
    settings = read_json(app / "local.settings.json")
    text = read(app / "local.settings.json")
    assert text == json.dumps(settings, indent=2, ensure_ascii=False) + "\n"
    assert settings["Host"] == {"CORS": "*"}
    assert settings["Values"] == {
        **values,
        "AzureWebJobsStorage": "UseDevelopmentStorage=true",
    }


def test_leaves_a_complete_file_as_it_is(app: Path) -> None:
    before = (app / "local.settings.json").read_bytes()
    assert run_tool(app).stdout == "local.settings.json has every setting\n"
    assert (app / "local.settings.json").read_bytes() == before


@pytest.mark.parametrize("content", ["{", "[]", ""])
def test_refuses_a_file_that_it_cannot_read(content: str, app: Path) -> None:
    (app / "local.settings.json").write_text(content, encoding="utf-8")
    done = run_tool(app, status=1)
    assert done.stderr.startswith("local.settings.json")
    assert len(done.stderr.splitlines()) == 1
    assert read(app / "local.settings.json") == content
