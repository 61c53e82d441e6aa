"""The options of host.json that are documented, and those that a project gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..data import read_table
from .json_file import JsonFile
from .project import Project


@dataclass(frozen=True)
class Option:
    """An option: its name as documented, its kind, what it takes, and the options below it.

    The kinds: object, open (an object of any names), any, bool, text, list, int, number, time (a TimeSpan),
    infinite (a TimeSpan that may be negative), timeout (a TimeSpan or -1), level (a log level), levels (an object
    of them).
    """

    name: str
    kind: str
    least: float
    most: float
    choices: Sequence[str]
    options: Mapping[str, Option]


def _option(name: str, data: Mapping[str, Any]) -> Option:
    """Return an option of the table; one without a kind is an object of others."""
    if isinstance(data.get("kind"), str):
        least, most = data.get("least", float("-inf")), data.get("most", float("inf"))
        return Option(name, data["kind"], least, most, data.get("choices", ()), {})
    options = {key.lower(): _option(key, value) for key, value in data.items()}
    return Option(name, "object", 0, 0, (), options)


BUNDLE_KEY = "extensionBundle"
HOST = _option("", read_table("host_json")["options"])


@dataclass(frozen=True)
class Given:
    """An option that host.json gives: its keys as written, and what is known of it."""

    keys: tuple[str, ...]
    value: object
    option: Option | None
    siblings: Mapping[str, Option]

    @property
    def path(self) -> str:
        """Return the keys for a sentence."""
        return ".".join(self.keys)


def _given(content: object, option: Option, keys: tuple[str, ...] = ()) -> Iterator[Given]:
    """Yield all that stands in objects whose options are known."""
    if not isinstance(content, dict):
        return
    for key, value in content.items():
        below = option.options.get(key.lower())
        yield Given((*keys, key), value, below, option.options)
        if below:
            yield from _given(value, below, (*keys, key))


def all_given(project: Project) -> tuple[JsonFile, list[Given]] | None:
    """Return host.json with all that stands in objects whose options are known; None if it cannot be read."""
    host = host_object(project)
    return (host, list(_given(host.value, HOST))) if host else None


def host_object(project: Project) -> JsonFile | None:
    """Return host.json if it can be read and holds an object."""
    return project.host if project.host and isinstance(project.host.value, dict) else None


def bundle_of(host: JsonFile | None) -> tuple[str, dict[str, object]] | None:
    """Return the key of the extension bundle and its value."""
    for key, content in host.value.items() if host else ():
        if key.lower() == BUNDLE_KEY.lower() and isinstance(content, dict):
            return key, content
    return None


def replacement(keys: tuple[str, ...]) -> str | None:
    """Return what to write instead of an option that nothing reads any more; None for any other."""
    removed: Mapping[str, str] = read_table("host_json")["removed"]
    return removed.get(".".join(keys).lower())
