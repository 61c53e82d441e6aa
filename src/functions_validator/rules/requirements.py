"""What the app asks pip for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ..model import Place, Problem, Severity
from ..project.distributions import brought_by
from ..project.project import Project
from ..project.text_files import Unreadable, read_text
from .rule import rule


@rule("AF401", Severity.WARNING, "azure-functions is not required")
def no_library(project: Project) -> Iterator[Problem]:
    """The app imports azure.functions. Azure has a version of its own, but editors, tests and containers
    install what the requirements say.

    Add `azure-functions` to requirements.txt, without a version.
    """
    requirements = project.requirements
    if not requirements.is_complete or not requirements.source:
        return
    brought = [brought_by(name) for name in requirements.keys]
    if None in brought or any(found and "azure-functions" in found for found in brought):
        return
    message = f"{requirements.source} does not ask for azure-functions."
    yield Problem(Place(requirements.source), message, "Add azure-functions.")


@rule("AF402", Severity.WARNING, "The worker is required")
def worker_required(project: Project) -> Iterator[Problem]:
    """Azure brings and updates the Functions worker itself. `azure-functions-worker` on PyPI is years old, and
    hides parts of the worker that runs the app.

    Delete the line.
    """
    requirement = project.requirements.get("azure-functions-worker")
    if requirement:
        message = "azure-functions-worker is a part of Azure, and old on PyPI."
        yield Problem(requirement.place, message, "Delete the line.")


@rule("AF403", Severity.ERROR, "A requirements file is not there")
def missing_file(project: Project) -> Iterator[Problem]:
    """pip stops where a requirements file includes one that is not there, and so does the build in Azure.

    Add the file, or delete the line.
    """
    for place in project.requirements.missing:
        message = "The file that this line includes is not there."
        yield Problem(place, message, "Add the file, or delete the line.")


@rule("AF404", Severity.ERROR, "A line is no requirement")
def unreadable_line(project: Project) -> Iterator[Problem]:
    """pip stops at a line that it cannot read, and so does the build in Azure.

    Write `name`, `name==1.2.3` or `name>=1.2,<2`, one a line.
    """
    for place in project.requirements.unreadable:
        yield Problem(place, "pip cannot read this line.", "Write name, or name==1.2.3.")


@rule("AF405", Severity.ERROR, "A requirement lies on this machine")
def local_requirement(project: Project) -> Iterator[Problem]:
    """A line such as `name @ file:///home/me/name` names a folder of the machine on which it was written, as
    `pip freeze` does in a conda environment. The build in Azure does not find it.

    Name the version: `pip list --format=freeze` does.
    """
    found = [r for r in project.requirements.all if r.url.startswith("file:") and "@" in r.text]
    if found:
        first, *others = found
        more = f" and {len(others)} more are" if others else " is"
        message = f"{first.name}{more} asked for in a folder of one machine."
        yield Problem(first.place, message, f"Write {first.name}==VERSION.")


CONSTRAINTS = re.compile(r"(?:-c|--constraint)[\s=]+([^\s#]+)")


@rule("AF406", Severity.ERROR, "A file of constraints is not there")
def missing_constraints(project: Project) -> Iterator[Problem]:
    """pip stops where `-c` names a file that is not there, and so does the build in Azure.

    Add the file, or delete the line.
    """
    for path in dict.fromkeys(["requirements.txt", *_requirement_files(project)]):
        for number, line in enumerate((project.text(path) or "").splitlines(), start=1):
            named = CONSTRAINTS.match(line.strip())
            if not named or re.search(r"://|\$\{", named[1]):
                continue
            if not (project.root / path).parent.joinpath(named[1]).exists():
                message = "The file of constraints that this line names is not there."
                yield Problem(Place(path, number), message, "Add the file, or delete the line.")


def _requirement_files(project: Project) -> Iterator[str]:
    for requirement in project.requirements.all:
        if requirement.place.path.endswith(".txt"):
            yield requirement.place.path


# A template of another tool, or a merge that is not finished: AF601.
UNFINISHED = re.compile(r"\{[{%]|^<{7} ", re.MULTILINE)


@rule("AF407", Severity.WARNING, "pyproject.toml is no TOML")
def broken_pyproject(project: Project) -> Iterator[Problem]:
    """pip, uv, pytest and ruff read `pyproject.toml`, and stop where it is no TOML.

    Mend the line.
    """
    pyproject = project.pyproject
    if pyproject and pyproject.error and not UNFINISHED.search(pyproject.text):
        message, place = pyproject.error
        yield Problem(place, f"pyproject.toml cannot be read: {message}.", "Mend this line.")


# Files besides requirements.txt that may say what the app needs.
DEPENDENCY_FILES = (
    ".python_packages",
    "*requirements*",
    "Dockerfile*",
    "Pipfile",
    "environment.y*ml",
    "poetry.lock",
    "pyproject.toml",
    "setup.*",
    "uv.lock",
)
DEPENDENCIES = re.compile(
    r"^\s*(?:dependencies\s*=|dynamic\b.*dependencies|\[.*dependencies)", re.MULTILINE
)


@rule("AF408", Severity.ERROR, "The app has no requirements")
def no_requirements(project: Project) -> Iterator[Problem]:
    """`func azure functionapp publish` stops without `requirements.txt`, and the build in Azure installs
    nothing.

    Add a `requirements.txt` with the line `azure-functions`, and what else the app imports.
    """
    if project.sources.entry is None or project.requirements.all or project.host is None:
        return
    if (project.root / "requirements.txt").exists():
        return
    folder = project.root
    for _ in range(4):
        if any(_says_needs(path) for pattern in DEPENDENCY_FILES for path in folder.glob(pattern)):
            return
        if (folder / ".git").exists():
            break
        folder = folder.parent
    message = "Nothing says what the app needs: there is no requirements.txt."
    yield Problem(Place(project.entry), message, "Add one with the line azure-functions.")


def _says_needs(path: Path) -> bool:
    """Whether a file may say what the app needs by itself, without a requirements.txt beside it."""
    if not path.is_file():
        return True
    try:
        text = read_text(path)
    except Unreadable:
        return True
    if path.name == "pyproject.toml":
        return bool(DEPENDENCIES.search(text))
    beside = (path.parent / "requirements.txt").exists()
    return path.name == "requirements.txt" or beside or "requirements.txt" not in text


RULES = (
    no_library,
    worker_required,
    missing_file,
    unreadable_line,
    local_requirement,
    missing_constraints,
    broken_pyproject,
    no_requirements,
)
