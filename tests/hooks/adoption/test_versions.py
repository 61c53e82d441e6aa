"""`make adopt`: the version of the template that an app gets."""

import shutil
from pathlib import Path

import pytest

from hooks import new, origin
from hooks.post_generation import read_answers
from tests.hooks.adoption.conftest import Adopt
from tests.support.repositories import commit, run_git
from tests.support.text_files import read

HOW_TO_UPDATE = "`copier update --vcs-ref HEAD`"


@pytest.fixture
def clone(app: Path, template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone of the template that adopts apps."""
    clone = Path(shutil.copytree(template, tmp_path / "clone"))
    commit(clone)
    monkeypatch.setattr(new, "ROOT", clone)
    return clone


def adopted_version(app: Path, adopt: Adopt, *arguments: str) -> str:
    """Adopt an app, and return the version that its answers name."""
    assert adopt(app, "--no-index", "--apply", *arguments) == ""
    return str(read_answers(app)["_commit"])


def test_an_app_gets_the_newest_release(
    clone: Path, app: Path, adopt: Adopt, capsys: pytest.CaptureFixture[str]
) -> None:
    run_git(clone, "tag", "1.0.0")
    commit(clone, "A change after the release")
    assert adopted_version(app, adopt) == "1.0.0"
    assert HOW_TO_UPDATE not in capsys.readouterr().out


def test_an_app_gets_the_version_that_is_asked_for(
    clone: Path, app: Path, adopt: Adopt, capsys: pytest.CaptureFixture[str]
) -> None:
    run_git(clone, "tag", "1.0.0")
    commit(clone, "A change after the release")
    version = adopted_version(app, adopt, "--vcs-ref", origin.HEAD)
    assert version.startswith("1.0.0-1-g")
    assert HOW_TO_UPDATE in capsys.readouterr().out


def test_a_release_that_cannot_adopt_apps_is_passed_over(
    clone: Path, app: Path, adopt: Adopt, capsys: pytest.CaptureFixture[str]
) -> None:
    [questions] = [
        path for path in clone.glob("template/questions/*.yml") if "\nkept_files:" in read(path)
    ]
    text = read(questions)
    questions.write_text(text.replace("\nkept_files:", "\nanother:"), encoding="utf-8")
    commit(clone, "Before there was a way to adopt apps")
    run_git(clone, "tag", "1.0.0")
    questions.write_text(text, encoding="utf-8")
    commit(clone, "Adopt apps")
    assert adopted_version(app, adopt).startswith("1.0.0-1-g")
    assert HOW_TO_UPDATE in capsys.readouterr().out
