"""The app settings that local files have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ..data import read_table
from ..model import Place
from .json_file import JsonFile

STORAGE = "AzureWebJobsStorage"
RUNTIME = "FUNCTIONS_WORKER_RUNTIME"
LOCAL_SETTINGS = "local.settings.json"


@dataclass(frozen=True)
class Setting:
    """An app setting in one of the local files."""

    name: str
    value: object
    file: JsonFile

    @property
    def place(self) -> Place:
        """Return where it stands."""
        return self.file.place("Values", self.name)


@dataclass(frozen=True)
class Settings:
    """The app settings of all local.settings*.json files together.

    They are known if there is a file that can be read; only then can one be missing.
    """

    is_known: bool
    all: Sequence[Setting]
    files: Sequence[JsonFile]

    @cached_property
    def values(self) -> Mapping[str, object]:
        """Return the values by their names; that of local.settings.json wins."""
        return {setting.name: setting.value for setting in reversed(self.all)}

    def has(self, name: str) -> bool:
        """Whether there is a setting of the name, whatever the case of its letters."""
        return name.lower() in {known.lower() for known in self.values}

    @cached_property
    def used(self) -> Sequence[JsonFile]:
        """Return local.settings.json if it has values, else the files that are to become it."""
        read = [file for file in self.files if isinstance(file.get("Values"), dict)]
        own = [file for file in read if file.path == "local.settings.json"]
        return own or read

    @cached_property
    def names(self) -> Sequence[str]:
        """Return the names in all files, with those of connection strings."""
        return _names(self.files)

    @cached_property
    def waiting(self) -> Sequence[str]:
        """Return the names that an example has, and local.settings.json does not have yet."""
        own = {name.lower() for name in _names(self.used)}
        return [name for name in self.names if name.lower() not in own]


def _names(files: Sequence[JsonFile]) -> list[str]:
    sections = [file.get(key) for file in files for key in ("Values", "ConnectionStrings")]
    return [name for section in sections if isinstance(section, dict) for name in section]


def is_partial(file: JsonFile) -> bool:
    """Whether a file only shows what is to be added to another one."""
    return file.path != LOCAL_SETTINGS and STORAGE not in file.get("Values")


def is_platform_name(name: str) -> bool:
    """Whether Azure, the host or the system sets a variable."""
    upper, known = name.upper(), read_table("settings")
    return upper in known["platform_names"] or upper.startswith(tuple(known["platform_prefixes"]))
