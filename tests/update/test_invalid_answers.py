"""An answer that became invalid stops the update with a sentence that says how to fix it.

Copier itself would drop such an answer and go on with the default.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from hooks.post_generation import read_answers
from tests.support.releases import LATER, NOW, release
from tests.support.repositories import commit, run_git, status
from tests.support.template import Change, edit
from tests.support.text_files import replace
from tests.support.updates import copy, refusal, update_as_user

ANSWERS = {
    "functions": {"hello": "http", "calls": "worker_extension"},
    "python_version": "3.12",
    "project_name": "pigeon-post",
    "description": "Sends notes. By air.",
    "auth_level": "anonymous",
    "telemetry": "opentelemetry",
}

# What the next version of the template takes away: a data file, the change, the sentence and a valid answer.
TIGHTER: dict[str, tuple[str, Change, str, str]] = {
    "python": (
        "pythons.yml",
        lambda pythons: pythons["3.12"].pop("worker"),
        'python_version: "3.12" is not one of the choices 3.13, 3.11, 3.14, 3.10.',
        "python_version=3.11",
    ),
    "level": (
        "questions/options.yml",
        lambda questions: remove_choice(questions["auth_level"], "anonymous"),
        'auth_level: "anonymous" is not one of the choices function, admin.',
        "auth_level=function",
    ),
    "telemetry": (
        "questions/options.yml",
        lambda questions: remove_choice(questions["telemetry"], "opentelemetry"),
        'telemetry: "opentelemetry" is not one of the choices none.',
        "telemetry=none",
    ),
    "project": (
        "reserved_names.yml",
        lambda names: reserve(names["everywhere"], "pigeon-post"),
        'project_name: "pigeon-post" is a Python keyword. Choose another name.',
        "project_name=other-post",
    ),
    "name": (
        "reserved_names.yml",
        lambda names: reserve(names["functions"], "hello"),
        'functions: "hello" is',
        "functions={greeting: http, calls: worker_extension}",
    ),
    "kind": (
        "catalogue/worker_extension/kind.yml",
        lambda kind: kind.update(python=["3.10", "3.11"]),
        'functions: "calls" is of the kind worker_extension, which does not run on Python 3.12, only on',
        "functions={hello: http}",
    ),
}

# The choice has no files any more, either.
ALSO: dict[str, dict[str, Change]] = {
    "telemetry": {"options.yml": lambda options: options["telemetry"]["files"].clear()},
}


def remove_choice(question: dict[str, dict[str, str]], choice: str) -> None:
    question["choices"] = {
        label: value for label, value in question["choices"].items() if value != choice
    }


def reserve(group: dict[str, str], name: str) -> None:
    """Add a name to the names with the first reason of a group."""
    group[next(iter(group))] += f" {name}"


@pytest.mark.parametrize("case", TIGHTER)
def test_it_stops_the_update_and_the_sentence_says_how_to_fix_it(
    case: str, own_template: Path, tmp_path: Path
) -> None:
    file, change, sentence, repair = TIGHTER[case]
    app = tmp_path / "app"
    copy(own_template, app, NOW, **ANSWERS)
    edit(own_template, {file: change, **ALSO.get(case, {})})
    release(own_template, LATER)

    last_line = refusal(update_as_user(app))
    assert sentence in last_line
    answer = repair.partition("=")[0]
    assert (
        "The saved answer is no longer valid. Choose another: "
        f'copier update --defaults --data "{answer}=' in last_line
    )
    assert status(app) == []

    done = update_as_user(app, "--data", repair)
    assert done.returncode == 0, done.stderr
    answers = read_answers(app)
    assert str(answers[answer]) == str(yaml.safe_load(repair.partition("=")[2]))


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            "calls: worker_extension",
            "calls: pigeon",
            'functions: "calls": there is no kind "pigeon"',
        ),
        ("calls: worker_extension", "json: http", 'functions: "json" is a module of Python'),
        ("'3.12'", "'2.7'", 'python_version: "2.7" is not one of the choices'),
        (
            "auth_level: anonymous",
            "auth_level: root",
            'auth_level: "root" is not one of the choices',
        ),
        (
            "description: Sends notes. By air.",
            "description: '{{ x }}'",
            "description: The description",
        ),
        ("docker: true", "docker: maybe", "docker: Write true or false"),
        ("docker: true", "docker: true\ncolour: red", "There is no question colour."),
        ("docker: true", "docker: true\napp: {}", "There is no question app."),
        (
            "functions:\n    hello: http\n    calls: worker_extension\n",
            'functions: "{hello: http, calls: worker_extension}"\n',
            "functions: Write plain names and kinds",
        ),
        ("docker: true", 'docker: true\nkept_files: "[x]"', "kept_files: Write a list of files"),
        ("docker: true", "docker: true\napp_folder: 5", "app_folder: Write text in quotes"),
    ],
)
def test_one_that_was_made_invalid_by_hand_must_be_fixed_by_hand(
    old: str, new: str, sentence: str, new_app: Callable[..., Path]
) -> None:
    app = new_app(**ANSWERS)
    replace(app / ".copier-answers.yml", old, new)
    commit(app)
    last_line = refusal(update_as_user(app))
    assert sentence in last_line
    assert last_line.endswith(" Fix it in .copier-answers.yml and commit it.")
    assert status(app) == []
    run_git(app, "revert", "--no-edit", "HEAD")
    assert update_as_user(app).returncode == 0


def test_all_that_became_invalid_is_said_at_once(own_template: Path, tmp_path: Path) -> None:
    app = tmp_path / "app"
    copy(own_template, app, NOW, **ANSWERS)
    cases = [TIGHTER[case] for case in ("project", "level", "name")]
    for file, change, _, _ in cases:
        edit(own_template, {file: change})
    release(own_template, LATER)
    last_line = refusal(update_as_user(app))
    for _, _, sentence, _ in cases:
        assert sentence in last_line
    assert last_line.endswith(
        "The saved answers are no longer valid. Choose others: copier update --defaults "
        '--data "project_name=..." --data "functions={NAME: KIND, ...}" --data "auth_level=function".'
    )
    assert status(app) == []


def test_all_that_was_lost_is_said_at_once(new_app: Callable[..., Path]) -> None:
    app = new_app({"hello": "http"}, project_name="pigeon-post", python_version="3.12")
    replace(app / ".copier-answers.yml", "project_name: pigeon-post\n", "")
    replace(app / ".copier-answers.yml", "python_version: '3.12'\n", "")
    commit(app)
    last_line = refusal(update_as_user(app))
    answers = "project_name, python_version: .copier-answers.yml has lost these answers. "
    assert last_line.endswith(f"{answers}Restore the file with git and commit it.")
    assert status(app) == []


def test_functions_and_a_web_framework_that_cannot_live_together_stop_it(
    new_app: Callable[..., Path],
) -> None:
    """Copier would take the framework for invalid, and delete it."""
    app = new_app({"hello": "http"}, web_framework="flask")
    last_line = refusal(update_as_user(app, "--data", "functions={up: http_stream}"))
    assert '"up" streams HTTP, and the worker then rejects a web framework' in last_line
    assert status(app) == []


@pytest.mark.parametrize(
    ("functions", "choice", "reason"),
    [
        ({"files": "blob", "hello": "http"}, "infra=azd", '"files"'),
        ({"up": "http_stream"}, "web_framework=flask", '"up" streams HTTP'),
    ],
)
def test_a_choice_that_the_functions_cannot_live_with_stops_it(
    functions: dict[str, str], choice: str, reason: str, new_app: Callable[..., Path]
) -> None:
    """Copier would take the functions for invalid, and replace all of them by the default."""
    app = new_app(functions)
    last_line = refusal(update_as_user(app, "--data", choice))
    assert reason in last_line
    assert "The saved answer" not in last_line
    assert status(app) == []
