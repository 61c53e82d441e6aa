"""Retry policies."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from ...functions.functions import Function
from ...model import Problem, Severity
from ...pattern import Pattern
from ...project.project import Project
from ...sources.import_graph import UNKNOWN
from ...sources.nodes import shows_arguments
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
    for function, call, _ in _retries(project):
        types = {trigger.type.lower() for trigger in function.triggers}
        if types and types <= NOT_RETRIED and function.module:
            trigger = function.triggers[0].type
            message = (
                f"Azure Functions does not support a retry policy for the {trigger} of "
                f"{function.label}, though hosts still apply it."
            )
            fix = (
                "Remove the decorator, and use the retries of the trigger's service, if it has any."
            )
            yield Problem(function.module.place(call), message, fix)


@rule("AF208", Severity.ERROR, "A retry policy is invalid")
def retry_policies(project: Project) -> Iterator[Problem]:
    """Yield retry policies that the worker rejects."""
    for function, call, given in _retries(project):
        why = _retry_fault(given, shows_arguments(call))
        if why and function.module:
            message = f"The worker rejects the retry policy of {function.label}: {why}."
            fix = "Correct the arguments of the decorator."
            yield Problem(function.module.place(call), message, fix)


def _retries(project: Project) -> Iterator[tuple[Function, ast.Call, dict[str, object]]]:
    """Yield the functions with a retry decorator, with the call and its arguments."""
    for function in project.functions:
        decorators = function.definition.decorator_list if function.definition else ()
        for call in decorators:
            method = call.func if isinstance(call, ast.Call) else None
            if not isinstance(method, ast.Attribute) or method.attr != "retry":
                continue
            assert isinstance(call, ast.Call)
            if function.module and project.sources.container(function.module, method.value):
                pairs = list(zip(RETRY_ARGUMENTS, call.args, strict=False))
                pairs += [(keyword.arg, keyword.value) for keyword in call.keywords if keyword.arg]
                evaluate = project.sources.evaluate
                yield function, call, {n: evaluate(function.module, v) for n, v in pairs}


def _retry_fault(given: dict[str, object], is_whole: bool) -> str | None:
    lacks = next((name for name in RETRY_ARGUMENTS[:2] if name not in given), None)
    if lacks and is_whole:
        return f"it needs a {lacks}"
    given = given if is_whole else {"delay_interval": UNKNOWN, **given}
    strategy = given.get("strategy")
    if isinstance(strategy, str) and strategy not in READS:
        return f"there is no strategy {strategy!r}"
    if strategy == "fixed_delay" and given.get("delay_interval") is None:
        return "fixed_delay needs a delay_interval"
    count = given.get("max_retry_count")
    if isinstance(count, str) and not re.fullmatch(r"-?\d+", count):
        return f"the max_retry_count {count!r} is not a number"
    for name in ("delay_interval", "minimum_interval", "maximum_interval"):
        interval = given.get(name)
        if isinstance(interval, str) and not INTERVAL.fullmatch(interval):
            return f"the {name} {interval!r} is not a time under 24 hours in the form HH:MM:SS"
        if isinstance(interval, int | float) and strategy in READS and name in READS[strategy]:
            return f"the {name} is a number, and not a time in the form HH:MM:SS"
    return None


RULES = (idle_retries, retry_policies)
