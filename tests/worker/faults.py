"""What stops the host or one function, as behavior.json says."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from functions_validator.data import read_table
from functions_validator.functions.decorators import DECORATORS

from .exchange import Binding
from .host_json import HostJson
from .routing import Routes

BEHAVIOR: Mapping[str, Any] = json.loads(
    Path(__file__).with_name("behavior.json").read_text("utf-8")
)
SERVICES = read_table("services")
TYPES = {
    name.lower()
    for name in (*(one.type for one in DECORATORS.values()), *SERVICES["binding_types"])
}
STOPS, IN_ERROR = "host stops", "function in error"

Functions = Mapping[str, Sequence[Binding]]


class HostStopped(Exception):
    """The whole host does not start; the message says why."""


@dataclass(frozen=True)
class Fault:
    """A fault: its title in behavior.json, what the host says about it, and the function, if it affects only one."""

    title: str
    says: str
    function: str = ""

    @property
    def harm(self) -> str:
        """Whether the host stops, the function is in error, or it passes."""
        harm: str = BEHAVIOR["faults"][self.title]["harm"]
        return harm


@dataclass(frozen=True)
class Faults:
    """What the host says of the functions that are in error, and which of them it lists all the same."""

    in_error: Mapping[str, Sequence[str]] = field(default_factory=dict)
    unlisted: frozenset[str] = frozenset()


def read_host_json(text: str | None) -> HostJson:
    """Return what host.json says. Raises HostStopped if it stops the host."""
    try:
        content = HostJson(text)
    except ValueError as why:
        raise_if_it_stops(Fault("host.json cannot be read", str(why)))
        raise
    if says := content.fault(BEHAVIOR["host_json"]):
        raise_if_it_stops(Fault("host.json has a wrong value", says))
    return content


def find_faults(
    functions: Functions, routes: Routes, content: HostJson, settings: Mapping[str, str]
) -> Faults:
    """Return the functions in error. Raises HostStopped for what stops the host."""
    in_error: dict[str, list[str]] = {}
    unlisted = set()
    faults = [*_names(functions), *_routes(routes), *_bindings(functions, content, settings)]
    for fault in faults:
        raise_if_it_stops(fault)
        if fault.harm == IN_ERROR:
            in_error.setdefault(fault.function, []).append(fault.says)
            if not BEHAVIOR["faults"][fault.title].get("listed", True):
                unlisted.add(fault.function)
    return Faults(in_error, frozenset(unlisted))


def raise_if_it_stops(fault: Fault) -> None:
    """Raise HostStopped for a fault that stops the host."""
    if fault.harm == STOPS:
        raise HostStopped(fault.says)


def _names(functions: Functions) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    for name in functions:
        other = seen.setdefault(name.lower(), name)
        if other != name:
            says = f"The functions {other} and {name} differ in case only."
            yield Fault("names differ in case only", says, name)
        reserved = name.lower() in BEHAVIOR["reserved_function_names"]
        if reserved or not re.fullmatch(BEHAVIOR["function_name"], name):
            yield Fault("the name of a function", f"{name} is not a valid function name.", name)


def _routes(routes: Routes) -> Iterator[Fault]:
    table = routes.table
    for name in table.stopped_by:
        yield Fault(
            "a route cannot be mapped",
            f"An error occurred while creating the route with name '{name}'.",
            name,
        )
    for name, says in table.in_error.items():
        same = name in table.same_route
        yield Fault("the route of another function" if same else "a reserved route", says, name)


def _bindings(
    functions: Functions, content: HostJson, settings: Mapping[str, str]
) -> Iterator[Fault]:
    for name, bindings in functions.items():
        for binding in bindings:
            if not re.fullmatch(BEHAVIOR["binding_name"], binding["name"]):
                says = f"The binding name {binding['name']} is invalid."
                yield Fault("the name of a binding", says, name)
            type_ = binding["type"]
            without = type_ in BEHAVIOR["bindings_without_bundle"]
            if type_.lower() not in TYPES and not content.has_preview_bundle:
                says = f"The binding type(s) '{type_}' are not registered."
                yield Fault("an unknown type of a binding", says, name)
            elif not without and not content.has_bundle:
                says = f"The binding type(s) '{type_}' are not registered: there is no bundle."
                yield Fault("no extension bundle", says, name)
            yield from _settings(name, binding, settings)
            if type_ == "timerTrigger" and not is_schedule(
                _resolved(binding["schedule"], settings)
            ):
                says = f"The schedule expression '{binding['schedule']}' was not recognized."
                yield Fault("an invalid schedule", says, name)


def _settings(name: str, binding: Binding, settings: Mapping[str, str]) -> Iterator[Fault]:
    title = "a setting of another binding is missing"
    if binding["type"] == "eventHubTrigger":
        title = "a setting of an Event Hubs trigger is missing"
    elif binding["type"].lower().endswith("trigger"):
        title = "a setting of a trigger is missing"
    for key, value in binding.items():
        if not isinstance(value, str) or key in SERVICES["free_fields"]:
            continue
        for setting in re.findall(r"%([^%]+)%", value):
            if not settings.get(setting):
                yield Fault(title, f"'%{setting}%' does not resolve to a value.", name)
        is_name = key in SERVICES["connection_fields"] and value and "%" not in value
        # Durable Functions take their storage from host.json.
        if is_name and binding["type"] != "durableClient" and not _is_connection(value, settings):
            says = f"Storage account connection string 'AzureWebJobs{value}' does not exist."
            yield Fault(title, says, name)


def _is_connection(name: str, settings: Mapping[str, str]) -> bool:
    """Whether a setting, or a part of an identity's, has the name; the host may add AzureWebJobs."""
    names = (name.lower(), f"azurewebjobs{name.lower()}")
    return any(
        value and setting.lower().replace(":", "__").partition("__")[0] in names
        for setting, value in settings.items()
    )


def _resolved(text: str, settings: Mapping[str, str]) -> str | None:
    """Return a text with its settings' values; None if one is missing, which is another fault."""
    missing = [name for name in re.findall(r"%([^%]+)%", text) if not settings.get(name)]
    return None if missing else re.sub(r"%([^%]+)%", lambda match: settings[match[1]], text)


def is_schedule(text: str | None) -> bool:
    """Whether the host takes a timer's schedule."""
    table = BEHAVIOR["schedule"]
    if text is None or re.fullmatch(table["span"], text.strip()):
        return True
    words = text.split(" ")
    words = [word for word in words if word]
    first = len(table["fields"]) - len(words)
    return first in (0, 1) and all(
        _is_field(word, table["fields"][place], table["names"].get(str(place), ()))
        for place, word in enumerate(words, first)
    )


def _is_field(word: str, bounds: Sequence[int], names: Sequence[str]) -> bool:
    for part in word.split(","):
        span, slash, step = part.partition("/")
        if slash and not step.isdecimal():
            return False
        values = [] if span == "*" else span.split("-", 1)
        for value in values:
            is_number = value.isdecimal() and bounds[0] <= int(value) <= bounds[1]
            is_name = bool(value) and any(name.startswith(value.lower()) for name in names)
            if not is_number and not is_name:
                return False
    return True
