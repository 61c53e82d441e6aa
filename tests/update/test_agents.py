"""AGENTS.md in an update: the template's file follows the answers, and one that was there before stays."""

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.releases import NOW, released_versions
from tests.support.repositories import commit, conflicts
from tests.support.text_files import append, read, replace
from tests.support.updates import copy, refusal, restored, update, update_as_user

FUNCTIONS = {"hello": "http", "orders": "queue"}
OWN = "# Ours\n\nUse tabs.\n"


def test_its_command_adds_a_function(app: Path) -> None:
    [command] = re.findall("(?m)^copier update .*$", read(app / "AGENTS.md"))
    program, subcommand, defaults, *rest = shlex.split(command)
    assert (program, subcommand, defaults) == ("copier", "update", "--defaults")
    assert update_as_user(app, *rest).returncode == 0
    assert sorted(path.stem for path in app.glob("blueprints/[!_]*.py")) == [
        "cleanup",
        "hello",
        "orders",
    ]
    assert conflicts(app) == []


def test_it_follows_the_answers_and_keeps_what_the_user_wrote(app: Path) -> None:
    replace(app / "AGENTS.md", "\n## Rules\n", "\nAsk Ada.\n\n## Rules\n")
    append(app / "AGENTS.md", "\n## Ours\n\nUse tabs.\n")
    commit(app)
    update(app, package_manager="uv", functions={**FUNCTIONS, "nightly": "timer"})
    text = read(app / "AGENTS.md")
    assert conflicts(app) == []
    assert "\nAsk Ada.\n\n## Rules\n" in text
    assert text.endswith("\n## Ours\n\nUse tabs.\n")
    assert "\nuv sync\n" in text
    assert "orders: queue, nightly: timer, cleanup: timer}" in text


@pytest.mark.parametrize("ignored", [False, True])
def test_the_users_own_stays_in_this_update_and_in_later_ones(
    ignored: bool, released: Path, new_app: Callable[..., Path]
) -> None:
    """Copier would write over one that git ignores, which no commit has."""
    app = new_app(FUNCTIONS, template=released, version=released_versions()[0])
    (app / "AGENTS.md").write_text(OWN, encoding="utf-8")
    if ignored:
        append(app / ".gitignore", "/AGENTS.md\n")
    commit(app)
    for more in ({}, {"nightly": "timer"}):
        update(app, functions={**FUNCTIONS, **more}, package_manager="uv" if more else "pip")
        assert read(app / "AGENTS.md") == OWN
        assert conflicts(app) == []
        commit(app)
    taken = update_as_user(app, "--data", "agents_md=true")
    assert refusal(taken).endswith(
        '"agents_md" adds AGENTS.md, but AGENTS.md already exists. '
        "Move or rename it, then update again."
    )
    # Without it, the app can get the template's.
    (app / "AGENTS.md").unlink()
    commit(app)
    update(app, agents_md=True)
    assert "uv sync" in read(app / "AGENTS.md")


def test_one_that_is_no_longer_wanted_is_named(app: Path) -> None:
    done = update_as_user(app, "--data", "agents_md=false")
    assert restored(done.stderr) == {"AGENTS.md"}
    assert not (app / "AGENTS.md").exists()


def test_a_copy_keeps_one_that_is_there(repository: Path, tmp_path: Path) -> None:
    app = tmp_path / "app"
    app.mkdir()
    (app / "AGENTS.md").write_text(OWN, encoding="utf-8")
    copy(repository, app, NOW, functions=FUNCTIONS)
    assert read(app / "AGENTS.md") == OWN
    update(app, package_manager="uv")
    assert read(app / "AGENTS.md") == OWN


def test_one_that_the_user_deleted_stays_deleted(app: Path) -> None:
    (app / "AGENTS.md").unlink()
    commit(app)
    update(app, functions={**FUNCTIONS, "nightly": "timer"})
    assert not (app / "AGENTS.md").exists()
