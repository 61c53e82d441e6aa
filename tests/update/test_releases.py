"""An app of any release, updated, is what the template of today generates."""

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.apps import check_app, content
from tests.support.catalogue import KINDS, one_of_each
from tests.support.releases import (
    NOW,
    NoHistory,
    answers_of_old_apps,
    every_kind,
    release_commit,
    released_kinds,
    released_versions,
)
from tests.support.repositories import commit, conflicts, run_git, status
from tests.support.updates import copy, restored, update, update_as_user

KINDS_THAT_STREAM = {kind.id for kind in KINDS if kind.streams}

every_release = pytest.mark.parametrize("version", released_versions())

# Besides the defaults. An answer that a release did not ask for yet is left out of its app.
OTHER_ANSWERS: list[dict[str, Any]] = [
    {"auth_level": "anonymous", "docker": False, "description": "It's: \"quoted\", #1 & \\ 'both'"},
    {"auth_level": "admin", "python_version": "3.10", "project_name": "Shop_2-EU"},
    {"web_framework": "fastapi", "telemetry": "opentelemetry"},
]


@pytest.fixture
def skip_uncommitted(released: Path, version: str) -> None:
    """Skip a release whose heading nobody has committed yet."""
    if version not in run_git(released, "tag").split():
        pytest.skip(f"no commit has the heading of {version} in CHANGELOG.md yet")


def assert_updated_is_fresh(
    template: Path, version: str, folder: Path, answers: dict[str, Any]
) -> Path:
    """Update an app of a release, compare it with a fresh one, byte for byte, and return it.

    What the update deletes, it names.
    """
    app, fresh = folder / "old" / "app", folder / "fresh" / "app"
    copy(template, app, version, **answers)
    own, before = (app / "local.settings.json").read_bytes(), {*content(app)}
    done = update_as_user(app)
    assert done.returncode == 0, done.stderr
    copy(template, fresh, NOW, **answers, **answers_of_old_apps(template, version))
    updated, wanted = content(app), content(fresh)
    assert restored(done.stderr) == before - {*updated}
    # That one is the user's, whose values stay even where the template has others by now.
    assert updated.pop("local.settings.json") == own
    del wanted["local.settings.json"]
    assert updated == wanted
    # Also no file that git does not see, such as what a merge leaves behind.
    assert not list(app.rglob("*.rej"))
    assert conflicts(app) == []
    return app


@every_release
@pytest.mark.usefixtures("skip_uncommitted")
def test_an_updated_app_of_every_kind_is_a_fresh_one(
    version: str,
    released: Path,
    tmp_path: Path,
    environment: Callable[[str], Path],
    render: Callable[..., Path],
) -> None:
    for number, (functions, python) in enumerate(every_kind(released, version)):
        answers = {"functions": functions, "python_version": python}
        app = assert_updated_is_fresh(released, version, tmp_path / str(number), answers)
        # tests/template/test_own_tests.py runs the tests of this app.
        same = one_of_each(python, streams=KINDS_THAT_STREAM.issuperset(functions.values()))
        check_app(app, environment(python), render(same, python_version=python))


@every_release
@pytest.mark.parametrize("answers", OTHER_ANSWERS, ids=lambda answers: "+".join(answers))
@pytest.mark.usefixtures("skip_uncommitted")
def test_an_updated_app_with_other_answers_is_a_fresh_one(
    version: str, answers: dict[str, Any], released: Path, tmp_path: Path
) -> None:
    asked = run_git(released, "grep", "-h", "-E", "^[a-z_]+:$", version, "--", "template/questions")
    known = {name: value for name, value in answers.items() if f"{name}:" in asked.split()}
    functions = {"hello": "http", "orders": "queue", "nightly": "timer"}
    assert_updated_is_fresh(released, version, tmp_path, {"functions": functions, **known})


@every_release
@pytest.mark.usefixtures("skip_uncommitted")
def test_every_kind_of_a_release_is_still_a_kind(version: str, released: Path) -> None:
    """A kind that goes would stop the update of every app that has it: retire it instead."""
    assert set(released_kinds(released, version)) <= {kind.id for kind in KINDS}


@every_release
@pytest.mark.usefixtures("skip_uncommitted")
def test_nothing_is_left_to_update_after_an_update(
    version: str, released: Path, tmp_path: Path
) -> None:
    functions = dict(itertools.islice(next(every_kind(released, version))[0].items(), 3))
    app = assert_updated_is_fresh(released, version, tmp_path, {"functions": functions})
    commit(app, "Update")
    update(app)
    assert status(app) == []


def test_a_checkout_without_history_is_refused_with_a_sentence(tmp_path: Path) -> None:
    repository, shallow = tmp_path / "repository", tmp_path / "shallow"
    repository.mkdir()
    for text in ("## [0.1.0]\n", "## [0.2.0]\n\n## [0.1.0]\n"):
        (repository / "CHANGELOG.md").write_text(text, encoding="utf-8")
        commit(repository)
    run_git(tmp_path, "clone", "--quiet", "--depth=1", repository.as_uri(), str(shallow))

    first, second = run_git(repository, "log", "--reverse", "--format=%H").split()
    assert release_commit("0.1.0", repository) == first
    assert release_commit("0.2.0", repository) == second
    assert release_commit("0.3.0", repository) is None
    with pytest.raises(NoHistory, match=r"this checkout is shallow: git fetch --unshallow"):
        release_commit("0.1.0", shallow)
    (tmp_path / "export").mkdir()
    with pytest.raises(NoHistory, match="this is not a git checkout: clone the repository"):
        release_commit("0.1.0", tmp_path / "export")
