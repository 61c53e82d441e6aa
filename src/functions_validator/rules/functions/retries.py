"""Retry policies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ...functions.functions import Decoration, Function
from ...model import Problem, Severity
from ...pattern import Pattern
from ...project.project import Project
from ...sources.import_graph import UNKNOWN
from ...sources.nodes import named_arguments, shows_arguments
from ...values.time_span import time_span
from ..rule import rule

RETRY_ARGUMENTS = (
    "strategy",
    "max_retry_count",
    "delay_interval",
    "minimum_interval",
    "maximum_interval",
)
# The times that each strategy reads.
READS = {
    "fixed_delay": ("delay_interval",),
    "exponential_backoff": ("minimum_interval", "maximum_interval"),
}
NO_STRATEGY = "there is no strategy"
STRATEGIES = f"Write {' or '.join(f'strategy={name!r}' for name in READS)}."
NEGATIVE = Pattern(r"-\d{1,9}")
WITHOUT_END = -1
INTERVAL = Pattern(r"([01]?\d|2[0-3]):[0-5]?\d:[0-5]?\d")
NOT_RETRIED = {
    "httptrigger",
    "queuetrigger",
    "blobtrigger",
    "servicebustrigger",
    "eventgridtrigger",
}


@rule("AF207", Severity.WARNING, "A trigger does not support retry policies")
def idle_retries(project: Project) -> Iterator[Problem]:
    """Yield retry policies of functions whose trigger does not support them."""
    for function, decoration, _ in _retries(project):
        types = {trigger.type.lower() for trigger in function.triggers}
        if types and types <= NOT_RETRIED:
            trigger = function.triggers[0].type
            message = (
                f"Azure Functions does not support a retry policy for the {trigger} of "
                f"{function.label}, though hosts still apply it."
            )
            fix = (
                "Remove the decorator, and use the retries of the trigger's service, if it has any."
            )
            yield Problem(decoration.place, message, fix)


@rule("AF208", Severity.ERROR, "A retry policy is invalid")
def retry_policies(project: Project) -> Iterator[Problem]:
    """Yield retry policies that the worker or the host rejects."""
    for function, decoration, given in _retries(project):
        if fault := _host_fault(given):
            message = f"The host does not start {function.label}: {fault[0]}."
            yield Problem(decoration.place, message, fault[1])
        elif why := _retry_fault(given, shows_arguments(decoration.call)):
            message = f"The worker rejects the retry policy of {function.label}: {why}."
            is_strategy = why.startswith(NO_STRATEGY)
            fix = STRATEGIES if is_strategy else "Correct the arguments of the decorator."
            yield Problem(decoration.place, message, fix)


def _retries(project: Project) -> Iterator[tuple[Function, Decoration, dict[str, object]]]:
    """Yield the functions with a retry decorator, with the decorator and its arguments."""
    for function in project.functions:
        for one in function.decorations:
            if one.name == "retry" and (module := function.module):
                given = named_arguments(one.call, RETRY_ARGUMENTS)
                values = {n: project.sources.evaluate(module, v) for n, v in given.items()}
                yield function, one, values


def _host_fault(given: Mapping[str, object]) -> tuple[str, str] | None:
    """Return why the host rejects a policy that the worker takes, and how to fix it."""
    count = str(given.get("max_retry_count"))
    if NEGATIVE.fullmatch(count) and int(count) < WITHOUT_END:
        return f"the max_retry_count is {count}", f"Write {WITHOUT_END} for retries without end."
    if given.get("strategy") == "exponential_backoff":
        least, most = (given.get(name) for name in READS["exponential_backoff"])
        if isinstance(least, str) and isinstance(most, str):
            shortest, longest = time_span(least), time_span(most)
            if shortest and longest and shortest.ticks > longest.ticks:
                return "the minimum_interval is longer than the maximum_interval", "Swap them."
    return None


def _retry_fault(given: dict[str, object], is_whole: bool) -> str | None:
    lacks = next((name for name in RETRY_ARGUMENTS[:2] if name not in given), None)
    if lacks and is_whole:
        return f"it needs a {lacks}"
    given = given if is_whole else {"delay_interval": UNKNOWN, **given}
    strategy = given.get("strategy")
    if isinstance(strategy, str) and strategy not in READS:
        return f"{NO_STRATEGY} {strategy!r}"
    if strategy == "fixed_delay" and given.get("delay_interval") is None:
        return "fixed_delay needs a delay_interval"
    count = given.get("max_retry_count")
    if isinstance(count, str) and not re.fullmatch(r"-?\d+", count):
        return f"the max_retry_count {count!r} is not a number"
    for name in READS.get(strategy, ()) if isinstance(strategy, str) else ():
        interval = given.get(name)
        if isinstance(interval, str) and not INTERVAL.fullmatch(interval):
            return f"the {name} {interval!r} is not a time under 24 hours in the form HH:MM:SS"
        if isinstance(interval, int | float):
            return f"the {name} is a number, and not a time in the form HH:MM:SS"
    return None


RULES = (idle_retries, retry_policies)
