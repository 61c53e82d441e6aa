"""A healthy app in which tests plant defects, and what the validator says of it."""

import datetime
import sys
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from functions_validator.checking import check
from functions_validator.indexing.index import IndexOptions
from functions_validator.project.project import Project
from functions_validator.registry import chosen
from functions_validator.rules import pythons

HEALTHY = {
    path: textwrap.dedent(text).lstrip("\n")
    for path, text in {
        "function_app.py": """
        import azure.functions as func

        from blueprints import hello, orders

        app = func.FunctionApp()
        app.register_functions(hello.bp)
        app.register_functions(orders.bp)
        """,
        "blueprints/__init__.py": "",
        "blueprints/hello.py": """
        import azure.functions as func

        bp = func.Blueprint()


        @bp.route(route="hello", methods=["GET"])
        def hello(req: func.HttpRequest) -> func.HttpResponse:
            return func.HttpResponse("Hello")
        """,
        "blueprints/orders.py": """
        import logging

        import azure.functions as func

        bp = func.Blueprint()


        @bp.queue_trigger(arg_name="message", queue_name="orders", connection="OrdersStorage")
        def orders(message: func.QueueMessage) -> None:
            logging.info("Order %s", message.id)
        """,
        "host.json": """
        {
          "version": "2.0",
          "extensionBundle": {
            "id": "Microsoft.Azure.Functions.ExtensionBundle",
            "version": "[4.*, 5.0.0)"
          }
        }
        """,
        "local.settings.json": """
        {
          "IsEncrypted": false,
          "Values": {
            "FUNCTIONS_WORKER_RUNTIME": "python",
            "AzureWebJobsStorage": "UseDevelopmentStorage=true",
            "OrdersStorage": "UseDevelopmentStorage=true"
          }
        }
        """,
        "requirements.txt": "azure-functions\n",
        ".funcignore": ".git*\n.venv/\n.vscode/\n__pycache__/\nlocal.settings.json\ntests/\n",
        ".gitignore": ".venv/\n__pycache__/\nlocal.settings.json\n",
    }.items()
}

Files = dict[str, str | bytes | None]
Plant = Callable[..., Path]


@dataclass(frozen=True)
class Found:
    """A finding, for a test to compare."""

    code: str
    path: str
    line: int
    message: str
    fix: str


@pytest.fixture(autouse=True)
def new_years_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """A day on which Python 3.10 is past the end of its life, and 3.11 is not."""
    monkeypatch.setattr(pythons, "today", lambda: datetime.date(2027, 1, 1))


@pytest.fixture
def plant(tmp_path: Path) -> Plant:
    """Return a healthy app with some files changed: {path: text, indented at will, or None}."""

    def make(files: Files | None = None) -> Path:
        root = tmp_path / "app"
        for path, content in {**HEALTHY, **(files or {})}.items():
            if content is None:
                continue
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, str):
                content = textwrap.dedent(content).lstrip("\n").encode()
            target.write_bytes(content)
        return root

    return make


def judge(root: Path, select: str = "AF", python: Path | None = None) -> list[Found]:
    """Return what the rules whose codes start so find; without a Python, by the sources alone."""
    project = Project(root, IndexOptions(python) if python else None)
    found = [
        Found(finding.code, place.path, place.line, finding.problem.message, finding.problem.fix)
        for finding in check(project, chosen([select], []))
        for place in [finding.problem.place]
    ]
    assert [note for note in project.notes if "could not be judged" in note] == []
    assert not python or project.index, "The interpreter could not be started."
    return found


@pytest.fixture(params=["sources", "index"])
def judged(
    request: pytest.FixtureRequest, worker_python: Path
) -> Callable[[Path, str], list[Found]]:
    """Return what rules find, once by the sources alone and once with the worker's index."""

    def run(root: Path, select: str = "AF") -> list[Found]:
        return judge(root, select, worker_python if request.param == "index" else None)

    return run


@pytest.fixture
def own_python() -> Path:
    """The interpreter of these tests, which has no azure.functions."""
    return Path(sys.executable)
