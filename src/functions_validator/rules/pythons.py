"""The Python that the app runs on in Azure."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping

from packaging.specifiers import SpecifierSet
from packaging.version import Version

from ..data import read_table
from ..model import Place, Problem, Severity
from ..project.project import Project
from ..project.python_source import Import
from ..project.pythons import (
    has_old_worker,
    minor,
    newest_within,
    pinned_python,
    required_python,
    stated_python,
    stated_pythons,
)
from .rule import rule

PYTHONS: Mapping[str, Mapping[str, str]] = read_table("pythons")
LIBRARY: Mapping[str, Mapping[str, str]] = read_table("standard_library")


def today() -> datetime.date:
    """Return today's date, which tests replace."""
    return datetime.date.today()


@rule("AF421", Severity.ERROR, "Azure does not run this Python")
def unknown_python(project: Project) -> Iterator[Problem]:
    """Azure Functions has images of certain Pythons only; with another one, the app does not start.

    Choose one that it runs, as 3.13.
    """
    for version, place in _pythons(project):
        if version not in PYTHONS:
            message = f"Azure Functions does not run Python {version}."
            yield Problem(place, message, _advice())


@rule("AF422", Severity.WARNING, "This Python is past the end of its life")
def old_python(project: Project) -> Iterator[Problem]:
    """A Python past its end gets no security updates. Azure goes on running apps with it for a while, without
    support, and then no longer lets them be published.

    Choose one that is supported, run the tests with it, and publish.
    """
    for version, place in _pythons(project):
        end = PYTHONS.get(version, {}).get("end_of_support")
        if end and end < today().isoformat():
            message = f"The support of Python {version} ended on {end}."
            yield Problem(place, message, _advice())


def _pythons(project: Project) -> Iterator[tuple[str, Place]]:
    """Yield the Pythons that the project says it runs on, with where it does."""
    yield from stated_pythons(project)
    if required := required_python(project):
        bounds, place = required
        if newest := newest_within(bounds):
            yield newest, place


def _advice() -> str:
    """Return which Pythons are supported today and no preview in Azure."""
    *others, last = (
        version
        for version, python in PYTHONS.items()
        if python["end_of_support"] >= today().isoformat() and not python.get("preview")
    )
    return f"Choose one of {', '.join(others)} and {last}."


# The first release of azure-functions that is for Python 3.13 and newer only, and the first that is for older
# ones only; those before it can be installed on any.
FOR_NEW, FOR_OLD = Version("2"), Version("1.26")
NEWEST = Version("999999")


@rule("AF423", Severity.ERROR, "azure-functions cannot be installed on the app's Python")
def other_library(project: Project) -> Iterator[Problem]:
    """azure-functions 2 is for Python 3.13 and newer, 1.26 for older ones. With the wrong one, pip finds no
    matching version, and the build in Azure stops.

    Write `azure-functions` without a version: pip chooses what fits.
    """
    requirement = project.requirements.get("azure-functions")
    python = stated_python(project)
    if requirement is None or python is None:
        return
    if requirement.is_conditional:
        return
    if not _is_for_others(requirement.versions, not has_old_worker(python)):
        return
    message = f"azure-functions{requirement.versions} cannot be installed on Python {python}."
    yield Problem(requirement.place, message, "Write azure-functions without a version.")


def _is_for_others(versions: SpecifierSet, is_new: bool) -> bool:
    """Whether all that the conditions take is for other Pythons than the app's."""
    lowest = [
        Version(condition.version.removesuffix(".*"))
        for condition in versions
        if condition.operator in ("==", "~=", ">=", ">")
    ]
    if not is_new:
        return any(version >= FOR_NEW for version in lowest)
    is_old = any(FOR_OLD <= version < FOR_NEW for version in lowest)
    return is_old and not versions.contains(FOR_NEW) and not versions.contains(NEWEST)


@rule("AF424", Severity.ERROR, "The app's Python does not have this module")
def other_standard_library(project: Project) -> Iterator[Problem]:
    """Python's own library changes with its versions: `tomllib` and `datetime.UTC` came with 3.11,
    `distutils` went with 3.12 and `cgi` with 3.13. The Dockerfile, `.python-version` or the infrastructure
    says which Python runs the app.

    Import what this version has, or choose another version.
    """
    python = stated_python(project)
    if python is None:
        return
    asked = project.requirements.keys
    for imported in project.sources.imports:
        if imported.guarded or project.sources.is_local(imported.name):
            continue
        for name in _whole_names(imported):
            brought = any(name.partition(".")[0] in other.split("-") for other in asked)
            if name == "distutils":
                brought = "setuptools" in asked
            why = None if brought else _why_missing(name, python)
            if why:
                message = f"The app runs on Python {python}, but {name} {why}."
                yield Problem(imported.place, message, "Import what this Python has.")


def _why_missing(name: str, python: str) -> str | None:
    """Return why a module or a name of one is not in a Python's own library; None if it is."""
    added, removed = LIBRARY["added"].get(name), LIBRARY["removed"].get(name)
    if added and minor(python) < minor(added):
        return f"came with {added}"
    if removed and minor(python) >= minor(removed):
        return f"went with {removed}"
    return None


def _whole_names(imported: Import) -> Iterator[str]:
    """Yield the modules above an import, itself, and the names that it takes."""
    parts = imported.name.split(".")
    for length in range(1, len(parts) + 1):
        yield ".".join(parts[:length])
    for name in imported.names:
        yield f"{imported.name}.{name}"


@rule("AF425", Severity.WARNING, "The image has another Python than the project asks for")
def other_python(project: Project) -> Iterator[Problem]:
    """The Python of the tag `4-python3.13` runs the app. Tests with another one prove little, and packages
    may not be there for it.

    Name the same version in the Dockerfile, in `.python-version` and in `pyproject.toml`.
    """
    docker = project.functions_image
    if docker is None or docker.base is None or not docker.python:
        return
    pinned, required = pinned_python(project), required_python(project)
    other = ""
    if pinned and pinned != docker.python:
        other = f".python-version names {pinned}"
    elif required and _is_excluded(docker.python, required[0]):
        other = f"pyproject.toml asks for {required[0]}"
    if other:
        message = f"The image runs Python {docker.python}, but {other}."
        yield Problem(Place("Dockerfile", docker.base.line), message, "Name the same in both.")


def _is_excluded(python: str, bounds: SpecifierSet) -> bool:
    return not any(bounds.contains(version) for version in (python, f"{python}.99"))


RULES = (unknown_python, old_python, other_library, other_standard_library, other_python)
