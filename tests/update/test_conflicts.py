"""Where the user and the template changed the same lines: the conflict is marked, and the update says so."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.apps import check_app
from tests.support.repositories import commit, conflicts, discard_changes, run_git, status
from tests.support.run import run
from tests.support.text_files import append, read, replace
from tests.support.updates import update_as_user

# A requirement that the template has changed since this version: its line now, and the user's line.
VERSION, OURS, MINE = "0.1.0", "azure-functions>=1.26,<3", "azure-functions==1.25.0b2"


@pytest.fixture
def app(released: Path, new_app: Callable[..., Path]) -> Path:
    """An app of a release, in which the user changed a line that the template changed later."""
    app = new_app({"hello": "http", "orders": "queue"}, template=released, version=VERSION)
    lines = read(app / "requirements.txt").splitlines(keepends=True)
    changed = [f"{MINE}\n" if line.startswith("azure-functions>") else line for line in lines]
    (app / "requirements.txt").write_text("".join(changed), encoding="utf-8")
    commit(app)
    return app


def test_a_conflict_is_marked_and_the_update_says_how_to_see_it(app: Path) -> None:
    done = update_as_user(app)
    # Copier chose this status; the message says what to do.
    assert done.returncode == 0
    assert conflicts(app) == ["requirements.txt"]
    text = read(app / "requirements.txt")
    assert text.startswith("<<<<<<< before updating\n")
    assert f"\n{MINE}\n=======\n" in text
    assert f"\n{OURS}\n>>>>>>> after updating\n" in text
    assert "app is updated. Before you commit, look for conflicts:\n" in done.stderr
    for command in ("git status", "git diff --check", "python tools/validate.pyz"):
        assert f"\n  {command}\n" in done.stderr
    for command in ("pip install -r requirements-dev.txt", "python -m tools.settings", "pytest"):
        assert f"\n  {command}\n" in f"{done.stderr}\n"


def test_the_commands_of_the_message_show_the_conflict(app: Path) -> None:
    update_as_user(app)
    assert "both modified:   requirements.txt" in run_git(app, "status")
    done = run("git", "diff", "--check", folder=app, status=None)
    assert done.returncode != 0
    assert "requirements.txt:1: leftover conflict marker" in done.stdout


@pytest.mark.parametrize(
    ("conflict", "place"),
    [("inline", "requirements.txt:1:1: AF601"), ("rej", "requirements.txt.rej:1:1: AF601")],
)
def test_the_validator_shows_the_conflict(conflict: str, place: str, app: Path) -> None:
    update_as_user(app, "--conflict", conflict)
    done = run(sys.executable, "tools/validate.pyz", "--no-index", folder=app, status=1)
    assert place in done.stdout


def test_a_resolved_conflict_stays_resolved(app: Path, environment: Callable[[str], Path]) -> None:
    update_as_user(app)
    text = read(app / "requirements.txt")
    start, end = text.index("<<<<<<<"), text.index(">>>>>>> after updating\n")
    kept = text[:start] + f"{MINE}\n" + text[end + len(">>>>>>> after updating\n") :]
    (app / "requirements.txt").write_text(kept, encoding="utf-8")
    commit(app)
    assert update_as_user(app).returncode == 0
    assert status(app) == []
    check_app(app, environment("3.13"))


def test_a_conflict_can_be_undone_with_the_whole_update(app: Path) -> None:
    before = run_git(app, "rev-parse", "HEAD^{tree}")
    update_as_user(app)
    discard_changes(app)
    assert status(app) == []
    commit(app)
    assert run_git(app, "rev-parse", "HEAD^{tree}") == before


def test_rejected_hunks_are_the_users(app: Path) -> None:
    """With --conflict rej, a file beside it has what the user wrote."""
    assert update_as_user(app, "--conflict", "rej").returncode == 0
    assert conflicts(app) == []
    assert OURS in read(app / "requirements.txt")
    assert f"+{MINE}\n" in read(app / "requirements.txt.rej")
    assert "?? requirements.txt.rej" in status(app)


def test_a_function_of_another_kind_conflicts_with_what_the_user_wrote(app: Path) -> None:
    run_git(app, "checkout", "--quiet", "HEAD~1", "--", "requirements.txt")
    replace(app / "blueprints" / "orders.py", "Do what your app does", "Ship")
    commit(app)
    done = update_as_user(app, "--data", "functions={hello: http, orders: servicebus_queue}")
    assert done.returncode == 0
    assert conflicts(app) == ["blueprints/orders.py"]
    assert "Ship" in read(app / "blueprints" / "orders.py")


def test_the_message_says_nothing_of_files_that_stay(app: Path) -> None:
    assert "git restore" not in update_as_user(app).stderr


@pytest.mark.parametrize(
    ("answers", "commands"),
    [
        ("python_version=3.12", ["python3.12 -m venv --clear .venv", "source .venv/bin/activate"]),
        ("package_manager=pip", ["python3.13 -m venv --clear .venv", "source .venv/bin/activate"]),
        ("description=Other.", []),
    ],
)
def test_the_last_message_replaces_an_environment_that_no_longer_fits(
    answers: str, commands: list[str], new_app: Callable[..., Path]
) -> None:
    """One of uv has no pip, and one of another Python stays so."""
    manager = "uv" if answers.startswith("package_manager") else "pip"
    app = new_app({"hello": "http"}, package_manager=manager)
    (app / "uv.lock").write_text("version = 1\n", encoding="utf-8")
    commit(app)
    said = update_as_user(app, "--data", answers).stderr
    # An app that had one with pip has it for a reason of its own.
    assert ("Delete what you no longer need:\n  uv.lock\n" in said) == (manager == "uv")
    _, _, steps = said.partition("run the tests:\n")
    before, found, _ = steps.partition("  pip install -r requirements-dev.txt\n")
    assert found
    assert [line.strip() for line in before.splitlines()] == commands


@pytest.mark.parametrize("manager", ["pip", "uv"])
def test_the_last_message_names_nothing_that_the_user_deleted(
    manager: str, new_app: Callable[..., Path]
) -> None:
    app = new_app({"hello": "http"}, package_manager=manager, app_folder="apps/shop")
    commands = {
        "tools/requirements.py": "tools.requirements",
        "tools/root_files.py": "tools/root_files.py",
        "tools/validate.pyz": "tools/validate.pyz",
        "tools/settings.py": "tools.settings",
        "requirements-dev.txt": "requirements-dev.txt",
    }
    there = {file: command for file, command in commands.items() if (app / file).is_file()}
    assert ("requirements-dev.txt" in there) == (manager == "pip")
    said = update_as_user(app).stderr
    assert [command for command in there.values() if command not in said] == []
    for file in there:
        (app / file).unlink()
    commit(app)
    said = update_as_user(app).stderr
    assert [command for command in commands.values() if command in said] == []
    assert "\n\n\n" not in said


def test_the_last_message_moves_packages_to_uv_before_it_writes_the_requirements(
    new_app: Callable[..., Path],
) -> None:
    app = new_app({"hello": "http"})
    said = []
    for answers in ("package_manager=uv", "description=Other."):
        said.append(update_as_user(app, "--data", answers).stderr)
        commit(app)
    moved, later = (text.partition("run the tests:\n")[2].split("\n") for text in said)
    assert moved[0] == "  uv add PACKAGE"
    assert moved[1:5] == later[:4]
    assert later[0] == "  uv lock"


@pytest.mark.parametrize(
    ("manager", "prepares"),
    [
        ("pip", ["requirements-dev.txt", "tools.settings"]),
        ("uv", ["uv sync", "tools.requirements", "tools.settings"]),
    ],
)
def test_the_last_message_prepares_the_environment_before_it_runs_the_validator(
    manager: str, prepares: list[str], new_app: Callable[..., Path]
) -> None:
    """Before, it would ask for new packages and settings that a later command adds."""
    app = new_app({"hello": "http"}, package_manager=manager)
    answer = "functions={hello: http, orders: cosmosdb_client}"
    said = update_as_user(app, "--data", answer).stderr
    before, validator, later = said.partition("python tools/validate.pyz\n")
    assert validator
    assert [step for step in prepares if step not in before] == []
    assert "pytest\n" in later
    assert "check the app (also for .rej files) and run the tests:\n" in before


@pytest.mark.parametrize("deleted", ["", "Dockerfile"], ids=["all files", "a deleted file"])
def test_the_users_requirements_survive_a_change_from_uv_and_back(
    deleted: str, new_app: Callable[..., Path]
) -> None:
    """Also where the user deleted another file: then, Copier asks early which files to skip."""
    app = new_app({"hello": "http"}, package_manager="uv")
    written = f"{MINE}\nhttpx==0.28.1\n"
    (app / "requirements.txt").write_text(written, encoding="utf-8")
    if deleted:
        (app / deleted).unlink()
    commit(app)
    update_as_user(app, "--data", "package_manager=pip")
    assert conflicts(app) == ["requirements.txt"]
    assert written in read(app / "requirements.txt")
    run_git(app, "checkout", "--quiet", "--theirs", "requirements.txt")
    append(app / "requirements.txt", "httpx==0.28.1\n")
    commit(app)
    update_as_user(app, "--data", "package_manager=uv")
    assert conflicts(app) == []
    assert read(app / "requirements.txt").endswith("\nhttpx==0.28.1\n")
