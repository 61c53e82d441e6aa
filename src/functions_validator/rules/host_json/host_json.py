"""What host.json says."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from ...data import read_table
from ...model import Place, Problem, Severity
from ...pattern import Pattern
from ...project.bundle import NEWEST, bundle_of
from ...project.host_contradictions import contradictions
from ...project.host_options import (
    AZURE_STORAGE,
    HOST,
    HUB,
    Given,
    all_given,
    decided_elsewhere,
    effective,
    host_object,
    replacement,
    storage_provider,
    where_known,
)
from ...project.host_values import (
    INSIGHTS,
    STOPS,
    TRIGGERS_FAIL,
    checked_by_triggers,
    days_of,
    misfit_of,
    shown,
    stops_host,
)
from ...project.http_routes import PREFIX_OPTION, route_prefix, web_app
from ...project.loaded_extensions import may_be_read
from ...project.project import Project
from ...project.settings import reference_fault
from ...typos import misspelled, similar_name
from ...values.placeholders import INSTEAD_OF_VALUES, OPEN
from ..rule import rule

INSIGHTS_SECTION = ("logging", "applicationinsights")
MODE = ("telemetrymode",)
NOTES = ("author", "comment", "description", "languageworker", "name", "note", "title")
# Bundles before this one have extensions that still read their old options.
FIRST_WITH_NEW_OPTIONS = 3
# What the extensions of the newest bundles no longer read.
REMOVED_LATER: Mapping[str, str] = read_table("host_json")["removed_in_bundle_4"]


@rule("AF501", Severity.ERROR, "host.json is missing")
def missing_host(project: Project) -> Iterator[Problem]:
    """Yield a problem if the app has no host.json."""
    if found := project.written_otherwise("host.json"):
        message = f"The app has {found}, but Azure only finds host.json."
        yield Problem(Place(found), message, f"Rename {found} to host.json.")
    elif any("host.json" in one.rest for one in project.dockerfile.instructions):
        return  # The image gets it from another folder, which several apps may share.
    elif not os.path.lexists(project.root / "host.json"):  # AF705 reports a folder.
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
        what = "has no version" if version is None else f"has the version {shown(version)}"
        if isinstance(version, dict | list):
            what = f"has {shown(version)} as its version"
        place, fix = host.place("version"), 'Set "version": "2.0".'
        if version is None and (other := _misnamed(host.value)):
            place, fix = host.place(other), f'Change "{other}" to "version": "2.0".'
        yield Problem(place, f"host.json {what}, so the host does not start.", fix)


def _misnamed(content: Mapping[str, object]) -> str | None:
    """Return the key that has the version under another name."""
    known = {name.lower() for name in HOST.options}
    found = [key for key, value in content.items() if value == "2.0" and key.lower() not in known]
    return misspelled("version", content) or next(iter(found), None)


@rule("AF504", Severity.ERROR, "host.json has an invalid value")
def impossible_value(project: Project) -> Iterator[Problem]:
    """Yield values that do not fit the types and ranges of their options."""
    has_insights = any(map(project.settings.has, INSIGHTS))
    for one in all_given(project):
        if (misfit := misfit_of(one)) and stops_host(one, misfit, has_insights=has_insights):
            # AF512 reports what the host does not read yet.
            if _is_prefix_of_web_app(project, one) or not may_be_read(project, one):
                continue
            span = days_of(one)
            value = shown(one.value) + (f", which is {span} as the host reads it" if span else "")
            message = f"{one.path} is {value}, {misfit.harm}."
            yield Problem(one.place, message, f"Change it to {misfit.wanted}.")
    for pair in contradictions(project):
        if may_be_read(project, pair.given):
            harm = TRIGGERS_FAIL if checked_by_triggers(pair.given) else STOPS
            message = f"{pair.given.path} is {shown(pair.given.value)}, {pair.what}, {harm}."
            yield Problem(pair.given.place, message, pair.fix)


def _is_prefix_of_web_app(project: Project, given: Given) -> bool:
    """Whether AF227 says that a prefix must be empty, whatever it is now."""
    if given.lowered != PREFIX_OPTION or effective(project, *PREFIX_OPTION) != given:
        return False
    return web_app(project) is not None and bool(route_prefix(project))


@rule("AF505", Severity.WARNING, "host.json has an unknown option")
def unknown_option(project: Project) -> Iterator[Problem]:
    """Yield options whose names are misspelled, and those at the root that nothing reads."""
    given = all_given(project)
    for one in given:
        if one.option or replacement(one.keys):
            continue
        there = {other.lowered[-1] for other in given if other.lowered[:-1] == one.lowered[:-1]}
        names = [name for name in one.siblings if name not in there]
        close = similar_name(one.keys[-1].lower(), names)
        if close:
            name = one.siblings[close].name
            message = f"The host does not know the option {one.path}."
            what = "it" if one.where == one.keys else f'"{one.keys[-1]}"'
            fix = f'Change {what} to "{name}", if that is what you mean.'
            yield Problem(one.place, message, fix)
        elif len(one.keys) == 1 and one.where == one.keys and not _is_note(one.keys[0]):
            message = f"The host does not know the option {one.path}, and nothing reads it."
            place = where_known(one.lowered[0])
            fix = f"Move it to {place}." if place else "Remove it, or move it where it belongs."
            yield Problem(one.place, message, fix)


def _is_note(key: str) -> bool:
    """Whether a key is for those who read the file, or a section that older hosts read."""
    return not key[:1].isalpha() or key.lower().startswith(NOTES)


@rule("AF506", Severity.WARNING, "host.json has an option that has no effect")
def removed_option(project: Project) -> Iterator[Problem]:
    """Yield options of older versions of the host, and options in the wrong place."""
    bundle = bundle_of(project)
    is_old = bundle is not None and (bundle.newest or NEWEST) < FIRST_WITH_NEW_OPTIONS
    gone = REMOVED_LATER if bundle and bundle.id and bundle.newest == NEWEST else {}
    has_open_telemetry = _has_open_telemetry(project)
    for one in all_given(project):
        if has_open_telemetry and one.lowered == INSIGHTS_SECTION and one.value:
            message = f"The option {one.path} has no effect with telemetryMode OpenTelemetry."
            yield Problem(
                one.place, message, "Remove it, or set it where the app sets up telemetry."
            )
        fix = replacement(one.keys) or gone.get(".".join(one.lowered))
        if not fix or (is_old and len(one.keys) == 3):
            continue
        below = list(one.value) if isinstance(one.value, dict) else []
        cors = [key for key in below if key.lower() == "cors"]
        if below != cors or not cors:
            yield Problem(one.place, f"The option {one.path} has no effect.", fix)
        for key in cors:
            message = f"The option {one.path}.{key} has no effect."
            yield Problem(one.file.place(*one.where, key), message, str(replacement((key,))))


def _has_open_telemetry(project: Project) -> bool:
    """Whether host.json chooses OpenTelemetry, and no setting may choose differently for Azure or for one machine."""
    mode = effective(project, *MODE)
    if mode is None or mode.where != mode.keys or decided_elsewhere(project, MODE):
        return False
    return str(mode.value).strip().lower() == "opentelemetry"


HUB_NAME = Pattern(r"[A-Za-z][A-Za-z0-9]{2,44}")


@rule("AF507", Severity.ERROR, "The task hub has an invalid name")
def hub_name(project: Project) -> Iterator[Problem]:
    """Yield the name of a task hub that Azure Storage does not allow."""
    if storage_provider(project) != AZURE_STORAGE:
        return
    for one in all_given(project):
        if one.lowered != HUB or not isinstance(one.value, str) or not may_be_read(project, one):
            continue
        is_incomplete = reference_fault(one.value, project.settings)
        name = one.value if is_incomplete else project.settings.resolve(one.value)
        is_own = name == one.value
        if name is None or (not is_own and (OPEN.search(name) or INSTEAD_OF_VALUES.search(name))):
            continue
        if not HUB_NAME.fullmatch(name):
            # The value of a setting may be a secret.
            what = f'name "{name}"' if is_own else f"name in {one.value}"
            message = f"Azure Storage does not allow the task hub {what}."
            fix = "Use 3 to 45 letters and digits, beginning with a letter."
            yield Problem(one.place, message, fix)


RULES = (
    missing_host,
    unreadable_host,
    host_version,
    impossible_value,
    unknown_option,
    removed_option,
    hub_name,
)
