"""Reads a function app that was not generated from the template."""

from __future__ import annotations

import ast
import json
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from functions_validator.files.repository import FOREIGN_FOLDERS
from functions_validator.indexing.index import IndexOptions
from functions_validator.options import CannotRun
from functions_validator.project import discovery
from functions_validator.project.import_failures import why_not_indexed
from functions_validator.project.project import DEFAULT_ENTRY, ENTRY_SETTING, Project
from functions_validator.project.settings import LOCAL_SETTINGS
from functions_validator.sources.python_source import APP, Container
from hooks import post_generation
from hooks.complaints import WRITTEN
from hooks.destinations import Refusal
from hooks.git import ask_git, place_in_repository

OTHER_LANGUAGES = ("package.json", "*.csproj", "pom.xml", "go.mod", "*.ps1", "build.gradle*")
VALIDATOR = "`python tools/validate.pyz` of any generated app"
V1_GUIDE = "https://learn.microsoft.com/azure/azure-functions/functions-reference-python"


@dataclass(frozen=True)
class ExistingApp:
    """A function app in a git repository. `as_read` says how its functions are known."""

    folder: Path
    project: Project
    as_read: str

    @property
    def names(self) -> list[str]:
        """Return the names of its functions."""
        return [function.label for function in self.project.functions]

    def app_calls(self) -> Iterator[ast.Call]:
        """Yield the calls that make an app, such as `func.FunctionApp()`."""
        for module in self.project.sources.modules.values():
            yield from (one.call for one in module.containers.values() if _is_app(one))

    def signatures(self) -> list[str]:
        """Return what the host gets of each function, to compare it with another version of the app."""
        return sorted(
            json.dumps(
                [
                    function.label,
                    sorted(
                        [
                            one.type,
                            str(one.name),
                            one.direction,
                            sorted(map(str, one.fields.items())),
                        ]
                        for one in function.bindings
                    ),
                ]
            )
            for function in self.project.functions
        )


def _is_app(container: Container) -> bool:
    return container.kind == APP


def read(folder: Path, index: IndexOptions | None) -> ExistingApp:
    """Read an app, and import it if it is to be indexed. Raises Refusal if there is none."""
    project = Project(folder, index)
    try:
        functions = project.functions
    except CannotRun as reason:
        raise Refusal(str(reason)) from reason
    app = ExistingApp(folder, project, _as_read(project))
    if not functions and not any(app.app_calls()):
        raise Refusal(_without_app(folder, project))
    if not re.fullmatch(WRITTEN["kept_files"], f"[{project.entry}]"):
        raise Refusal(
            f"{folder / project.entry} has a name that the template does not take. Rename it, also in "
            f"{LOCAL_SETTINGS}: use letters without accents, digits, hyphens, underscores and dots."
        )
    return app


def _without_app(folder: Path, project: Project) -> str:
    entry, fix = folder / project.entry, f"Fix what {VALIDATOR} finds in it first."
    if not entry.is_file():
        return f"{folder} has no {project.entry}. {fix}"
    if project.index and project.index.failure is None:
        return f"{entry} makes no function app. {fix}"
    imported = (
        "or name an interpreter with --python" if project.index else "and leave out --no-index"
    )
    return (
        f"{entry} makes no function app that its sources show. {fix} "
        f"If it finds nothing, create the app's .venv, with its packages, {imported}."
    )


def index_options(folder: Path, python: str | None = None) -> IndexOptions:
    """Return how to import an app: with the interpreter that is named, else with the one of its own environment.

    Raises Refusal if there is none of that name.
    """
    if python is None:
        return IndexOptions(discovery.interpreter_of(folder))
    try:
        return IndexOptions(discovery.named_interpreter(python))
    except CannotRun as reason:
        raise Refusal(str(reason)) from reason


def _as_read(project: Project) -> str:
    index = project.index
    if index is None:
        return "from the sources"
    if index.failure is None:
        return f"by azure.functions on Python {index.python}"
    if project.options == IndexOptions(Path(sys.executable)):
        return (
            "from the sources, since the app has no virtual environment. To import the app, create .venv in it, "
            "or name an interpreter with --python"
        )
    why = why_not_indexed(project) or f"Importing the app fails: {index.failure.message}"
    return f"from the sources. {why}"


def refuse_other_folders(folder: Path) -> None:
    """Raise Refusal unless a folder has a v2 app in Python that is not of this template."""
    try:
        is_folder = folder.is_dir()
    except OSError:
        # The name can be too long, for example.
        is_folder = False
    if not is_folder:
        raise Refusal(f"{folder} is not a folder. Name the folder of a function app.")
    _refuse_a_generated_app(folder)
    apps = discovery.function_apps(folder)
    if apps == [folder]:
        return
    if len(apps) > 1:
        inside = ", ".join(str(app.relative_to(folder)) for app in apps)
        raise Refusal(f"{folder} has several function apps, in {inside}. Name the folder of one.")
    if apps:
        raise Refusal(f"{folder} is not the folder of the app. Use DEST={apps[0]}.")
    raise Refusal(_without_v2_app(folder))


def _without_v2_app(folder: Path) -> str:
    """Return what a folder without an app of the v2 programming model has instead, and what to do."""
    hosts = [folder, *_hosts_below(folder)]
    for host in hosts:
        if any(_is_in_python(path) for path in host.glob("*/function.json")):
            return (
                f"{host} has an app of the v1 programming model, with function.json files. "
                f"Migrate it to the v2 model first: {V1_GUIDE}"
            )
    for host in hosts:
        if (host / "host.json").is_file() and any(map(any, map(host.glob, OTHER_LANGUAGES))):
            return f"{host} has a function app, but not in Python. The template needs Python."
    if (folder / "host.json").is_file():
        return (
            f"{folder} has no {DEFAULT_ENTRY}. If your functions are in another file, name it in "
            f"{LOCAL_SETTINGS}, as the value of {ENTRY_SETTING}."
        )
    return f"{folder} has no {DEFAULT_ENTRY}. Name the folder of a function app."


def _hosts_below(folder: Path) -> Iterator[Path]:
    """Yield the folders below one that have a host.json, without those of packages and tools."""
    for name, folders, files in os.walk(folder):
        folders[:] = sorted(
            name for name in folders if name not in FOREIGN_FOLDERS and not name.startswith(".")
        )
        if "host.json" in files and Path(name) != folder:
            yield Path(name)


def _is_in_python(function: Path) -> bool:
    """Whether a function.json belongs to a function in Python: apps in other languages have them, too."""
    if any(function.parent.glob("*.py")):
        return True
    return ".py" in function.read_text(encoding="utf-8", errors="replace")


def _refuse_a_generated_app(folder: Path) -> None:
    try:
        text = (folder / post_generation.ANSWERS).read_text(encoding="utf-8")
        answers = yaml.safe_load(text)
    except FileNotFoundError:
        return
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise Refusal(f"{folder / post_generation.ANSWERS} cannot be read.") from error
    if isinstance(answers, dict) and "functions" in answers:
        raise Refusal(
            f"{folder} already comes from this template. Run `copier update --defaults` in it."
        )
    raise Refusal(
        f"{folder} comes from another template. Delete its {post_generation.ANSWERS}, and commit."
    )


def refuse_without_git(folder: Path) -> None:
    """Raise Refusal unless a folder is committed to a repository."""
    if place_in_repository(folder) is None:
        raise Refusal(
            f"{folder} is not in a git repository. Run `git init` in it, and commit everything."
        )
    if not ask_git(folder, "ls-tree", "--name-only", "HEAD", "."):
        raise Refusal(f"{folder} has no committed files. Commit the app first.")


def refuse_changes(folder: Path) -> None:
    """Raise Refusal if anything in a folder is not committed."""
    if ask_git(folder, "status", "--porcelain", "--untracked-files=all", "--", "."):
        raise Refusal(f"{folder} has changes that are not committed. Commit or stash them first.")
