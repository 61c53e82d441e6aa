"""What the app needs and its repository lacks."""

import os
from pathlib import Path

import pytest

from tests.support.repositories import run_git
from tests.support.validator import Files, Find, Plant, find_problems
from tests.validator.rules.import_files import importing

IGNORED = ".venv/\n__pycache__/\nlocal.settings.json\n"


@pytest.mark.parametrize(
    ("path", "pattern", "taken_back"),
    [
        ("lib/prices.py", "lib/", "!/lib/"),
        ("lib/prices.py", "/lib", "!/lib/"),
        ("shop/lib/prices.py", "lib/", "!/shop/lib/"),
        ("local_settings.py", "local_settings.py", "!/local_settings.py"),
    ],
)
def test_a_module_that_git_ignores(
    path: str, pattern: str, taken_back: str, plant: Plant, find: Find
) -> None:
    module = path.removesuffix(".py").replace("/", ".")
    files: Files = {
        ".gitignore": f"{IGNORED}{pattern}\n",
        **importing(f"import {module}"),
        path: "PRICE = 1\n",
    }
    [found] = find(plant(files), "AF7")
    assert (found.code, found.path, found.line) == ("AF708", ".gitignore", 4)
    assert path in found.message
    assert f"write {taken_back} below" in found.fix
    app = plant(files | {".gitignore": f"{IGNORED}{pattern}\n{taken_back}\n"})
    assert find_problems(app, "AF7") == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_the_patterns_of_the_repository_count(encoding: str, plant: Plant) -> None:
    app = plant({**importing("import lib.prices"), "lib/prices.py": "", "lib/b.py": ""})
    (app.parent / ".gitignore").write_text("lib/\n", encoding=encoding)
    [found] = find_problems(app, "AF7")
    assert (found.path, found.line) == ("../.gitignore", 1)
    assert f"!/{app.name}/lib/" in found.fix


@pytest.mark.parametrize(
    ("path", "pattern"),
    [
        ("lib/prices.py", "build/"),
        ("generated/prices.py", "generated/"),
        ("lib/prices_pb2.py", "*_pb2.py"),
    ],
)
def test_modules_that_are_committed_or_generated(path: str, pattern: str, plant: Plant) -> None:
    files: Files = {
        ".gitignore": f"{IGNORED}{pattern}\n",
        **importing(f"import {path.removesuffix('.py').replace('/', '.')}"),
        path: "",
    }
    assert find_problems(plant(files), "AF708") == []


def test_a_module_that_git_tracks_all_the_same(plant: Plant) -> None:
    files: Files = {".gitignore": "lib/\n", **importing("import lib.prices")}
    app = plant({**files, "lib/prices.py": ""})
    os.rmdir(app.parent / ".git")
    run_git(app, "init", "--quiet")
    assert [found.code for found in find_problems(app, "AF708")] == ["AF708"]
    run_git(app, "add", "--force", "lib/prices.py")
    assert find_problems(app, "AF708") == []


def test_an_app_without_a_repository(tmp_path: Path, plant: Plant) -> None:
    files: Files = {".gitignore": "lib/\n", **importing("import lib.prices")}
    app = plant({**files, "lib/prices.py": ""})
    os.rmdir(tmp_path / ".git")
    assert find_problems(app, "AF708") == []


def test_a_host_json_that_git_ignores(plant: Plant, find: Find) -> None:
    assert len(find(plant({".gitignore": "\ufeff*.json\n.venv/\n"}), "AF708")) == 1
    app = plant({".gitignore": ".venv/\n*.json\n"})
    [found] = find(app, "AF7")
    assert (found.code, found.path, found.line) == ("AF708", ".gitignore", 2)
    assert found.fix == "Write !/host.json below this pattern."
    assert find_problems(plant({".gitignore": ".venv/\n*.json\n!/host.json\n"}), "AF7") == []
