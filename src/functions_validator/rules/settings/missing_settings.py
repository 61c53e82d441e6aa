"""Settings that triggers, bindings and host.json name, but that are missing."""

from __future__ import annotations

import os
from collections.abc import Iterator

from ...functions.functions import Binding, Function
from ...model import Place, Problem, Severity
from ...project.connections import SETTING, is_known, needed_settings
from ...project.durable import uses_durable
from ...project.host_options import (
    DURABLE,
    HUB,
    PROVIDER,
    Given,
    decided_elsewhere,
    effective,
    storage_provider,
)
from ...project.project import Project
from ...project.settings import LOCAL_SETTINGS, STORAGE
from ...typos import similar_name
from ..rule import rule

CONNECTIONS = [
    *(
        (*PROVIDER, name)
        for name in ("connectionname", "connectionstringname", "trackingstoreconnectionname")
    ),
    (*DURABLE, "notifications", "eventgrid", "keysettingname"),
]
SITE_NAME = "WEBSITE_SITE_NAME"
# The connection of the provider mssql, unless host.json names another one.
DEFAULT_DATABASE = "SQLDB_Connection"


@rule("AF301", Severity.ERROR, "A setting is missing")
def missing_setting(project: Project) -> Iterator[Problem]:
    """Yield settings that triggers, bindings or host.json name and that no file has."""
    if not project.settings.is_known:
        _note_needed(project)
        return
    if project.settings.waiting:
        names = ", ".join(dict.fromkeys(project.settings.waiting))
        adds = (project.root / "tools" / "settings.py").is_file()
        how = " Run python -m tools.settings to add them." if adds else ""
        project.note(f"{project.settings.path} lacks settings that its example has: {names}.{how}")
    seen: set[tuple[Place, str]] = set()
    for function in project.certain_functions:
        for binding, field, name in needed_settings(function):
            place = binding.place_of(field)
            if is_known(project, name) or (place, name) in seen:
                continue
            seen.add((place, name))
            yield _problem(project, place, function.label, name, stops=_stops(binding, field))
        yield from _site_names(project, function)
    for given, name in _needed_by_host(project):
        if not is_known(project, name):
            yield _problem(project, given.place, given.file.path, name)


def _site_names(project: Project, function: Function) -> Iterator[Problem]:
    """Yield a trigger of MySQL where it does not find the name of the app, which only Azure sets."""
    if project.settings.has(SITE_NAME) or SITE_NAME.lower() in project.mentioned:
        return
    for binding in function.triggers:
        if binding.type.lower() == "mysqltrigger":
            where = project.settings.path
            message = (
                f'{function.label} needs the setting "{SITE_NAME}", which is not in {where}: '
                "without it, the whole host stops with func start."
            )
            fix = f'Add "{SITE_NAME}" to {where}, with any name. Azure has it already.'
            yield Problem(binding.place, message, fix)


def _stops(binding: Binding, field: str) -> bool:
    """Whether the whole host stops, and not only the function."""
    if binding.type.lower() != "eventhubtrigger":
        return False
    return field in ("connection", "eventHubName", "consumerGroup")


def _note_needed(project: Project) -> None:
    """Note which settings nothing gives a value, where no local settings are there to be checked."""
    if project.settings.files or os.path.lexists(project.root / LOCAL_SETTINGS):
        return  # AF306 and AF705 report a file that cannot be read.
    needed = [one.name for f in project.certain_functions for one in needed_settings(f)]
    needed += [name for _, name in _needed_by_host(project)]
    names = sorted({name for name in needed if not is_known(project, name)}, key=str.lower)
    if names:
        count = f"{len(names)} settings" if len(names) > 1 else "1 setting"
        project.note(
            f"There is no {LOCAL_SETTINGS}, and the functions need {count}: {', '.join(names)}."
        )


def _problem(
    project: Project, place: Place, needing: str, name: str, *, stops: bool = False
) -> Problem:
    """Return the problem of a missing setting, with a similar name that may be the right one."""
    where, fix = project.settings.where_missing(name)
    close = similar_name(name, project.settings.names)
    other = f'change the name to "{close}"' if close else "correct the name"
    message = f'{needing} needs the setting "{name}", which is {where}'
    message += ": without it, the whole host stops." if stops else "."
    return Problem(place, message, f"{fix}, or {other}.")


def _needed_by_host(project: Project) -> Iterator[tuple[Given, str]]:
    """Yield the settings that Durable Functions needs because of host.json, with the option that names them."""
    # The host does not load an extension of which the app has no function.
    for keys in (HUB, *CONNECTIONS) if uses_durable(project) else ():
        given = effective(project, *keys)
        if given is None or not isinstance(given.value, str):
            continue
        name = given.value
        is_connection = keys != HUB and name and "%" not in name and name != STORAGE
        names = [name] if is_connection else SETTING.findall(name) if keys == HUB else []
        if names and not decided_elsewhere(project, keys):
            yield from ((given, name) for name in names)
    provider, named = effective(project, *PROVIDER, "type"), (*PROVIDER, "connectionstringname")
    if storage_provider(project) != "mssql" or not uses_durable(project):
        return
    if provider and not effective(project, *named) and not decided_elsewhere(project, named):
        yield provider, DEFAULT_DATABASE


RULES = (missing_setting,)
