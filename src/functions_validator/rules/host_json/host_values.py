"""Values in host.json that the host accepts, but ignores or reads in another way; and retry policies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ...model import Place, Problem, Severity
from ...project.host_options import DURABLE, Given, all_given, as_text, effective, host_object
from ...project.host_values import (
    INSIGHTS,
    TOLERATED,
    TRIGGERS_FAIL,
    days_of,
    misfit_of,
    shown,
    stops_host,
    tolerated,
)
from ...project.loaded_extensions import may_be_read
from ...project.project import Project
from ...typos import misspelled
from ...values.time_span import read_without_days, time_span
from ..rule import rule

SESSIONS = (*DURABLE, "extendedsessionsenabled")


@rule("AF512", Severity.WARNING, "host.json has a value that is not used")
def unused_value(project: Project) -> Iterator[Problem]:
    """Yield values that do not fit, and that the host ignores, and keys that are given again."""
    host = host_object(project)
    for key, first, last in host.repeated() if host else ():
        message = f"{'.'.join(key.path)} is given again in line {last.line}, so the host does not use this one."
        fix = "Merge the two." if key.value[:1] == "{" else "Delete one of the two."
        yield Problem(first, message, fix)
    sessions = effective(project, *SESSIONS)
    if sessions and as_text(sessions.value).lower() == "true" and may_be_read(project, sessions):
        message = f"{sessions.path} is true, but Durable Functions uses false in Python."
        yield Problem(sessions.place, message, "Remove it.")
    has_insights = any(map(project.settings.has, INSIGHTS))
    for one in all_given(project):
        misfit = misfit_of(one)
        if misfit is None:
            continue
        if not stops_host(one, misfit, has_insights=has_insights):
            name = None if misfit.is_shape else tolerated(one)
            harm = TOLERATED[name] if name else "so the host does not use it"
        elif not may_be_read(project, one):
            harm = f"which stops the host as soon as a function uses {one.keys[1]}"
            if misfit.harm == TRIGGERS_FAIL:
                harm = f"with which no trigger of {one.keys[1]} starts"
        else:
            continue
        message = f"{one.path} is {shown(one.value)}, {harm}."
        yield Problem(one.place, message, f"Change it to {misfit.wanted}.")


@rule("AF513", Severity.WARNING, "A time in host.json is in days")
def days(project: Project) -> Iterator[Problem]:
    """Yield times that the host reads as days, such as "10" or "24:00:00"."""
    has_insights = any(map(project.settings.has, INSIGHTS))
    for one in all_given(project):
        span = days_of(one)
        misfit = misfit_of(one)
        if span and not (misfit and stops_host(one, misfit, has_insights=has_insights)):
            message = f"The host reads {one.path}, {shown(one.value)}, as days: {span}."
            other = read_without_days(as_text(one.value))
            yield Problem(one.place, message, f'Write "{span}" if you mean that, or "{other}".')


INTERVALS = {
    "fixeddelay": ("delayInterval",),
    "exponentialbackoff": ("minimumInterval", "maximumInterval"),
}
ORDERED = ("minimuminterval", "maximuminterval")
STRATEGIES = {"0": "exponentialbackoff", "1": "fixeddelay"}


@rule("AF514", Severity.ERROR, "The retry policy in host.json is incomplete")
def incomplete_retry(project: Project) -> Iterator[Problem]:
    """Yield a retry policy for all functions that lacks what its strategy needs."""
    given = [one for one in all_given(project) if one.lowered[0] == "retry" and len(one.keys) == 2]
    values = {one.lowered[-1]: one for one in given if one.value is not None}
    if not values:
        return
    strategy = _text(values, "strategy") if "strategy" in values else "exponentialbackoff"
    needed = INTERVALS.get(STRATEGIES.get(strategy, strategy))
    if needed is None:
        return  # AF504 reports the strategy, and values that are empty.
    lacking = [name for name in ("maxRetryCount", *needed) if name.lower() not in values]
    if lacking:
        yield _incomplete(project, given, values, lacking)
    elif len(needed) > 1:
        yield from _swapped(values)


def _incomplete(
    project: Project, given: Sequence[Given], values: Mapping[str, Given], lacking: Sequence[str]
) -> Problem:
    """Return the problem of a policy that lacks options, unless their names are misspelled."""
    message = f"The retry policy has no {' and no '.join(lacking)}, so the host does not start."
    names = lacking if "strategy" in values else ["strategy", *lacking]
    if found := _misspelled(given, names):
        return Problem(found[0], message, found[1])
    policies = (one.place for one in all_given(project) if one.lowered == ("retry",))
    fix = f"Add {' and '.join(lacking)}.{_hint(values)}"
    return Problem(next(policies, given[0].place), message, fix)


def _swapped(values: Mapping[str, Given]) -> Iterator[Problem]:
    """Yield the shortest interval of a policy if it is longer than the longest one."""
    least = values["minimuminterval"]
    shortest, longest = (time_span(_text(values, name)) for name in ORDERED)
    if shortest and longest and shortest.ticks > longest.ticks:
        message = "The minimumInterval is longer than the maximumInterval, so the host stops."
        fix = "Swap them."
        if span := days_of(least):
            message = f"{message[:-1]}: {shown(least.value)} is {span}."
            fix = f'Write "{read_without_days(as_text(least.value))}", if you do not mean days.'
        yield Problem(least.place, message, fix)


def _misspelled(given: Sequence[Given], names: Sequence[str]) -> tuple[Place, str] | None:
    """Return where one of the names is misspelled, and how to correct it."""
    unknown = {one.keys[-1]: one for one in given if not one.option}
    for name in names:
        if other := misspelled(name, unknown):
            return unknown[other].place, f'Change "{other}" to "{name}".'
    return None


def _hint(values: Mapping[str, Given]) -> str:
    if "strategy" in values:
        return ""
    return ' Without a "strategy", it is "exponentialBackoff"; the other is "fixedDelay".'


def _text(values: Mapping[str, Given], name: str) -> str:
    """Return the value of an option of the policy, in lower case; "" for none."""
    return as_text(values[name].value).strip().lower() if name in values else ""


RULES = (unused_value, days, incomplete_retry)
