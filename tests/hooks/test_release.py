"""`make release`: what it refuses, and what it leaves to commit and tag."""

import datetime
import sys
from pathlib import Path

import pytest

from hooks import release
from hooks.catalogue import ROOT
from tests.support.repositories import commit, run_git
from tests.support.run import run
from tests.support.text_files import read

TODAY = datetime.date(2027, 1, 31)
CHANGELOG = """\
# Changelog

## [Unreleased]

### Added

- A kind.

## [0.9.0] - 2026-11-22

### Added

- Apps.
"""
VALIDATOR = '"""Checks apps."""\n\n__version__ = "0.9.1.dev0"\n'
# Stands for `make pyz`.
COPY = "import shutil, sys; shutil.copy(*sys.argv[1:])"
# Stands for `make test`, and passes in one folder only.
IS_IN = "import os, sys; sys.exit(not os.path.samefile('.', sys.argv[1]))"
PASS, FAIL = [sys.executable, "-c", "pass"], [sys.executable, "-c", "raise SystemExit(1)"]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return repository_with(CHANGELOG, tmp_path)


def repository_with(changelog: str, folder: Path) -> Path:
    files = {"CHANGELOG.md": changelog, release.VALIDATOR: VALIDATOR, release.PYZ: ""}
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    commit(folder)
    return folder


def test_it_dates_the_version_and_says_what_to_do(repository: Path) -> None:
    tests = [sys.executable, "-c", IS_IN, str(repository)]
    copy = [sys.executable, "-c", COPY, release.VALIDATOR, release.PYZ]
    said = release.release("0.10.0", repository, TODAY, tests, copy)
    assert read(repository / "CHANGELOG.md") == CHANGELOG.replace(
        "## [Unreleased]\n", "## [Unreleased]\n\n## [0.10.0] - 2027-01-31\n"
    )
    validator = read(repository / release.VALIDATOR)
    assert validator == VALIDATOR.replace("0.9.1.dev0", "0.10.0")
    assert read(repository / release.PYZ) == validator
    commands = [line.strip() for line in said.splitlines() if line.startswith("  ")]
    assert [command.split()[:2] for command in commands] == [
        ["git", "commit"],
        ["git", "tag"],
        ["git", "push"],
    ]
    run_git(repository, "config", "user.name", "test")
    run_git(repository, "config", "user.email", "test@example.com")
    for command in commands[:2]:
        run("sh", "-c", command, folder=repository)
    assert run_git(repository, "describe").strip() == "0.10.0"
    assert run_git(repository, "status", "--porcelain") == ""


@pytest.mark.parametrize(
    ("version", "sentence"),
    [
        ("", "'' is not a version as in PEP 440. Write make release VERSION=1.2.3"),
        ("next", "'next' is not a version"),
        ("1.0.0.0-x y", "is not a version"),
        ("v1.0.0", "Write v1.0.0 as 1.0.0."),
        ("1.0.0-beta1", "Write 1.0.0-beta1 as 1.0.0b1."),
        ("0.9.0", "0.9.0 does not come after 0.9.0."),
        ("0.10.0.dev1", ""),
        ("0.9.0rc1", "0.9.0rc1 does not come after 0.9.0."),
        ("0.8.9", "0.8.9 does not come after 0.9.0."),
        ("0.9", "0.9 does not come after 0.9.0."),
        ("0.10.0", ""),
        ("1.0.0rc1", ""),
    ],
)
def test_versions_follow_each_other(version: str, sentence: str, repository: Path) -> None:
    if not sentence:
        assert release.release(version, repository, TODAY, PASS, PASS)
        return
    with pytest.raises(release.Refusal) as refusal:
        release.release(version, repository, TODAY, PASS, PASS)
    assert sentence in str(refusal.value)
    assert read(repository / "CHANGELOG.md") == CHANGELOG


@pytest.mark.parametrize(
    ("changelog", "sentence"),
    [
        (CHANGELOG.replace("- A kind.\n", ""), "has no entry under Unreleased"),
        (
            CHANGELOG.replace("## [Unreleased]\n", ""),
            r"must have the heading ## \[Unreleased\] exactly once",
        ),
        (CHANGELOG + "## [Unreleased]\n", r"must have the heading ## \[Unreleased\] exactly once"),
    ],
)
def test_a_changelog_without_entries_is_refused(
    changelog: str, sentence: str, tmp_path: Path
) -> None:
    repository = repository_with(changelog, tmp_path)
    with pytest.raises(release.Refusal, match=sentence):
        release.release("1.0.0", repository, TODAY, PASS, PASS)


def test_changes_that_are_not_committed_are_refused(repository: Path) -> None:
    (repository / "notes").touch()
    with pytest.raises(release.Refusal, match=r"uncommitted changes\. Commit them first"):
        release.release("1.0.0", repository, TODAY, PASS, PASS)


def test_a_tag_that_is_there_is_refused(repository: Path) -> None:
    run_git(repository, "tag", "1.0.0")
    with pytest.raises(release.Refusal, match=r"The tag 1\.0\.0 already exists"):
        release.release("1.0.0", repository, TODAY, PASS, PASS)


def test_no_git_is_refused(tmp_path: Path) -> None:
    (tmp_path / "CHANGELOG.md").write_text(CHANGELOG, encoding="utf-8")
    with pytest.raises(release.Refusal, match=r"`git status --porcelain` failed: fatal: not a git"):
        release.release("1.0.0", tmp_path, TODAY, PASS, PASS)


def test_tests_that_fail_stop_it(repository: Path) -> None:
    with pytest.raises(release.Refusal, match="failed, so nothing was changed"):
        release.release("1.0.0", repository, TODAY, FAIL, PASS)
    assert run_git(repository, "status", "--porcelain") == ""


def test_a_validator_that_cannot_be_made_stops_it(repository: Path) -> None:
    with pytest.raises(release.Refusal, match="failed, so nothing was changed"):
        release.release("1.0.0", repository, TODAY, PASS, FAIL)
    assert run_git(repository, "status", "--porcelain") == ""


@pytest.mark.parametrize("version", ["", "0.0.1", "$(touch injected)"])
def test_make_refuses_with_a_sentence(version: str) -> None:
    """Nothing else is tried with this repository: the tests would run the tests."""
    make = ["make", "release", f"VERSION={version}"]
    done = run(*make, folder=ROOT, environment={"MAKEFLAGS": ""}, status=None)
    assert done.returncode != 0
    assert "is not a version" in done.stderr or "does not come after" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (ROOT / "injected").exists()
