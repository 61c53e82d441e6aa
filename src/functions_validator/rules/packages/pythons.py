"""The Python that the app runs on in Azure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from ... import clock
from ...data import read_table
from ...deployment.jobs import installing_pythons
from ...deployment.plan import CONSUMPTION, FLEX
from ...model import Place, Problem, Severity
from ...packages.versions import Versions, at_least
from ...project.project import Project
from ...project.pythons import (
    PYTHONS,
    StatedPython,
    deployed_pythons,
    has_old_worker,
    minor,
    pinned_python,
    required_python,
    stated_python,
    stated_pythons,
)
from ...sources.imports import Import
from ...words import listed
from ..rule import rule

LIBRARY: Mapping[str, Mapping[str, str]] = read_table("standard_library")

NEWEST_ON_CONSUMPTION: str = read_table("plans")["newest_python"]["consumption"]
OLDEST_ON_FLEX: str = read_table("plans")["oldest_python"]["flex"]


@rule("AF421", Severity.ERROR, "Azure Functions does not run this version of Python")
def unknown_python(project: Project) -> Iterator[Problem]:
    """Yield versions of Python that Azure Functions does not run."""
    for version, place in _pythons(project):
        if version not in PYTHONS:
            message = f"Azure Functions does not run Python {version}."
            yield Problem(place, message, _advice(project))
        elif minor(version) > minor(NEWEST_ON_CONSUMPTION) and _is_on_consumption(project):
            message = f"The Consumption plan does not run Python {version}."
            fix = f"Choose Python {NEWEST_ON_CONSUMPTION}, or the Flex Consumption plan."
            yield Problem(place, message, fix)
        elif _is_too_old(project, version):
            message = f"The Flex Consumption plan does not run Python {version}."
            yield Problem(place, message, _advice(project))


def _is_too_old(project: Project, version: str) -> bool:
    """Whether the app is on the Flex Consumption plan, which does not run such an old version."""
    is_on_flex = project.plan is not None and project.plan.id == FLEX
    return is_on_flex and minor(version) < minor(OLDEST_ON_FLEX)


def _is_on_consumption(project: Project) -> bool:
    return project.plan is not None and project.plan.id == CONSUMPTION


@rule("AF422", Severity.WARNING, "This version of Python is no longer supported")
def old_python(project: Project) -> Iterator[Problem]:
    """Yield versions of Python that are no longer supported."""
    for version, place in _pythons(project):
        end = PYTHONS.get(version, {}).get("end_of_support")
        # AF421 reports those that do not run at all.
        if end and end < clock.today().isoformat() and not _is_too_old(project, version):
            message = f"Support for Python {version} ended on {end}."
            yield Problem(place, message, _advice(project))


def _pythons(project: Project) -> Iterator[StatedPython]:
    """Yield the versions of Python that the project says it runs on."""
    yield from stated_pythons(project)
    required = required_python(project)
    newest = required.newest(_known(project)) if required else None
    if required and newest:
        yield StatedPython(newest, required.place)


def _known(project: Project) -> Sequence[str]:
    """Return the versions that Azure Functions runs; those that the app's plan runs are last."""
    known = list(PYTHONS)
    if not _is_on_consumption(project):
        return known
    end = known.index(NEWEST_ON_CONSUMPTION) + 1
    return known[end:] + known[:end]


def _advice(project: Project) -> str:
    """Return a sentence with the versions that are supported today and that the plan runs, without previews."""
    newest = NEWEST_ON_CONSUMPTION if _is_on_consumption(project) else list(PYTHONS)[-1]
    supported = [
        version
        for version, python in PYTHONS.items()
        if python["end_of_support"] >= clock.today().isoformat() and not python.get("preview")
        if minor(version) <= minor(newest)
    ]
    return f"Choose {listed(supported, 'or')}."


# The first releases of azure-functions that are only for Python 3.13 and newer, and only for older
# versions. Those before can be installed on any.
FOR_NEW, FOR_OLD = "2", "1.26"
NEWEST = "999999"


@rule("AF423", Severity.ERROR, "azure-functions cannot be installed on the app's Python")
def other_library(project: Project) -> Iterator[Problem]:
    """Yield a version of azure-functions that is not for the app's Python."""
    requirement = project.requirements.get("azure-functions")
    python = stated_python(project) or _newest_with_old_worker(project)
    if requirement is None or python is None:
        return
    if requirement.is_conditional:
        return
    if not _is_for_others(requirement.versions, not has_old_worker(python)):
        return
    message = f"azure-functions{requirement.versions} cannot be installed on Python {python}."
    yield Problem(requirement.place, message, "Write azure-functions without a version.")


def _newest_with_old_worker(project: Project) -> str | None:
    """Return the newest Python that pyproject.toml takes, if no other file states one and all have the old worker."""
    required = None if any(stated_pythons(project)) else required_python(project)
    newest = required.newest() if required else None
    return newest if newest and has_old_worker(newest) else None


def _is_for_others(versions: Versions, is_new: bool) -> bool:
    """Whether the conditions allow only releases for other versions of Python than the app's."""
    lowest = [
        version.removesuffix(".*")
        for sign, version in versions.conditions
        if sign in ("==", "~=", ">=", ">")
    ]
    if not is_new:
        return any(at_least(version, FOR_NEW) for version in lowest)
    is_old = any(
        at_least(version, FOR_OLD) and not at_least(version, FOR_NEW) for version in lowest
    )
    return is_old and not versions.contains(FOR_NEW) and not versions.contains(NEWEST)


@rule("AF424", Severity.ERROR, "The app's Python does not have this module")
def other_standard_library(project: Project) -> Iterator[Problem]:
    """Yield imports that the app's Python does not have."""
    python = stated_python(project)
    if python is None:
        return
    asked = project.requirements.keys
    for imported in project.sources.imports:
        if imported.guarded or project.sources.is_local(imported.name):
            continue
        for name in _whole_names(imported):
            why = _why_missing(name, python)
            if why and not _is_provided(name, asked):
                message = f"The app runs on Python {python}, but {name} {why}."
                fix = f"Import something that Python {python} has, or choose another version."
                yield Problem(imported.place, message, fix)


def _is_provided(name: str, asked: Collection[str]) -> bool:
    """Whether one of the distributions may have the module."""
    if name == "distutils":
        return "setuptools" in asked
    return any(name.partition(".")[0] in other.split("-") for other in asked)


def _why_missing(name: str, python: str) -> str | None:
    """Return why a Python does not have a module or a name of one; None if it has it."""
    added, removed = LIBRARY["added"].get(name), LIBRARY["removed"].get(name)
    if added and minor(python) < minor(added):
        return f"was added in {added}"
    if removed and minor(python) >= minor(removed):
        return f"was removed in {removed}"
    return None


def _whole_names(imported: Import) -> Iterator[str]:
    """Yield the packages of an imported module, the module, and the names taken from it."""
    parts = imported.name.split(".")
    for length in range(1, len(parts) + 1):
        yield ".".join(parts[:length])
    for name in imported.names:
        yield f"{imported.name}.{name}"


@rule("AF425", Severity.WARNING, "Files ask for different versions of Python")
def other_python(project: Project) -> Iterator[Problem]:
    """Yield an image, infrastructure, a .python-version or a workflow with another Python than the project asks for."""
    fix = "Name the same version in both."
    docker = project.functions_image
    running = [(python, place, f"{place.path} asks for") for python, place in _deployed(project)]
    if docker and docker.base and docker.python:
        running.append((docker.python, Place("Dockerfile", docker.base.line), "The image runs"))
    for python, place, asks in running:
        if other := _other_wish(project, python):
            yield Problem(place, f"{asks} Python {python}, but {other}.", fix)
    pinned, required = pinned_python(project), required_python(project)
    if not running and pinned and required and not required.takes(pinned):
        message = f".python-version names {pinned}, but pyproject.toml requires {required.written}."
        yield Problem(Place(".python-version"), message, fix)
    yield from _installed_for_others(project, fix)


def _installed_for_others(project: Project, fix: str) -> Iterator[Problem]:
    """Yield the Python of a job that installs packages, if they are published for another one."""
    found = list(installing_pythons(project.deployment.workflows))
    if len({python for python, _ in found}) != 1:
        return  # They may be those of several apps.
    python, place = found[0]
    others = [(one, f"{file.path} asks for Python {one}") for one, file in _deployed(project)]
    other = next((asks for one, asks in others if one != python), None)
    if not others:
        other = _other_wish(project, python)
    if other:
        message = f"This job installs the packages for Python {python}, but {other}."
        yield Problem(place, message, fix)


def _deployed(project: Project) -> list[StatedPython]:
    """Return the Python of the infrastructure; nothing if that of several apps is there."""
    found = list(deployed_pythons(project))
    return found if len({python for python, _ in found}) == 1 else []


def _other_wish(project: Project, python: str) -> str | None:
    """Return which other version a file of the project asks for, as the end of a sentence."""
    pinned, required = pinned_python(project), required_python(project)
    if pinned and pinned != python:
        return f".python-version names {pinned}"
    if required and not required.takes(python):
        return f"pyproject.toml requires {required.written}"
    return None


RULES = (unknown_python, old_python, other_library, other_standard_library, other_python)
