"""Options of host.json whose values are valid by themselves, but not together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ..data import read_table
from .host_options import Given, as_text, decided_elsewhere, effective
from .host_values import misfit_of
from .project import Project

# What must not be greater than an option beside it, and the default of that one.
NOT_ABOVE: Mapping[str, tuple[str, int]] = read_table("host_json")["not_above"]
OFFSET = ("extensions", "eventhubs", "initialoffsetoptions")
FROM_TIME = "fromenqueuedtime"


class Contradiction(NamedTuple):
    """An option, what it contradicts, as words that continue a sentence, and how to fix it."""

    given: Given
    what: str
    fix: str


def contradictions(project: Project) -> Iterator[Contradiction]:
    """Yield the options with which the host does not start because of other options."""
    for path, (other, default) in NOT_ABOVE.items():
        *above, name = path.lower().split(".")
        given, least = effective(project, *above, name), _whole(project, (*above, name), None)
        most = _whole(project, (*above, other.lower()), default)
        if given and least is not None and most is not None and least > most:
            fix = f"Change it to at most {most}, or raise {other}."
            yield Contradiction(given, f"but {other} is {most}", fix)
    offset, time = effective(project, *OFFSET, "type"), (*OFFSET, "enqueuedtimeutc")
    if offset is None or str(offset.value).lower() != FROM_TIME:
        return
    if not effective(project, *time) and not decided_elsewhere(project, time):
        fix = 'Add "enqueuedTimeUtc", such as "2026-01-31T12:00:00Z".'
        yield Contradiction(offset, "but there is no enqueuedTimeUtc", fix)


def _whole(project: Project, lowered: tuple[str, ...], default: int | None) -> int | None:
    """Return the whole number that an option has; None if it is invalid or not known."""
    given = effective(project, *lowered)
    if decided_elsewhere(project, lowered):
        return None
    if given is None or given.value is None:
        return default
    is_known = "%" not in str(given.value) and misfit_of(given) is None
    return int(as_text(given.value)) if is_known else None
