"""What host.json says: AF501 to AF511."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ..files import JsonFile
from ..findings import Place, Problem, Severity, rule
from ..project import Project
from .host_schema import BUNDLE, BUNDLE_ENDS, BUNDLES, HOST, NEWEST_BUNDLE, REMOVED, Option
from .settings import certain_functions

LEVELS = ("trace", "debug", "information", "warning", "error", "critical", "none")
TIME = re.compile(
    r"-?(?:\d+|(?:\d+\.)?(\d+):(\d+)(?::(\d+)(?:\.\d{1,7})?)?"
    r"|\d+:\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d{1,7})?)"
)
VERSION = r"\d+(?:\.(?:\d+|\*)){0,3}(?:-[\w.*-]+)?|\*"
RANGE = re.compile(rf"([\[(])\s*({VERSION})?\s*(?:(,)\s*({VERSION})?\s*)?([\])])|({VERSION})")
# What the host has without a bundle.
BUILT_IN = {"httpTrigger", "http", "timerTrigger", "warmupTrigger"}
PREVIEW = (
    "assistant",
    "connectorTrigger",
    "cosmosDBMongo",
    "embeddings",
    "kusto",
    "semanticSearch",
    "textCompletion",
)
TYPO = 0.85
BUNDLE_KEY = "extensionBundle"
# Bundles before this one have extensions that still read their old options.
FIRST_WITH_NEW_OPTIONS = 3


def host_object(project: Project) -> JsonFile | None:
    """Return host.json if it can be read and holds an object."""
    return project.host if project.host and isinstance(project.host.value, dict) else None


@rule("AF501", Severity.ERROR, "host.json is missing")
def missing_host(project: Project) -> Iterator[Problem]:
    """The folder with `host.json` is the app. Without it, Core Tools does not start the app, and in Azure
    the host has no extension bundle for the triggers.

    Add a `host.json` with `"version": "2.0"` and an `extensionBundle`.
    """
    if not (project.root / "host.json").is_file():
        mend = "Add a host.json with a version and an extensionBundle."
        yield Problem(Place("host.json"), "The app has no host.json.", mend)


@rule("AF502", Severity.ERROR, "host.json cannot be read")
def unreadable_host(project: Project) -> Iterator[Problem]:
    """The host does not start if `host.json` is no JSON object.

    Mend the JSON.
    """
    host = project.host
    if host and host.error:
        message, place = host.error
        yield Problem(place, f"host.json is no JSON: {message}.", "Mend the JSON.")
    elif host and not isinstance(host.value, dict):
        yield Problem(Place("host.json"), "host.json is no JSON object.", "Mend the JSON.")


@rule("AF503", Severity.ERROR, "host.json has no version 2.0")
def host_version(project: Project) -> Iterator[Problem]:
    """The version is that of the format of `host.json`, not of the runtime: the host of today starts only
    with `"2.0"`.

    Write `"version": "2.0"`.
    """
    host = host_object(project)
    if host is None or not host.value:
        return
    version = host.value.get("version")
    if version != "2.0":
        what = f"has the version {_shown(version)}" if version is not None else "has no version"
        mend = 'Write "version": "2.0".'
        yield Problem(host.place("version"), f"host.json {what}: the host does not start.", mend)


@dataclass(frozen=True)
class Given:
    """An option that host.json gives: its keys as written, and what is known of it."""

    keys: tuple[str, ...]
    value: object
    option: Option | None
    siblings: dict[str, Option]

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


def _all_given(project: Project) -> tuple[JsonFile, list[Given]] | None:
    host = host_object(project)
    return (host, list(_given(host.value, HOST))) if host else None


@rule("AF504", Severity.ERROR, "host.json has a value that the host does not take")
def impossible_value(project: Project) -> Iterator[Problem]:
    """The host reads `host.json` into options with types and ranges, and does not start if a value does
    not fit: a time is `"hh:mm:ss"`, a number has no unit.

    Write a value of the kind that the sentence names.
    """
    host, given = _all_given(project) or (None, [])
    for one in given:
        option = one.option
        if host is None or option is None or one.value is None or "%" in str(one.value):
            continue
        if wanted := _misfit(option, one.value):
            sentence = f"{one.path} is {_shown(one.value)}, and must be {wanted}."
            yield Problem(host.place(*one.keys), sentence, f"Write {wanted}.")
        elif option.kind == "levels" and isinstance(one.value, dict):
            for name, level in one.value.items():
                if isinstance(level, str) and not _is_level(level):
                    sentence = f'The log level of "{name}" is "{level}", which is none.'
                    mend = "Write Trace, Debug, Information, Warning, Error, Critical or None."
                    yield Problem(host.place(*one.keys, name), sentence, mend)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    return f'"{value}"' if isinstance(value, str) else str(value)


def _is_level(text: str) -> bool:
    return text.lower() in LEVELS or text in map(str, range(7))


def _misfit(option: Option, value: object) -> str | None:
    """Return what an option must be, if a value does not fit."""
    if option.kind in ("object", "open", "levels"):
        return None if isinstance(value, dict) else "an object"
    if option.kind == "any":
        return None
    if option.kind == "list":
        return None if isinstance(value, list) else "a list"
    if isinstance(value, dict | list):
        return {"bool": "true or false", "text": "a text", "time": "a time"}.get(
            option.kind, "a number" if option.kind in ("int", "number") else "a time"
        )
    return CHECKS[option.kind](option, value)


def _bool_misfit(option: Option, value: object) -> str | None:
    return None if str(value).lower() in ("true", "false") else "true or false"


def _number_misfit(option: Option, value: object) -> str | None:
    whole = option.kind == "int"
    kind = "a whole number" if whole else "a number"
    least, most = option.range
    bounds = f" of at least {least:g}" if least > float("-inf") else ""
    bounds += f" and at most {most:g}" if most < float("inf") else ""
    try:
        number = float(str(value))
        fits = not isinstance(value, bool) and least <= number <= most
        fits = fits and not (whole and not re.fullmatch(r"\s*[+-]?\d+\s*", str(value)))
    except ValueError:
        fits = False
    return None if fits else f"{kind}{bounds}"


def _time_misfit(option: Option, value: object) -> str | None:
    wanted = 'a time as "00:05:00"'
    if option.kind == "timeout":
        wanted += " or -1"
        if str(value) == "-1":
            return None
    if not isinstance(value, str):
        return wanted
    match = TIME.fullmatch(value.strip())
    if match is None or (match[2] and (int(match[2]) > 59 or int(match[3] or 0) > 59)):
        return wanted
    negative = value.strip().startswith("-")
    zero = not re.search(r"[1-9]", value)
    if option.kind == "timeout" and (negative or zero):
        return wanted
    return wanted if option.kind == "time" and negative else None


def _text_misfit(option: Option, value: object) -> str | None:
    if option.choice and str(value).lower() not in [choice.lower() for choice in option.choice]:
        *others, last = option.choice
        return f"{', '.join(others)} or {last}"
    return None


CHECKS = {
    "bool": _bool_misfit,
    "int": _number_misfit,
    "number": _number_misfit,
    "time": _time_misfit,
    "timeout": _time_misfit,
    "infinite": _time_misfit,
    "text": _text_misfit,
}


@rule("AF505", Severity.WARNING, "host.json has an option that the host does not know")
def unknown_option(project: Project) -> Iterator[Problem]:
    """The host passes over an option that it does not know: the default applies, and nothing says so.

    Write the option's name as documented.
    """
    host, given = _all_given(project) or (None, [])
    for one in given:
        if host is None or one.option or _removed(one.keys):
            continue
        there = {other.keys[-1].lower() for other in given if other.keys[:-1] == one.keys[:-1]}
        names = [name for name in one.siblings if name not in there]
        close = difflib.get_close_matches(one.keys[-1].lower(), names, 1, TYPO)
        # Without its bundle, an app is AF509's.
        if close and one.siblings[close[0]].name != BUNDLE_KEY:
            name = one.siblings[close[0]].name
            sentence = f"The host does not know {one.path}."
            yield Problem(host.place(*one.keys), sentence, f'Write "{name}", if that is meant.')


@rule("AF506", Severity.WARNING, "host.json has an option that nothing reads")
def removed_option(project: Project) -> Iterator[Problem]:
    """Options of older versions of the host and its extensions, or at another place than theirs, have no
    effect: the default applies, and nothing says so.

    Write the option that took its place, or move it.
    """
    host, given = _all_given(project) or (None, [])
    is_old = _newest_allowed(host) < FIRST_WITH_NEW_OPTIONS
    for one in given:
        mend = _removed(one.keys)
        if host and mend and not (is_old and len(one.keys) == 3):
            yield Problem(host.place(*one.keys), f"Nothing reads {one.path}.", mend)


def _newest_allowed(host: JsonFile | None) -> int:
    """Return the greatest major version of the bundle that host.json allows."""
    bundle = _bundle(host)
    versions = [v for k, v in bundle[1].items() if k.lower() == "version"] if bundle else []
    allowed = majors(versions[0]) if versions else None
    return allowed[1] if allowed else NEWEST_BUNDLE


def _removed(keys: tuple[str, ...]) -> str | None:
    return REMOVED.get(tuple(key.lower() for key in keys))


@rule("AF507", Severity.ERROR, "There is no such extension bundle")
def no_bundle(project: Project) -> Iterator[Problem]:
    """The bundle has the extensions of all triggers but HTTP and timer. The host does not start, or finds
    no trigger, if the bundle's id or version range is wrong. A range is `[4.*, 5.0.0)`: from the
    first, and below the second.

    Write the id and the range of the documentation.
    """
    host = host_object(project)
    bundle = _bundle(host)
    if host is None or bundle is None:
        return
    key, content = bundle
    ids = {name.lower(): name for name in ("id", "version")}
    fields = {ids[k.lower()]: (k, v) for k, v in content.items() if k.lower() in ids}
    written, name = fields.get("id", ("", None))
    if not isinstance(name, str) or name.lower() not in [known.lower() for known in BUNDLES]:
        sentence = f'There is no bundle "{name}".' if name else "The bundle has no id."
        yield Problem(host.place(key, written), sentence, f'Write "id": "{BUNDLE}".')
        return
    written, version = fields.get("version", ("", None))
    if majors(version) is None and name.lower() != BUNDLES[-1].lower():
        sentence = f'No bundle is in the range "{version}".' if version else "It has no version."
        yield Problem(host.place(key, written), sentence, 'Write "version": "[4.*, 5.0.0)".')


def _bundle(host: JsonFile | None) -> tuple[str, dict[str, object]] | None:
    """Return the key of the bundle and what stands there."""
    for key, content in host.value.items() if host else ():
        if key.lower() == "extensionbundle" and isinstance(content, dict):
            return key, content
    return None


def majors(version: object) -> tuple[int, int] | None:
    """Return the least and the greatest major version of bundles in a range, or None if none is."""
    match = RANGE.fullmatch(version.strip()) if isinstance(version, str) else None
    if match is None:
        return None
    _, low, comma, high, closing, plain = match.groups()
    if not plain and not low and not high:
        return None
    least = _number(plain or low or "0")
    if plain and "*" in plain:
        most: tuple[int, ...] = (least[0], 999) if plain != "*" else (NEWEST_BUNDLE, 999)
    elif plain or (comma and not high):
        most = (NEWEST_BUNDLE, 999)
    else:
        most = _number(high or low or "0") if comma else least
        if comma and closing == ")":
            most = (most[0] - 1, 999) if not any(most[1:]) else most
    if (*most, 0, 0)[:2] < least[:2] or least[0] > NEWEST_BUNDLE:
        return None
    return least[0], min(most[0], NEWEST_BUNDLE)


def _number(version: str) -> tuple[int, ...]:
    parts = version.partition("-")[0].replace("*", "0").split(".")
    return tuple(int(part) for part in (*parts, "0", "0")[:3])


def today() -> date:
    """Return the day, which tests set."""
    return date.today()


@rule("AF508", Severity.WARNING, "The extension bundle is no longer supported")
def old_bundle(project: Project) -> Iterator[Problem]:
    """Microsoft mends nothing in a bundle after its end of support, and the current worker is not tested
    with it.

    Write `"version": "[4.*, 5.0.0)"`, and read the breaking changes of the extensions that you use.
    """
    host = host_object(project)
    bundle = _bundle(host)
    if host is None or bundle is None:
        return
    key, content = bundle
    for name, version in content.items():
        allowed = majors(version) if name.lower() == "version" else None
        end = BUNDLE_ENDS.get(allowed[1]) if allowed else None
        if allowed and end and today() > end:
            sentence = f"The support of bundle {allowed[1]} ended on {end:%Y-%m-%d}."
            yield Problem(host.place(key, name), sentence, 'Write "version": "[4.*, 5.0.0)".')


@rule("AF509", Severity.ERROR, "host.json has no extension bundle")
def needs_bundle(project: Project) -> Iterator[Problem]:
    """The host itself has HTTP and timer triggers only. The extensions of all others come with the bundle;
    without it the host says that their type is not registered, and the functions do not start.

    Add the `extensionBundle` to `host.json`.
    """
    host = host_object(project)
    if host is None or any(key.lower() == "extensionbundle" for key in host.value):
        return
    if any(name.startswith("extensions.") for name in _names_beside(project)):
        return
    for function in certain_functions(project):
        for binding in function.bindings:
            if binding.type and binding.type not in BUILT_IN:
                sentence = (
                    f"host.json has no extensionBundle, which {function.label} needs for its "
                )
                mend = f'Add extensionBundle, with the id "{BUNDLE}".'
                close = difflib.get_close_matches(BUNDLE_KEY, host.value, 1, TYPO)
                yield Problem(host.place(*close), f"{sentence}{binding.type}.", mend)
                return


def _names_beside(project: Project) -> list[str]:
    """Return the files with extensions that are installed without a bundle."""
    folders = (project.root, project.root / "bin")
    return [path.name for folder in folders for path in folder.glob("extensions.*")]


@rule("AF510", Severity.ERROR, "A binding is in the preview bundle only")
def needs_preview(project: Project) -> Iterator[Problem]:
    """The extensions for Azure OpenAI, connectors, Kusto and MongoDB are in the bundle
    `Microsoft.Azure.Functions.ExtensionBundle.Preview` only: with the other, the host says that their type
    is not registered.

    Name the preview bundle in `host.json`.
    """
    host = host_object(project)
    bundle = _bundle(host)
    if host is None or bundle is None or bundle[1].get("id") != BUNDLE:
        return
    for function in certain_functions(project):
        for binding in function.bindings:
            if binding.type.startswith(PREVIEW):
                sentence = f"{function.label} needs {binding.type}, which the bundle does not have."
                mend = f'Write "id": "{BUNDLE}.Preview".'
                yield Problem(host.place(bundle[0], "id"), sentence, mend)
                return


HUB_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]{2,44}")


@rule("AF511", Severity.ERROR, "The name of the task hub is not possible")
def hub_name(project: Project) -> Iterator[Problem]:
    """Durable Functions names tables, queues and containers after the task hub, so that Azure Storage takes
    only letters and digits, from 3 to 45, with a letter first.

    Choose another name.
    """
    host, given = _all_given(project) or (None, [])
    provider = next(
        (one.value for one in given if one.path.lower().endswith(".storageprovider")), {}
    )
    other = isinstance(provider, dict) and str(provider.get("type", "azureStorage")).lower()
    for one in given:
        name = one.value
        is_hub = one.path.lower() == "extensions.durabletask.hubname" and isinstance(name, str)
        if not host or not is_hub or other != "azurestorage" or "%" in str(name):
            continue
        if not HUB_NAME.fullmatch(str(name)):
            sentence = f'Azure Storage does not take the task hub\'s name "{name}".'
            mend = "Take 3 to 45 letters and digits, with a letter first."
            yield Problem(host.place(*one.keys), sentence, mend)
