"""What host.json says."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..data import read_table
from ..model import Place, Problem, Severity
from ..project.host_options import (
    BUNDLE_KEY,
    Option,
    all_given,
    bundle_of,
    host_object,
    replacement,
)
from ..project.json_file import JsonFile
from ..project.project import Project
from ..project.typos import meant
from ..project.version_ranges import majors
from .rule import rule

LEVELS = ("trace", "debug", "information", "warning", "error", "critical", "none")
TIME = re.compile(
    r"-?(?:\d+|(?:\d+\.)?(\d+):(\d+)(?::(\d+)(?:\.\d{1,7})?)?"
    r"|\d+:\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d{1,7})?)"
)
NEWEST_BUNDLE: int = read_table("host_json")["bundles"]["newest"]
# Bundles before this one have extensions that still read their old options.
FIRST_WITH_NEW_OPTIONS = 3


@rule("AF501", Severity.ERROR, "host.json is missing")
def missing_host(project: Project) -> Iterator[Problem]:
    """Yield a problem if the app has no host.json."""
    if not (project.root / "host.json").is_file():
        fix = 'Add a host.json with "version": "2.0" and an extensionBundle.'
        yield Problem(Place("host.json"), "The app has no host.json.", fix)


@rule("AF502", Severity.ERROR, "host.json cannot be read")
def unreadable_host(project: Project) -> Iterator[Problem]:
    """Yield a problem if host.json is not a JSON object."""
    host = project.host
    if host and host.error:
        message, place = host.error
        yield Problem(place, f"host.json is not valid JSON: {message}.", "Fix the JSON syntax.")
    elif host and not isinstance(host.value, dict):
        fix = 'Write an object such as {"version": "2.0"}.'
        yield Problem(Place("host.json"), "host.json is not a JSON object.", fix)


@rule("AF503", Severity.ERROR, "host.json does not have version 2.0")
def host_version(project: Project) -> Iterator[Problem]:
    """Yield a problem if the version of host.json is not "2.0"."""
    host = host_object(project)
    if host is None or not host.value:
        return
    version = host.value.get("version")
    if version != "2.0":
        what = f"has the version {_shown(version)}" if version is not None else "has no version"
        message = f"host.json {what}, so the host does not start."
        yield Problem(host.place("version"), message, 'Set "version": "2.0".')


@rule("AF504", Severity.ERROR, "host.json has an invalid value")
def impossible_value(project: Project) -> Iterator[Problem]:
    """Yield values that do not fit the types and ranges of their options."""
    host, given = all_given(project) or (None, [])
    for one in given:
        option = one.option
        if host is None or option is None or one.value is None or "%" in str(one.value):
            continue
        if wanted := _misfit(option, one.value):
            message = f"{one.path} is {_shown(one.value)}, but must be {wanted}."
            yield Problem(host.place(*one.keys), message, f"Change it to {wanted}.")
        elif option.kind == "levels" and isinstance(one.value, dict):
            for name, level in one.value.items():
                if isinstance(level, str) and not _is_level(level):
                    message = f'The log level of "{name}" is "{level}", which does not exist.'
                    fix = "Use Trace, Debug, Information, Warning, Error, Critical or None."
                    yield Problem(host.place(*one.keys, name), message, fix)


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
        return {"bool": "true or false", "text": "a string", "time": "a time"}.get(
            option.kind, "a number" if option.kind in ("int", "number") else "a time"
        )
    return CHECKS[option.kind](option, value)


def _bool_misfit(option: Option, value: object) -> str | None:
    return None if str(value).lower() in ("true", "false") else "true or false"


def _number_misfit(option: Option, value: object) -> str | None:
    whole = option.kind == "int"
    kind = "a whole number" if whole else "a number"
    least, most = option.least, option.most
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
    wanted = 'a time such as "00:05:00"'
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
    if option.choices and str(value).lower() not in [choice.lower() for choice in option.choices]:
        *others, last = option.choices
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


@rule("AF505", Severity.WARNING, "host.json has an unknown option")
def unknown_option(project: Project) -> Iterator[Problem]:
    """Yield options whose names are misspelled."""
    host, given = all_given(project) or (None, [])
    for one in given:
        if host is None or one.option or replacement(one.keys):
            continue
        there = {other.keys[-1].lower() for other in given if other.keys[:-1] == one.keys[:-1]}
        names = [name for name in one.siblings if name not in there]
        close = meant(one.keys[-1].lower(), names)
        # AF510 reports a misspelled extensionBundle.
        if close and one.siblings[close].name != BUNDLE_KEY:
            name = one.siblings[close].name
            message = f"The host does not know the option {one.path}."
            fix = f'Change it to "{name}", if that is what you mean.'
            yield Problem(host.place(*one.keys), message, fix)


@rule("AF506", Severity.WARNING, "host.json has an option that has no effect")
def removed_option(project: Project) -> Iterator[Problem]:
    """Yield options of older versions of the host, and options in the wrong place."""
    host, given = all_given(project) or (None, [])
    is_old = _newest_allowed(host) < FIRST_WITH_NEW_OPTIONS
    for one in given:
        fix = replacement(one.keys)
        if host and fix and not (is_old and len(one.keys) == 3):
            yield Problem(host.place(*one.keys), f"The option {one.path} has no effect.", fix)


def _newest_allowed(host: JsonFile | None) -> int:
    """Return the greatest major version of the bundle that host.json allows."""
    bundle = bundle_of(host)
    versions = [v for k, v in bundle[1].items() if k.lower() == "version"] if bundle else []
    allowed = majors(versions[0], NEWEST_BUNDLE) if versions else None
    return allowed[1] if allowed else NEWEST_BUNDLE


HUB_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]{2,44}")


@rule("AF507", Severity.ERROR, "The task hub has an invalid name")
def hub_name(project: Project) -> Iterator[Problem]:
    """Yield the name of a task hub that Azure Storage does not allow."""
    host, given = all_given(project) or (None, [])
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
            message = f'Azure Storage does not allow the task hub name "{name}".'
            fix = "Use 3 to 45 letters and digits, with a letter first."
            yield Problem(host.place(*one.keys), message, fix)


RULES = (
    missing_host,
    unreadable_host,
    host_version,
    impossible_value,
    unknown_option,
    removed_option,
    hub_name,
)
