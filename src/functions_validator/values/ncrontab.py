"""Reads NCRONTAB expressions as the library NCrontab does, and says where it reads something else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

MONTHS = "january february march april may june july august september october november december"
DAYS = "sunday monday tuesday wednesday thursday friday saturday"
MOST_INT = 2**31 - 1


class Surprise(NamedTuple):
    """A part of a field that means something else than it says, and what to write instead."""

    message: str
    fix: str


class Field(NamedTuple):
    """A field of a schedule: the values that match, and whether every value does."""

    values: frozenset[int]
    is_any: bool
    surprises: Sequence[Surprise]


class _Kind(NamedTuple):
    """The name of a field, its smallest and largest value, and the names of its values."""

    title: str
    least: int
    most: int
    names: Sequence[str] = ()


KINDS = (
    _Kind("seconds", 0, 59),
    _Kind("minutes", 0, 59),
    _Kind("hours", 0, 23),
    _Kind("days", 1, 31),
    _Kind("months", 1, 12, MONTHS.split()),
    _Kind("days of the week", 0, 6, DAYS.split()),
)


@cache
def parse(schedule: str) -> Sequence[Field]:
    """Return the fields, five or six. Raises ValueError, whose message continues a sentence."""
    # A tab does not separate fields.
    words = [word for word in schedule.split(" ") if word]
    if len(words) not in (5, 6):
        raise ValueError(f"it has {len(words)} field{'s' * (len(words) != 1)} instead of six")
    # Without seconds, there are five.
    return [_field(word, kind) for word, kind in zip(words, KINDS[-len(words) :], strict=True)]


def _field(word: str, kind: _Kind) -> Field:
    values: set[int] = set()
    surprises: list[Surprise] = []
    for part in word.split(","):
        values.update(_part(part, kind, surprises))
    return Field(frozenset(values), len(values) == kind.most - kind.least + 1, surprises)


def _part(part: str, kind: _Kind, surprises: list[Surprise]) -> range:
    """Return the values of a part between commas, and add what is surprising about it."""
    span, slash, step = part.partition("/")
    if slash and not re.fullmatch(r"\s*[+-]?[0-9]+\s*", step):
        raise ValueError(f"the step of the {kind.title} is not a number")
    every = int(step) if slash else 1
    if abs(every) > MOST_INT:
        raise ValueError(f"the step of the {kind.title} is too large")
    start, end = _bounds(span, kind, has_step=bool(slash))
    if start > end:
        surprises.append(_reversed(span, start, end, kind))
        start, end = end, start
    values = range(start, end + 1, max(every, 1))
    if every < 1:
        surprises.append(_without_step(part, span, kind))
    elif every > kind.most - kind.least + 1:
        surprises.append(_step_too_large(part, start, kind))
    return values


def _bounds(span: str, kind: _Kind, *, has_step: bool) -> tuple[int, int]:
    """Return the first and the last value of `*`, `5` or `1-5`; with a step, `5` goes on to the largest value."""
    if span == "*":
        return kind.least, kind.most
    first, dash, last = span.partition("-")
    start = _value(first, kind)
    if dash:
        return start, _value(last, kind)
    return start, kind.most if has_step else start


def _reversed(span: str, start: int, end: int, kind: _Kind) -> Surprise:
    message = f"The host reads the range {span} of the {kind.title} as {end}-{start}."
    parts = [f"{a}" if a == b else f"{a}-{b}" for a, b in ((start, kind.most), (kind.least, end))]
    return Surprise(message, f"Write {','.join(parts)} for the values from {start} on to {end}.")


def _without_step(part: str, span: str, kind: _Kind) -> Surprise:
    message = f"In the {kind.title}, the host reads the step of {part} as 1."
    return Surprise(message, f"Write {span} without a step, or a step of at least 1.")


def _step_too_large(part: str, start: int, kind: _Kind) -> Surprise:
    message = (
        f"In the {kind.title}, {part} matches only {start}: the step is larger than the range."
    )
    fix = f"Write {start} if you mean that, or a time span such as 1.12:00:00 for an interval."
    return Surprise(message, fix)


def _value(word: str, kind: _Kind) -> int:
    if re.fullmatch(r"[0-9]+\s*", word):
        if kind.least <= int(word) <= kind.most:
            return int(word)
        raise ValueError(f"the {kind.title} must be from {kind.least} to {kind.most}, not {word}")
    if not word:
        raise ValueError(f"the {kind.title} have an empty value")
    for place, name in enumerate(kind.names):
        if name.startswith(word.lower()):
            return kind.least + place
    raise ValueError(f"the {kind.title} cannot be {word!r}")
