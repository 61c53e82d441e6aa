"""What the app asks pip for."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from ...deployment.commands import commands
from ...files.commented_file import Source
from ...files.letter_case import only_found_here
from ...files.text_files import Unreadable, read_text
from ...model import Place, Problem, Severity
from ...packages.distributions import installed_with
from ...packages.requirements import INCLUDED, named_file
from ...pattern import Pattern
from ...project.project import Project
from ...project.requirement_files import constraints, requirement_lines, whole_lines
from ..rule import rule
from .local_packages import missing_paths

# A template of another tool, or an unfinished merge, which AF601 finds.
UNFINISHED = Pattern(r"\{[{%]|^<{7} ", re.MULTILINE)
# Options of pip install that a file cannot have.
FOR_COMMANDS = Pattern(
    r"(?<!\S)(--upgrade|-U|--user|--no-cache-dir|--no-deps|--force-reinstall|--ignore-installed|--break-system-packages"
    r"|--quiet|--target|-t)(?=[\s=]|$)"
)
# A path on one machine.
ABSOLUTE = Pattern(r"\s*(?:(?:-e|--editable)[\s=]+)?(?:file:/|/(?!/)|[A-Za-z]:[\\/])")
# Files besides requirements.txt that may say which packages the app needs.
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
LOCK_FILES = ("uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock")
DEPENDENCIES = Pattern(
    r"^\s*(?:dependencies\s*=|dynamic\b.*dependencies|\[.*dependencies)", re.MULTILINE
)
# Commands that publish an app with Core Tools, and those that may write its requirements.txt first.
PUBLISHES = Pattern(r"\bfunc\s+azure\s+functionapp\s+publish\b")
WRITES = Pattern(r"requirements|\bmake\b|\.(?:sh|ps1|py)\b|\bnox\b|\btox\b|\bjust\b|uses:\s*\./")


@rule("AF401", Severity.WARNING, "azure-functions is not in the requirements")
def no_library(project: Project) -> Iterator[Problem]:
    """Yield the requirements that do not include azure-functions."""
    requirements = project.requirements
    if not requirements.is_complete or not requirements.source:
        return
    provided = [installed_with(one.key, extras=one.extras) for one in requirements.all]
    if None in provided or any(found and "azure-functions" in found for found in provided):
        return
    message = f"{requirements.source} does not list azure-functions."
    yield Problem(Place(requirements.source), message, "Add azure-functions.")


@rule("AF402", Severity.WARNING, "azure-functions-worker is in the requirements")
def worker_required(project: Project) -> Iterator[Problem]:
    """Yield a requirement of azure-functions-worker."""
    requirement = project.requirements.get("azure-functions-worker")
    if requirement:
        message = "azure-functions-worker is part of Azure, and its release on PyPI is years old."
        yield Problem(requirement.place, message, "Delete the line.")


@rule("AF403", Severity.ERROR, "A file that the requirements name does not exist")
def missing_file(project: Project) -> Iterator[Problem]:
    """Yield lines that name a file or a folder that does not exist."""
    for place in project.requirements.missing:
        message = "The file that this line includes does not exist."
        line = (project.text(place.path) or "").splitlines()[place.line - 1].strip()
        path = PurePosixPath(place.path).parent / (named_file(INCLUDED, line) or "")
        yield Problem(place, message, _add(project, path.as_posix()))
    for place, named in missing_paths(project):
        message = f"{named} does not exist, so pip stops at this line."
        yield Problem(place, message, _add(project, named))


def _add(project: Project, path: str) -> str:
    """Return what to do about a file that a line names and that is not there."""
    written = project.written_otherwise(posixpath.normpath(path))
    if written:
        return f"Write the name as in {written}: letter case matters in Azure."
    return "Add it, or delete the line."


@rule("AF404", Severity.ERROR, "pip cannot read a line of the requirements")
def unreadable_line(project: Project) -> Iterator[Problem]:
    """Yield lines of the requirements that pip cannot read."""
    for place in project.requirements.unreadable:
        if UNFINISHED.search(project.text(place.path) or ""):
            continue
        yield Problem(
            place, "pip cannot read this line.", "Write a requirement, such as name==1.2.3."
        )
    for place, line in whole_lines(project):
        if found := FOR_COMMANDS.search(line):
            message = (
                f"pip takes {found[1]} as an option of its command only, and stops at this line."
            )
            yield Problem(place, message, f"Delete {found[1]}.")


@rule("AF405", Severity.ERROR, "A requirement is a path on one machine")
def local_requirement(project: Project) -> Iterator[Problem]:
    """Yield the first requirement that names a path on one machine, and lines that are such a path."""
    found = [r for r in project.requirements.all if r.url.startswith("file:") and "@" in r.text]
    if found:
        first, *others = found
        more = f" and {len(others)} more are" if others else " is"
        message = f"{first.name}{more} installed from a path on one machine."
        yield Problem(first.place, message, f"Write {first.name}==VERSION instead.")
    if project.dockerfile.instructions:
        return  # The path may be one in the image.
    for place, line in requirement_lines(project):
        if ABSOLUTE.match(line):
            message = "This line is a path on one machine, which pip does not find in Azure."
            fix = "Write the name and the version, or a path in the app such as ./wheels/NAME.whl."
            yield Problem(place, message, fix)


@rule("AF406", Severity.ERROR, "A constraints file does not exist")
def missing_constraints(project: Project) -> Iterator[Problem]:
    """Yield lines that name a constraints file that does not exist."""
    for place, path in constraints(project):
        if not (project.root / path).exists() or only_found_here(project.root, path):
            message = "The constraints file that this line names does not exist."
            yield Problem(place, message, _add(project, path))


@rule("AF407", Severity.WARNING, "pyproject.toml is not valid TOML")
def broken_pyproject(project: Project) -> Iterator[Problem]:
    """Yield the place where pyproject.toml is not valid TOML."""
    pyproject = project.pyproject
    if pyproject and pyproject.error and not UNFINISHED.search(pyproject.text):
        message, place = pyproject.error
        yield Problem(place, f"pyproject.toml is not valid TOML: {message}.", "Fix this line.")


@rule("AF408", Severity.ERROR, "The app has no requirements")
def no_requirements(project: Project) -> Iterator[Problem]:
    """Yield an app without a file that lists its packages, or without the one that Core Tools read."""
    if project.sources.entry is None or project.host is None:
        return
    found = project.written_otherwise("requirements.txt")
    if not found and (project.root / "requirements.txt").exists():
        return
    if published := _published_by_core_tools(project):
        message = "func does not publish a Python app without requirements.txt."
        yield Problem(
            published,
            message,
            f"Create it before this command, for example with {_export(project)}.",
        )
        return
    if project.requirements.all or _lists_packages_elsewhere(project, found):
        return
    if found:
        message = f"The app has {found}, but Azure only finds requirements.txt."
        yield Problem(Place(found), message, f"Rename {found} to requirements.txt.")
        return
    message = "There is no requirements.txt, and nothing else says which packages the app needs."
    fix = "Add a requirements.txt with azure-functions and the other packages that it imports."
    yield Problem(project.entry_place, message, fix)


def _lists_packages_elsewhere(project: Project, ignored: str | None) -> bool:
    """Whether another file of the app or its repository may say which packages it needs; one name does not count."""
    folder = project.root
    for _ in range(4):
        paths = (path for pattern in DEPENDENCY_FILES for path in folder.glob(pattern))
        if any(_says_needs(path) for path in paths if path.name != ignored):
            return True
        if (folder / ".git").exists():
            break
        folder = folder.parent
    return False


def _published_by_core_tools(project: Project) -> Place | None:
    """Return where Core Tools publish an app that lists its packages only in pyproject.toml or a lock file."""
    if not any((project.root / name).is_file() for name in ("pyproject.toml", *LOCK_FILES)):
        return None
    text = project.text("README.md") or ""
    readme = Source("README.md", text, text)
    for source in (*project.deployment.workflows, readme):
        found = next(commands(source, PUBLISHES), None)
        if found and not WRITES.search(source.text):
            return found.place
    return None


def _export(project: Project) -> str:
    """Return the command that writes requirements.txt from a lock file."""
    if (project.root / "poetry.lock").is_file():
        return "poetry export --output requirements.txt"
    return "uv export --format requirements-txt --output-file requirements.txt"


def _says_needs(path: Path) -> bool:
    """Whether a file may list the packages that the app needs."""
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
