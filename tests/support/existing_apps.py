"""Function apps of different shapes that were not generated from the template, and how `make adopt` runs on them."""

from pathlib import Path
from typing import NamedTuple

import pytest

from hooks import adopt
from tests.support.commands import run_command
from tests.support.repositories import commit

HOST = """{
  "version": "2.0",
  "functionTimeout": "00:09:00",
  "extensionBundle": {
    "id": "Microsoft.Azure.Functions.ExtensionBundle",
    "version": "[4.*, 5.0.0)"
  }
}
"""
SINGLE_FILE = """import azure.functions as func

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)


@app.route("hello")
def hello(req: func.HttpRequest) -> str:
    return "Hello"


@app.queue_trigger(arg_name="message", queue_name="%ORDERS_QUEUE%", connection="OrdersStorage")
def orders(message: func.QueueMessage) -> None:
    print(message.get_body())
"""
BLUEPRINT = """import azure.functions as func

bp = func.Blueprint()


@bp.timer_trigger(arg_name="timer", schedule="0 0 3 * * *")
def nightly(timer: func.TimerRequest) -> None:
    print(timer.past_due)
"""
WITH_BLUEPRINTS = """import azure.functions as func
from blueprints.nightly import bp
from tools.texts import GREETING

app = func.FunctionApp()
app.register_functions(bp)


@app.route("greet", auth_level=func.AuthLevel.FUNCTION)
def greet(req: func.HttpRequest) -> str:
    return GREETING
"""
DURABLE = """import azure.durable_functions as df
import azure.functions as func

app = df.DFApp(http_auth_level=func.AuthLevel.FUNCTION)


@app.route("start")
@app.durable_client_input(client_name="client")
async def start(req: func.HttpRequest, client: df.DurableOrchestrationClient) -> str:
    return await client.start_new("ship")


@app.orchestration_trigger(context_name="context")
def ship(context: df.DurableOrchestrationContext):
    yield context.call_activity("pack", 1)


@app.activity_trigger(input_name="count")
def pack(count: int) -> int:
    return count
"""
WEB = """import azure.functions as func
from fastapi import FastAPI

web = FastAPI()


@web.get("/items")
def items() -> list[int]:
    return [1]


app = func.AsgiFunctionApp(app=web, http_auth_level=func.AuthLevel.ANONYMOUS)
"""


class Shape(NamedTuple):
    """The files of an app, the folder of its repository that it is in, and answers that it should get."""

    files: dict[str, str]
    answers: dict[str, object]
    folder: str = "."


BASE = {"host.json": HOST, ".gitignore": ".venv\n__pycache__/\nlocal.settings.json\n"}
# Answers, and what the files that they add install.
NEEDS_REQUIREMENTS = [
    ("ci=github", "requirements-dev.txt"),
    ("ci=azure-pipelines", "requirements-dev.txt"),
    ("devcontainer=true", "requirements-dev.txt"),
    ("docker=true", "requirements.txt"),
    ("infra=azd", "requirements.txt"),
]
SHAPES = {
    "single file": Shape(
        {
            **BASE,
            "function_app.py": SINGLE_FILE,
            "requirements.txt": "azure-functions==1.24.0\n",
            ".vscode/settings.json": '{"azureFunctions.projectRuntime": "~4"}\n',
            "README.md": "# Orders\n",
        },
        {"auth_level": "anonymous", "package_manager": "pip", "docker": False},
    ),
    "blueprints and Poetry": Shape(
        {
            **BASE,
            "function_app.py": WITH_BLUEPRINTS,
            "blueprints/__init__.py": '"""Ours."""\n',
            "blueprints/nightly.py": BLUEPRINT,
            "tools/texts.py": 'GREETING = "Hello"\n',
            "tests/test_texts.py": "def test_it() -> None:\n    assert True\n",
            "poetry.lock": "",
            "pyproject.toml": '[tool.poetry]\nname = "greeter"\ndescription = "Greets."\n\n'
            '[tool.poetry.dependencies]\npython = "^3.12"\nazure-functions = "^1.21"\n',
            ".github/workflows/deploy.yml": "name: deploy\nenv:\n  PYTHON_VERSION: '3.12'\n",
        },
        {
            "project_name": "greeter",
            "description": "Greets.",
            "python_version": "3.12",
            "package_manager": "pip",
            "ci": "none",
        },
    ),
    "durable and uv": Shape(
        {
            **BASE,
            "function_app.py": DURABLE,
            "uv.lock": "version = 1\n",
            "requirements.txt": "azure-functions\nazure-functions-durable\n",
            "pyproject.toml": '[project]\nname = "shipping"\nversion = "1"\n'
            'requires-python = "==3.11.*"\ndependencies = ["azure-functions-durable"]\n',
        },
        {"project_name": "shipping", "python_version": "3.11", "package_manager": "uv"},
    ),
    "web, Docker, in a subfolder": Shape(
        {
            **BASE,
            "function_app.py": WEB,
            "requirements.txt": "azure-functions\nfastapi\n",
            "Dockerfile": "FROM mcr.microsoft.com/azure-functions/python:4-python3.12\n"
            "COPY requirements.txt /\nRUN pip install -r /requirements.txt\n"
            "COPY . /home/site/wwwroot\n",
        },
        {"web_framework": "none", "docker": True, "python_version": "3.12", "ci": "none"},
        "services/web",
    ),
}


def write_app(shape: Shape, repository: Path, python: Path | None = None) -> Path:
    """Write an app and commit it; return its folder. With a Python, that is its environment."""
    app = repository / shape.folder
    for path, text in shape.files.items():
        (app / path).parent.mkdir(parents=True, exist_ok=True)
        (app / path).write_text(text, encoding="utf-8")
    if python:
        (app / ".venv").symlink_to(python.parents[1])
    commit(repository, "The app")
    return app


def run_adopt(monkeypatch: pytest.MonkeyPatch, *arguments: str | Path) -> str:
    """Run `make adopt` in this process; return the sentence with which it refuses, or nothing."""
    return run_command(monkeypatch, adopt.main, *arguments)
