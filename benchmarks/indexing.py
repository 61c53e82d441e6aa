"""How long the worker takes to index an app, which is what it does when an instance starts."""

import functools
import shutil
from pathlib import Path

from tests.worker.client import environment

from .projects import NINE, generate, install, with_functions
from .timing import Difference, Measurement, run, shortest

# What is chosen besides one HTTP function, and how many more seconds indexing may take because of it.
CHOICES: dict[str, tuple[list[str], float | None]] = {
    "telemetry=opentelemetry": (["--data", "telemetry=opentelemetry"], 0.015),
    "blob_sdk": (["--data", "functions={hello: http, files: blob_sdk}"], None),
    "servicebus_sdk": (["--data", "functions={hello: http, messages: servicebus_sdk}"], None),
    "cosmosdb_client": (["--data", "functions={hello: http, devices: cosmosdb_client}"], 0.015),
    "web_framework=fastapi": (["--data", "web_framework=fastapi"], None),
}


def measure_indexing(box: Path, template: Path, rounds: int) -> list[Measurement]:
    """Compare indexing an app of nine blueprints with one hand-written file of nine functions."""
    app = generate(template, box / "app", *with_functions(NINE))
    python = install(box / "environment", app)
    by_hand = box / "by-hand"
    (by_hand / "blueprints").mkdir(parents=True)
    shutil.copy(Path(__file__).with_name("by_hand.py"), by_hand / "function_app.py")
    shutil.copy(app / "host.json", by_hand)
    generated, baseline = shortest(
        rounds, functools.partial(index, python, app), functools.partial(index, python, by_hand)
    )
    name = "indexing nine blueprints / one file with nine functions"
    return [Measurement(name, generated, 1.2, baseline)]


def index(python: Path, app: Path) -> None:
    """Have the real worker index an app, in a process of its own."""
    run([python, "-m", "worker", app], app, text="[]", variables=environment())


def measure_imports(box: Path, template: Path, rounds: int) -> list[Difference]:
    """Compare indexing an app of one HTTP function with the same app and something chosen besides."""
    chosen = [with_functions({"hello": "http"}), *(arguments for arguments, _ in CHOICES.values())]
    projects = [
        generate(template, box / f"choice-{place}", *arguments)
        for place, arguments in enumerate(chosen)
    ]
    python = install(box / "environment-of-choices", *projects)
    baseline, *others = shortest(
        rounds, *(functools.partial(index, python, project) for project in projects)
    )
    return [
        Difference(f"indexing with {name}, beside without", seconds, baseline, limit)
        for (name, (_, limit)), seconds in zip(CHOICES.items(), others, strict=True)
    ]
