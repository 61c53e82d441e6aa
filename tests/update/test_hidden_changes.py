"""What Copier or git does not see in an app, and what an update then does with it: docs/updating.md warns of each."""

import sys
from pathlib import Path

import pytest

from tests.support.repositories import commit, conflicts, discard_changes, run_git, status
from tests.support.run import run
from tests.support.text_files import append, read, replace
from tests.support.updates import update_as_user

OTHER_KIND = "functions={hello: http, orders: servicebus_queue}"


def work_in_orders(app: Path) -> None:
    """Write what conflicts with another kind of that function."""
    replace(app / "blueprints" / "orders.py", "Do what your app does", "Ship")


def test_text_in_another_encoding(app: Path) -> None:
    """Copier drops bytes that are not UTF-8, and git takes UTF-16 for no text."""
    requirements = app / "requirements.txt"
    requirements.write_bytes(f"{read(requirements)}httpx\n".encode("utf-16"))
    readme = app / "README.md"
    readme.write_bytes(readme.read_bytes() + "Ask Zoé.\n".encode("cp1252"))
    commit(app)
    assert update_as_user(app, "--data", "python_version=3.12").returncode == 0
    assert conflicts(app) == []
    assert read(readme).endswith("\nAsk Zo.\n")
    assert "httpx" not in read(requirements)
    # It would have kept both.
    run_git(app, "reset", "--quiet", "--hard")
    requirements.write_bytes(requirements.read_bytes().decode("utf-16").encode())
    readme.write_bytes(readme.read_bytes().decode("cp1252").encode())
    commit(app)
    update_as_user(app, "--data", "python_version=3.12")
    assert read(readme).endswith("\nAsk Zoé.\n")
    assert read(requirements).endswith("\nhttpx\n")


def test_a_git_that_shows_no_untracked_files(app: Path) -> None:
    """Copier then does not find what it could not merge."""
    work_in_orders(app)
    commit(app)
    run_git(app, "config", "status.showUntrackedFiles", "no")
    assert update_as_user(app, "--data", OTHER_KIND).returncode == 0
    assert conflicts(app) == []
    assert "<<<<<<<" not in read(app / "blueprints" / "orders.py")
    assert "Ship" in read(app / "blueprints" / "orders.py.rej")
    validate = [sys.executable, "tools/validate.pyz", "--no-index"]
    assert "orders.py.rej:1:1: AF601" in run(*validate, folder=app, status=1).stdout
    # The command of the page.
    run_git(app, "reset", "--quiet", "--hard")
    (app / "blueprints" / "orders.py.rej").unlink()
    run_git(app, "config", "status.showUntrackedFiles", "normal")
    update_as_user(app, "--data", OTHER_KIND)
    assert conflicts(app) == ["blueprints/orders.py"]


def test_a_git_that_refuses_white_space(app: Path) -> None:
    """Git then refuses all changes at once, and Copier does not look how it ended."""
    work_in_orders(app)
    append(app / "README.md", "Ask Ada.  \n")
    commit(app)
    run_git(app, "config", "apply.whitespace", "error")
    assert update_as_user(app, "--data", "python_version=3.12").returncode == 0
    assert "Ship" not in read(app / "blueprints" / "orders.py")
    assert "Ask Ada." not in read(app / "README.md")
    # The command of the page.
    run_git(app, "reset", "--quiet", "--hard")
    run_git(app, "config", "apply.whitespace", "warn")
    assert update_as_user(app, "--data", "python_version=3.12").returncode == 0
    assert "Ship" in read(app / "blueprints" / "orders.py")
    assert read(app / "README.md").endswith("Ask Ada.  \n")


def test_a_rejected_hunk_that_git_ignores(app: Path) -> None:
    """Copier takes it for one that it left just now, and does not find its file."""
    append(app / ".gitignore", "*.rej\n")
    work_in_orders(app)
    commit(app)
    rejected = app / "blueprints" / "gone.py.rej"
    rejected.touch()
    done = update_as_user(app, "--data", OTHER_KIND)
    assert done.returncode == 1
    assert "pathspec 'blueprints/gone.py' did not match any file(s)" in done.stderr
    discard_changes(app)
    rejected.unlink()
    assert update_as_user(app, "--data", OTHER_KIND).returncode == 0
    assert conflicts(app) == ["blueprints/orders.py"]


@pytest.mark.parametrize("option", ["--skip-worktree", "--assume-unchanged"])
def test_a_change_that_git_is_told_to_overlook(option: str, app: Path) -> None:
    settings = app / ".vscode" / "settings.json"
    run_git(app, "update-index", option, ".vscode/settings.json")
    settings.write_text("{}\n", encoding="utf-8")
    assert status(app) == []
    assert update_as_user(app).returncode == 0
    assert read(settings) != "{}\n"


def test_a_file_with_a_link_in_its_old_place(app: Path) -> None:
    run_git(app, "mv", "AGENTS.md", "CLAUDE.md")
    (app / "AGENTS.md").symlink_to("CLAUDE.md")
    append(app / "CLAUDE.md", "Ask Ada.\n")
    commit(app)
    before = read(app / "CLAUDE.md")
    assert update_as_user(app, "--data", "python_version=3.12").returncode == 0
    assert "3.12" in read(app / "README.md")
    assert read(app / "CLAUDE.md") == before
    assert (app / "AGENTS.md").readlink() == Path("CLAUDE.md")
    assert conflicts(app) == []
