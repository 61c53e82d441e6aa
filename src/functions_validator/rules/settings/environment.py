"""Settings that the app reads from its environment."""

from __future__ import annotations

from collections.abc import Iterator

from ...data import read_table
from ...model import Place, Problem, Severity
from ...project.project import Project
from ...project.settings import is_platform_name
from ...sources.environment_reads import Read, is_filled
from ..rule import rule

# The one prefix of names that Azure does not write in capital letters.
HOST_PREFIX = "AzureWebJobs"


def needed_reads(project: Project) -> Iterator[Read]:
    """Yield the reads that fail without a setting which neither Azure nor another file of the app has."""
    for read in project.environment_reads:
        if read.fails and not read.guarded and _is_setting(project, read.name):
            yield read


def _is_setting(project: Project, name: str) -> bool:
    """Whether only a setting can have a variable, whatever the case of its letters."""
    if is_platform_name(name) or is_filled(project.sources) or "__" in name:
        return False
    return name.lower() not in project.mentioned


def _is_missing(project: Project, name: str) -> bool:
    """Whether no file has a variable that the app needs."""
    settings = project.settings
    return settings.is_known and not settings.has(name) and _is_setting(project, name)


def _missing_reads(project: Project, *, at_import: bool) -> list[Read]:
    reads = (read for read in needed_reads(project) if read.at_import is at_import)
    return [read for read in reads if _is_missing(project, read.name)]


def _problem(project: Project, name: str, place: Place, needing: str) -> Problem:
    where, fix = project.settings.where_missing(name)
    message = f'{needing} needs the setting "{name}", which is {where}.'
    return Problem(place, message, f"{fix}, or read it with a default.")


@rule("AF302", Severity.ERROR, "A setting that the app reads at import is missing")
def missing_at_import(project: Project) -> Iterator[Problem]:
    """Yield reads of missing settings that fail while the app is imported."""
    reads = _missing_reads(project, at_import=True)
    for read in reads:
        yield _problem(project, read.name, read.place, "Importing the app")
    failure = project.index.failure if project.index else None
    if failure is None or failure.kind != "setting" or not failure.places:
        return
    place = failure.places[-1]
    if any(read.place.path_and_line == place.path_and_line for read in reads):
        return
    if _is_missing(project, failure.name):
        yield _problem(project, failure.name, place, "Importing the app")


@rule("AF303", Severity.WARNING, "A setting that a function reads is missing")
def missing_in_function(project: Project) -> Iterator[Problem]:
    """Yield reads of missing settings that fail when a function runs."""
    failure = project.index.failure if project.index else None
    at_import = {p.path_and_line for p in failure.places} if failure else set()
    for read in _missing_reads(project, at_import=False):
        if read.place.path_and_line not in at_import:
            yield _problem(project, read.name, read.place, "The app")


@rule("AF304", Severity.ERROR, "A setting is read with the wrong letter case")
def letter_case(project: Project) -> Iterator[Problem]:
    """Yield reads whose name differs from that of a setting only in its letter case."""
    for read in project.environment_reads:
        if _is_set_as_read(read.name):
            continue
        if other := project.settings.in_other_case(read.name):
            message = f'The app reads "{read.name}", but the name of the setting is "{other}".'
            yield Problem(read.place, message, f'Change the name to "{other}".')


def _is_set_as_read(name: str) -> bool:
    """Whether Azure or the operating system sets a variable under just this name."""
    if name.upper() in read_table("settings")["platform_names"]:
        return True
    is_host = name.upper().startswith(HOST_PREFIX.upper())
    return is_platform_name(name) and name.isupper() and not is_host


RULES = (missing_at_import, missing_in_function, letter_case)
