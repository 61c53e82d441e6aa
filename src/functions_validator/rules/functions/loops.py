"""Functions that start themselves, or each other, without end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ...functions.functions import Binding, Function
from ...model import Problem, Severity
from ...project.message_flow import Channel, source_of, target_of
from ...project.project import Project
from ..rule import rule

WHAT = {
    "blob": "a blob",
    "cosmosdb": "the container",
    "eventhub": "the event hub",
    "kafka": "the topic",
    "mysql": "the table",
    "sql": "the table",
}
FIX = (
    "Write to another place, or only under a condition that becomes false, "
    "such as a number of attempts."
)


class Step(NamedTuple):
    """A function that something starts, and an output to which it always writes."""

    function: Function
    source: Channel
    output: Binding
    target: Channel


@rule("AF244", Severity.WARNING, "A function starts itself again without end")
def loops(project: Project) -> Iterator[Problem]:
    """Yield outputs to what starts the same function, or another one that starts it."""
    steps = list(_steps(project))
    seen: set[frozenset[str]] = set()
    for step in steps:
        circle = _circle(steps, [step])
        labels = [one.function.label for one in circle]
        if not circle or frozenset(labels) in seen:
            continue
        seen.add(frozenset(labels))
        yield Problem(step.output.place, f"{_what_happens(circle)} without end.", FIX)


def _steps(project: Project) -> Iterator[Step]:
    """Yield the outputs that functions certainly write to, if what starts them is known."""
    settings = project.settings
    for function in project.certain_functions:
        source = source_of(settings, function.triggers[0]) if len(function.triggers) == 1 else None
        if source is None:
            continue
        for output in function.bindings:
            target = target_of(settings, output)
            if target is None:
                continue
            # Imported here because it is slow to import, and few apps have such an output.
            from ...functions.writes import always_writes

            if always_writes(project.sources, function, output):
                yield Step(function, source, output, target)


def _circle(steps: Sequence[Step], path: list[Step]) -> list[Step]:
    """Return the shortest way from the end of a path back to its beginning; none if there is no way."""
    paths = [path]
    while paths:
        path = paths.pop(0)
        if path[-1].target.starts(path[0].source):
            return path
        known = [step.function.label for step in path]
        paths += [
            [*path, step]
            for step in steps
            if step.function.label not in known and path[-1].target.starts(step.source)
        ]
    return []


def _what_happens(circle: Sequence[Step]) -> str:
    first, *others = (step.function.label for step in circle)
    what = WHAT.get(circle[0].target.service, "the queue")
    if not others:
        return f"{first} always writes to {what} that starts it, so it starts itself again"
    return f"{first} always starts {' and that '.join(others)}, and that starts {first} again,"


RULES = (loops,)
