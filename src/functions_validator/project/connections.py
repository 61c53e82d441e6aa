"""The settings that triggers and bindings name, and which of them are known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..data import read_table
from ..functions.functions import Binding, Function
from ..pattern import Pattern
from .project import Project
from .settings import STORAGE, canonical, is_platform_name

SERVICES = read_table("services")
# The fields of Kafka hold the name of a setting or a value: only a text of this form is a name.
KAFKA_NAME = Pattern(r"[A-Z]+(?:_[A-Z]+)+|(?:[A-Z][a-z0-9]+){2,}")
SETTING = Pattern(r"%([A-Za-z_][\w.:-]*)%", parts=("%",))
# How a reference to a secret begins, which Azure replaces with the secret.
KEY_VAULT = "@Microsoft.KeyVault("
# How a connection string begins: `AccountName=...;`, `UseDevelopmentStorage=` or `amqp://...`.
CONNECTION_STRING = Pattern(
    r"^\s*\w[\w .]*=[^;]+;|^UseDevelopmentStorage=|^\w+://\S|^SG\.[\w-]{8,}\.[\w-]{8,}",
    re.IGNORECASE,
    ("=", "://", "sg."),
)


def is_value(text: str) -> bool:
    """Whether a text is a connection string or a key, or a reference to one, rather than the name of a setting."""
    return text.startswith(KEY_VAULT) or bool(CONNECTION_STRING.search(text))


class NamedSetting(NamedTuple):
    """The name of a setting, and the field of a binding that has it."""

    binding: Binding
    field: str
    name: str


def connections(function: Function) -> Iterator[NamedSetting]:
    """Yield the settings with which the bindings of a function connect."""
    for binding in function.bindings:
        for field in SERVICES["connection_fields"]:
            if field not in binding.fields:
                continue
            name = binding.text(field) or ""
            is_of_durable = field == "connection" and binding.type == "durableClient"
            if name and not is_of_durable:
                yield NamedSetting(binding, field, name)
        if binding.type.lower() == "sendgrid" and (key := binding.text("apiKey")):
            yield NamedSetting(binding, "apiKey", key)
        if binding.type in ("kafka", "kafkaTrigger"):
            for field in SERVICES["kafka_fields"]:
                name = binding.text(field) or ""
                if KAFKA_NAME.fullmatch(name):
                    yield NamedSetting(binding, field, name)


def needed_settings(function: Function) -> Iterator[NamedSetting]:
    """Yield the settings that the bindings of a function name."""
    for found in connections(function):
        if "%" not in found.name and not is_value(found.name) and found.name != STORAGE:
            yield found
    for binding in function.bindings:
        unresolved = SERVICES["unresolved_fields"].get(binding.type, ())
        for field in binding.fields:
            text = binding.text(field) or ""
            if field not in SERVICES["free_fields"] and field not in unresolved:
                for match in SETTING.finditer(text):
                    yield NamedSetting(binding, field, match[1])
        default = SERVICES["default_connections"].get(binding.type)
        given = [binding.fields.get(name) for name in ("connection", "connectionStringSetting")]
        if default and not any(given):
            yield NamedSetting(binding, "connection", default)


def names_read(name: str) -> Sequence[str]:
    """Return the names under which the host looks for a setting, as it compares them, the first one first."""
    return canonical(name), f"azurewebjobs{canonical(name)}"


def is_known(project: Project, name: str) -> bool:
    """Whether a setting, or a part of it, is in the local files or those that deploy the app."""
    settings = project.settings
    if is_platform_name(name):
        return True
    if any(one in settings.canonical_names or settings.has_parts(one) for one in names_read(name)):
        return True
    mentioned, wanted = project.mentioned, (name.lower(), canonical(name))
    return name.lower() in mentioned or any(word.split("__")[0] in wanted for word in mentioned)


def identity_parts(project: Project, name: str) -> set[str]:
    """Return the parts of an identity-based connection, in lower case.

    It has none if the setting itself is there, since that takes precedence.
    """
    settings = project.settings
    for candidate in names_read(name):
        if candidate in settings.canonical_names:
            return set()
        if parts := settings.parts(candidate):
            return parts
    return set()
