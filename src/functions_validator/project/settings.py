"""The app settings in local.settings.json and its examples."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from ..data import read_table
from ..files.json_file import JsonFile
from ..model import Place
from ..pattern import Pattern

STORAGE = "AzureWebJobsStorage"
RUNTIME = "FUNCTIONS_WORKER_RUNTIME"
LOCAL_SETTINGS = "local.settings.json"
REFERENCE = Pattern("%([^%]*)%", parts=("%",))
# What Core Tools writes for a value that it encrypts, in Base64.
ENCRYPTED = Pattern(r"[\w+/-]{60,}={0,2}", re.ASCII)
# Placeholders for values in an example.
PLACEHOLDER = Pattern(r"\s*(?:<[^<>]*>)?\s*")


class Setting(NamedTuple):
    """An app setting in one of the local files; the value is None if it is encrypted."""

    name: str
    value: object
    file: JsonFile

    @property
    def place(self) -> Place:
        """Return the place of its name."""
        return self.file.place("Values", self.name)


class Settings:
    """The app settings of local.settings.json and its examples together.

    They are known if at least one file can be read. Otherwise, no setting counts as missing.
    """

    def __init__(
        self, all: Sequence[Setting], files: Sequence[JsonFile], *, is_known: bool
    ) -> None:
        self.is_known, self.all, self.files = is_known, all, files

    @cached_property
    def values(self) -> dict[str, object]:
        """Return the values by name; a value in local.settings.json wins."""
        return {setting.name: setting.value for setting in reversed(self.all)}

    @cached_property
    def _by_lowercase(self) -> Mapping[str, object]:
        return {name.lower(): value for name, value in self.values.items()}

    def resolve(self, text: str) -> str | None:
        """Return a text with the values of the settings that it names, as in `%NAME%`; None if one is unknown."""
        values = [self._by_lowercase.get(name.lower()) for name in REFERENCE.findall(text)]
        known = [isinstance(v, str) and not PLACEHOLDER.fullmatch(v) for v in values]
        if text.count("%") % 2 or not all(known):
            return None
        return REFERENCE.sub(lambda name: str(self._by_lowercase[name[1].lower()]), text)

    def has(self, name: str) -> bool:
        """Whether a setting has the name, whatever the case of its letters."""
        return name.lower() in self._by_lowercase

    def in_other_case(self, name: str) -> str | None:
        """Return the first setting whose name differs from a name only in its letter case, if none has the name."""
        return None if name in self.values else self._names_by_lowercase.get(name.lower())

    @cached_property
    def _names_by_lowercase(self) -> Mapping[str, str]:
        # The first of several names stays.
        return {name.lower(): name for name in reversed(self.values)}

    @cached_property
    def used(self) -> Sequence[JsonFile]:
        """Return local.settings.json if it has values, else its examples."""
        read = [file for file in self.files if isinstance(file.get("Values"), dict)]
        own = [file for file in read if file.path == LOCAL_SETTINGS]
        return own or read

    @property
    def path(self) -> str:
        """Return the path of the file that a missing setting belongs in."""
        return self.used[0].path if self.used else LOCAL_SETTINGS

    def where_missing(self, name: str) -> tuple[str, str]:
        """Return where a missing setting is not, in words, and what to do."""
        outside = next((key for file in self.used for key in file.value if key == name), None)
        if outside:
            return f'outside of "Values" in {self.path}', f'Move "{name}" into "Values"'
        are_encrypted = bool(self.used) and _is_encrypted(self.used[0])
        how = " with func settings add" if are_encrypted else ""
        return f"not in {self.path}", f'Add "{name}" to {self.path}{how}'

    @cached_property
    def names(self) -> Sequence[str]:
        """Return the names in all files, including those of connection strings."""
        return _names(self.files)

    @cached_property
    def canonical_names(self) -> set[str]:
        """Return the names in all files as the host compares them."""
        return set(map(canonical, self.names))

    def has_parts(self, name: str) -> bool:
        """Whether there are parts of a setting, such as `NAME__serviceUri`."""
        return canonical(name) in self._parts

    def parts(self, name: str) -> set[str]:
        """Return the parts of a setting as the host compares them, such as "serviceuri"."""
        return self._parts.get(canonical(name), set())

    @cached_property
    def _parts(self) -> Mapping[str, set[str]]:
        """Return the names that have parts, each with these: `a:b:c` is a part of `a` and of `a:b`."""
        found: dict[str, set[str]] = {}
        for name in self.canonical_names:
            words = name.split(":")
            for count in range(1, len(words)):
                found.setdefault(":".join(words[:count]), set()).add(":".join(words[count:]))
        return found

    @cached_property
    def waiting(self) -> Sequence[str]:
        """Return the names that are in an example, but not yet in local.settings.json."""
        own = {name.lower() for name in _names(self.used)}
        return [name for name in self.names if name.lower() not in own]


def how_to_add(file: JsonFile, name: str, value: str) -> str:
    """Return a sentence on how to add a setting to a file."""
    if _is_encrypted(file):
        return f"Run func settings add {name} {value}."
    return f'Add "{name}": "{value}" to Values.'


def _is_encrypted(file: JsonFile) -> bool:
    """Whether Core Tools would try to decrypt a value that is added by hand."""
    return file.path == LOCAL_SETTINGS and file.get("IsEncrypted") is True


def _names(files: Sequence[JsonFile]) -> list[str]:
    sections = [file.get(key) for file in files for key in ("Values", "ConnectionStrings")]
    return [name for section in sections if isinstance(section, dict) for name in section]


def reference_fault(text: str, settings: Settings) -> str | None:
    """Return why the host cannot replace the names of settings in a text; a name may be in Azure only.

    The words continue a sentence. Settings that are only missing are not reported.
    """
    if text.count("%") % 2:
        return "a % has no closing %"
    for name in REFERENCE.findall(text):
        if (name != name.strip() or not name) and not settings.has(name):
            return f"no setting has the name {name!r}"
    return None


def canonical(name: str) -> str:
    """Return the name of a setting as the host compares it: `Orders__Uri` as `orders:uri`."""
    return name.lower().replace("__", ":")


def readable(file: JsonFile, value: object) -> object:
    """Return the value of a setting; None if Core Tools has encrypted it."""
    if file.get("IsEncrypted") is True and isinstance(value, str) and ENCRYPTED.fullmatch(value):
        return None
    return value


def is_partial(file: JsonFile) -> bool:
    """Whether a file is an example that shows only some of the settings."""
    return file.path != LOCAL_SETTINGS and STORAGE not in file.get("Values")


def is_platform_name(name: str) -> bool:
    """Whether Azure, the host or the operating system sets a variable."""
    upper, known = name.upper(), read_table("settings")
    return upper in known["platform_names"] or upper.startswith(tuple(known["platform_prefixes"]))
