"""Settings that the host and its extensions need in order to connect."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TypeGuard

from ...files.json_file import JsonFile
from ...functions.functions import Binding, Function
from ...functions.setting_values import read_arguments
from ...model import Place, Problem, Severity
from ...project.connections import (
    KEY_VAULT,
    SERVICES,
    connections,
    identity_parts,
    is_value,
    needed_settings,
)
from ...project.project import Project
from ...project.pythons import has_old_worker, python_of
from ...project.settings import (
    LOCAL_SETTINGS,
    PLACEHOLDER,
    RUNTIME,
    STORAGE,
    canonical,
    how_to_add,
    is_partial,
)
from ...project.streams import imports_streams, web_app_beside_streams
from ...values.connection_strings import DRIVER
from ...values.placeholders import OPEN
from ..rule import rule

# The parts of identity-based connections.
PARTS = {
    "clientid",
    "credential",
    *(name.lower() for names in SERVICES["identity"].values() for name in names),
} - {"endpoint"}


@rule("AF310", Severity.ERROR, "The setting AzureWebJobsStorage is missing")
def missing_storage(project: Project) -> Iterator[Problem]:
    """Yield the settings file without the storage account that a function needs."""
    if not project.settings.is_known:
        return
    settings = project.settings
    if STORAGE.lower() in settings.canonical_names or settings.has_parts(STORAGE):
        return
    file = project.settings.used[0]
    if is_partial(file) and RUNTIME not in file.get("Values"):
        return
    if needing := next(_needing_storage(project), None):
        message = f'{needing.label} needs the setting "{STORAGE}", which is not in {file.path}.'
        fix = how_to_add(file, STORAGE, "UseDevelopmentStorage=true")
        yield Problem(file.place("Values"), message, fix)


def _needing_storage(project: Project) -> Iterator[Function]:
    """Yield the functions that need the storage account of the host."""
    for function in project.certain_functions:
        if any(map(needs_storage, function.bindings)):
            yield function


def needs_storage(binding: Binding) -> bool:
    """Whether a binding needs the storage account of the host."""
    if binding.type in SERVICES["needs_host_storage"]:
        return True
    if binding.type not in SERVICES["storage_bindings"]:
        return False
    connection = binding.fields.get("connection", "")
    return connection in ("", None, STORAGE, "Storage")


@rule("AF311", Severity.ERROR, "A connection string is used as the name of a setting")
def connection_string(project: Project) -> Iterator[Problem]:
    """Yield bindings with a connection string instead of the name of a setting."""
    read = read_arguments(project.sources)
    for function in project.functions:
        for binding, field, name in connections(function):
            setting = read.get(binding.place_of(field))
            value = project.settings.resolve(name) if "%" in name else name
            if setting is None and value and is_value(value):
                is_reference = value != name
                what = f"the value of {name} is" if is_reference else f'"{field}" is'
                fix = "Move it to an app setting, and write the name of the setting here."
                if is_reference:
                    fix = "Write the name of the setting without %."
                message = _no_name(function, binding, what, value)
                yield Problem(binding.place_of(field), message, fix)
        yield from _values(project, function, read)


def _values(project: Project, function: Function, read: Mapping[Place, str]) -> Iterator[Problem]:
    """Yield the fields that have the value of a setting, unless it may be the name of another one."""
    for binding in function.bindings:
        for field in SERVICES["connection_fields"]:
            setting = read.get(binding.place_of(field)) if field in binding.fields else None
            if setting is None:
                continue
            # What the index saw is a default, or comes from this machine.
            value = project.settings.values.get(setting, binding.text(field))
            if binding.type == "durableClient" or not isinstance(value, str):
                continue
            if is_value(value):
                what = f"the value of {setting} is"
                message = _no_name(function, binding, what, value)
                fix = f'Write "{setting}", the name of the setting, and not its value.'
                yield Problem(binding.place_of(field), message, fix)


def _no_name(function: Function, binding: Binding, what: str, value: str) -> str:
    kind = "an address" if "://" in value.partition("=")[0] else "a connection string"
    if value.startswith(KEY_VAULT):
        kind = "a secret"
    elif value.startswith("SG."):
        kind = "a key"
    stops = binding.type.lower() == "eventhubtrigger"
    end = ", so the whole host stops." if stops else "."
    return f"In {function.label}, {what} {kind}, not the name of a setting{end}"


@rule("AF312", Severity.WARNING, "An identity-based connection is incomplete")
def incomplete_identity(project: Project) -> Iterator[Problem]:
    """Yield identity-based connections that lack a setting which their service needs, or are named by one."""
    yield from _named_by_part(project)
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
                    f"{function.label} has an identity-based connection without the setting "
                    f'"{name}__{missing}".'
                )
                fix = f'Add "{name}__{missing}" to {project.settings.path}.'
                yield Problem(binding.place_of(field), message, fix)


def is_part(name: str) -> bool:
    """Whether a setting is a part of an identity-based connection, such as `Bus__clientId`."""
    return canonical(name).rpartition(":")[2] in PARTS and ":" in canonical(name)


def _named_by_part(project: Project) -> Iterator[Problem]:
    for function in project.functions:
        for binding, field, name in connections(function):
            if is_part(name) and field.startswith(("connection", "leaseConnection")):
                whole = re.sub(r"(?:__|:)[^:_]+$", "", name)
                message = f'{function.label} names "{name}", which is a part of a connection.'
                yield Problem(binding.place_of(field), message, f'Write "{whole}" instead.')


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


def is_written(value: object) -> TypeGuard[str]:
    """Whether the value of a setting is a text, and not one that a user, a tool or Azure fills in."""
    if not isinstance(value, str) or PLACEHOLDER.fullmatch(value):
        return False
    return not OPEN.search(DRIVER.sub(";", value))


def is_example(project: Project, file: JsonFile) -> bool:
    """Whether a file of settings may be an example: git does not ignore it, or tracks it all the same.

    Ask it last: reading the patterns of git takes longer than most rules.
    """
    ignored = project.ignore_file(".gitignore")
    if file.path != LOCAL_SETTINGS or LOCAL_SETTINGS in project.tracked:
        return True
    return ignored is None or not ignored.ignored_at(LOCAL_SETTINGS)


INIT_INDEXING = "PYTHON_ENABLE_INIT_INDEXING"


@rule("AF313", Severity.WARNING, "HTTP streams are not enabled")
def streams(project: Project) -> Iterator[Problem]:
    """Yield the import of HTTP streams in an app that does not enable them."""
    version = python_of(project)
    if version is None or not has_old_worker(version) or not project.settings.is_known:
        return
    if str(project.settings.values.get(INIT_INDEXING, "")).lower() in ("1", "true"):
        return
    if INIT_INDEXING.lower() in project.mentioned or web_app_beside_streams(project):
        return  # AF238 says to remove the import.
    for module in project.sources.modules.values():
        for imported in module.imports:
            if imports_streams(imported):
                message = f"HTTP streams on Python {version} need the setting {INIT_INDEXING}."
                fix = f'Add "{INIT_INDEXING}": "1" to {project.settings.path}.'
                yield Problem(imported.place, message, fix)
                return


@rule("AF314", Severity.WARNING, "A setting that a function needs has no value")
def empty_setting(project: Project) -> Iterator[Problem]:
    """Yield settings that functions need and that are empty or a placeholder."""
    file = project.settings.used[0] if project.settings.used else None
    found = list(_without_value(project, file)) if file else []
    if file and found and not is_example(project, file):
        yield from found


def _without_value(project: Project, file: JsonFile) -> Iterator[Problem]:
    needed = {one.name.lower(): f for f in project.certain_functions for one in needed_settings(f)}
    needed |= {STORAGE.lower(): f for f in _needing_storage(project)}
    for name, value in file.get("Values").items():
        function = needed.get(name.lower())
        if not function or not isinstance(value, str) or not PLACEHOLDER.fullmatch(value):
            continue
        # The host uses parts such as NAME__serviceUri where NAME is empty.
        if value.strip() or not project.settings.has_parts(name):
            message = f'{function.label} needs the setting "{name}", which has no value.'
            is_own = name.lower() == STORAGE.lower()
            fix = (
                'Set its value, such as "UseDevelopmentStorage=true".'
                if is_own
                else "Set its value."
            )
            yield Problem(file.place("Values", name), message, fix)


RULES = (missing_storage, connection_string, incomplete_identity, streams, empty_setting)
