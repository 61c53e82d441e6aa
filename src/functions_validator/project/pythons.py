"""The Python that a project says it runs on in Azure, wherever it says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ..data import read_table
from ..model import Place
from ..packages.versions import Versions
from ..pattern import Pattern
from .project import Project

PINNED = Pattern(r"\s*(\d+\.\d+)(?:\.\d+)?\s*$", parts=(".",))
# How Poetry writes this or a newer Python, and only this one.
NEWER_OF_POETRY = Pattern(r"\^(3(?:\.\d+)*)(?![\w.*])", parts=("^",))
ONE_OF_POETRY = Pattern(r"^~?(3\.\d+)(?:\.[\d*]+)?$")
PYTHONS: Mapping[str, Mapping[str, Any]] = read_table("pythons")
MINORS = PATCHES = range(40)
FIRST_WITH_LATE_ANNOTATIONS = 14


class StatedPython(NamedTuple):
    """A version of Python, such as "3.13", and the place that states it."""

    version: str
    place: Place


class RequiredPython(NamedTuple):
    """The versions that pyproject.toml requires, as it writes them, and the place."""

    bounds: Versions
    written: str
    place: Place

    def takes(self, python: str) -> bool:
        """Whether any patch version of a Python such as "3.13" is among them."""
        return any(self.bounds.contains(f"{python}.{patch}") for patch in PATCHES)

    def newest(self, known: Sequence[str] = tuple(PYTHONS)) -> str | None:
        """Return the last of the known versions that are among them, else the newest; None if they have no upper end."""
        *others, last = (f"3.{minor}" for minor in MINORS)
        if self.takes(last):
            return None
        return next(filter(self.takes, (*reversed(known), *reversed(others))), None)


def stated_pythons(project: Project) -> Iterator[StatedPython]:
    """Yield the versions of the Dockerfile, of .python-version and of the infrastructure."""
    docker = project.dockerfile
    if docker.base and docker.python:
        yield StatedPython(docker.python, Place("Dockerfile", docker.base.line))
    if pinned := pinned_python(project):
        yield StatedPython(pinned, Place(".python-version"))
    yield from deployed_pythons(project)


def deployed_pythons(project: Project) -> Sequence[StatedPython]:
    """Return the versions that the infrastructure asks for."""
    values = project.runtime_versions
    inside = [value for value in values if value.place.is_inside]
    # The files beside the app may create others, too: only what they agree on is the app's.
    if not inside and len({value.text for value in values}) == 1:
        inside = list(values)
    return [StatedPython(value.text, value.place) for value in inside]


def pinned_python(project: Project) -> str | None:
    """Return the version of .python-version."""
    match = PINNED.match(project.text(".python-version") or "")
    return match[1] if match else None


def required_python(project: Project) -> RequiredPython | None:
    """Return what pyproject.toml requires, such as ">=3.11,<3.14"; Poetry has a table of its own for it."""
    pyproject = project.pyproject
    if pyproject is None:
        return None
    table, key = "project", "requires-python"
    is_standard = pyproject.get(table, key) is not None
    if not is_standard:
        table, key = "tool.poetry.dependencies", "python"
    written = pyproject.get(*table.split("."), key)
    if not isinstance(written, str):
        return None
    try:
        bounds = Versions(written if is_standard else _of_poetry(written))
    except ValueError:
        return None
    return RequiredPython(bounds, written, pyproject.place_of_key(table, key))


def _of_poetry(bounds: str) -> str:
    """Return the bounds of Poetry as pip writes them."""
    return ONE_OF_POETRY.sub(r"==\1.*", NEWER_OF_POETRY.sub(r">=\1,<4", bounds))


def stated_python(project: Project) -> str | None:
    """Return the app's Python; None if nothing states it, or two disagree."""
    versions = {version for version, _ in stated_pythons(project) if version.startswith("3.")}
    return versions.pop() if len(versions) == 1 else None


def python_of(project: Project) -> str | None:
    """Return the app's Python: the stated one, else the newest that pyproject.toml takes, else the indexing one."""
    required = required_python(project)
    newest = required.newest() if required else None
    indexed = project.index.python.rpartition(".")[0] if project.index else None
    return stated_python(project) or newest or indexed or None


def has_old_worker(version: str) -> bool:
    """Whether Azure runs a Python such as "3.12" with the older of its two workers."""
    row = PYTHONS.get(version)
    return row is not None and str(row["worker"]) != "new"


def are_annotations_late(project: Project) -> bool:
    """Whether the app's Python reads annotations only when they are asked for."""
    version = python_of(project)
    return version is not None and minor(version) >= FIRST_WITH_LATE_ANNOTATIONS


def minor(version: str) -> int:
    """Return 13 for "3.13"."""
    return int(version.split(".")[1])
