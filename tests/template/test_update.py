"""`copier update`: functions come and go, and what the user wrote stays."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from copier import run_copy, run_update
from jinja2.exceptions import FilterArgumentError

GIT = ["git", "-c", "user.name=test", "-c", "user.email=test@example.com"]


def commit(folder: Path) -> None:
    for command in (["add", "--all"], ["commit", "--quiet", "-m", "All"]):
        subprocess.run([*GIT, *command], cwd=folder, check=True)


def status(folder: Path) -> str:
    done = subprocess.run(
        ["git", "status", "--porcelain"], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.fixture
def repository(template: Path, tmp_path: Path) -> Path:
    """The template as a git repository, which updates need."""
    repository = Path(shutil.copytree(template, tmp_path / "template"))
    subprocess.run([*GIT, "init", "--quiet"], cwd=repository, check=True)
    commit(repository)
    return repository


@pytest.fixture
def app(repository: Path, tmp_path: Path) -> Path:
    """An app with two functions, in a git repository."""
    app = tmp_path / "app"
    functions = {"hello": "http", "orders": "queue"}
    run_copy(str(repository), app, data={"functions": functions}, defaults=True, quiet=True)
    subprocess.run([*GIT, "init", "--quiet"], cwd=app, check=True)
    commit(app)
    return app


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_adding_functions_keeps_what_the_user_wrote(app: Path, render: Callable[..., Path]) -> None:
    own_import = "# Import your own blueprints below this line.\n"
    replace(app / "function_app.py", own_import, f"{own_import}from audit import bp as audit\n")
    append(app / "function_app.py", "app.register_functions(audit)\n")
    append(app / "requirements.txt", "httpx\n")
    append(app / "README.md", "Ask Ada.\n")
    append(app / ".funcignore", "notes\n")
    replace(app / "blueprints" / "orders.py", "Do what your app does", "Ship")
    settings = json.loads((app / "local.settings.json").read_text(encoding="utf-8"))
    settings["Values"]["StorageConnection"] = "the user's own"
    (app / "local.settings.json").write_text(json.dumps(settings), encoding="utf-8")
    commit(app)

    functions = {"hello": "http", "orders": "queue", "nightly": "timer", "cities": "cosmosdb"}
    run_update(app, data={"functions": functions}, defaults=True, overwrite=True, quiet=True)

    assert "UU" not in status(app)
    fresh = render(functions)
    expected = (fresh / "function_app.py").read_text(encoding="utf-8")
    expected = expected.replace("my-app", "app")
    expected = expected.replace(own_import, f"{own_import}from audit import bp as audit\n")
    expected += "app.register_functions(audit)\n"
    assert (app / "function_app.py").read_text(encoding="utf-8") == expected
    assert (app / "requirements.txt").read_text(encoding="utf-8").endswith("httpx\n")
    assert (app / "README.md").read_text(encoding="utf-8").endswith("Ask Ada.\n")
    assert "[`cities`]" in (app / "README.md").read_text(encoding="utf-8")
    assert (app / ".funcignore").read_text(encoding="utf-8").endswith("notes\n")
    assert '"""Ship with an order.' in (app / "blueprints" / "orders.py").read_text("utf-8")
    assert json.loads((app / "local.settings.json").read_text(encoding="utf-8")) == settings
    example = json.loads((app / "local.settings.example.json").read_text(encoding="utf-8"))
    assert "CosmosDBConnection" in example["Values"]


def test_removing_a_function_removes_its_files_and_its_registration(app: Path) -> None:
    functions = {"orders": "queue"}
    run_update(app, data={"functions": functions}, defaults=True, overwrite=True, quiet=True)
    assert not (app / "blueprints" / "hello.py").exists()
    assert not (app / "tests" / "test_hello.py").exists()
    assert "hello" not in (app / "function_app.py").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("orders: queue", "orders: pigeon", 'functions: "orders": there is no kind "pigeon"'),
        ("orders: queue", "json: queue", 'functions: "json" is a module of Python'),
    ],
)
def test_a_remembered_answer_that_became_invalid_stops_the_update(
    old: str, new: str, sentence: str, app: Path
) -> None:
    replace(app / ".copier-answers.yml", old, new)
    commit(app)
    with pytest.raises(FilterArgumentError, match=sentence):
        run_update(app, defaults=True, overwrite=True, quiet=True)
    assert status(app) == ""
    assert (app / "blueprints" / "orders.py").exists()
