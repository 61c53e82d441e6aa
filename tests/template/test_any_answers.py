"""Any answer is refused with a sentence, or makes an app that works.

The same cases in every run, and others with FUZZ=n, of which there are n times as many: `make fuzz`.
"""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from copier import run_copy
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from jinja2.exceptions import FilterArgumentError

from hooks.post_generation import read_answers
from tests.support.apps import check_files
from tests.support.catalogue import KINDS
from tests.support.own_tests import run_tests
from tests.support.text_files import read

FUZZ = int(os.environ.get("FUZZ", "0"))

# What YAML, Jinja, Python, TOML, JSON, Markdown, Docker, shells or file systems read in a way of their own.
TRAPS = [
    *("'", '"', "'''", '"""', "\\", "\\\\", "\\n", "\\'", "\\u0041"),
    *("{{", "}}", "{%", "%}", "{#", "#}", "{{7*7}}", "{% raw %}", "{", "}", "[", "]"),
    *(",", ":", ": ", ";", "#", " #", "&", "*", "!", "|", ">", "%", "@", "`", "```", "?", "=", "~"),
    *("-", "- ", "--", "---", "...", "$", "${HOME}", "$(id)", "`id`", "<", "</p>", "<!--", "-->"),
    *("&&", "../", "/", "//", ".", "..", "CON", "nul", "yes", "no", "on", "off", "true", "null"),
    *(
        "1e3",
        "0x1f",
        "0o7",
        "1_000",
        "1.0",
        ".inf",
        ".nan",
        "2026-01-01",
        "12:30:45",
        "!!str",
        "<<",
    ),
    *(" ", "  ", "\n", "\r\n", "\t", "\x00", "\x1b[31m", "\x7f", "\x85", "\xa0", "\ud800"),
    *("é", "ß", "日本", "\U0001f600", "\u202e", "\u200b", "\u0301", "\ufeff", "\u2028", "\u017f"),
]

nasty = st.lists(st.sampled_from(TRAPS) | st.text(max_size=5), max_size=6).map("".join)
plain = st.from_regex(r"[A-Za-z0-9]{1,6}([-_][A-Za-z0-9]{1,6}){0,3}", fullmatch=True)
words = st.sampled_from([trap for trap in TRAPS if trap.isalnum()])
texts = st.one_of(nasty, plain, words, st.tuples(plain, nasty).map("".join))

kinds = st.sampled_from([kind.id for kind in KINDS])
name = st.from_regex(r"[a-z][a-z0-9]{0,6}(_[a-z0-9]{1,6}){0,2}", fullmatch=True)
values = (
    st.none() | st.booleans() | st.integers() | st.floats() | texts | st.lists(texts, max_size=2)
)
folders = st.from_regex(r"[A-Za-z0-9_][\w.-]{0,5}(/[a-z0-9.]{1,6}){0,2}", fullmatch=True)
mappings = st.one_of(
    st.dictionaries(name, kinds, min_size=1, max_size=3),
    st.dictionaries(texts | name, kinds | texts, max_size=3),
    st.dictionaries(texts | st.integers() | st.booleans(), values, max_size=2),
    values,
)

# Copier takes many words for these, such as "0" or "yes".
YES_OR_NO = ("docker", "invocation_hooks")


def as_text(mapping: object) -> str:
    """Return how a user might write a mapping, be it good YAML or not."""
    if not isinstance(mapping, dict):
        return str(mapping)
    return "{" + ", ".join(f"{name}: {kind}" for name, kind in mapping.items()) + "}"


# What is right for questions besides that for the functions.
OTHERS: dict[str, st.SearchStrategy[Any]] = {
    "python_version": st.sampled_from(["3.11", "3.14", 3.12]),
    "web_framework": st.sampled_from(["none", "fastapi", "flask"]),
    "auth_level": st.sampled_from(["anonymous", "admin"]),
    "durable_backend": st.sampled_from(["storage", "scheduler"]),
    "telemetry": st.sampled_from(["none", "opentelemetry"]),
    "invocation_hooks": st.booleans(),
    "docker": st.sampled_from([True, False, "yes", "0"]),
    "description": plain,
    "project_name": plain,
}
ANSWERS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "project_name": texts.map(lambda text: {"project_name": text}),
    # With uv, it is in pyproject.toml, too.
    "description": texts.map(lambda text: {"description": text, "package_manager": "uv"}),
    "function": st.one_of(texts, name).map(lambda name: {"functions": {name: "http"}}),
    "functions": mappings.map(lambda mapping: {"functions": mapping}),
    "functions as text": mappings.map(lambda mapping: {"functions": as_text(mapping)}),
    "others": st.one_of(
        st.fixed_dictionaries({}, optional=OTHERS),
        st.fixed_dictionaries({}, optional={name: good | values for name, good in OTHERS.items()}),
    ),
    "folders": st.fixed_dictionaries(
        {"app_folder": (folders | words | values).filter(lambda folder: folder != ".")},
        optional={
            "libraries": st.lists(folders | words, max_size=3).map(" ".join) | values,
            "ci": st.sampled_from(["none", "azure-pipelines"]),
        },
    ),
}


def refusal(template: Path, app: Path, answers: dict[str, Any]) -> str:
    """Generate an app and return an empty text, or why it was refused; any other error is raised."""
    try:
        run_copy(str(template), app, data=answers, defaults=True, quiet=True)
    except (FilterArgumentError, ValueError) as error:
        # A subclass, such as UnicodeEncodeError, is not a refusal.
        if type(error) not in {FilterArgumentError, ValueError}:
            raise
        return str(error)
    return ""


def check_answers(app: Path, answers: dict[str, Any]) -> None:
    """Fail unless the answers file gives back what was answered."""
    remembered = read_answers(app)
    for answer, value in answers.items():
        if answer == "durable_backend":
            # None of these apps has durable functions, so the question is not asked.
            assert answer not in remembered
            continue
        if answer == "functions" and isinstance(value, str):
            value = yaml.safe_load(value)
        if isinstance(value, str) and answer not in YES_OR_NO:
            assert remembered[answer] == value
        elif answer == "functions":
            assert list(remembered[answer].items()) == list(value.items())
        else:
            assert str(remembered[answer]) == str(value) or answer in YES_OR_NO


@pytest.mark.parametrize("asked", ANSWERS)
def test_an_answer_is_refused_or_makes_an_app_that_works(asked: str, template: Path) -> None:
    taken: list[dict[str, Any]] = []
    refused: list[str] = []

    @settings(
        max_examples=90 * max(FUZZ, 1),
        derandomize=not FUZZ,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        # Searching for the simplest case that fails takes minutes.
        phases=list(Phase) if FUZZ else [Phase.generate],
    )
    @given(answers=ANSWERS[asked])
    def check(answers: dict[str, Any]) -> None:
        with tempfile.TemporaryDirectory() as folder:
            app = Path(folder, "my-app")
            if sentence := refusal(template, app, answers):
                assert "\n" not in sentence
                assert sentence.endswith(".")
                assert any(answer in sentence for answer in answers)
                assert not app.exists()
                refused.append(sentence)
            else:
                check_files(app)
                check_answers(app, answers)
                readme = read(app / "README.md")
                name = answers.get("project_name", "my-app")
                description = str(answers.get("description", "An Azure Functions app in Python."))
                assert readme.startswith(f"# {name}\n\n> {description}\n\n## Functions\n")
                assert len(description.splitlines()) == 1
                taken.append(answers)

    check()
    # Both must happen, or the cases prove nothing.
    assert len(taken) > 5
    assert len(refused) > 5


SAMPLE: list[dict[str, Any]] = [
    {"description": 'Isn\'t "it"? \\ C:\\new ${HOME} $(id) `id` </p> <!-- --> # 日本 😀 \u202e x'},
    {"project_name": "1e3", "description": "null", "functions": {"e3": "http", "y": "timer"}},
    {"project_name": "0x1F", "description": "yes", "functions": {"x" * 127: "http"}},
    {"project_name": "on", "app_folder": "1e3", "libraries": "null 0x1F", "package_manager": "uv"},
]


@pytest.mark.parametrize("answers", SAMPLE, ids=["quotes", "yaml", "long", "folder"])
def test_an_app_of_odd_answers_passes_its_tests(
    answers: dict[str, Any], template: Path, tmp_path: Path, environment: Callable[[str], Path]
) -> None:
    app = tmp_path / "my-app"
    data = {"functions": {"hello": "http"}, **answers}
    run_copy(str(template), app, data=data, defaults=True, quiet=True)
    check_files(app)
    check_answers(app, data)
    run_tests(app, environment("3.13"))
