"""The questions at a real terminal: bad answers are explained on the spot and can be fixed."""

import sys
from collections.abc import Iterator, Mapping
from itertools import starmap
from pathlib import Path
from typing import Any

import pytest

from hooks.catalogue import ROOT, offered_groups, read_questions
from hooks.post_generation import read_answers
from hooks.template_data import labels
from tests.support.catalogue import KINDS, OFFERED_PYTHONS
from tests.support.terminal import CLEAR_LINE, DOWN, ENTER, SPACE, UP, Terminal

OFFERED = [kind for kind in KINDS if not kind.retired]
IDS = [kind.id for kind in OFFERED]
# The last questions, and the keys that answer them.
OPTIONS_OF_THE_APP = [
    ("Add a web framework", DOWN, ENTER),
    ("Who may call the HTTP functions?", ENTER),
    ("Send your traces and metrics", ENTER),
    ("Run your own code before and after", ENTER),
    ("Which package manager", ENTER),
    ("Add an AGENTS.md", "y"),
    ("Add a Dockerfile", "n"),
    ("Add a dev container", "y"),
    ("Which CI service", ENTER),
    ("Generate infrastructure as code", ENTER),
]


@pytest.fixture
def destination(tmp_path: Path) -> Path:
    return tmp_path / "tea-shop"


@pytest.fixture
def command(template: Path, destination: Path) -> list[str]:
    return [sys.executable, "-m", "copier", "copy", str(template), str(destination)]


@pytest.fixture
def terminal(command: list[str]) -> Iterator[Terminal]:
    terminal = Terminal(command)
    yield terminal
    terminal.child.close(force=True)


def test_questions_are_asked_explained_and_answered(terminal: Terminal, destination: Path) -> None:
    terminal.sees("What is the name of the function app?")
    terminal.sees("tea-shop")
    terminal.types(CLEAR_LINE, "tea shop", ENTER)
    terminal.sees('"tea shop" is not a valid name')
    terminal.types(CLEAR_LINE, "json", ENTER)
    terminal.sees("standard library")
    assert not destination.exists()
    terminal.types(CLEAR_LINE, "tea-house", ENTER)

    terminal.sees("What does it do, in one line?")
    terminal.types(CLEAR_LINE)
    terminal.types(ENTER)
    terminal.sees("Describe in one line what the app does.")
    terminal.types("Sells tea.", ENTER)

    terminal.sees("Which version of Python does it run on?")
    terminal.types(ENTER)

    terminal.sees("Which functions should it start with?")
    terminal.sees("- Storage (blobs, queues, tables)")
    terminal.types(*[DOWN] * IDS.index("queue"), SPACE, ENTER)

    terminal.sees("Which functions does the app have")
    terminal.sees("{http_example: http, queue_example: queue}")
    terminal.types(CLEAR_LINE, "{host: http}", ENTER)
    terminal.sees('"host" is a name that the Functions host')
    terminal.types(CLEAR_LINE, "{hello: htp}", ENTER)
    terminal.sees('there is no kind "htp"')
    terminal.types(CLEAR_LINE, "[hello]", ENTER)
    terminal.sees("Write a mapping of at least one name to its kind")
    terminal.types(CLEAR_LINE, "{hello: http, orders: queue}", ENTER)

    for question, *keys in OPTIONS_OF_THE_APP:
        assert not destination.exists()
        terminal.sees(question)
        terminal.types(*keys)
    terminal.sees("func start")
    terminal.ends()
    assert destination.exists()

    answers = read_answers(destination)
    assert answers["project_name"] == "tea-house"
    assert answers["description"] == "Sells tea."
    assert answers["functions"] == {"hello": "http", "orders": "queue"}
    assert answers["web_framework"] == "fastapi"
    assert answers["docker"] is False
    assert answers["devcontainer"] is True


@pytest.mark.parametrize("columns", [60, 80])
def test_a_wrong_choice_keeps_the_user_at_the_list(command: list[str], columns: int) -> None:
    """With the whole reason below it, in a small terminal too."""
    given = ["--data", "project_name=tea", "--data", "description=Tea."]
    terminal = Terminal([*command, *given, "--data", "python_version=3.13"], 24, columns)
    terminal.sees("Space selects, Enter continues.")
    terminal.types(SPACE, ENTER)
    terminal.sees("Choose at least one kind, with the space bar.")
    terminal.types(SPACE, DOWN, SPACE, ENTER)
    terminal.sees('"http_stream_example" streams HTTP, and the worker then')
    terminal.sees('"http_example". Put them into separate apps.')
    # Over the first kind, to the last one.
    terminal.types(SPACE, UP, UP, SPACE, ENTER)
    terminal.sees("worker_extension, which does not run on Python 3.13, only")
    terminal.types(SPACE, ENTER)
    terminal.sees("{http_example: http}")
    terminal.child.close(force=True)


def shown(name: str, question: Mapping[str, Any]) -> list[str]:
    """Return what the screen of a question shows, but the kinds of functions, which have a test of their own."""
    choices = [python.label for python in OFFERED_PYTHONS] if name == "python_version" else []
    if isinstance(question.get("choices"), dict):
        choices = [*question["choices"]]
    return [*question["help"].splitlines(), *choices]


@pytest.mark.parametrize("columns", [60, 80])
def test_every_question_is_shown_in_full_in_a_small_terminal(
    columns: int, command: list[str], destination: Path
) -> None:
    """And so are the last words. A user who leaves the last question has written nothing."""
    terminal = Terminal(command, 24, columns)
    screens = {lines[0]: lines for lines in starmap(shown, read_questions().items())}
    while screens:
        asked = terminal.sees(*screens, "func start")
        if asked == "func start":
            break
        for line in screens[asked]:
            terminal.sees(line)
        while asked in screens:
            del screens[next(iter(screens))]
        assert not destination.exists()
        terminal.types(ENTER if screens or columns == 60 else "\x03")
    terminal.ends()
    assert destination.exists() == (columns == 60)


@pytest.mark.parametrize(
    ("functions", "asked"),
    [
        ("{nightly: timer}", []),
        ("{bill: durable}", ["Who may call", "Where do durable functions keep their state?"]),
    ],
)
def test_only_apps_with_such_functions_are_asked_about_them(
    functions: str, asked: list[str], command: list[str]
) -> None:
    given = [*command, "--data", "project_name=tea", "--data", "description=Tea."]
    given += ["--data", "python_version=3.13", "--data", f"functions={functions}"]
    terminal = Terminal(given)
    terminal.sees("Add a web framework")
    for question in asked:
        terminal.types(ENTER)
        terminal.sees(question)
    terminal.types(ENTER)
    terminal.sees("Send your traces and metrics")
    for question in ("Who may call", "Where do durable functions"):
        there = any(question in line for line in terminal.screen.display)
        assert there == bool(asked)
    terminal.child.close(force=True)


def test_a_prompt_with_few_kinds_says_how_to_get_the_others(command: list[str]) -> None:
    terminal = Terminal([*command, "--defaults", "--ask", "triggers"])
    terminal.sees("HTTP request. For the others, leave out --defaults.")
    terminal.child.close(force=True)


def test_leaving_a_prompt_writes_nothing(terminal: Terminal, destination: Path) -> None:
    terminal.sees("What is the name of the function app?")
    terminal.types("\x03")
    terminal.ends()
    assert not destination.exists()


def test_leaving_a_prompt_of_make_new_is_one_sentence(destination: Path) -> None:
    terminal = Terminal(
        [sys.executable, "-m", "hooks.new", str(destination), "--vcs-ref", "HEAD"], folder=ROOT
    )
    terminal.sees("What is the name of the function app?")
    terminal.types(ENTER)
    terminal.sees("What does it do, in one line?")
    terminal.types("\x03")
    terminal.sees("Stopped; nothing was written.")
    terminal.ends()
    assert not any("Answers" in line for line in terminal.screen.display)
    assert not destination.exists()


def test_the_list_of_kinds_can_be_walked_through_in_a_small_terminal(command: list[str]) -> None:
    """Below the headings of their groups, which the cursor skips."""
    given = ["--data", "project_name=tea-house", "--data", "description=Tea."]
    terminal = Terminal([*command, *given, "--data", "python_version=3.13"], 24, 60)
    for group, kinds in offered_groups(KINDS).items():
        for label, kind in labels(kinds).items():
            terminal.sees(f" » {'●' if kind == OFFERED[0] else '○'} {label}")
            if kind == kinds[0]:
                terminal.sees(f"   - {group}")
            # No pause: the screen has shown the effect of the last key.
            terminal.child.send(DOWN)
    terminal.sees(f" » ● {OFFERED[0].title}")
    terminal.child.close(force=True)
