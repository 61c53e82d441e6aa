"""A healthy app in which tests plant defects, and what the validator finds in it."""

import shutil
import sys
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess

from functions_validator.checking import check
from functions_validator.indexing.index import IndexOptions
from functions_validator.project.project import Project
from functions_validator.registry import chosen
from hooks.catalogue import ROOT
from tests.support.run import run

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

# Variables with which Python finds the package.
FROM_SOURCES = {"PYTHONPATH": str(ROOT / "src")}

# The blueprint of orders is not registered with the app.
NOT_REGISTERED: Files = {
    "function_app.py": "import azure.functions as func\nfrom blueprints import hello, orders\n\n"
    "app = func.FunctionApp()\napp.register_functions(hello.bp)\n"
}


@dataclass(frozen=True)
class Found:
    """A finding, for a test to compare."""

    code: str
    path: str
    line: int
    message: str
    fix: str


Plant = Callable[..., Path]
Find = Callable[..., list[Found]]


def plant(root: Path, files: Files | None = None) -> Path:
    """Write the healthy app into a folder, instead of what is there, with some files changed.

    `files` is {path: text, indented at will, or None}.
    """
    if root.exists():
        shutil.rmtree(root)
    for path, content in {**HEALTHY, **(files or {})}.items():
        if content is None:
            continue
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, str):
            content = textwrap.dedent(content).lstrip("\n").encode()
        target.write_bytes(content)
    return root


def find_problems(
    root: Path, select: str = "AF", python: Path | None = None, *, imports: bool = True
) -> list[Found]:
    """Return what the rules whose codes start like this find; without a Python, by the sources alone.

    `imports` says whether the Python can import the app.
    """
    return problems_of(
        Project(root, IndexOptions(python) if python else None), select, imports=imports
    )


def problems_of(project: Project, select: str = "AF", *, imports: bool = True) -> list[Found]:
    """Return what the rules whose codes start like this find in a project, which is indexed if it has a Python."""
    found = [
        Found(finding.code, place.path, place.line, finding.problem.message, finding.problem.fix)
        for finding in check(project, chosen([select], []))
        for place in [finding.problem.place]
    ]
    assert [note for note in project.notes if "could not be checked" in note] == []
    if project.options and project.sources.entry:
        assert project.index, "The interpreter could not be started."
        assert (project.index.failure is None) == imports, project.index.failure
    return found


def validate(
    *arguments: str | Path,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> CompletedProcess[str]:
    """Run `hooks/validate.py` in a process of its own."""
    command = (sys.executable, ROOT / "hooks" / "validate.py", *arguments)
    return run(*command, folder=folder, environment=environment, status=None, timeout=120)
