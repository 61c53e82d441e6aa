"""An answer that became invalid stops the update with a sentence that says how to repair it.

Copier itself would drop such an answer and go on with the default.
"""

import shutil
from pathlib import Path

import pytest
import yaml

from tests.support.repositories import (
    NOW,
    commit,
    copy,
    read,
    refusal,
    release,
    replace,
    run_git,
    status,
    update_as_user,
)

ANSWERS = {
    "functions": {"hello": "http", "calls": "worker_extension"},
    "python_version": "3.12",
    "project_name": "pigeon-post",
    "description": "Sends notes. By air.",
    "auth_level": "anonymous",
    "telemetry": "opentelemetry",
}

# What the next version of the template takes away: a file, what is replaced in it, the sentence and the repair.
TIGHTER = {
    "python": (
        "template/macros/guard.jinja",
        ("'3.12', ", ""),
        'python_version: There is no "3.12"; choose one of 3.13, 3.11, 3.14, 3.10.',
        "python_version=3.11",
    ),
    "level": (
        "template/macros/guard.jinja",
        ("'anonymous', ", ""),
        'auth_level: There is no "anonymous"; choose one of function, admin.',
        "auth_level=function",
    ),
    "telemetry": (
        "template/macros/guard.jinja",
        (", 'opentelemetry'", ""),
        'telemetry: There is no "opentelemetry"; choose one of none.',
        "telemetry=none",
    ),
    "project": (
        "template/reserved_names.yml",
        ("azure func host", "azure func host pigeon-post"),
        'project_name: "pigeon-post" is a name of the Functions host or its library;',
        "project_name=other-post",
    ),
    "description": (
        "template/macros/project.jinja",
        ("not description | trim", "'By air' in description"),
        "description: Say in one line what the app does.",
        "description=Sends notes.",
    ),
    "name": (
        "template/reserved_names.yml",
        ("admin runtime", "admin runtime hello"),
        'functions: "hello" is a reserved route of the Functions host; choose another name.',
        "functions={greeting: http, calls: worker_extension}",
    ),
    "kind": (
        "template/catalogue/worker_extension/kind.yml",
        ('python: ["3.10", "3.11", "3.12"]', 'python: ["3.10", "3.11"]'),
        'functions: "calls" is of the kind worker_extension, which does not run on Python 3.12 but on',
        "functions={hello: http}",
    ),
}


@pytest.mark.parametrize("case", TIGHTER)
def test_it_stops_the_update_and_the_sentence_says_how_to_repair_it(
    case: str, repository: Path, tmp_path: Path
) -> None:
    file, (old, new), sentence, repair = TIGHTER[case]
    template, app = tmp_path / "template", tmp_path / "app"
    shutil.copytree(repository, template)
    copy(template, app, NOW, **ANSWERS)
    replace(template / file, old, new)
    release(template, "1001.0.0")

    last_line = refusal(update_as_user(app))
    assert sentence in last_line
    answer = repair.partition("=")[0]
    assert (
        f'The app has it from before: give another, with copier update --defaults --data "{answer}='
        in last_line
    )
    assert status(app) == []

    done = update_as_user(app, "--data", repair)
    assert done.returncode == 0, done.stderr
    answers = yaml.safe_load(read(app / ".copier-answers.yml"))
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
        ("'3.12'", "'2.7'", 'python_version: There is no "2.7"; choose one of'),
        ("auth_level: anonymous", "auth_level: root", 'auth_level: There is no "root"'),
        ("docker: true", "docker: maybe", "docker: Write true or false"),
    ],
)
def test_one_that_was_made_invalid_by_hand_is_to_be_mended_by_hand(
    old: str, new: str, sentence: str, repository: Path, tmp_path: Path
) -> None:
    app = tmp_path / "app"
    copy(repository, app, NOW, **ANSWERS)
    replace(app / ".copier-answers.yml", old, new)
    commit(app)
    last_line = refusal(update_as_user(app))
    assert sentence in last_line
    assert last_line.endswith(" Mend it in .copier-answers.yml, and commit that.")
    assert status(app) == []
    run_git(app, "revert", "--no-edit", "HEAD")
    assert update_as_user(app).returncode == 0


def test_functions_and_a_web_framework_that_cannot_live_together_stop_it(
    repository: Path, tmp_path: Path
) -> None:
    """Copier would take the framework for invalid, and delete it."""
    app = tmp_path / "app"
    copy(repository, app, NOW, functions={"hello": "http"}, web_framework="flask")
    last_line = refusal(update_as_user(app, "--data", "functions={up: http_stream}"))
    assert '"up" streams HTTP, beside which the worker rejects a web framework' in last_line
    assert status(app) == []
