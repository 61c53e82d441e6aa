"""`copier update --defaults --ask functions`, at a terminal."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hooks.post_generation import read_answers
from tests.support.releases import NOW, released_versions
from tests.support.repositories import commit, conflicts, status
from tests.support.terminal import CLEAR_LINE, ENTER, Terminal
from tests.support.text_files import append, read, replace

UPDATE = [sys.executable, "-m", "copier", "update", "--defaults", "--ask"]


@pytest.fixture
def app(request: pytest.FixtureRequest, released: Path, new_app: Callable[..., Path]) -> Path:
    """An app of today, or of the version that a test asks for."""
    functions = {"hello": "http", "orders": "queue"}
    version = getattr(request, "param", NOW)
    return new_app(functions, template=released, version=version)


@pytest.fixture
def terminal(app: Path) -> Iterator[Terminal]:
    replace(app / "blueprints" / "orders.py", "Do what your app does", "Ship")
    append(app / "function_app.py", "# ours\n")
    commit(app)
    terminal = Terminal([*UPDATE, "functions"], folder=app)
    yield terminal
    terminal.child.close(force=True)


def functions(app: Path) -> object:
    return read_answers(app)["functions"]


@pytest.mark.parametrize("app", [NOW, released_versions()[0]], indirect=True)
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
    assert functions(app) == {"hello": "http", "orders": "queue"}
    assert " D blueprints/hello.py" not in status(app)
    assert conflicts(app) == []


def test_leaving_the_prompt_changes_nothing(terminal: Terminal, app: Path) -> None:
    terminal.sees("{hello: http, orders: queue}")
    terminal.types("\x03")
    terminal.ends()
    assert status(app) == []


def test_a_bad_answer_is_explained_and_can_be_fixed(terminal: Terminal, app: Path) -> None:
    terminal.sees("{hello: http, orders: queue}")
    terminal.types(CLEAR_LINE, "{hello: http, orders: pigeon}", ENTER)
    terminal.sees('there is no kind "pigeon"')
    assert status(app) == []
    terminal.types(CLEAR_LINE, "{hello: http}", ENTER)
    terminal.sees("app is updated.")
    terminal.ends()
    assert functions(app) == {"hello": "http"}


def test_a_prompt_shows_the_functions_by_name(new_app: Callable[..., Path]) -> None:
    """Copier sorts them, and the app then has them in that order."""
    app = new_app({"orders": "queue", "hello": "http"})
    replace(app / "blueprints" / "orders.py", "Do what your app does", "Ship")
    append(app / "function_app.py", "# ours\n")
    commit(app)
    terminal = Terminal([*UPDATE, "functions"], folder=app)
    terminal.sees("{hello: http, orders: queue}")
    terminal.types(ENTER)
    terminal.sees("app is updated.")
    terminal.ends()
    in_order = [".copier-answers.yml", "AGENTS.md", "README.md", "function_app.py"]
    assert set(status(app)) <= {f" M {file}" for file in [*in_order, "host.json"]}
    assert read(app / "function_app.py").endswith("# ours\n")


def test_a_python_that_a_function_does_not_run_on_is_refused(
    new_app: Callable[..., Path],
) -> None:
    """Copier would take the functions for invalid, and go on with the default."""
    app = new_app({"calls": "worker_extension"}, python_version="3.12")
    terminal = Terminal([*UPDATE, "python_version"], folder=app)
    terminal.sees("Which version of Python does it run on?")
    terminal.types("\x1b[A", ENTER)
    terminal.sees("does not run on Python 3.13")
    terminal.types("\x03")
    terminal.ends()
    assert status(app) == []


def test_functions_that_the_web_framework_cannot_live_with_are_refused(
    new_app: Callable[..., Path],
) -> None:
    """Copier would take the web framework for invalid, and go on without it."""
    app = new_app({"hello": "http"}, web_framework="flask")
    terminal = Terminal([*UPDATE, "functions"], folder=app)
    terminal.sees("{hello: http}")
    terminal.types(CLEAR_LINE, "{up: http_stream}", ENTER)
    terminal.sees("the worker then rejects a web framework")
    terminal.types(CLEAR_LINE, "{hello: http, bye: http}", ENTER)
    terminal.sees("app is updated.")
    terminal.ends()
    assert (app / "web" / "app.py").exists()
