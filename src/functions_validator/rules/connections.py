"""Connections that triggers and bindings cannot use."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..model import Problem, Severity
from ..project.connections import (
    SERVICES,
    canonical,
    connections,
    identity_parts,
    is_connection_string,
    needed_settings,
)
from ..project.functions import Binding
from ..project.project import Project
from ..project.pythons import has_old_worker, python_of
from ..project.settings import RUNTIME, STORAGE, is_partial
from .rule import rule


@rule("AF310", Severity.ERROR, "The host's storage account is missing")
def missing_storage(project: Project) -> Iterator[Problem]:
    """The host keeps locks, schedules, checkpoints and the state of orchestrations in the storage
    account of `AzureWebJobsStorage`. Without it these triggers do not start.

    Add `"AzureWebJobsStorage": "UseDevelopmentStorage=true"` for Azurite to the local settings, or the
    account's own connection.
    """
    if not project.settings.is_known:
        return
    known = {canonical(name) for name in project.settings.names}
    storage = STORAGE.lower()
    if any(name == storage or name.startswith(f"{storage}:") for name in known):
        return
    file = project.settings.used[0]
    if is_partial(file) and RUNTIME not in file.get("Values"):
        return
    needing = [f.label for f in project.certain_functions if any(map(_needs_storage, f.bindings))]
    if needing:
        message = f"{file.path} has no {STORAGE}, which {needing[0]} needs."
        fix = f'Add "{STORAGE}": "UseDevelopmentStorage=true" to Values.'
        yield Problem(file.place("Values"), message, fix)


def _needs_storage(binding: Binding) -> bool:
    if binding.type in SERVICES["needs_host_storage"]:
        return True
    if binding.type not in SERVICES["storage_bindings"]:
        return False
    connection = binding.fields.get("connection", "")
    return connection in ("", None, STORAGE, "Storage")


@rule("AF311", Severity.ERROR, "A connection string stands where the name of a setting belongs")
def connection_string(project: Project) -> Iterator[Problem]:
    """`connection` is the name of an app setting. The host looks for a setting of this name, finds
    none, and the function does not start; and the key is in the repository.

    Move the connection string to `local.settings.json` and to the app settings in Azure, and write
    the setting's name. Renew the key if it is real.
    """
    for function in project.functions:
        for binding, field, name in connections(function):
            if is_connection_string(name):
                message = (
                    f"{field} of {function.label} is a connection string, not a setting's name."
                )
                fix = "Put it in an app setting, and name the setting here."
                yield Problem(binding.place_of(field), message, fix)


@rule("AF312", Severity.WARNING, "A connection by identity is not complete")
def incomplete_identity(project: Project) -> Iterator[Problem]:
    """A connection by identity is a setting for each of its parts: `NAME__fullyQualifiedNamespace` for
    Service Bus and Event Hubs, `NAME__accountEndpoint` for Cosmos DB, `NAME__blobServiceUri` and, for a
    blob trigger, `NAME__queueServiceUri` too: it keeps its receipts there.

    Add the part that is missing.
    """
    if not project.settings.is_known:
        return
    for function in project.certain_functions:
        for binding, field, name in connections(function):
            parts = identity_parts(project, name)
            if (
                not parts
                or binding.type.removesuffix("Trigger") not in SERVICES["identity"]
                or "%" in name
            ):
                continue
            missing = _missing_part(binding, parts)
            if missing and f"{name}__{missing}".lower() not in project.mentioned:
                message = (
                    f'{function.label} connects by identity, and "{name}__{missing}" is missing.'
                )
                fix = f'Add "{name}__{missing}" to {_where(project)}.'
                yield Problem(binding.place_of(field), message, fix)


def _missing_part(binding: Binding, parts: set[str]) -> str | None:
    if binding.type == "blobTrigger":
        if "accountname" in parts or binding.fields.get("source") not in (
            None,
            "LogsAndContainerScan",
        ):
            return None
        if not parts & {"blobserviceuri", "serviceuri"}:
            return "blobServiceUri"
        return None if "queueserviceuri" in parts else "queueServiceUri"
    kind = binding.type.removesuffix("Trigger")
    names: list[str] = SERVICES["identity"][kind]
    return None if parts & {name.lower() for name in names} else names[0]


STREAMS = "azurefunctions.extensions.http.fastapi"
INIT_INDEXING = "PYTHON_ENABLE_INIT_INDEXING"


@rule("AF313", Severity.WARNING, "HTTP streams need a setting")
def streams(project: Project) -> Iterator[Problem]:
    """Up to Python 3.12, the worker serves HTTP streams only with `PYTHON_ENABLE_INIT_INDEXING` set to 1;
    without it every request fails. From 3.13 on the setting does not exist.

    Add it to the local settings and to the app settings in Azure.
    """
    version = python_of(project)
    if version is None or not has_old_worker(version) or not project.settings.is_known:
        return
    if str(project.settings.values.get(INIT_INDEXING, "")).lower() in ("1", "true"):
        return
    if INIT_INDEXING.lower() in project.mentioned:
        return
    for module in project.sources.modules.values():
        for imported in module.imports:
            if imported.name.startswith(STREAMS):
                message = f"HTTP streams on Python {version} need {INIT_INDEXING}."
                fix = f'Add "{INIT_INDEXING}": "1" to {project.settings.used[0].path}.'
                yield Problem(imported.place, message, fix)
                return


@rule("AF314", Severity.WARNING, "A setting that a function needs has no value")
def empty_setting(project: Project) -> Iterator[Problem]:
    """The host takes an empty setting for a missing one, and cannot connect with a placeholder: the
    function does not start. Only a `local.settings.json` that git ignores is judged; one that is
    committed is an example.

    Write the value.
    """
    ignored = project.ignore_file(".gitignore")
    file = project.settings.used[0] if project.settings.used else None
    if file is None or ignored is None or not ignored.ignored_at("local.settings.json"):
        return
    if file.path != "local.settings.json":
        return
    needed = {
        name.lower(): f for f in project.certain_functions for _, _, name in needed_settings(f)
    }
    for name, value in file.get("Values").items():
        function = needed.get(name.lower())
        if function and isinstance(value, str) and re.fullmatch(r"\s*(?:<[^<>]*>)?\s*", value):
            message = f'The setting "{name}" has no value, and {function.label} needs it.'
            yield Problem(file.place("Values", name), message, "Write the value.")


def _where(project: Project) -> str:
    return project.settings.used[0].path


RULES = (missing_storage, connection_string, incomplete_identity, streams, empty_setting)
