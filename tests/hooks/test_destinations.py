"""Which folders `make new` writes to, and how it leaves them when it is stopped."""

from pathlib import Path

import pytest

from hooks import destinations, post_generation
from hooks.catalogue import ROOT
from hooks.destinations import Refusal
from tests.support.repositories import commit, run_git
from tests.support.text_files import read


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository as a hosting service creates it."""
    for name in ("README.md", "LICENSE", ".gitignore"):
        (tmp_path / name).write_text("theirs\n", encoding="utf-8")
    commit(tmp_path)
    return tmp_path


def test_a_new_repository_is_taken_and_what_it_has_can_be_replaced(repository: Path) -> None:
    names = destinations.replaceable(repository, ROOT)
    assert names == [".gitignore", "LICENSE", "README.md"]
    (repository / "README.md").write_text("ours\n", encoding="utf-8")
    assert destinations.changed(repository, names) == ["README.md"]


def test_a_repository_without_a_commit_is_taken(tmp_path: Path) -> None:
    run_git(tmp_path, "init", "--quiet")
    assert destinations.replaceable(tmp_path, ROOT) == []


def test_work_that_is_not_committed_is_not_replaced(repository: Path) -> None:
    (repository / "README.md").write_text("a draft\n", encoding="utf-8")
    with pytest.raises(Refusal, match=r"has changes that are not committed. Commit them first\.$"):
        destinations.replaceable(repository, ROOT)


def test_work_that_git_ignores_is_not_replaced(repository: Path) -> None:
    run_git(repository, "rm", "--quiet", "--cached", "README.md")
    (repository / ".gitignore").write_text("README.md\n", encoding="utf-8")
    commit(repository)
    with pytest.raises(Refusal, match="has changes that are not committed"):
        destinations.replaceable(repository, ROOT)


@pytest.mark.parametrize("name", destinations.OF_A_FILE_MANAGER)
def test_a_folder_with_only_the_file_of_a_file_manager_is_empty(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"\0")
    assert destinations.replaceable(tmp_path, ROOT) == []


def test_a_repository_that_git_cannot_read_is_refused(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(Refusal, match="already exists and is not empty"):
        destinations.replaceable(repository, ROOT)


@pytest.mark.parametrize("name", ["main.py", "docs/README.md", "host.json"])
def test_a_repository_with_more_in_it_is_refused(name: str, repository: Path) -> None:
    path = repository / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("theirs\n", encoding="utf-8")
    commit(repository)
    with pytest.raises(Refusal, match="already exists and is not empty"):
        destinations.replaceable(repository, ROOT)


def test_files_outside_of_a_repository_are_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("theirs\n", encoding="utf-8")
    with pytest.raises(Refusal, match="already exists and is not empty"):
        destinations.replaceable(tmp_path, ROOT)


def test_a_folder_of_a_repository_is_not_a_new_repository(repository: Path) -> None:
    (repository / "app").mkdir()
    (repository / "app" / "README.md").write_text("theirs\n", encoding="utf-8")
    commit(repository)
    with pytest.raises(Refusal, match="already exists and is not empty"):
        destinations.replaceable(repository / "app", ROOT)


def write_half_an_app(destination: Path) -> None:
    with destinations.restored_on_failure(destination):
        (destination / "tests").mkdir(parents=True)
        for name in ("README.md", "host.json", "tests/test_app.py"):
            (destination / name).write_text("half of", encoding="utf-8")
        raise KeyboardInterrupt


def test_a_repository_is_as_it_was_after_a_stop(repository: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        write_half_an_app(repository)
    assert run_git(repository, "status", "--porcelain", "--ignored") == ""
    assert read(repository / "README.md") == "theirs\n"


@pytest.mark.parametrize("is_there", [True, False])
def test_another_folder_is_as_it_was_after_a_stop(is_there: bool, tmp_path: Path) -> None:
    folder = tmp_path / "apps" / "app"
    if is_there:
        folder.mkdir(parents=True)
    with pytest.raises(KeyboardInterrupt):
        write_half_an_app(folder)
    assert [path.name for path in tmp_path.rglob("*")] == ["apps", "app"] * is_there


def test_a_project_is_unfinished_until_it_was_set_up(tmp_path: Path) -> None:
    assert not destinations.is_unfinished(tmp_path)
    (tmp_path / post_generation.ANSWERS).write_text("project_name: app\n", encoding="utf-8")
    assert destinations.is_unfinished(tmp_path)
    (tmp_path / ".venv").mkdir()
    (tmp_path / post_generation.FINISHED).touch()
    assert not destinations.is_unfinished(tmp_path)


def test_knows_the_folder_of_an_app_in_its_repository(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = repository / "services" / "app"
    assert destinations.folder_in_repository(app) == "services/app"
    app.mkdir(parents=True)
    assert destinations.folder_in_repository(app) == "services/app"
    monkeypatch.chdir(app)
    assert destinations.folder_in_repository(Path()) == "services/app"
    assert destinations.folder_in_repository(repository) is None
    run_git(app, "init", "--quiet")
    assert destinations.folder_in_repository(app) is None
    (repository / ".gitignore").write_text("try/\n", encoding="utf-8")
    assert destinations.folder_in_repository(repository / "try" / "app") is None
    (tmp_path / "link").symlink_to(repository)
    assert destinations.folder_in_repository(tmp_path / "link" / "app") == "app"
    assert destinations.folder_in_repository(tmp_path.parent / "app") is None


def test_the_path_from_a_folder_names_a_link_and_not_what_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "shared").mkdir()
    (tmp_path / "app" / "infra").symlink_to(tmp_path / "shared")
    (tmp_path / "link").symlink_to(tmp_path / "app")
    named = [
        destinations.path_from(tmp_path / folder, file)
        for folder in ("app", "link")
        for file in (tmp_path / "link" / "infra", tmp_path / "shared")
    ]
    assert named == ["infra", "../shared"] * 2
