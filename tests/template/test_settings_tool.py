"""`python -m tools.settings` in a generated project."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def app(project: Callable[..., Path]) -> Path:
    return project({"orders": "queue"})


def run_tool(app: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tools.settings"],
        cwd=app,
        capture_output=True,
        text=True,
        check=False,
    )


def read(app: Path, name: str = "local.settings.json") -> Any:
    return json.loads((app / name).read_text(encoding="utf-8"))


def test_makes_the_file_in_a_fresh_clone(app: Path) -> None:
    (app / "local.settings.json").unlink()
    assert run_tool(app).returncode == 0
    assert read(app) == read(app, "local.settings.example.json")


def test_adds_what_is_new_and_changes_no_value(app: Path) -> None:
    own = {"Values": {"StorageConnection": "mine", "OWN": "é"}, "Host": {"CORS": "*"}}
    (app / "local.settings.json").write_text(json.dumps(own), encoding="utf-8-sig")
    done = run_tool(app)
    assert done.stdout == (
        "local.settings.json: added IsEncrypted, AzureWebJobsStorage, FUNCTIONS_WORKER_RUNTIME\n"
    )
    settings = read(app)
    assert settings["Host"] == {"CORS": "*"}
    assert settings["Values"] == {
        "StorageConnection": "mine",
        "OWN": "é",
        "AzureWebJobsStorage": "UseDevelopmentStorage=true",
        "FUNCTIONS_WORKER_RUNTIME": "python",
    }


def test_leaves_a_complete_file_as_it_is(app: Path) -> None:
    before = (app / "local.settings.json").read_bytes()
    assert run_tool(app).stdout == "local.settings.json has every setting\n"
    assert (app / "local.settings.json").read_bytes() == before


@pytest.mark.parametrize("content", ["{", "[]", ""])
def test_refuses_a_file_that_it_cannot_read(content: str, app: Path) -> None:
    (app / "local.settings.json").write_text(content, encoding="utf-8")
    done = run_tool(app)
    assert done.returncode == 1
    assert done.stderr.startswith("local.settings.json")
    assert len(done.stderr.splitlines()) == 1
    assert (app / "local.settings.json").read_text(encoding="utf-8") == content
