"""The template as Copier sees it: usable without --trust, from the command line, with its defaults."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from copier import run_copy
from copier._jinja_ext import CopierTemplateLoader
from copier._template import Template
from jinja2 import Environment
from pytest_copie.plugin import Copie

from hooks import compiled_data
from hooks.catalogue import ROOT, TEMPLATE
from hooks.post_generation import read_answers
from tests.support.catalogue import OPTIONS
from tests.support.run import run

DATA = compiled_data.read()
UNSAFE = {"_tasks", "_migrations", "_jinja_extensions"}


def test_uses_no_feature_that_needs_trust() -> None:
    settings: set[str] = set()
    for path in [ROOT / "copier.yml", *ROOT.glob("template/questions/*.yml")]:
        for document in yaml.compose_all(path.read_text(encoding="utf-8")):
            if isinstance(document, yaml.MappingNode):
                settings |= {key.value for key, _ in document.value}
    assert "_subdirectory" in settings
    assert settings & UNSAFE == set()


def test_copier_looks_at_few_paths() -> None:
    """It renders each part of each path, also of files that an app does not get."""
    tracked = run("git", "ls-files", "-z", "template/project", folder=ROOT).stdout
    files = [Path(path).relative_to("template/project") for path in tracked.split("\0") if path]
    folders = {folder for path in files for folder in path.parents if folder.parts}
    assert sum(len(path.parts) for path in {*files, *folders}) <= 35


def test_no_file_is_executable() -> None:
    """The tests skip the steps in which Copier handles executable files."""
    done = run("git", "ls-files", "--stage", "copier.yml", "template", folder=ROOT)
    assert {line.split()[0] for line in done.stdout.splitlines()} == {"100644"}


def test_asks_the_questions_in_a_sensible_order() -> None:
    asked = [
        name
        for name, q in Template(url=str(ROOT)).questions_data.items()
        if q.get("when", True) and q.get("ask", True)
    ]
    assert asked == [
        "project_name",
        "description",
        "python_version",
        "triggers",
        "functions",
        "web_framework",
        "auth_level",
        "durable_backend",
        "telemetry",
        "invocation_hooks",
        "package_manager",
        "agents_md",
        "docker",
        "devcontainer",
        "ci",
        "libraries",
        "infra",
    ]


def test_every_question_fits_a_terminal_of_sixty_columns() -> None:
    for question in Template(url=str(ROOT)).questions_data.values():
        choices = question.get("choices", {})
        for line in question.get("help", "").splitlines():
            assert len(f"  {line} ") < 60
        for choice in choices if isinstance(choices, dict) else ():
            assert len(f" > {choice}") < 60


def test_every_question_has_a_default_and_help() -> None:
    for name, question in Template(url=str(ROOT)).questions_data.items():
        assert "default" in question, name
        if question.get("when", True):
            assert question["help"].strip().endswith(("?", ".")), name


def test_copies_with_the_defaults_from_the_command_line(tmp_path: Path) -> None:
    destination = tmp_path / "orders-api"
    copy = [sys.executable, "-m", "copier", "copy", "--defaults", "--vcs-ref", "HEAD"]
    done = run(*copy, ROOT, destination)
    assert (destination / "blueprints" / "http_example.py").is_file()
    answers = read_answers(destination)
    assert answers["project_name"] == "orders-api"
    assert answers["functions"] == {"http_example": "http"}
    assert "triggers" not in answers
    next_steps = done.stderr.partition(f"  cd {destination}\n")[2]
    assert "  pip install -r requirements-dev.txt\n  pytest\n" in next_steps


def test_copies_as_a_user_does(copie: Copie) -> None:
    result = copie.copy(extra_answers={"project_name": "shop", "triggers": ["timer", "queue"]})
    assert result.exception is None
    assert result.project_dir is not None
    assert {path.stem for path in (result.project_dir / "blueprints").glob("*_*.py")} == {
        "__init__",
        "timer_example",
        "queue_example",
    }


@pytest.mark.parametrize(
    ("option", "choice"),
    [(name, choice) for name in OPTIONS for choice in DATA["options"][name]["not_deployed"]],
)
def test_an_app_has_only_the_files_of_its_choice(
    option: str, choice: str, render: Callable[..., Path]
) -> None:
    app = render({"hello": "http"}, **{option: choice})
    files = OPTIONS[option].files
    every_file = {file for listed in files.values() for file in listed}
    assert {file for file in every_file if (app / file).exists()} == set(files.get(choice, ()))


def test_computed_answers_are_not_asked() -> None:
    questions = Template(url=str(ROOT)).questions_data
    computed = {name: question for name, question in questions.items() if "help" not in question}
    assert computed.keys() == {"guard", "functions_guard", "app", "update_notes"}
    assert {question["when"] for question in computed.values()} == {False}


def test_the_defaults_need_no_template_of_other_choices(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: set[str] = set()
    get_source = CopierTemplateLoader.get_source

    def noted(self: CopierTemplateLoader, environment: Environment, name: str) -> Any:
        read.add(name.removeprefix("template/"))
        return get_source(self, environment, name)

    monkeypatch.setattr(CopierTemplateLoader, "get_source", noted)
    run_copy(str(template), tmp_path / "app", defaults=True, quiet=True)
    assert {"partials/app.jinja", "project/README.md.jinja"} <= read
    unneeded = {path.relative_to(TEMPLATE).as_posix() for path in TEMPLATE.glob("*/readme/*")}
    # GitHub Actions are the default.
    unneeded -= {f"partials/readme/{name}.jinja" for name in ("github", "github_identity")}
    for name in ("answers", "functions", "new_paths", "sentences"):
        unneeded.add(f"macros/{name}.jinja")
    for name in (
        "app_beside",
        "app_repository",
        "az_event_grid",
        "az_signalr",
        "az_vault",
        "az_webpubsub",
        "functions_complaint",
        "guard",
        "guard_error",
        "observed",
        "other_python",
        "provision_job",
        "jobs/provision",
    ):
        unneeded.add(f"partials/{name}.jinja")
    assert {name for name in unneeded if not (TEMPLATE / name).is_file()} == set()
    assert read & unneeded == set()
