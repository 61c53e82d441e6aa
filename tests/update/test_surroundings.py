"""An update works wherever an app and its template are, and however git is set up."""

import os
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from copier import run_copy, run_recopy, run_update
from jinja2.exceptions import FilterArgumentError

from hooks.post_generation import read_answers
from tests.support.releases import LATER, NOW, release
from tests.support.repositories import commit, configure_git, conflicts, run_git, status
from tests.support.run import run
from tests.support.scripts import write_script
from tests.support.template import edit
from tests.support.text_files import append, read, replace
from tests.support.updates import copy, update, update_as_user

FUNCTIONS = {"hello": "http", "orders": "queue"}
MORE = {**FUNCTIONS, "nightly": "timer"}
# Each of these changes what git does with patches, merges or commits.
SETTINGS = {
    "commit.gpgSign": "true",
    "core.fileMode": "true",
    "diff.external": "false",
    "diff.noprefix": "true",
    "gpg.program": "false",
    "merge.conflictStyle": "zdiff3",
    "tag.gpgSign": "true",
    "user.useConfigOnly": "true",
}
# A folder whose name has what shells, patterns and URLs give a meaning to.
HOSTILE = "-it's a [b] {c} (d) $e %f #g; h&i, é 日本"


def work_in(app: Path) -> None:
    """Write what an update must keep, with white space of which git warns."""
    replace(app / "blueprints" / "orders.py", "Do what your app does", "Ship")
    append(app / "README.md", "Ask Ada.  \n")


def check_update(app: Path) -> None:
    """Add a function, and fail unless the user's work is still there."""
    update(app, functions=MORE)
    assert (app / "blueprints" / "nightly.py").exists()
    assert "Ship" in read(app / "blueprints" / "orders.py")
    assert read(app / "README.md").endswith("Ask Ada.  \n")
    assert conflicts(app) == []
    assert not list(app.rglob("*.rej"))


@pytest.mark.parametrize("prefix", ["diff.noprefix", "diff.mnemonicPrefix"])
def test_git_can_be_set_up_in_any_way(
    prefix: str, app: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With hooks that fail, no identity, a detached HEAD and a merge under way, too."""
    work_in(app)
    commit(app)
    run_git(app, "checkout", "--quiet", "--detach")
    run_git(app, "commit", "--quiet", "--allow-empty", "-m", "Of theirs")
    run_git(app, "branch", "theirs")
    run_git(app, "checkout", "--quiet", "--detach", "HEAD~1")
    run_git(app, "merge", "--quiet", "--no-commit", "--no-ff", "--strategy=ours", "theirs")
    assert (app / ".git" / "MERGE_HEAD").exists()
    hooks = tmp_path / "hooks"
    # With these in all repositories, Copier could neither clone its template nor commit.
    of_the_app = ["post-checkout", "prepare-commit-msg"]
    for folder, more in ((hooks, []), (app / ".git" / "hooks", of_the_app)):
        for name in ("pre-commit", "commit-msg", *more):
            write_script(folder / name, "exit 1")
    settings = {name: value for name, value in SETTINGS.items() if name != "diff.noprefix"}
    settings |= {prefix: "true", "core.hooksPath": str(hooks)}
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.delenv("EMAIL", raising=False)
    configure_git(monkeypatch, settings)
    check_update(app)
    assert (app / ".git" / "MERGE_HEAD").exists()
    # A conflict is marked, with what was there before between the two sides.
    monkeypatch.delenv("GIT_CONFIG_COUNT")
    (app / ".git" / "MERGE_HEAD").unlink()
    shutil.rmtree(app / ".git" / "hooks")
    commit(app)
    configure_git(monkeypatch, settings)
    update(app, functions={**MORE, "orders": "servicebus_queue"})
    assert conflicts(app) == ["blueprints/orders.py"]
    text = read(app / "blueprints" / "orders.py")
    assert text.count("<<<<<<< before updating\n") == text.count(">>>>>>> after updating\n") > 0


def in_a_submodule(app: Path, folder: Path) -> Path:
    whole = folder / "whole"
    whole.mkdir()
    commit(whole)
    add = ["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(app), "app"]
    run_git(whole, *add)
    commit(whole)
    return whole / "app"


def in_a_worktree(app: Path, folder: Path) -> Path:
    run_git(app, "worktree", "add", "--quiet", "-b", "next", str(folder / "tree"))
    return folder / "tree"


def in_a_shallow_clone(app: Path, folder: Path) -> Path:
    run_git(folder, "clone", "--quiet", "--depth=1", app.as_uri(), "clone")
    return folder / "clone"


def in_a_sparse_checkout(app: Path, folder: Path) -> Path:
    """Without the documents of the user's own."""
    (app / "documents").mkdir()
    (app / "documents" / "plan.md").write_text("# Plan\n", encoding="utf-8")
    commit(app)
    clone = in_a_shallow_clone(app, folder)
    run_git(clone, "sparse-checkout", "set", "--no-cone", "/*", "!/documents/")
    assert not (clone / "documents").exists()
    return clone


def in_a_folder_of_a_monorepo(app: Path, folder: Path) -> Path:
    """To which it was moved, after it had been a repository of its own."""
    whole = folder / "whole"
    shutil.copytree(app, whole / "old", ignore=shutil.ignore_patterns(".git"))
    commit(whole)
    (whole / "services").mkdir()
    run_git(whole, "mv", "old", "services/orders")
    commit(whole)
    return whole / "services" / "orders"


def in_a_folder_with_a_hostile_name(app: Path, folder: Path) -> Path:
    return Path(shutil.copytree(app, folder / HOSTILE))


@pytest.mark.parametrize(
    "place",
    [
        in_a_submodule,
        in_a_worktree,
        in_a_shallow_clone,
        in_a_sparse_checkout,
        in_a_folder_of_a_monorepo,
        in_a_folder_with_a_hostile_name,
    ],
)
def test_an_app_can_be_anywhere(
    place: Callable[[Path, Path], Path], app: Path, tmp_path: Path
) -> None:
    work_in(app)
    commit(app)
    placed = place(app, tmp_path)
    beside = sorted(placed.parent.iterdir())
    check_update(placed)
    changed = {line[3:].strip('"') for line in status(placed)}
    assert not any(path.startswith("documents") for path in changed)
    assert sorted(placed.parent.iterdir()) == beside


def test_copier_needs_no_terminal_no_home_and_no_network(app: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    home.chmod(0o500)
    work_in(app)
    commit(app)
    through: list[str] = []
    if os.name != "nt" and os.geteuid() == 0 and shutil.which("setpriv"):
        # The rights of files do not hold for root.
        through = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    offline = {
        "HOME": str(home),
        "XDG_CACHE_HOME": str(home / "cache"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ALLOW_PROTOCOL": "file",
        "https_proxy": "http://127.0.0.1:9",
    }
    functions = ", ".join(f"{name}: {kind}" for name, kind in MORE.items())
    copier = [*through, sys.executable, "-m", "copier", "update", "--defaults"]
    run(*copier, "--data", f"functions={{{functions}}}", folder=app, environment=offline)
    assert "Ship" in read(app / "blueprints" / "orders.py")
    assert (app / "blueprints" / "nightly.py").exists()
    assert conflicts(app) == []
    # Without --defaults, it cannot ask.
    commit(app)
    asked = run(*copier[:-1], "--ask", "functions", folder=app, environment=offline, status=None)
    assert asked.returncode != 0
    assert status(app) == []


def test_links_and_executable_files_stay(app: Path) -> None:
    (app / "run.sh").write_text("#!/bin/sh\n", encoding="utf-8")
    for name in ("run.sh", "tools/settings.py"):
        (app / name).chmod(0o755)
    (app / "docs.md").symlink_to("README.md")
    (app / "blueprints" / "again.py").symlink_to("orders.py")
    work_in(app)
    commit(app)
    check_update(app)
    assert (app / "docs.md").readlink() == Path("README.md")
    assert (app / "blueprints" / "again.py").readlink() == Path("orders.py")
    for name in ("run.sh", "tools/settings.py"):
        assert (app / name).stat().st_mode & 0o111


def test_a_blueprint_that_was_moved_stays_where_it_is(app: Path) -> None:
    (app / "blueprints" / "sales").mkdir()
    (app / "blueprints" / "sales" / "__init__.py").touch()
    run_git(app, "mv", "blueprints/orders.py", "blueprints/sales/orders.py")
    replace(app / "function_app.py", "    orders,\n", "")
    line = "# Import your own blueprints below this line.\n"
    replace(app / "function_app.py", line, f"{line}from blueprints.sales import orders\n")
    replace(app / "blueprints" / "sales" / "orders.py", "Do what your app does", "Ship")
    commit(app)
    done = update_as_user(app, "--data", "python_version=3.12")
    assert "no module in blueprints/: orders." in done.stderr
    assert not (app / "blueprints" / "orders.py").exists()
    assert "Ship" in read(app / "blueprints" / "sales" / "orders.py")
    assert "from blueprints.sales import orders\n" in read(app / "function_app.py")
    assert "    orders,\n" not in read(app / "function_app.py")
    assert conflicts(app) == []
    # The other Python is everywhere.
    assert "python:4-python3.12" in read(app / "Dockerfile")
    for name in ("pyproject.toml", "AGENTS.md", ".vscode/tasks.json"):
        assert "3.13" not in read(app / name).replace('>= "3.13"', ""), name


def test_a_blueprint_that_became_a_package_is_not_missing(app: Path) -> None:
    (app / "blueprints" / "orders").mkdir()
    run_git(app, "mv", "blueprints/orders.py", "blueprints/orders/__init__.py")
    commit(app)
    done = update_as_user(app, "--data", "python_version=3.12")
    assert "no module in blueprints/" not in done.stderr
    assert not (app / "blueprints" / "orders.py").exists()
    assert "    orders,\n" in read(app / "function_app.py")
    assert conflicts(app) == []


@pytest.mark.parametrize("source", ["link", "~/template", "git+file"])
def test_a_template_can_be_given_in_any_way(
    source: str, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    (home / "template").symlink_to(repository)
    sources = {"link": str(home / "template"), "git+file": f"git+{repository.as_uri()}"}
    app = tmp_path / "app"
    copy(sources.get(source, source), app, NOW)
    kept = read_answers(app)["_src_path"]
    # A link may move; the folder of a user and an address are the same elsewhere.
    assert kept == (str(repository) if source == "link" else sources.get(source, source))
    update(app, functions=MORE)
    assert (app / "blueprints" / "nightly.py").exists()


def test_a_template_that_was_cloned_with_crlf_gives_the_same_app(
    app: Path, repository: Path, tmp_path: Path
) -> None:
    clone = tmp_path / "clone"
    run_git(tmp_path, "clone", "--quiet", "--config=core.autocrlf=true", str(repository), "clone")
    assert b"\r\n" in (clone / "copier.yml").read_bytes()
    other = tmp_path / "other" / "app"
    copy(clone, other, NOW, functions=FUNCTIONS)
    tracked = run_git(app, "ls-files").split()
    assert tracked == run_git(other, "ls-files").split()
    differ = [name for name in tracked if (app / name).read_bytes() != (other / name).read_bytes()]
    assert differ == [".copier-answers.yml"]


def test_copier_says_whether_there_is_a_newer_version(own_template: Path, tmp_path: Path) -> None:
    """As the weekly workflow asks it to."""
    app = tmp_path / "app"
    copy(own_template, app, NOW, functions=FUNCTIONS)
    check = [sys.executable, "-m", "copier", "check-update"]
    assert "up-to-date" in run(*check, folder=app).stdout
    release(own_template, LATER)
    assert LATER in run(*check, folder=app, status=None).stdout
    assert status(app) == []


def test_a_new_copy_over_the_old_one_keeps_what_is_the_users_alone(app: Path) -> None:
    settings = app / "local.settings.json"
    settings.write_text("{}\n", encoding="utf-8")
    (app / "audit.py").write_text('"""Ours."""\n', encoding="utf-8")
    replace(app / "blueprints" / "orders.py", "Do what your app does", "Ship")
    commit(app)
    run_recopy(app, defaults=True, overwrite=True, quiet=True)
    assert read(settings) == "{}\n"
    assert status(app) == [" M blueprints/orders.py"]
    assert "Ship" not in read(app / "blueprints" / "orders.py")


@pytest.mark.parametrize("path", ["tests/..", "../link", "../app"])
def test_a_path_through_which_copier_does_not_find_the_app(
    path: str, app: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Copier itself would advise to trust the template."""
    (app.parent / "link").symlink_to(app)
    monkeypatch.chdir(app)
    said = f'through ".." or a link. Run the command in {app}, with "." as its path.'
    with pytest.raises(FilterArgumentError, match=re.escape(said)):
        run_recopy(path, defaults=True, overwrite=True, quiet=True)
    with pytest.raises(
        (FilterArgumentError, ValueError), match=r"is not in the subpath of|does not read"
    ):
        run_update(path, defaults=True, overwrite=True, quiet=True)
    assert status(app) == []
    run_recopy(defaults=True, overwrite=True, quiet=True)
    run_recopy(path, defaults=True, overwrite=True, quiet=True, unsafe=True)


def test_an_answers_file_that_is_a_link_out_of_the_app(
    app: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = app / ".copier-answers.yml"
    answers.rename(tmp_path / "answers.yml")
    answers.symlink_to(tmp_path / "answers.yml")
    monkeypatch.chdir(app)
    with pytest.raises(FilterArgumentError, match=r"or a link\. Replace it with a file\."):
        run_recopy(defaults=True, overwrite=True, quiet=True)


def test_an_app_can_have_another_answers_file(own_template: Path, tmp_path: Path) -> None:
    """Then every command and every list of files names it."""
    app, answers = tmp_path / "app", "settings/template.yml"
    run_copy(str(own_template), app, answers_file=answers, defaults=True, quiet=True, vcs_ref=NOW)
    commit(app)
    assert not (app / ".copier-answers.yml").exists()
    named = [".funcignore", ".dockerignore", ".gitignore", ".github/workflows/template.yml"]
    for name in ["AGENTS.md", "README.md", *named]:
        text = read(app / name)
        assert answers in text
        assert ".copier-answers.yml" not in text
    for name in ("AGENTS.md", "README.md"):
        for line in read(app / name).splitlines():
            assert not line.startswith("copier update") or f"--answers-file {answers}" in line
    done = update_as_user(app, "--answers-file", answers, "--data", "functions={orders: queue}")
    assert done.returncode == 0, done.stderr
    assert "blueprints/http_example.py" in done.stderr
    commit(app)
    (app / "blueprints" / "orders.py").unlink()
    commit(app)
    done = update_as_user(app, "--answers-file", answers)
    assert f"copier update --defaults --answers-file {answers} --ask functions" in done.stderr
    commit(app)
    edit(own_template, {"pythons.yml": lambda pythons: pythons["3.13"].pop("worker")})
    release(own_template, LATER)
    done = update_as_user(app, "--answers-file", answers)
    assert f"copier update --defaults --answers-file {answers} --data" in done.stderr


@pytest.mark.parametrize("deleted", [[], ["Dockerfile", ".dockerignore"]], ids=["all", "fewer"])
def test_requirements_that_uv_wrote_stay(deleted: list[str], new_app: Callable[..., Path]) -> None:
    """Also where the user deleted other files, for which Copier asks early what to skip."""
    app = new_app(FUNCTIONS, package_manager="uv")
    (app / "requirements.txt").write_text("azure-functions==1.26.0\n", encoding="utf-8")
    for name in deleted:
        (app / name).unlink()
    commit(app)
    update(app, functions={**FUNCTIONS, "views": "kafka", "api": "cosmosdb_client"})
    assert read(app / "requirements.txt") == "azure-functions==1.26.0\n"
    assert conflicts(app) == []
    assert not any((app / name).exists() for name in deleted)
