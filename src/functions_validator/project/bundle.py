"""The extension bundle that host.json names."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from ..data import read_table
from ..files.json_file import JsonFile
from ..model import Place
from ..values.version_ranges import majors
from .host_options import BUNDLE_KEY, host_object
from .project import Project

TABLE: Mapping[str, Any] = read_table("host_json")["bundles"]
STABLE: str = TABLE["ids"][0]
PREVIEW = f"{STABLE}.Preview"
WORKFLOWS: str = TABLE["ids"][-1]
NEWEST: int = TABLE["newest"]


class Bundle:
    """An extensionBundle as written: the key and the content, in which the host ignores the case of keys and the id."""

    def __init__(self, host: JsonFile, key: str, content: Mapping[str, object]) -> None:
        self.host, self.key, self.content = host, key, content

    @cached_property
    def _written(self) -> Mapping[str, str]:
        return {key.lower(): key for key in self.content}

    def get(self, name: str) -> object:
        """Return the value of `id` or `version`; None if it is not there."""
        return self.content.get(self._written.get(name, name))

    def place(self, name: str) -> Place:
        """Return where `id` or `version` is, else the place of the bundle."""
        return self.host.place(self.key, self._written.get(name, name))

    @property
    def id(self) -> str | None:
        """Return the id as Microsoft writes it; None if there is no such bundle."""
        name = self.get("id")
        lower = name.lower() if isinstance(name, str) else None
        return next((known for known in TABLE["ids"] if known.lower() == lower), None)

    @property
    def newest(self) -> int | None:
        """Return the greatest major version that the host may take; None if the range has none."""
        allowed = majors(self.get("version"), NEWEST)
        return allowed[1] if allowed else None


def bundle_of(project: Project) -> Bundle | None:
    """Return the extension bundle; None if host.json has none or cannot be read."""
    host = host_object(project)
    for key, content in host.value.items() if host else ():
        if host and key.lower() == BUNDLE_KEY.lower() and isinstance(content, dict):
            return Bundle(host, key, content)
    return None
