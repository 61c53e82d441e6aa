"""Apps of `make new` find the versions of their template later, or their owner is told why not."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from copier import run_copy

from hooks import origin, post_generation
from tests.support.repositories import commit, read, refusal, run_git, update_as_user


@pytest.fixture
def clone(template: Path, tmp_path: Path) -> Path:
    """A clone of the template with a commit, which is on its origin."""
    bare, clone = tmp_path / "origin.git", tmp_path / "clone"
    shutil.copytree(template, clone)
    commit(clone)
    run_git(tmp_path, "clone", "--quiet", "--bare", str(clone), str(bare))
    run_git(clone, "remote", "add", "origin", bare.as_uri())
    run_git(clone, "fetch", "--quiet", "origin")
    return clone


@pytest.fixture
def app(clone: Path, tmp_path: Path) -> Path:
    """An app of the clone."""
    app = tmp_path / "app"
    run_copy(str(clone), app, defaults=True, quiet=True, vcs_ref="HEAD")
    return app


def source(app: Path) -> str:
    """Return where an app takes its updates from."""
    lines = read(app / post_generation.ANSWERS).splitlines()
    return next(line for line in lines if line.startswith("_src_path: ")).split()[1]


def test_updates_come_from_where_the_template_was_cloned(clone: Path, app: Path) -> None:
    origin.record(clone, app)
    assert source(app) == "git+" + (clone.parent / "origin.git").as_uri()
    shutil.rmtree(clone)
    commit(app)
    assert update_as_user(app, "--data", "docker=false").returncode == 0
    assert not (app / "Dockerfile").exists()


def unpushed(clone: Path) -> None:
    commit(clone, "A change that nobody else has")


def unreachable(clone: Path) -> None:
    shutil.rmtree(clone.parent / "origin.git")


def local(clone: Path) -> None:
    run_git(clone, "remote", "set-url", "origin", str(clone.parent / "origin.git"))


def missing(clone: Path) -> None:
    run_git(clone, "remote", "remove", "origin")


@pytest.mark.parametrize("change", [unpushed, unreachable, local, missing])
def test_updates_come_from_the_clone_where_its_origin_is_of_no_use(
    change: Callable[[Path], None], clone: Path, app: Path
) -> None:
    change(clone)
    origin.record(clone, app)
    assert source(app) == str(clone)


def test_a_template_at_a_release_has_no_warning(clone: Path) -> None:
    assert list(origin.warnings_of(clone)) == []
    run_git(clone, "tag", "0.1.0")
    assert list(origin.warnings_of(clone)) == []


def test_a_template_that_is_ahead_of_its_release_says_how_to_update(
    clone: Path, tmp_path: Path
) -> None:
    run_git(clone, "tag", "0.1.0")
    commit(clone, "A change after the release")
    said = " ".join(origin.warnings_of(clone))
    assert "is ahead of its last release, 0.1.0." in said
    assert "`copier update --vcs-ref HEAD`" in said

    app = tmp_path / "app"
    run_copy(str(clone), app, defaults=True, quiet=True, vcs_ref="HEAD")
    commit(app)
    assert "You are downgrading from" in refusal(update_as_user(app))
    assert update_as_user(app, "--vcs-ref", "HEAD").returncode == 0


def test_uncommitted_changes_are_named(clone: Path) -> None:
    (clone / "notes.txt").write_text("a draft", encoding="utf-8")
    assert "has uncommitted changes" in next(origin.warnings_of(clone))


def test_a_template_without_git_says_that_updates_are_not_possible(
    clone: Path, template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "cannot be updated" in next(origin.warnings_of(template))
    # Such as an archive that was unpacked inside another repository.
    assert "cannot be updated" in next(origin.warnings_of(clone / "template"))
    monkeypatch.setenv("PATH", "")
    assert "cannot be updated" in next(origin.warnings_of(clone))
