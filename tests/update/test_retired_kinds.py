"""A kind that is retired is no longer offered, but apps that have it keep it, and their README says so."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from copier import run_copy

from tests.support.apps import check_app
from tests.support.documents.catalogue_page import catalogue
from tests.support.placeholders import replace_placeholder
from tests.support.releases import release
from tests.support.repositories import commit, run_git, status
from tests.support.template import add_kind, edit
from tests.support.text_files import read, replace
from tests.support.updates import copy, update, update_as_user

OLD, NEW = "1.0.0", "1.1.0"
FUNCTIONS = {"hello": "http", "notes": "pigeon"}
GROUP = "Timer (schedules)"


@pytest.fixture(scope="module")
def pigeons(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A template that has a kind of its own in one version, and retires it in the next."""
    copy = tmp_path_factory.mktemp("retired") / "template"
    shutil.copytree(template, copy)
    add_kind(copy, GROUP, "pigeon", pigeon_files(copy / "template" / "catalogue"))
    release(copy, OLD)
    retired = {
        "catalogue/pigeon/kind.yml": lambda kind: kind.update(retired="use queue_output instead"),
        "catalogue/index.yml": retire,
    }
    edit(copy, retired)
    release(copy, NEW)
    return copy


def pigeon_files(catalogue: Path) -> dict[str, str]:
    """Return the files of a kind that is like queue_output."""
    files = {
        path.name: replace_placeholder(read(path), "queue_output_example", "pigeon_example")
        for path in (catalogue / "queue_output").glob("*.*")
    }
    kind = yaml.safe_load(files["kind.yml"])
    kind.update(title="Message by pigeon", help="send a note by pigeon")
    return {**files, "kind.yml": yaml.safe_dump(kind)}


def retire(index: dict[str, list[str]]) -> None:
    index[GROUP].remove("pigeon")
    index["Retired"].append("pigeon")


@pytest.fixture
def app(pigeons: Path, tmp_path: Path) -> Path:
    app = tmp_path / "app"
    copy(pigeons, app, OLD, functions=FUNCTIONS)
    return app


def test_an_app_keeps_its_functions_of_a_retired_kind(
    app: Path, environment: Callable[[str], Path]
) -> None:
    before = (app / "blueprints" / "notes.py").read_bytes()
    update(app, functions={**FUNCTIONS, "more_notes": "pigeon"})
    assert (app / "blueprints" / "notes.py").read_bytes() == before
    assert (app / "blueprints" / "more_notes.py").exists()
    check_app(app, environment("3.13"))


def test_an_app_says_what_to_use_instead(app: Path) -> None:
    advice = "new apps no longer get its kind `pigeon`: use queue_output instead.\n"
    assert advice not in read(app / "README.md")
    done = update_as_user(app)
    readme = read(app / "README.md")
    assert "| Message by pigeon |" in readme
    assert f"`notes` still works, but {advice}" in readme
    assert "notes still works" in done.stderr
    assert "hello still works" not in done.stderr


@pytest.mark.parametrize(("version", "offered"), [(OLD, True), (NEW, False)])
def test_only_kinds_that_are_not_retired_are_offered(
    version: str, offered: bool, pigeons: Path, tmp_path: Path
) -> None:
    def start(app: Path, **answers: object) -> None:
        run_copy(str(pigeons), app, data=answers, defaults=True, quiet=True, vcs_ref=version)

    if offered:
        start(tmp_path / "boxes", triggers=["http", "pigeon"])
    else:
        with pytest.raises(Exception, match='There is no kind "pigeon"'):
            start(tmp_path / "boxes", triggers=["http", "pigeon"])
    with pytest.raises(Exception, match="there is no kind") as refusal:
        start(tmp_path / "unknown", functions={"hello": "pigeons"})
    assert ("Do you mean pigeon?" in str(refusal.value)) == offered
    # An app that is moved to a new folder, or made again, is generated with its answers.
    start(tmp_path / "app", functions=FUNCTIONS)
    assert (tmp_path / "app" / "blueprints" / "notes.py").exists()


def test_the_documentation_marks_it(pigeons: Path) -> None:
    page = catalogue(pigeons / "template")
    assert "\n### Retired\n\nNo longer offered, but apps that have such a function keep it" in page
    assert "| `pigeon` | Message by pigeon: use queue_output instead |" in page
    assert page.index(f"### {GROUP}") < page.index("### Retired")


def test_its_folder_must_stay(pigeons: Path, app: Path, tmp_path: Path) -> None:
    """What would happen to the app if it went."""
    without = tmp_path / "without"
    run_git(tmp_path, "clone", "--quiet", str(pigeons), str(without))
    shutil.rmtree(without / "template" / "catalogue" / "pigeon")
    edit(without, {"catalogue/index.yml": lambda index: index["Retired"].remove("pigeon")})
    release(without, "1.2.0")
    replace(app / ".copier-answers.yml", str(pigeons), str(without))
    commit(app)
    with pytest.raises(Exception, match='"notes": there is no kind "pigeon"') as stop:
        update(app)
    assert 'Choose another: copier update --defaults --data "functions=' in str(stop.value)
    assert status(app) == []
    update(app, functions={"hello": "http"})
    assert not (app / "blueprints" / "notes.py").exists()
