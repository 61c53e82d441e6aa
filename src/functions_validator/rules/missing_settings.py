"""Settings that triggers and bindings name, and that are not there."""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Place, Problem, Severity
from ..project.connections import (
    SETTING,
    is_known,
    needed_settings,
)
from ..project.project import Project
from ..project.settings import STORAGE
from ..project.typos import meant
from .rule import rule


@rule("AF301", Severity.ERROR, "A setting is missing")
def missing_setting(project: Project) -> Iterator[Problem]:
    """A trigger or binding names the setting that holds its connection, or has one between percent
    signs. Without a value the function does not start, and the host says so only in its log.

    Add the setting to `local.settings.json`, to its example, and to the app settings in Azure; or
    correct the name.
    """
    if not project.settings.is_known:
        return
    if project.settings.waiting:
        names = ", ".join(dict.fromkeys(project.settings.waiting))
        adds = (project.root / "tools" / "settings.py").is_file()
        how = ": python -m tools.settings adds it" if adds else ""
        project.note(f"{_where(project)} lacks {names}, which its example has{how}.")
    seen: set[tuple[Place, str]] = set()
    for function in project.certain_functions:
        for binding, field, name in needed_settings(function):
            place = binding.place_of(field)
            if is_known(project, name) or (place, name) in seen:
                continue
            seen.add((place, name))
            message = f'{function.label} needs the setting "{name}", which {_where(project)} lacks.'
            yield Problem(place, message, _mend(project, name))
    for place, name in _needed_by_host(project):
        if not is_known(project, name):
            message = f'host.json needs the setting "{name}", which {_where(project)} lacks.'
            yield Problem(place, message, _mend(project, name))


def _mend(project: Project, name: str) -> str:
    """Return what to do about a missing setting; it may only be misspelt."""
    close = meant(name, project.settings.names)
    other = f'write "{close}"' if close else "correct the name"
    return f'Add "{name}" to {_where(project)}, or {other}.'


def _needed_by_host(project: Project) -> Iterator[tuple[Place, str]]:
    """Yield the settings that Durable Functions takes from host.json."""
    host = project.host
    durable = ("extensions", "durableTask")
    if host is None:
        return
    for match in SETTING.finditer(str(host.get(*durable, "hubName") or "")):
        yield host.place(*durable, "hubName"), match[1]
    for field in ("connectionName", "connectionStringName", "trackingStoreConnectionName"):
        keys = (*durable, "storageProvider", field)
        name = host.get(*keys)
        if isinstance(name, str) and name and "%" not in name and name != STORAGE:
            yield host.place(*keys), name


def _where(project: Project) -> str:
    return project.settings.used[0].path


RULES = (missing_setting,)
