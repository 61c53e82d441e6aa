"""`copier update --defaults --ask functions`, at a terminal."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from terminal import CLEAR_LINE, ENTER, Terminal

from update.repositories import append, commit, conflicts, read, replace, status

UPDATE = [sys.executable, "-m", "copier", "update", "--defaults", "--ask"]


@pytest.fixture
def terminal(app: Path) -> Iterator[Terminal]:
    replace(app / "blueprints" / "orders.py", "Do what your app does", "Ship")
    append(app / "function_app.py", "# ours\n")
    commit(app)
    terminal = Terminal([*UPDATE, "functions"], folder=app)
    yield terminal
    terminal.child.close(force=True)


def functions(app: Path) -> object:
    return yaml.safe_load(read(app / ".copier-answers.yml"))["functions"]


def test_functions_are_added_removed_and_renamed(terminal: Terminal, app: Path) -> None:
    terminal.sees("{hello: http, orders: queue}")
    terminal.types(CLEAR_LINE, "{greeting: http, orders: queue, nightly: timer}", ENTER)
    terminal.sees("git restore --source=HEAD blueprints/hello.py tests/test_hello.py")
    terminal.ends()
    assert functions(app) == {"greeting": "http", "orders": "queue", "nightly": "timer"}
    assert {path.stem for path in (app / "blueprints").glob("[a-z]*.py")} == {
        "greeting",
        "nightly",
        "orders",
    }
    assert "Ship" in read(app / "blueprints" / "orders.py")
    assert read(app / "function_app.py").endswith("# ours\n")
    assert conflicts(app) == []


def test_nothing_changes_if_nothing_is_typed(terminal: Terminal, app: Path) -> None:
    terminal.sees("{hello: http, orders: queue}")
    terminal.types(ENTER)
    terminal.sees("app is updated.")
    terminal.ends()
    assert status(app) == []


def test_leaving_the_prompt_changes_nothing(terminal: Terminal, app: Path) -> None:
    terminal.sees("{hello: http, orders: queue}")
    terminal.types("\x03")
    terminal.ends()
    assert status(app) == []


def test_a_bad_answer_is_explained_and_can_be_mended(terminal: Terminal, app: Path) -> None:
    terminal.sees("{hello: http, orders: queue}")
    terminal.types(CLEAR_LINE, "{hello: http, orders: pigeon}", ENTER)
    terminal.sees('there is no kind "pigeon"')
    assert status(app) == []
    terminal.types(CLEAR_LINE, "{hello: http}", ENTER)
    terminal.sees("app is updated.")
    terminal.ends()
    assert functions(app) == {"hello": "http"}
