"""Apps of `make new` find the versions of their template later, or `make new` says why they cannot."""

import contextlib
import io
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from copier import run_copy

from hooks import new, origin, post_generation
from hooks.destinations import Refusal
from hooks.post_generation import read_answers
from tests.support.repositories import commit, run_git
from tests.support.template import edit
from tests.support.text_files import read
from tests.support.updates import refusal, update_as_user


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
    return str(read_answers(app)["_src_path"])


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


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://me:p@ss@example.com/a@b.git", "git+https://example.com/a@b.git"),
        ("http://token@example.com/a.git", "git+http://example.com/a.git"),
        ("git@example.com:me/a.git", "git@example.com:me/a.git"),
        ("gitea@example.com:me/a", "git+gitea@example.com:me/a"),
        ("ssh://me@example.com/a.git", "git+ssh://me@example.com/a.git"),
    ],
)
def test_updates_come_from_an_address_without_its_secrets(
    url: str, found: str, clone: Path, app: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        origin, "ask_git", lambda _, command, *__: url if command == "remote" else "found"
    )
    origin.record(clone, app)
    assert source(app) == found


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
    assert "is ahead of the newest release, 0.1.0." in said
    assert "`copier update --vcs-ref HEAD`" in said

    app = tmp_path / "app"
    run_copy(str(clone), app, defaults=True, quiet=True, vcs_ref="HEAD")
    commit(app)
    assert "You are downgrading from" in refusal(update_as_user(app))
    assert update_as_user(app, "--vcs-ref", "HEAD").returncode == 0


@pytest.fixture
def make(
    clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[Path, str]]:
    """Run `make new` in the clone, without the set-up; return the app and what it printed."""
    monkeypatch.setattr(new, "ROOT", clone)

    def make(*arguments: str) -> tuple[Path, str]:
        app = tmp_path / "made"
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            new.make(app, new.Arguments().parse_args(["--defaults", *arguments]))
        commit(app)
        return app, " ".join(printed.getvalue().split())

    return make


def version_of(app: Path) -> str:
    return str(read_answers(app)["_commit"])


def get_ahead_of(release: str, clone: Path) -> None:
    """Tag a release and add a question after it."""
    run_git(clone, "tag", release)
    question = {"type": "bool", "help": "More?", "default": False}
    edit(clone, {"questions/options.yml": lambda questions: questions.update(more=question)})
    commit(clone, "A question after the release")


def test_an_app_of_a_clone_that_is_ahead_can_be_updated_at_once_and_later(
    clone: Path, make: Callable[..., tuple[Path, str]]
) -> None:
    """With the plain command, which Copier refuses for an app of the last commit."""
    get_ahead_of("1.0.0", clone)
    run_git(clone, "tag", "not-a-version")
    run_git(clone, "tag", "2.0.0rc1", "1.0.0")
    app, printed = make()
    assert "Generating from the newest release, 1.0.0. " in printed
    assert "add `--vcs-ref HEAD` to ARGS." in printed
    assert version_of(app) == "1.0.0"
    assert update_as_user(app, "--data", "docker=false").returncode == 0
    assert not (app / "Dockerfile").exists()
    assert version_of(app) == "1.0.0"
    commit(app)
    run_git(clone, "tag", "1.1.0")
    assert update_as_user(app).returncode == 0
    assert version_of(app) == "1.1.0"
    assert "more: false" in read(app / post_generation.ANSWERS)


def test_answers_that_the_release_takes_are_for_it(
    clone: Path, make: Callable[..., tuple[Path, str]]
) -> None:
    get_ahead_of("1.0.0", clone)
    app, _ = make("--data", "docker=true")
    assert version_of(app) == "1.0.0"
    assert (app / "Dockerfile").exists()


def test_answers_that_the_release_does_not_take_are_for_the_last_commit(
    clone: Path, make: Callable[..., tuple[Path, str]]
) -> None:
    get_ahead_of("1.0.0", clone)
    with pytest.raises(Refusal, match=r"^docker: Write true or false"):
        make("--data", "docker=maybe")
    assert not (clone.parent / "made").exists()
    app, printed = make("--data", "more=true")
    assert "Release 1.0.0 does not take these answers. Generating from the last commit." in printed
    assert "update the app with `copier update --vcs-ref HEAD`" in printed
    assert version_of(app).startswith("1.0.0-1-g")
    assert update_as_user(app, "--vcs-ref", "HEAD").returncode == 0


@pytest.mark.parametrize("ref", ["HEAD", "1.0.0"])
def test_another_version_can_be_chosen(
    ref: str, clone: Path, make: Callable[..., tuple[Path, str]]
) -> None:
    get_ahead_of("1.0.0", clone)
    app, printed = make("--vcs-ref", ref)
    assert ("newest release" in printed) == (ref == "HEAD")
    assert version_of(app).startswith("1.0.0-1-g" if ref == "HEAD" else "1.0.0")


def test_a_clone_of_an_older_line_is_not_ahead(clone: Path) -> None:
    get_ahead_of("1.0.0", clone)
    assert origin.release_before_head(clone) == "1.0.0"
    run_git(clone, "tag", "2.0.0")
    assert origin.release_before_head(clone) == ""
    run_git(clone, "checkout", "--quiet", "1.0.0")
    commit(clone, "A fix")
    assert origin.release_before_head(clone) == ""


def test_a_release_is_taken_from_the_origin_only_if_it_has_the_tag(
    clone: Path, make: Callable[..., tuple[Path, str]]
) -> None:
    get_ahead_of("1.0.0", clone)
    app, _ = make()
    assert source(app) == str(clone)
    run_git(clone, "push", "--quiet", "origin", "1.0.0")
    shutil.rmtree(app)
    app, _ = make()
    assert source(app) == "git+" + (clone.parent / "origin.git").as_uri()


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
