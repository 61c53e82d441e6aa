"""Schedules of timers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..model import Problem, Severity
from ..project.functions import Binding
from ..project.project import Project
from .rule import rule

MONTHS = "january february march april may june july august september october november december"
DAYS = "sunday monday tuesday wednesday thursday friday saturday"
# The name of each field, its smallest and largest value, and the names of its values.
FIELDS = (
    ("seconds", 0, 59, ()),
    ("minutes", 0, 59, ()),
    ("hours", 0, 23, ()),
    ("days", 1, 31, ()),
    ("months", 1, 12, tuple(MONTHS.split())),
    ("days of the week", 0, 6, tuple(DAYS.split())),
)
TIME_SPAN = re.compile(r"-?(\d+|(\d+\.)?\d{1,2}:\d{1,2}(:\d{1,2}(\.\d{1,7})?)?)")
LONGEST_MONTHS = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}


@rule("AF211", Severity.ERROR, "A schedule is not a valid NCRONTAB expression")
def expressions(project: Project) -> Iterator[Problem]:
    """Yield schedules that the host rejects."""
    for binding, schedule in _schedules(project):
        if TIME_SPAN.fullmatch(schedule):
            continue
        try:
            _parse(schedule)
        except ValueError as why:
            message = f"The host rejects the schedule: {why}."
            fix = "Use second, minute, hour, day, month and day of the week, such as 0 30 6 * * *."
            yield Problem(binding.place_of("schedule"), message, fix)


@rule("AF212", Severity.WARNING, "A schedule never matches a date")
def impossible_days(project: Project) -> Iterator[Problem]:
    """Yield schedules with days that none of their months has."""
    for binding, schedule in _schedules(project):
        try:
            fields = _parse(schedule)
        except ValueError:
            continue
        days, months = fields[-3], fields[-2]
        if min(days) > max(LONGEST_MONTHS.get(month, 31) for month in months):
            message = "None of the schedule's months has such a day, so the function never runs."
            fix = "Choose a day that one of the months has."
            yield Problem(binding.place_of("schedule"), message, fix)


def _schedules(project: Project) -> Iterator[tuple[Binding, str]]:
    """Yield the schedules that are known, including those of settings."""
    for function in project.functions:
        for binding in function.bindings:
            schedule = binding.text("schedule")
            if binding.type.lower() != "timertrigger" or schedule is None:
                continue
            named = re.fullmatch(r"\s*%([^%]+)%\s*", schedule)
            if named:
                value = project.settings.values.get(named[1])
                schedule = value if isinstance(value, str) else None
            if schedule and schedule.strip() and "%" not in schedule:
                yield binding, schedule.strip()


def _parse(schedule: str) -> list[set[int]]:
    """Return the values of each field. Raises ValueError, whose message continues a sentence."""
    words = schedule.split()
    if len(words) not in (5, 6):
        raise ValueError(f"it has {len(words)} field{'s' * (len(words) != 1)} instead of six")
    fields = FIELDS[-len(words) :]
    return [_values(word, *field) for word, field in zip(words, fields, strict=True)]


def _values(word: str, title: str, least: int, most: int, names: tuple[str, ...]) -> set[int]:
    found: set[int] = set()
    for part in word.split(","):
        span, slash, step = part.partition("/")
        if slash and not re.fullmatch(r"\d+", step):
            raise ValueError(f"the {title} have a step that is not a number")
        every = max(int(step), 1) if slash else 1
        if span == "*":
            found.update(range(least, most + 1, every))
            continue
        first, dash, last = span.partition("-")
        start = _value(first, title, least, most, names)
        end = _value(last, title, least, most, names) if dash else (most if every > 1 else start)
        found.update(range(min(start, end), max(start, end) + 1, every))
    return found


def _value(word: str, title: str, least: int, most: int, names: tuple[str, ...]) -> int:
    if re.fullmatch(r"[0-9]+", word):
        if least <= int(word) <= most:
            return int(word)
        raise ValueError(f"the {title} must be from {least} to {most}, not {word}")
    if not word:
        raise ValueError(f"the {title} have an empty value")
    for place, name in enumerate(names):
        if name.startswith(word.lower()):
            return least + place
    raise ValueError(f"the {title} cannot be {word!r}")


RULES = (expressions, impossible_days)
