"""Schedules of timers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from ... import clock
from ...deployment.plan import CONSUMPTION
from ...functions.functions import Binding
from ...model import Problem, Severity
from ...project.project import Project
from ...project.settings import reference_fault
from ...values import ncrontab
from ...values.time_span import TimeSpan, read_without_days, time_span
from ..rule import rule

LONGEST_MONTHS = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}
NCRONTAB = "Use second, minute, hour, day, month and day of the week, such as 0 30 6 * * *."


@rule("AF211", Severity.ERROR, "A schedule is not a valid NCRONTAB expression")
def expressions(project: Project) -> Iterator[Problem]:
    """Yield schedules that the host rejects."""
    for binding, written in _written(project):
        schedule = project.settings.resolve(written)
        why = reference_fault(written, project.settings)
        if why is None and schedule is not None:
            why = _fault(schedule)
        if why:
            message = f"The host rejects the schedule: {why}."
            yield Problem(binding.place_of("schedule"), message, NCRONTAB)


def _fault(schedule: str) -> str | None:
    """Return why the host rejects a schedule, as words that continue a sentence."""
    try:
        ncrontab.parse(schedule)
    except ValueError as why:
        span = time_span(schedule)
        if span is None:
            is_time = ":" in schedule
            return "it is not a time span and does not have six fields" if is_time else str(why)
        if span.seconds / 86400 > (date.max - clock.today()).days:
            return "the next run would be after the year 9999"
    return None


@rule("AF212", Severity.WARNING, "A schedule never matches a date")
def impossible_days(project: Project) -> Iterator[Problem]:
    """Yield schedules with days that none of their months has."""
    for binding, _, fields in _expressions(project):
        days, months = fields[-3].values, fields[-2].values
        if min(days) > max(LONGEST_MONTHS.get(month, 31) for month in months):
            message = "None of the schedule's months has such a day, so the function never runs."
            fix = "Choose a day that one of the months has."
            yield Problem(binding.place_of("schedule"), message, fix)


@rule("AF213", Severity.ERROR, "A timer runs without a pause")
def no_interval(project: Project) -> Iterator[Problem]:
    """Yield schedules with a time span of zero or less."""
    for binding, schedule, span in time_spans(project):
        if span.ticks <= 0:
            message = (
                f"With the schedule {schedule}, the host calls the function again and again, "
                "about 250 times a second."
            )
            yield Problem(
                binding.place_of("schedule"), message, "Use an interval such as 00:05:00."
            )


@rule("AF214", Severity.WARNING, "A schedule does not mean what it says")
def misleading(project: Project) -> Iterator[Problem]:
    """Yield schedules that the host accepts, but reads in another way than people do."""
    plan = project.plan
    for binding, schedule, span in time_spans(project):
        # A plain 1 can only be a day; of more than one, people think of minutes.
        if span.in_days and span.ticks > 0 and schedule != "1":
            message = f"The host reads the schedule {schedule} as days: {span}."
            fix = f"Write {span} if you mean that, or {read_without_days(schedule)}."
            yield Problem(binding.place_of("schedule"), message, fix)
        elif is_of_code(binding) and span.ticks > 0 and plan and plan.id == CONSUMPTION:
            message = f"The {plan.title} does not read the time span {schedule}, and may stop the app in between."
            yield Problem(binding.place_of("schedule"), message, NCRONTAB)
    for binding, _, fields in _expressions(project):
        for surprise in (surprise for field in fields for surprise in field.surprises):
            yield Problem(binding.place_of("schedule"), surprise.message, surprise.fix)
        if len(fields) == 6 and fields[0].is_any and not (fields[1].is_any and fields[2].is_any):
            message = "The timer runs in every second of the minutes that match."
            yield Problem(binding.place_of("schedule"), message, "Write 0 for the seconds.")
        days, weekdays = fields[-3], fields[-1]
        if not (days.is_any or weekdays.is_any or _is_week(days)):
            message = (
                "The timer only runs on days that match both the day of the month "
                "and the day of the week."
            )
            fix = "Write * for one of them, or use a timer for each."
            yield Problem(binding.place_of("schedule"), message, fix)


def _is_week(days: ncrontab.Field) -> bool:
    """Whether it is a week, as in 1-7 with a day of the week: the first Monday of a month."""
    return len(days.values) == 7 and max(days.values) - min(days.values) == 6


def _expressions(project: Project) -> Iterator[tuple[Binding, str, Sequence[ncrontab.Field]]]:
    """Yield the schedules that are NCRONTAB expressions."""
    for binding, schedule in _schedules(project):
        try:
            yield binding, schedule, ncrontab.parse(schedule)
        except ValueError:
            continue


def is_of_code(binding: Binding) -> bool:
    """Whether the schedule is in the code, and not in a setting, which may have another value in Azure."""
    return "%" not in (binding.text("schedule") or "")


def time_spans(project: Project) -> Iterator[tuple[Binding, str, TimeSpan]]:
    """Yield the schedules that are time spans and not rejected."""
    for binding, schedule in _schedules(project):
        span = time_span(schedule)
        if span and not _fault(schedule):
            yield binding, schedule.strip(), span


def _schedules(project: Project) -> Iterator[tuple[Binding, str]]:
    """Yield the schedules that are known, with the values of the settings that they name."""
    for binding, written in _written(project):
        schedule = project.settings.resolve(written)
        if schedule is not None:
            yield binding, schedule


def _written(project: Project) -> Iterator[tuple[Binding, str]]:
    """Yield the schedules as they are written, save for empty ones, which AF206 reports."""
    for function in project.functions:
        for binding in function.bindings:
            schedule = binding.text("schedule")
            if binding.type.lower() == "timertrigger" and schedule:
                yield binding, schedule


RULES = (expressions, impossible_days, no_interval, misleading)
