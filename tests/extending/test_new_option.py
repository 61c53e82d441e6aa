"""A new option is a question, an entry in options.yml and its files; all that handles options then knows it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from copier import run_copy
from jinja2.exceptions import FilterArgumentError

from hooks.catalogue import CatalogueError
from hooks.post_generation import read_answers
from tests.extending.conftest import AFTER, BEFORE, Extend
from tests.support.template import edit
from tests.support.text_files import read
from tests.support.updates import copy, restored, update_as_user


@pytest.fixture(scope="module")
def repository(extend: Extend) -> Path:
    return extend("Add an option")


def start(repository: Path, app: Path, **answers: Any) -> None:
    run_copy(str(repository), app, data=answers, defaults=True, quiet=True)


def test_only_apps_with_it_have_its_files_which_are_not_deployed(
    repository: Path, tmp_path: Path
) -> None:
    for name, chosen in (("without", False), ("with", True)):
        app = tmp_path / name
        start(repository, app, editorconfig=chosen)
        assert (app / ".editorconfig").exists() == chosen
        for ignore_file in (".funcignore", ".dockerignore"):
            assert (".editorconfig" in read(app / ignore_file).splitlines()) == chosen
        assert read_answers(app)["editorconfig"] is chosen


def test_a_wrong_answer_is_refused(repository: Path, tmp_path: Path) -> None:
    with pytest.raises(FilterArgumentError, match="editorconfig: Write true or false"):
        start(repository, tmp_path / "app", editorconfig="maybe")
    assert not (tmp_path / "app").exists()


def test_an_update_names_its_files_when_it_deletes_them(repository: Path, tmp_path: Path) -> None:
    app = tmp_path / "app"
    copy(repository, app, AFTER, editorconfig=True)
    done = update_as_user(app, "--data", "editorconfig=false")
    assert restored(done.stderr) == {".editorconfig"}
    assert not (app / ".editorconfig").exists()


@pytest.mark.parametrize("chosen", ["true", "false"])
def test_an_app_that_is_older_can_get_it(chosen: str, repository: Path, tmp_path: Path) -> None:
    app = tmp_path / "app"
    copy(repository, app, BEFORE)
    done = update_as_user(app, "--data", f"editorconfig={chosen}")
    assert done.returncode == 0, done.stderr
    assert "These files were deleted" not in done.stderr
    assert (app / ".editorconfig").exists() == (chosen == "true")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            lambda options: options["editorconfig"]["files"].update(yes=[".editorconfig"]),
            "editorconfig has no choice yes",
        ),
        (
            lambda options: options.update(prettier=options["editorconfig"]),
            "there is no question prettier",
        ),
        (lambda options: options["editorconfig"].pop("before"), "before: Field required"),
        (lambda options: options["editorconfig"].update(file=[]), "file: Unexpected"),
    ],
)
def test_a_wrong_entry_is_refused(
    change: Callable[[Any], object], sentence: str, extend: Extend
) -> None:
    with pytest.raises(CatalogueError, match=sentence):
        edit(extend("Add an option"), {"options.yml": change})
