"""The templates that are measured, and the projects and environments that are made from them."""

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from hooks import environments
from tests.support.app_environments import WORKER_VERSION

from .timing import run

ROOT = Path(__file__).parents[1]
COPIER = [sys.executable, "-m", "copier", "copy", "--defaults", "--quiet", "--vcs-ref", "HEAD"]
GIT = ["git", "-c", "user.name=benchmark", "-c", "user.email=benchmark@example.com"]
NINE = {
    f"my_{kind}": kind
    for kind in (
        "http",
        "timer",
        "queue",
        "blob",
        "eventgrid",
        "eventhub",
        "servicebus_queue",
        "servicebus_topic",
        "cosmosdb",
    )
}


def with_functions(functions: Mapping[str, str]) -> list[str]:
    """Return the arguments of Copier that answer which functions there are."""
    answer = ", ".join(f"{name}: {kind}" for name, kind in functions.items())
    return ["--data", f"functions={{{answer}}}"]


def generate(template: Path, project: Path, *arguments: str) -> Path:
    """Return a new project that Copier generates with these additional arguments."""
    run([*COPIER, *arguments, template, project], project.parent)
    return project


def install(folder: Path, *projects: Path) -> Path:
    """Return the Python of a new environment, with the worker and what the projects need."""
    found = environments.find_python(WORKER_VERSION)
    if found is None:
        sys.exit(f"The worker is measured with Python {WORKER_VERSION}, which is not installed.")
    files = [str(project / "requirements-dev.txt") for project in projects]
    requirements = [text for file in files for text in ("--requirement", file)]
    return environments.make_environment(folder, found, requirements, folder.parent)


def commit(folder: Path) -> None:
    """Make a git repository of a folder, its objects packed as in a clone."""
    for command in ("init", "add --all", "commit --message All", "gc"):
        run([*GIT, *command.split()], folder)


def copy_of_this_template(box: Path) -> Path:
    """Return a clean repository with the template as it is now."""
    clone = box / "copier-azure-functions"
    ignored = shutil.ignore_patterns(".git", ".venv", ".*cache", "__pycache__")
    shutil.copytree(ROOT, clone, ignore=ignored)
    commit(clone)
    return clone


def one_file_template(template: Path, question: str, name: str, text: str) -> Path:
    """Write a template that asks one question and has one file, in a repository; return its folder."""
    (template / "project").mkdir(parents=True)
    settings = f"_subdirectory: project\n{question}\n"
    (template / "copier.yml").write_text(settings, encoding="utf-8")
    (template / "project" / name).write_text(text, encoding="utf-8")
    commit(template)
    return template
