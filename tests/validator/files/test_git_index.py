"""Which files git tracks, beside what git itself says."""

from pathlib import Path

import pytest

from functions_validator.files.git_index import tracked_files
from tests.support.repositories import run_git

NAMES = {"a.py", "app/host.json", "app/a/b.py", "app/a/bc.py", f"app/{'x' * 200}.txt", "app/é.txt"}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository that tracks files, and has others."""
    for name in (*NAMES, "app/new.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    run_git(tmp_path, "init", "--quiet")
    run_git(tmp_path, "add", *NAMES)
    return tmp_path


@pytest.mark.parametrize("version", ["2", "3", "4"])
def test_every_version_of_the_index(version: str, repository: Path) -> None:
    run_git(repository, "update-index", "--index-version", version)
    assert tracked_files(repository) == NAMES
    run_git(repository, "add", "--intent-to-add", "app/new.py")
    assert tracked_files(repository) == {*NAMES, "app/new.py"}
    inside = {
        name.removeprefix("app/") for name in {*NAMES, "app/new.py"} if name.startswith("app/")
    }
    assert tracked_files(repository / "app") == inside


def test_a_worktree(repository: Path, tmp_path: Path) -> None:
    run_git(repository, "commit", "--quiet", "--message", "x")
    run_git(repository, "worktree", "add", "--quiet", str(tmp_path / "other"))
    assert tracked_files(tmp_path / "other") == NAMES


@pytest.mark.parametrize(
    "content", [None, b"", b"DIRC", b"DIRC\0\0\0\2\0\0\0\5", b"DIRC\0\0\0\4\0\0\0\5", b"x" * 100]
)
def test_an_index_that_cannot_be_read(content: bytes | None, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    if content is not None:
        (tmp_path / ".git/index").write_bytes(content)
    assert tracked_files(tmp_path) == frozenset()


def test_without_a_repository(tmp_path: Path) -> None:
    assert tracked_files(tmp_path / "none") == frozenset()
