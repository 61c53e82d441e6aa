"""What the hosting plan does not take."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ...data import read_table
from ...deployment.commands import GAP, commands
from ...deployment.deployment import is_of_only_app
from ...deployment.plan import CONSUMPTION, FLEX, Plan
from ...files.commented_file import Source
from ...functions.functions import Binding
from ...model import Place, Problem, Severity
from ...pattern import Pattern
from ...project.host_options import as_text, decided_elsewhere, effective
from ...project.project import Project
from ...values.time_span import time_span
from ..functions.schedules import NCRONTAB, is_of_code, time_spans
from ..rule import rule

if TYPE_CHECKING:
    from ...deployment.site_settings import SiteSetting

TABLE: dict[str, Any] = read_table("plans")
# The app settings that a plan does not take, each with the reason.
UNSUPPORTED: dict[str, dict[str, str]] = TABLE["unsupported_settings"]
# Those of which it does not take one value.
VALUES: dict[str, dict[str, dict[str, str]]] = TABLE["unsupported_values"]
# Settings that other plans take, where the same files may create an app on one of them.
ON_OTHER_PLANS = UNSUPPORTED[CONSUMPTION]
# The command that gives an app its settings, and settings that it has on other plans.
GIVES_SETTINGS = Pattern(rf"\baz{GAP}functionapp{GAP}config{GAP}appsettings{GAP}set\b")
# A condition of a shell, a Makefile or a step.
OPTIONAL = Pattern(
    r"^[ \t]*(?:-[ \t]+)?(?:if\w*|elif|case|switch|while|for|condition)\b", re.MULTILINE
)
FLEX_SETTING = Pattern(rf"(?<![\w-])({'|'.join(UNSUPPORTED[FLEX])})=")
APP = Pattern(
    r"Microsoft\.Web/sites(?:@|[\"'])|\bazurerm_(?:linux_|windows_)?function_app[\w-]*\"",
    re.IGNORECASE,
)
TOP = Pattern(r"^\w", re.MULTILINE)
# A condition or a loop.
CONDITION = Pattern(r"\s\?(?=\s)|\[if\(|\bfor_each\b|=\s*\[for\b", re.IGNORECASE)
POLLING = (None, "", "LogsAndContainerScan", "LOGS_AND_CONTAINER_SCAN")


@rule("AF713", Severity.ERROR, "A binding does not run on the app's hosting plan")
def other_plan(project: Project) -> Iterator[Problem]:
    """Yield triggers and bindings that the plan does not support."""
    for function in project.certain_functions:
        for binding in function.bindings:
            if not _may_be_unsupported(binding) or project.plan is None:
                continue
            if fix := _instead(binding, project.plan):
                message = (
                    f"{_named(project.plan)} does not run the {_kind(binding)} of {function.label}."
                )
                yield Problem(binding.place, message, fix)
    if project.plan and project.plan.id == FLEX:
        for binding, schedule, span in time_spans(project):
            # AF213 and AF214 report others.
            if is_of_code(binding) and span.ticks > 0 and not span.in_days:
                message = f"{_named(project.plan)} does not start a timer with a time span, such as {schedule}."
                yield Problem(binding.place_of("schedule"), message, NCRONTAB)


def _may_be_unsupported(binding: Binding) -> bool:
    type_ = binding.type.lower()
    return type_ == "blobtrigger" or any(type_ in table for table in TABLE["not_on"].values())


def _instead(binding: Binding, plan: Plan) -> str | None:
    """Return what to do about a binding that the plan does not support; None if it does."""
    if binding.type.lower() == "blobtrigger":
        if plan.id != FLEX or binding.fields.get("source") not in POLLING:
            return None
        return (
            "Write source=func.BlobSource.EVENT_GRID, "
            "and add an Event Grid subscription for the container."
        )
    other: str | None = TABLE["not_on"].get(plan.id, {}).get(binding.type.lower())
    return f"Remove it, or {other}." if other else None


def _kind(binding: Binding) -> str:
    if binding.type.lower() == "blobtrigger":
        return "polling blob trigger"
    return f"{binding.type} binding"


def _named(plan: Plan) -> str:
    """Return the plan, and where it is chosen, as the beginning of a sentence."""
    return f"The {plan.title} (chosen in {plan.place.path})"


@rule("AF714", Severity.WARNING, "The hosting plan does not accept this app setting")
def unsupported_settings(project: Project) -> Iterator[Problem]:
    """Yield app settings in the infrastructure, and in commands, that the plan does not accept."""
    names = {
        name for table in (UNSUPPORTED, VALUES) for reasons in table.values() for name in reasons
    }
    yield from _given_by_commands(project)
    if not any(name in source.text for source in infrastructure(project) for name in names):
        return
    if project.plan is None:
        return
    reasons, values = UNSUPPORTED.get(project.plan.id, {}), VALUES.get(project.plan.id, {})
    for found in settings_of_app(project, [*reasons, *values]):
        is_other = found.name in values and found.value != values[found.name]["value"]
        if found.name in (*ON_OTHER_PLANS, *values) and may_be_of_other(project, found.place):
            continue
        if is_other and found.name not in reasons:
            continue
        reason = reasons.get(found.name) or values[found.name]["reason"]
        given = found.name if found.name in reasons else f"{found.name}={found.value}"
        yield _unsupported(project.plan, given, reason, found.place)


def _unsupported(plan: Plan, given: str, reason: str, place: Place) -> Problem:
    message = f"{_named(plan)} does not accept the app setting {given}."
    return Problem(place, message, f"Delete it: {reason}.")


def _given_by_commands(project: Project) -> Iterator[Problem]:
    """Yield commands that give the only app a setting which the Flex Consumption plan does not accept."""
    for source in project.deployment.workflows:
        # Reading YAML is slow.
        if not GIVES_SETTINGS.search(source.text) or not FLEX_SETTING.search(source.text):
            continue
        if OPTIONAL.search(source.text):
            continue  # The command may be for another plan.
        if project.plan is None or project.plan.id != FLEX:
            return
        for command in commands(source, GIVES_SETTINGS):
            for name in dict.fromkeys(FLEX_SETTING.findall(command.text)):
                if is_of_only_app(project.root, command.place):
                    reason = UNSUPPORTED[FLEX][name]
                    yield _unsupported(project.plan, name, reason, command.place)


def settings_of_app(project: Project, names: Sequence[str]) -> Iterator[SiteSetting]:
    """Yield the app settings of some names in the infrastructure of the app."""
    # Imported here because it is slow to import, and few apps have such a setting.
    from ...deployment.site_settings import site_settings

    for found in site_settings(project.deployment, names) if names else ():
        # Infrastructure beside the app in its repository may be that of others.
        if not (project.plan and project.plan.place.is_inside and not found.place.is_inside):
            yield found


def may_be_of_other(project: Project, place: Place) -> bool:
    """Whether a setting is under a condition or in a loop, or the files create several apps, or another one."""
    sources = list(infrastructure(project))
    count = sum(len(list(APP.finditer(source.text))) for source in sources)
    source = next((one for one in sources if one.path == place.path), None)
    if source is None:
        return True
    above = "".join(source.text.splitlines(keepends=True)[: place.line])
    start = max((found.start() for found in TOP.finditer(above)), default=0)
    is_optional = CONDITION.search(above, start) is not None
    return count > 1 or is_optional or not is_of_only_app(project.root, place)


def infrastructure(project: Project) -> Iterator[Source]:
    """Yield the files that create the app."""
    yield from project.deployment.bicep
    yield from project.deployment.templates
    yield from project.deployment.terraform


@rule("AF715", Severity.ERROR, "The hosting plan does not allow the timeout of the functions")
def long_timeout(project: Project) -> Iterator[Problem]:
    """Yield a functionTimeout that is longer than the Consumption plan allows."""
    given = effective(project, "functiontimeout")
    if given is None or not isinstance(given.value, str | int):
        return
    timeout = as_text(given.value)
    span = time_span(timeout)
    longest = TABLE["longest_timeout"][CONSUMPTION]
    # AF513 finds a time that is in days by mistake.
    is_long = timeout.strip() == "-1" or (
        span is not None and span.seconds > longest and not span.in_days
    )
    if not is_long or project.plan is None or project.plan.id != CONSUMPTION:
        return
    if not decided_elsewhere(project, given.lowered):
        message = f'{_named(project.plan)} allows 10 minutes, but {given.path} is "{timeout}".'
        fix = "Write 00:10:00 or less, or use the Flex Consumption plan."
        yield Problem(given.place, message, fix)


RULES = (other_plan, unsupported_settings, long_timeout)
