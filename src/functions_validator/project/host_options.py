"""The options of host.json that are documented, and those that a project gives, also in app settings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from ..data import read_table
from ..files.json_file import JsonFile
from ..files.mentions import mentioned_names
from ..model import Place
from ..pattern import Pattern
from .project import Project
from .settings import readable


class Option(NamedTuple):
    """An option: its name as documented, its kind, what it takes, and the options below it.

    The kinds: object, open (an object of any names), any, bool, text, prefix (of routes), list, int, long, number,
    ratio (a number between 0 and 1), count (an int of at least 1, or -1 for none), limit (the same, for requests), time
    (a TimeSpan, whose bounds are seconds), infinite (a TimeSpan that may be negative), renewal (a TimeSpan, or one for no
    end), timeout (a TimeSpan or -1), level (a log level), levels (an object of them), telemetry (kinds of it).
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
DURABLE = ("extensions", "durabletask")
HUB = (*DURABLE, "hubname")
PROVIDER = (*DURABLE, "storageprovider")
# The provider whose options are in the table; without a type, it is the one.
AZURE_STORAGE = "azurestorage"
HOST = _option("", read_table("host_json")["options"])
# An app setting that overrides an option of host.json, and what its name begins with, in lower case.
OVERRIDING = "azurefunctionsjobhost"
OVERRIDE = Pattern(rf"{OVERRIDING}(?:__|:)(.+)", re.IGNORECASE, (OVERRIDING,))


class Given(NamedTuple):
    """An option that a project gives: its keys as written, and what is known of it.

    It is in host.json or, as one setting, in a file of settings; `where` has its keys in that file. The keys of a
    setting end with the first that is not known.
    """

    keys: tuple[str, ...]
    value: object
    option: Option | None
    siblings: Mapping[str, Option]
    file: JsonFile
    where: tuple[str, ...]

    @property
    def path(self) -> str:
        """Return the keys for a sentence, or the name of the setting."""
        return ".".join(self.keys) if self.where == self.keys else self.where[-1]

    @property
    def lowered(self) -> tuple[str, ...]:
        """Return the keys in lower case, as the host compares them."""
        return tuple(key.lower() for key in self.keys)

    @property
    def place(self) -> Place:
        """Return where it is given."""
        return self.file.place(*self.where)


def _below(option: Option, key: str) -> Option | None:
    """Return what is known of a key in an object; all that is in an object of levels is one."""
    if option.kind in ("levels", "level"):
        return Option(key, "level", 0, 0, (), {})
    return option.options.get(key.lower())


def _given(
    content: object, option: Option, file: JsonFile, keys: tuple[str, ...] = ()
) -> Iterator[Given]:
    """Yield every option in objects whose options are known."""
    if not isinstance(content, dict):
        return
    for key, value in content.items():
        below = _below(option, key)
        if below and below.kind == "level" and isinstance(value, dict):
            # The parts of a category may be keys of their own.
            below = option
        path = (*keys, key)
        yield Given(path, value, below, option.options, file, path)
        if below:
            yield from _given(value, below, file, path)


def _overrides(project: Project) -> Iterator[Given]:
    """Yield the settings that override an option of host.json."""
    for file in project.settings.used:
        for name, value in file.get("Values").items():
            match = OVERRIDE.fullmatch(name)
            if not match or not isinstance(readable(file, value), str):
                continue
            keys = tuple(re.split("__|:", match[1]))
            option = HOST
            for count, key in enumerate(keys, start=1):
                below = _below(option, key)
                if below is None or count == len(keys):
                    yield Given(keys[:count], value, below, option.options, file, ("Values", name))
                    break
                option = below


@lru_cache(maxsize=1)
def all_given(project: Project) -> Sequence[Given]:
    """Return the options in host.json and in settings that override it, in objects whose options are known."""
    host = host_object(project)
    found = [*(_given(host.value, HOST, host) if host else ()), *_overrides(project)]
    if _provider(found) == AZURE_STORAGE:
        return found
    # Without a bundle, the app may install a provider of its own.
    has_bundle = any(one.lowered == (BUNDLE_KEY.lower(),) for one in found)
    known = (PROVIDER, (*PROVIDER, "type")) if has_bundle else (PROVIDER,)
    return [
        one._replace(option=None, siblings={})
        if one.lowered[: len(PROVIDER)] == PROVIDER and one.lowered not in known
        else one
        for one in found
    ]


def _provider(found: Sequence[Given]) -> str:
    given = _last(found, (*PROVIDER, "type"))
    return str(given.value).lower() if given else AZURE_STORAGE


def storage_provider(project: Project) -> str:
    """Return the type of the storage provider of Durable Functions, in lower case."""
    return _provider(all_given(project))


def effective(project: Project, *lowered: str) -> Given | None:
    """Return an option as the host uses it: the case does not matter, and a setting overrides host.json."""
    return _last(all_given(project), lowered)


def _last(given: Sequence[Given], lowered: tuple[str, ...]) -> Given | None:
    found = [one for one in given if one.lowered == lowered]
    return found[-1] if found else None


def decided_elsewhere(project: Project, lowered: tuple[str, ...]) -> bool:
    """Whether a file that is not read, such as Bicep, may have a setting that overrides an option or a part of it."""
    names = tuple(separator.join((OVERRIDING, *lowered)) for separator in ("__", ":"))
    parts = tuple(f"{name}{separator}" for name in names for separator in ("__", ":"))
    if any(
        name.lower() in names or name.lower().startswith(parts) for name in project.settings.values
    ):
        return False
    return any(word in names or word.startswith(parts) for word in _overriding(project))


@lru_cache(maxsize=1)
def _overriding(project: Project) -> set[str]:
    """Return the words of the files that may name such a setting, without the many files that do not."""
    return mentioned_names(project.root, OVERRIDING)


def as_text(value: object) -> str:
    """Return a value of JSON as the host turns it into text."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def host_object(project: Project) -> JsonFile | None:
    """Return host.json if it can be read and holds an object."""
    return project.host if project.host and isinstance(project.host.value, dict) else None


def replacement(keys: tuple[str, ...]) -> str | None:
    """Return what to write instead of an option that nothing reads any more; None for any other."""
    removed: Mapping[str, str] = read_table("host_json")["removed"]
    return removed.get(".".join(keys).lower())


def where_known(name: str) -> str | None:
    """Return the path of the extension with a name in lower case, or of the only option with it, below the root."""
    found = [path for path in _paths(HOST) if path[-1].lower() == name]
    extensions = [path for path in found if path[:-1] == ("extensions",)]
    paths = extensions or found
    return ".".join(paths[0]) if len(paths) == 1 else None


def _paths(option: Option, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for below in option.options.values():
        path = (*above, below.name)
        yield path
        yield from _paths(below, path)
