"""`make adopt`: existing apps keep every line and every function, now and in updates."""

import functools
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from functions_validator.indexing.index import IndexOptions
from functions_validator.project.project import Project
from hooks import new
from hooks.adoption.existing_app import ExistingApp
from hooks.post_generation import read_answers
from tests.support.existing_apps import NEEDS_REQUIREMENTS, SHAPES, Shape, run_adopt, write_app
from tests.support.releases import LATER, release
from tests.support.repositories import commit, conflicts, run_git, status
from tests.support.text_files import append, read, replace
from tests.support.updates import refusal, update_as_user

OF_MAIN = {"Values": {"FUNCTIONS_WORKER_RUNTIME": "python", "PYTHON_SCRIPT_FILE_NAME": "main.py"}}
FUNCTIONS = "functions={pets: queue, cities: cosmosdb}"


@pytest.fixture
def adopting_template(own_template: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The template from which `make adopt` takes files, which can get newer versions."""
    monkeypatch.setattr(new, "ROOT", own_template)
    return own_template


def release_newer(template: Path) -> None:
    """Change files that apps have as their own, and one that they have from the template."""
    project = template / "template" / "project"
    replace(project / "host.json.jinja", '"isEnabled": true', '"isEnabled": false')
    append(project / "README.md.jinja", "\nNewer.\n")
    append(project / "tools" / "settings.py", "\n# Newer.\n")
    release(template, LATER)


def functions(app: Path) -> list[str]:
    """Return the functions that the app's own Python finds in it."""
    project = Project(app, IndexOptions(app / ".venv" / "bin" / "python"))
    assert project.is_indexed
    return ExistingApp(app, project, "").signatures()


@pytest.mark.parametrize("name", SHAPES)
def test_an_app_keeps_its_lines_and_functions_when_it_is_adopted_and_updated(
    name: str,
    adopting_template: Path,
    worker_python: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    shape = SHAPES[name]
    root = tmp_path / "repository"
    app = write_app(shape, root, worker_python)
    before = functions(app)
    assert before

    assert run_adopt(monkeypatch, app) == ""
    assert f"{app} is unchanged." in capsys.readouterr().out
    assert status(root) == []

    assert run_adopt(monkeypatch, app, "--apply") == ""
    assert {line[:2] for line in status(root)} == {"??"}
    commit(root, "Adopt")
    answers = read_answers(app)
    assert {key: answers[key] for key in shape.answers} == shape.answers
    assert answers["functions"] == {}
    assert functions(app) == before

    release_newer(adopting_template)
    assert update_as_user(app).returncode == 0
    assert conflicts(root) == []
    assert "# Newer." in read(app / "tools" / "settings.py")
    assert functions(app) == before
    commit(root, "Update")

    done = update_as_user(app, "--data", FUNCTIONS)
    assert conflicts(root) == []
    assert "function_app.py: app.register_functions(pets.bp)" in done.stderr
    assert (app / "blueprints" / "cities.py").is_file()
    assert functions(app) == before
    assert {path: read(app / path) for path in shape.files} == shape.files


def test_an_app_with_a_link_to_the_settings_of_its_repository_can_be_updated(
    adopting_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Copier refuses to look at a path that leads out of the app."""
    root = tmp_path / "repository"
    app = write_app(SHAPES["web, Docker, in a subfolder"], root)
    (root / ".vscode").mkdir()
    (root / ".vscode" / "settings.json").write_text("{}\n", encoding="utf-8")
    (app / ".vscode").symlink_to(Path("..", "..", ".vscode"))
    commit(root)
    assert run_adopt(monkeypatch, app, "--no-index", "--apply") == ""
    commit(root, "Adopt")
    release_newer(adopting_template)
    assert update_as_user(app).returncode == 0
    assert "# Newer." in read(app / "tools" / "settings.py")
    assert [path.name for path in (root / ".vscode").iterdir()] == ["settings.json"]
    assert read(root / ".vscode" / "settings.json") == "{}\n"


@pytest.fixture(scope="module")
def adopted_once(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Return the repository of an app that was adopted before the newest version of its template; don't change it."""

    @functools.cache
    def adopt(name: str, *arguments: str) -> Path:
        folder = tmp_path_factory.mktemp("adopted")
        template = Path(shutil.copytree(repository, folder / "template"))
        app = write_app(SHAPES[name], folder / "app")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(new, "ROOT", template)
            assert run_adopt(patch, app, "--no-index", "--apply", *arguments) == ""
        commit(app, "Adopt")
        release_newer(template)
        return folder / "app"

    return adopt


@pytest.fixture
def adopted_app(adopted_once: Callable[..., Path], tmp_path: Path) -> Callable[..., Path]:
    """Return an app of this shape that was adopted with these arguments and committed, to change it."""

    def copy(name: str, *arguments: str) -> Path:
        root = shutil.copytree(adopted_once(name, *arguments), tmp_path / "app")
        return Path(root, SHAPES[name].folder)

    return copy


@pytest.fixture
def adopted(adopted_app: Callable[..., Path]) -> Path:
    """An adopted app of a single file."""
    return adopted_app("single file")


def test_an_update_conflicts_only_where_both_changed_a_file(adopted: Path) -> None:
    append(adopted / "tools" / "settings.py", "\n# Ours.\n")
    append(adopted / "host.json", "\n")
    commit(adopted)
    update_as_user(adopted)
    assert conflicts(adopted) == ["tools/settings.py"]
    assert status(adopted) == [" M .copier-answers.yml", "UU tools/settings.py"]


def test_the_template_takes_over_a_file_that_the_app_gives_up(adopted: Path) -> None:
    kept = read_answers(adopted)["kept_files"]
    kept.remove("README.md")
    data = ["--data", f"kept_files=[{', '.join(kept)}]"]
    assert "kept_files: README.md is still yours." in refusal(update_as_user(adopted, *data))
    run_git(adopted, "rm", "--quiet", "README.md")
    commit(adopted)
    assert update_as_user(adopted, *data).returncode == 0
    readme = read(adopted / "README.md")
    assert readme.startswith("# app\n")
    assert "add it to `function_app.py`, or add a module" in readme
    assert "lists in `function_app.py`" not in readme
    assert "Add the services, roles and settings that your own functions need." in readme
    assert read_answers(adopted)["kept_files"] == kept


def test_an_update_does_not_delete_what_the_app_got_from_the_template(adopted: Path) -> None:
    kept = read_answers(adopted)["kept_files"]
    data = ["--data", f"kept_files=[{', '.join([*kept, 'pyproject.toml'])}]"]
    said = refusal(update_as_user(adopted, *data))
    assert "kept_files: An update would delete pyproject.toml" in said
    assert status(adopted) == []


def test_new_functions_do_not_hide_a_module_of_the_app(adopted: Path) -> None:
    (adopted / "blueprints.py").write_text("", encoding="utf-8")
    commit(adopted)
    said = refusal(update_as_user(adopted, "--data", FUNCTIONS))
    assert "The folder blueprints/ would hide your module blueprints.py" in said


def test_functions_of_the_template_can_all_be_removed_again(adopted: Path) -> None:
    update_as_user(adopted, "--data", FUNCTIONS)
    commit(adopted)
    assert update_as_user(adopted, "--data", "functions={}").returncode == 0
    assert conflicts(adopted) == []
    assert not (adopted / "blueprints").exists()


def test_an_update_says_what_to_remove_of_functions_that_are_gone(adopted: Path) -> None:
    update_as_user(adopted, "--data", FUNCTIONS)
    commit(adopted)
    said = update_as_user(adopted, "--data", "functions={dogs: queue, cities: cosmosdb}").stderr
    _, _, rest = said.partition("Add what new and changed functions need:")
    added, _, removed = rest.partition("Remove the lines for functions that are gone:")
    assert "function_app.py: app.register_functions(dogs.bp)" in added
    assert "pets" not in added
    assert removed.splitlines()[1:3] == [
        "  function_app.py: from blueprints import pets",
        "  function_app.py: app.register_functions(pets.bp)",
    ]


def test_an_update_says_what_a_function_of_another_kind_needs(adopted: Path) -> None:
    update_as_user(adopted, "--data", FUNCTIONS)
    commit(adopted)
    said = update_as_user(adopted, "--data", "functions={pets: durable, cities: cosmosdb}").stderr
    assert "requirements.txt: azure-functions-durable" in said
    assert '"durableTask": {"hubName": "%TASK_HUB%"}' in said
    assert "register_functions" not in said


def test_the_first_functions_need_what_every_app_has(adopted: Path) -> None:
    said = update_as_user(adopted, "--data", "functions={hello: http, pets: queue}").stderr
    assert "\n  requirements.txt: azure-functions>=1.26,<3\n" in said
    # The own functions can have another prefix in their routes.
    assert '\n  host.json: "extensions": {"queues": {' in said
    assert "routePrefix" not in said
    commit(adopted)
    more = "functions={hello: http, pets: queue, dogs: queue, bye: http}"
    said = update_as_user(adopted, "--data", more).stderr
    assert "function_app.py: app.register_functions(bye.bp)" in said
    assert "requirements.txt: " not in said


@pytest.fixture
def with_poetry(adopted_app: Callable[..., Path]) -> Path:
    """An adopted app with Poetry."""
    return adopted_app("blueprints and Poetry", "--data", "agents_md=true")


def test_an_update_names_no_file_that_an_app_with_poetry_lacks(with_poetry: Path) -> None:
    app = with_poetry
    for page in ("README.md", "AGENTS.md"):
        text = read(app / page)
        assert "requirements-dev.txt" not in text
        # The library that the app needs there is for newer versions of Python only.
        assert "pip install pytest ruff mypy\n" in text
        assert re.search(r"^(python -m )?mypy \.$", text, re.MULTILINE)
    assert "Packages: `pyproject.toml`." in read(app / "AGENTS.md")
    assert "Add the package where the app lists its packages" in read(app / "README.md")
    assert "F5" not in read(app / "README.md")
    said = update_as_user(app, "--data", "functions={pets: durable}").stderr
    assert "pyproject.toml: azure-functions-durable" in said
    assert "requirements" not in said.partition(" is updated.")[2]


@pytest.mark.parametrize(("choice", "needed"), NEEDS_REQUIREMENTS)
def test_what_installs_requirements_waits_for_them(
    choice: str, needed: str, with_poetry: Path
) -> None:
    answer = choice.partition("=")[0]
    said = refusal(update_as_user(with_poetry, "--data", choice))
    assert f"{answer}: It needs {needed}, which your app lacks." in said
    assert status(with_poetry) == []
    (with_poetry / needed).write_text("azure-functions\n", encoding="utf-8")
    commit(with_poetry)
    assert update_as_user(with_poetry, "--data", choice).returncode == 0
    assert read(with_poetry / needed) == "azure-functions\n"


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        ("auth_level=admin", "function_app.py: http_auth_level=func.AuthLevel.ADMIN"),
        (
            "python_version=3.11",
            "Dockerfile: FROM mcr.microsoft.com/azure-functions/python:4-python3.11",
        ),
        ("description=Other.", ""),
    ],
)
def test_an_update_says_what_another_answer_changes_in_files_of_the_app(
    answer: str, line: str, adopted_app: Callable[..., Path]
) -> None:
    app = adopted_app("web, Docker, in a subfolder")
    said = update_as_user(app, "--data", answer).stderr
    assert " is updated." in said
    _, _, lines = said.partition("Change them to match your answers:\n")
    assert lines.strip() == line
    commit(app, "Update")
    assert "to match your answers" not in update_as_user(app).stderr


def test_an_app_with_another_entry_point_is_known_by_it(
    adopting_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {**SHAPES["single file"].files, "local.settings.json": json.dumps(OF_MAIN)}
    files["main.py"] = files.pop("function_app.py")
    del files["README.md"]
    app = write_app(Shape(files, {}), tmp_path / "app")
    assert run_adopt(monkeypatch, app, "--no-index", "--apply", "--data", "agents_md=true") == ""
    commit(app, "Adopt")
    # Git ignores it, so other developers and CI lack it.
    (app / "local.settings.json").unlink()
    assert Project(app).sources.entry is not None
    written = {name: read(app / name) for name in ("README.md", "AGENTS.md", "pyproject.toml")}
    assert [name for name, text in written.items() if "function_app.py" in text] == []
    assert [name for name, text in written.items() if "main.py" not in text] == []
    release_newer(adopting_template)
    said = update_as_user(app, "--data", FUNCTIONS).stderr
    assert conflicts(app) == []
    assert "  main.py: app.register_functions(pets.bp)" in said
    for text in (said, read(app / "README.md"), read(app / "AGENTS.md")):
        assert "function_app.py" not in text
    assert "\nThe app has other functions of its own.\n" in read(app / "README.md")
