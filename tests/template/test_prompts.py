"""The questions at a real terminal: bad answers are explained on the spot and can be fixed."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from hooks.catalogue import ROOT
from tests.support.catalogue import KINDS
from tests.support.terminal import CLEAR_LINE, DOWN, ENTER, SPACE, Terminal

OFFERED = [kind for kind in KINDS if not kind.retired]
IDS = [kind.id for kind in OFFERED]


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

    terminal.sees("Which functions should the app start with?")
    terminal.sees("Cosmos DB change feed")
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

    terminal.sees("Add a web framework")
    terminal.types(DOWN, ENTER)
    terminal.sees("Who may call the HTTP functions?")
    assert not destination.exists()
    terminal.types(ENTER)
    terminal.sees("Send your own traces and metrics")
    terminal.types(ENTER)
    terminal.sees("Which package manager")
    terminal.types(ENTER)
    terminal.sees("Add a Dockerfile")
    terminal.types("n")
    terminal.sees("Add a dev container")
    terminal.types("y")
    terminal.sees("Which CI service")
    terminal.types(ENTER)
    terminal.sees("Generate infrastructure as code")
    terminal.types(ENTER)
    terminal.sees("func start")
    terminal.ends()
    assert destination.exists()

    answers = yaml.safe_load((destination / ".copier-answers.yml").read_text(encoding="utf-8"))
    assert answers["project_name"] == "tea-house"
    assert answers["description"] == "Sells tea."
    assert answers["functions"] == {"hello": "http", "orders": "queue"}
    assert answers["web_framework"] == "fastapi"
    assert answers["docker"] is False
    assert answers["devcontainer"] is True


def test_leaving_a_prompt_writes_nothing(terminal: Terminal, destination: Path) -> None:
    terminal.sees("What is the name of the function app?")
    terminal.types("\x03")
    terminal.ends()
    assert not destination.exists()


def test_leaving_a_prompt_of_make_new_is_one_sentence(destination: Path) -> None:
    terminal = Terminal([sys.executable, "-m", "hooks.new", str(destination)], folder=ROOT)
    terminal.sees("What is the name of the function app?")
    terminal.types("\x03")
    terminal.sees("Stopped; nothing was written.")
    terminal.ends()
    assert not any("Answers" in line for line in terminal.screen.display)
    assert not destination.exists()


def test_the_catalogue_can_be_walked_through_in_a_small_terminal(command: list[str]) -> None:
    terminal = Terminal([*command, "--data", "project_name=tea-house"], lines=24, columns=80)
    terminal.sees("What does it do")
    terminal.types(ENTER)
    terminal.sees("Which version of Python")
    terminal.types(ENTER)
    terminal.sees("Which functions should")
    for kind in OFFERED:
        line = f"{kind.group:10}{kind.title:27}{kind.help}"
        terminal.sees(line)
        [shown] = [text for text in terminal.screen.display if line in text]
        assert shown.rstrip().endswith(kind.help)
        terminal.types(DOWN)
    terminal.child.close(force=True)
