"""Connection strings in the local settings, beside the services of the bindings that use them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ...functions.functions import Binding, Function
from ...model import Problem, Severity
from ...project.connections import SERVICES, connections, names_read
from ...project.project import Project
from ...project.settings import STORAGE, Setting, canonical
from ...values.connection_strings import (
    EVENT_HUBS,
    SERVICE_BUS,
    entity_of,
    fault,
    has_invalid_key,
    of_other_service,
)
from ...values.connection_strings import STORAGE as AZURE_STORAGE
from ...values.placeholders import INSTEAD_OF_VALUES, OPEN
from ..rule import rule
from .connections import is_example, is_part, is_written, needs_storage

SERVICE_OF: Mapping[str, str] = {
    type_.lower(): service
    for service, types in SERVICES["connection_strings"].items()
    for type_ in types
}
# The fields that hold the connection to the service of the binding itself.
FIELDS = {
    "connection",
    "connectionStringSetting",
    "leaseConnection",
    "leaseConnectionStringSetting",
}
EXAMPLES = {
    "Azure Storage": "DefaultEndpointsProtocol=https;AccountName=...;AccountKey=...",
    "Service Bus": "Endpoint=sb://...;SharedAccessKeyName=...;SharedAccessKey=...",
    "Event Hubs": "Endpoint=sb://...;SharedAccessKeyName=...;SharedAccessKey=...",
    "Cosmos DB": "AccountEndpoint=https://...;AccountKey=...",
    "SignalR": "Endpoint=https://...;AccessKey=...;Version=1.0",
    "Web PubSub": "Endpoint=https://...;AccessKey=...;Version=1.0",
    "SQL": "Server=...;Database=...",
    "RabbitMQ": "amqps://...",
    "Redis": "shop.redis.cache.windows.net:6380,password=...,ssl=True",
}


class Use(NamedTuple):
    """A binding that connects to a service with a setting."""

    function: Function
    binding: Binding
    service: str
    setting: Setting


@rule("AF317", Severity.ERROR, "A setting is not a connection string of its service")
def malformed(project: Project) -> Iterator[Problem]:
    """Yield connection strings that the library of the service refuses."""
    seen: set[tuple[str, str, str]] = set()
    for use in _uses(project):
        name, file = use.setting.name, use.setting.file
        if (file.path, name, use.service) in seen:
            continue
        seen.add((file.path, name, use.service))
        if why := _fault(project, use):
            message = (
                f'{use.function.label} needs "{name}" to be a connection string of {use.service}, '
                f"but {why}."
            )
            fix = f"Copy it from the service; it looks like this: {EXAMPLES[use.service]}"
            yield Problem(use.setting.place, message, fix)


def _fault(project: Project, use: Use) -> str | None:
    """Return why a connection string is refused; in an example, only if it is of another service."""
    text = str(use.setting.value)
    found = fault(use.service, text)
    if found is None and use.service == AZURE_STORAGE and has_invalid_key(text):
        found = "its AccountKey is not in Base64"
    if found and is_example(project, use.setting.file):
        return None if INSTEAD_OF_VALUES.search(text) else of_other_service(use.service, text)
    return found


@rule("AF318", Severity.ERROR, "A connection string is for another queue, topic or hub")
def other_entity(project: Project) -> Iterator[Problem]:
    """Yield bindings whose connection string has an EntityPath that is not their own name."""
    if not any(entity_of(str(setting.value)) for setting in project.settings.all):
        return
    uses = list(_uses(project))
    hubs: dict[str, set[str]] = {}
    for use in uses:
        if use.service == EVENT_HUBS and (hub := _name(project, use.binding)):
            hubs.setdefault(use.setting.name.lower(), set()).add(hub.lower())
    for use in uses:
        entity = entity_of(str(use.setting.value))
        name = _name(project, use.binding)
        if entity is None or name is None or use.service not in (SERVICE_BUS, EVENT_HUBS):
            continue
        if entity.lower() == name.lower() or OPEN.search(entity):
            continue
        if is_example(project, use.setting.file):
            continue
        # With a single hub, the name in the decorator may be meant to be replaced.
        if use.service == EVENT_HUBS and len(hubs[use.setting.name.lower()]) == 1:
            continue
        harm = "so it cannot connect"
        if use.service == EVENT_HUBS:
            harm = f"so it is connected to {entity} instead"
        message = (
            f'"{use.setting.name}" is only for {entity}, but {use.function.label} names {name}, '
            f"{harm}."
        )
        fix = "Use a connection string of the namespace, without EntityPath, or a setting for each."
        yield Problem(use.setting.place, message, fix)


def _name(project: Project, binding: Binding) -> str | None:
    """Return the queue, topic or hub of a binding; None if it is not known."""
    for field in ("queueName", "topicName", "eventHubName"):
        if text := binding.text(field):
            name = project.settings.resolve(text)
            return name.partition("/")[0] if name and not OPEN.search(name) else None
    return None


def _uses(project: Project) -> Iterator[Use]:
    """Yield the settings that bindings connect with, and whose values are known."""
    by_name: dict[str, list[Setting]] = {}
    for setting in project.settings.all:
        by_name.setdefault(canonical(setting.name), []).append(setting)
    for function in project.certain_functions:
        for binding, service, name in _connections(project, function):
            known = [one for one in names_read(name) if one in by_name]
            for setting in by_name[known[0]] if len(known) == 1 else ():
                if is_written(setting.value):
                    yield Use(function, binding, service, setting)


def _connections(project: Project, function: Function) -> Iterator[tuple[Binding, str, str]]:
    """Yield each binding with its service and the name of the setting that it connects with."""
    for binding, field, name in connections(function):
        service = SERVICE_OF.get(binding.type.lower())
        resolved = project.settings.resolve(name)
        if service and field in FIELDS and resolved and not is_part(resolved):
            yield binding, service, resolved
    for binding in function.bindings:
        default = SERVICES["default_connections"].get(binding.type)
        if default and binding.lacks("connection") and binding.lacks("connectionStringSetting"):
            yield binding, SERVICE_OF[binding.type.lower()], default
        if needs_storage(binding):
            yield binding, AZURE_STORAGE, STORAGE


RULES = (malformed, other_entity)
