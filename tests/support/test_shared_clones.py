"""A clone of a template is used again until git would clone something else."""

from collections.abc import Callable
from pathlib import Path

import pytest
from copier._template import Template

from tests.support.releases import release
from tests.support.repositories import commit, run_git
from tests.support.shared_clones import read_state

CHANGES: dict[str, Callable[[Path], object]] = {
    "commit": commit,
    "release": lambda repository: release(repository, "2.0.0"),
    "tag is moved": lambda repository: run_git(repository, "tag", "--force", "1.0.0", "HEAD~1"),
    "tag is deleted": lambda repository: run_git(repository, "tag", "--delete", "1.0.0"),
    "no branch": lambda repository: run_git(repository, "checkout", "--quiet", "--detach"),
    "setting": lambda repository: run_git(repository, "config", "core.autocrlf", "true"),
}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with two commits, the second one released, and with its branches and tags in one file."""
    (tmp_path / "copier.yml").write_text("", encoding="utf-8")
    commit(tmp_path)
    release(tmp_path, "1.0.0")
    run_git(tmp_path, "pack-refs", "--all")
    return tmp_path


def state(repository: Path, ref: str | None = "1.0.0") -> object:
    return read_state(Template(url=str(repository), ref=ref))


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_of_the_repository_makes_another_clone(
    change: Callable[[Path], object], repository: Path
) -> None:
    before = state(repository)
    assert before == state(repository)
    change(repository)
    assert state(repository) != before


@pytest.mark.parametrize("name", ["GIT_CONFIG_GLOBAL", "HOME", "XDG_CONFIG_HOME"])
def test_other_settings_of_git_make_another_clone(
    name: str, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = state(repository)
    monkeypatch.setenv(name, str(repository))
    assert state(repository) != before


def test_each_version_has_a_clone(repository: Path) -> None:
    assert state(repository) != state(repository, None)


def test_a_clone_with_what_is_not_committed_is_not_used_again(repository: Path) -> None:
    assert state(repository, "HEAD") is None
