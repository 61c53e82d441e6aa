"""What is installed and published: AF401 to AF408."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from ..files import IgnoreFile
from ..findings import Place, Problem, Severity, rule
from ..project import Project
from ..requirements import canonical
from .distributions import brought_by

READ_BY_TOOLS = ("requirements.txt", "pyproject.toml", ".funcignore", ".dockerignore")
# An ignore file that has one of these leaves out what only developers need.
FOR_DEVELOPERS = ("requirements-dev.txt", "pyproject.toml", "README.md")
# An ignore file that has most of these is meant to leave out the settings, too.
USUAL = {
    ".git*",
    ".git",
    ".vscode",
    ".venv",
    "__pycache__",
    "tests",
    "test",
    "*.pyc",
    "__blobstorage__",
}
CONNECTED = re.compile(
    r"(AccountName=(?!devstoreaccount1)|\.windows\.net|\.azure\.com)", re.IGNORECASE
)
COPIES_ALL = re.compile(r"^\s*(?:COPY|ADD)\s+(?:--\S+\s+)*\./?\s", re.IGNORECASE | re.MULTILINE)


@rule("AF401", Severity.WARNING, "azure-functions is not required")
def no_library(project: Project) -> Iterator[Problem]:
    """The app imports azure.functions. Azure has a version of its own, but editors, tests and containers
    install what the requirements say.

    Add `azure-functions` to requirements.txt, without a version.
    """
    requirements = project.requirements
    if not requirements.is_complete or not requirements.source:
        return
    names = {canonical(requirement.name) for requirement in requirements.all}
    brought = [brought_by(name) for name in names]
    if None in brought or any(found and "azure-functions" in found for found in brought):
        return
    sentence = f"{requirements.source} does not ask for azure-functions."
    yield Problem(Place(requirements.source), sentence, "Add azure-functions.")


@rule("AF402", Severity.WARNING, "The worker is required")
def worker_required(project: Project) -> Iterator[Problem]:
    """Azure brings and updates the Functions worker itself. `azure-functions-worker` on PyPI is years old, and
    hides parts of the worker that runs the app.

    Delete the line.
    """
    requirement = project.requirements.get("azure-functions-worker")
    if requirement:
        sentence = "azure-functions-worker is a part of Azure, and old on PyPI."
        yield Problem(requirement.place, sentence, "Delete the line.")


@rule("AF403", Severity.ERROR, "A requirements file is not there")
def missing_file(project: Project) -> Iterator[Problem]:
    """pip stops where a requirements file includes one that is not there, and so does the build in Azure.

    Add the file, or delete the line.
    """
    for place in project.requirements.missing:
        sentence = "The file that this line includes is not there."
        yield Problem(place, sentence, "Add the file, or delete the line.")


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
    found = [r for r in project.requirements.all if re.match(r"@\s*file:", r.rest)]
    if found:
        first, *others = found
        more = f" and {len(others)} more are" if others else " is"
        sentence = f"{first.name}{more} asked for in a folder of one machine."
        yield Problem(first.place, sentence, f"Write {first.name}==VERSION.")


@rule("AF406", Severity.ERROR, "A file that tools read has no readable text")
def unreadable_file(project: Project) -> Iterator[Problem]:
    """pip and Core Tools read these files as UTF-8, or by their byte-order mark. What they cannot read stops the
    build, or publishes what should stay.

    Save the file as UTF-8.
    """
    for name in READ_BY_TOOLS:
        project.text(name)
    for place, why in project.broken:
        if place.path in READ_BY_TOOLS:
            yield Problem(place, f"{place.path} cannot be read: {why}.", "Save it as UTF-8.")


@rule("AF407", Severity.ERROR, "A file that the app needs is not published")
def dropped(project: Project) -> Iterator[Problem]:
    """`.funcignore` leaves out what matches its patterns: then the app misses a module that it imports, or the
    host misses `host.json`, and no function starts.

    Change the pattern, or add one that begins with `!` below it.
    """
    ignored = project.ignore_file(".funcignore")
    if ignored is None:
        return
    needed = ["host.json", *(module.relative for module in project.sources.modules.values())]
    if not (project.root / ".python_packages").is_dir():
        needed.append("requirements.txt")
    by_pattern: dict[Place, list[str]] = {}
    for path in needed:
        place = ignored.ignored_at(path)
        if place and (project.root / path).exists():
            by_pattern.setdefault(place, []).append(path)
    for place, paths in by_pattern.items():
        others = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
        sentence = f"This pattern leaves out {paths[0]}{others}, which the app needs."
        yield Problem(place, sentence, "Change it, or add one that begins with ! below it.")


@rule("AF408", Severity.WARNING, "Something is published that should stay")
def kept(project: Project) -> Iterator[Problem]:
    """What `.funcignore` and `.dockerignore` do not name is published: the secrets of `local.settings.json`, a
    virtual environment of another platform, tests. Core Tools leave out `local.settings.json` by themselves;
    other tools, and `COPY .` in a Dockerfile, do not.

    Add the name to the file.
    """
    ignored = project.ignore_file(".funcignore")
    if ignored is not None:
        for name in _unwanted(project, ignored):
            if ignored.ignored_at(name) is None:
                sentence = f".funcignore does not leave out {name}."
                yield Problem(Place(".funcignore"), sentence, f"Add a line with {name}.")
    docker = project.text("Dockerfile")
    if docker and COPIES_ALL.search(docker) and _has_secrets(project):
        left_out = project.ignore_file(".dockerignore")
        if left_out is None or left_out.ignored_at("local.settings.json") is None:
            path = ".dockerignore" if left_out else "Dockerfile"
            sentence = "The image gets local.settings.json, with its secrets."
            yield Problem(Place(path), sentence, "Add local.settings.json to .dockerignore.")


def _unwanted(project: Project, ignored: IgnoreFile) -> Iterator[str]:
    patterns = {pattern.strip("/") for _, pattern in ignored.patterns}
    if _has_settings(project) and len(patterns & USUAL) > 2:
        yield "local.settings.json"
    for path in sorted(project.root.iterdir()):
        if (path / "pyvenv.cfg").is_file():
            yield f"{path.name}/"
    if any(pattern in FOR_DEVELOPERS for _, pattern in ignored.patterns):
        names = {PurePosixPath(path).parts[0] for path in project.files if _is_test(path)}
        yield from sorted(f"{name}/" for name in names & {"tests", "test"})


def _has_settings(project: Project) -> bool:
    return (project.root / "local.settings.json").is_file()


def _has_secrets(project: Project) -> bool:
    """Whether local.settings.json connects to something else than an emulator."""
    text = project.text("local.settings.json") or ""
    return bool(CONNECTED.search(text))


def _is_test(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return len(parts) > 1 and parts[-1].startswith("test_")
