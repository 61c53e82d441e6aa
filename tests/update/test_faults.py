"""What can go wrong around an update, what the user then sees, and that nothing is lost.

docs/updating.md has a row for each of these tests.
"""

import os
import re
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hooks.post_generation import read_answers
from tests.support.apps import content
from tests.support.own_tests import run_tests
from tests.support.releases import NOW
from tests.support.repositories import (
    commit,
    configure_git,
    conflicts,
    discard_changes,
    run_git,
    status,
)
from tests.support.run import run
from tests.support.text_files import append, read, replace
from tests.support.updates import copy, refusal, update, update_as_user

MORE = "functions={hello: http, orders: queue, nightly: timer}"


def test_changes_that_are_not_committed(app: Path) -> None:
    append(app / "README.md", "Ask Ada.\n")
    before = content(app)
    assert refusal(update_as_user(app)) == (
        "Destination repository is dirty; cannot continue. "
        "Please commit or stash your local changes and retry."
    )
    assert content(app) == before


def test_an_untracked_file(app: Path) -> None:
    (app / "blueprints" / "nightly.py").write_text('"""Our own."""\n', encoding="utf-8")
    before = content(app)
    assert "Destination repository is dirty" in refusal(update_as_user(app, "--data", MORE))
    assert content(app) == before


def test_no_git(app: Path) -> None:
    shutil.rmtree(app / ".git")
    before = content(app)
    sentence = "Updating is only supported in git-tracked subprojects."
    assert refusal(update_as_user(app)) == sentence
    assert content(app) == before


def test_an_app_that_is_ahead_of_the_newest_release(own_template: Path, tmp_path: Path) -> None:
    app = tmp_path / "app"
    append(own_template / "copier.yml", "# More.\n")
    commit(own_template)
    copy(own_template, app, "HEAD", functions={"hello": "http"})
    assert "You are downgrading from" in refusal(update_as_user(app, "--data", MORE))
    assert status(app) == []
    assert update_as_user(app, "--vcs-ref", ":current:", "--data", MORE).returncode == 0
    assert (app / "blueprints" / "nightly.py").exists()
    commit(app)
    append(own_template / "copier.yml", "# Still more.\n")
    commit(own_template)
    assert update_as_user(app, "--vcs-ref", "HEAD").returncode == 0
    assert "_commit: 1000.0.0-2-g" in read(app / ".copier-answers.yml")


def test_an_answers_file_with_one_more_function(app: Path) -> None:
    """The update takes it for one whose files the user deleted."""
    replace(app / ".copier-answers.yml", "orders: queue", "orders: queue\n    nightly: timer")
    commit(app)
    done = update_as_user(app)
    assert done.returncode == 0
    assert (
        "These functions have no module in blueprints/: nightly. Restore it with git, or remove"
        in done.stderr
    )
    assert status(app) == []
    update(app, functions={"hello": "http", "orders": "queue"})
    commit(app)
    assert update_as_user(app, "--data", MORE).returncode == 0
    assert (app / "blueprints" / "nightly.py").exists()


def test_an_answers_file_with_one_function_less(app: Path) -> None:
    """It is the user's own from then on: its files and its registration stay."""
    before = content(app)
    replace(app / ".copier-answers.yml", "    orders: queue\n", "")
    commit(app)
    update(app)
    after = content(app)
    assert after["blueprints/orders.py"] == before["blueprints/orders.py"]
    assert b"app.register_functions(orders.bp)" in after["function_app.py"]
    assert conflicts(app) == []


@pytest.mark.parametrize("lost", ["functions", "project_name", "python_version"])
def test_an_answers_file_that_is_cut_off(lost: str, app: Path) -> None:
    path = app / ".copier-answers.yml"
    path.write_text(read(path).partition(f"{lost}:")[0], encoding="utf-8")
    commit(app)
    last_line = refusal(update_as_user(app))
    said = r"\.copier-answers\.yml has lost th(is answer|ese answers)\. Restore the file with git"
    assert re.search(said, last_line)
    assert status(app) == []


def test_an_answers_file_that_is_not_yaml(app: Path) -> None:
    append(app / ".copier-answers.yml", "functions: {hello\n")
    commit(app)
    done = update_as_user(app)
    assert done.returncode == 1
    assert "yaml.parser.ParserError: while parsing a flow mapping" in done.stderr
    assert '.copier-answers.yml", line' in done.stderr
    assert status(app) == []


def test_an_empty_answers_file(app: Path) -> None:
    (app / ".copier-answers.yml").write_text("", encoding="utf-8")
    commit(app)
    last_line = refusal(update_as_user(app))
    assert last_line == "AttributeError: 'NoneType' object has no attribute 'items'"
    assert status(app) == []


def test_no_answers_file(app: Path) -> None:
    (app / ".copier-answers.yml").unlink()
    commit(app)
    assert refusal(update_as_user(app)) == "TypeError: Template not found"
    assert status(app) == []
    run_git(app, "checkout", "--quiet", "HEAD~1", "--", ".copier-answers.yml")
    commit(app)
    assert update_as_user(app).returncode == 0


def test_a_version_that_the_template_does_not_have(app: Path) -> None:
    replace(app / ".copier-answers.yml", "_commit: 1000.0.0", "_commit: 999.0.0")
    commit(app)
    last_line = refusal(update_as_user(app))
    assert last_line == "ValueError: Unknown revision: '999.0.0'"
    assert status(app) == []


def test_a_template_that_was_moved(app: Path, repository: Path, tmp_path: Path) -> None:
    path = app / ".copier-answers.yml"
    replace(path, str(repository), str(tmp_path / "gone"))
    commit(app)
    last_line = refusal(update_as_user(app))
    assert last_line == "ValueError: Local template must be a directory."
    assert status(app) == []
    replace(path, str(tmp_path / "gone"), str(repository))
    commit(app)
    assert update_as_user(app).returncode == 0


def test_a_template_that_was_given_by_a_relative_path(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Copier remembers it as it was typed, and would not find it from the app."""
    app = tmp_path / "app"
    with monkeypatch.context() as patch:
        patch.chdir(repository.parent)
        copy("template", app, NOW)
    assert read_answers(app)["_src_path"] == str(repository)
    assert update_as_user(app).returncode == 0


# Ends at once, as by kill -9, when Copier opens a file of the app to write it.
KILLED = """
import os, runpy, signal, sys

def end(event, arguments):
    if event == "open" and str(arguments[0]) == sys.argv[1] and "w" in str(arguments[1]):
        os.kill(os.getpid(), signal.SIGKILL)

file = sys.argv[1]
sys.addaudithook(end)
sys.argv[1:] = [file]
from copier import run_update
run_update(data={"functions": {"hello": "http", "nightly": "timer"}}, defaults=True, overwrite=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("file", ["README.md", "tests/test_nightly.py"])
def test_an_update_that_is_killed(file: str, app: Path) -> None:
    replace(app / "blueprints" / "orders.py", "Do what your app does", "Ship")
    commit(app)
    before = content(app)
    run(sys.executable, "-c", KILLED, app / file, folder=app, status=-signal.SIGKILL)
    assert status(app) != []
    assert "Destination repository is dirty" in refusal(update_as_user(app))

    discard_changes(app)
    assert content(app) == before
    assert update_as_user(app, "--data", MORE).returncode == 0
    assert (app / "blueprints" / "nightly.py").exists()
    assert "Ship" in read(app / "blueprints" / "orders.py")


@pytest.mark.skipif(os.name == "nt", reason="the rights of files are others on Windows")
def test_a_file_that_is_read_only(app: Path) -> None:
    through: list[str] = []
    if os.geteuid() == 0:
        # The rights of files do not hold for root.
        if not shutil.which("setpriv"):
            pytest.skip("root needs setpriv to run as if it were nobody special")
        through = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    before = content(app)
    (app / "README.md").chmod(0o444)
    last_line = refusal(update_as_user(app, "--data", MORE, through=through))
    assert last_line.startswith("PermissionError: [Errno 13] Permission denied: ")
    assert "README.md" in last_line

    discard_changes(app)
    assert content(app) == before
    (app / "README.md").chmod(0o644)
    assert update_as_user(app, "--data", MORE, through=through).returncode == 0


def test_line_endings_that_git_would_turn_into_crlf(
    app: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With core.autocrlf, as Git for Windows sets it, also in Copier's own repositories."""
    settings = {"core.autocrlf": "true", "user.name": "test", "user.email": "test@example.com"}
    configure_git(monkeypatch, settings)
    clone = tmp_path / "clone"
    run_git(tmp_path, "clone", "--quiet", str(app), str(clone))
    replace(
        clone / "function_app.py",
        "import azure.functions as func\n",
        "import azure.functions as func  # Ours\n",
    )
    append(clone / "README.md", "A line of ours.\n")
    commit(clone)
    update(clone, functions={"hello": "http", "orders": "queue", "nightly": "timer"})
    assert conflicts(clone) == []
    assert b"import azure.functions as func  # Ours\n" in (clone / "function_app.py").read_bytes()
    assert read(clone / "README.md").endswith("A line of ours.\n")
    assert (clone / "blueprints" / "nightly.py").exists()


@pytest.mark.parametrize("place", [".gitignore", ".git/info/exclude"])
def test_generated_files_that_a_monorepo_ignores_stay(
    place: str, app: Path, tmp_path: Path
) -> None:
    """Copier deletes what git ignores; the app's .gitignore takes its files back."""
    rules = [".vscode/", ".vscode/*", ".github", "Dockerfile", "*.json", "tests/"]
    repository = tmp_path / "repository"
    repository.mkdir()
    commit(repository)
    (repository / place).write_text("\n".join(rules) + "\n", encoding="utf-8")
    shutil.rmtree(app / ".git")
    service = Path(shutil.copytree(app, repository / "services" / "orders"))
    commit(repository)
    ours = [".vscode/tasks.json", ".github/workflows/ci.yml", "Dockerfile", "tests/test_orders.py"]
    for file in ours:
        append(service / file, "\n# ours\n" if file[0] != "." else "\n")
    commit(repository)
    before = {file: read(service / file) for file in ours}
    update(service, functions={"hello": "http", "orders": "queue", "nightly": "timer"})
    assert {file: read(service / file) for file in ours} == before
    assert conflicts(service) == []


def test_crlf_in_commits(app: Path) -> None:
    """Then every line of a file is the user's: what the template changes in it conflicts, marked."""
    run_git(app, "rm", "--quiet", ".gitattributes")
    for file in run_git(app, "ls-files").split():
        lines = (app / file).read_bytes().replace(b"\r\n", b"\n")
        (app / file).write_bytes(lines.replace(b"\n", b"\r\n"))
    replace_bytes(app / "function_app.py", b"# Register your own", b"# Ours\r\n# Register your own")
    commit(app)
    before = content(app)
    update(app, functions={"hello": "http", "orders": "queue", "nightly": "timer"})
    assert set(conflicts(app)) == {
        "AGENTS.md",
        "README.md",
        "function_app.py",
        "local.settings.example.json",
    }
    assert b"# Ours\r\n" in (app / "function_app.py").read_bytes()
    assert content(app)["blueprints/orders.py"] == before["blueprints/orders.py"]


def replace_bytes(path: Path, old: bytes, new: bytes) -> None:
    assert old in path.read_bytes()
    path.write_bytes(path.read_bytes().replace(old, new))


def test_a_blueprint_that_was_deleted_by_hand(
    app: Path, environment: Callable[[str], Path]
) -> None:
    """It stays deleted, its registration stays, and the app's tests fail until it goes by an answer."""
    for file in ("blueprints/orders.py", "tests/test_orders.py"):
        (app / file).unlink()
    commit(app)
    done = update_as_user(app, "--data", MORE)
    assert done.returncode == 0
    assert "These functions have no module in blueprints/: orders. Restore it" in done.stderr
    assert not (app / "blueprints" / "orders.py").exists()
    assert "app.register_functions(orders.bp)" in read(app / "function_app.py")
    tests = run_tests(app, environment("3.13"), "tests/test_app.py", status=1)
    assert "AF101 The project has no blueprints.orders" in tests.stdout
    commit(app)
    update(app, functions={"hello": "http", "nightly": "timer"})
    assert "orders" not in read(app / "function_app.py")
