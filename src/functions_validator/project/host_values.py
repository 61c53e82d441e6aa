"""What the host makes of a value in host.json: whether it stops, ignores it, or reads something else."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ..data import read_table
from ..routing.constraints import INTEGER
from ..routing.table import DEFAULT_PREFIX
from ..routing.templates import template_fault
from ..values.time_span import TICKS, TimeSpan, time_span
from ..words import listed
from .host_options import BUNDLE_KEY, Given, Option, as_text

LEVELS = ("trace", "debug", "information", "warning", "error", "critical", "none")
# The settings with which the host reads its options for Application Insights.
INSIGHTS = ("APPLICATIONINSIGHTS_CONNECTION_STRING", "APPINSIGHTS_INSTRUMENTATIONKEY")
MOST = {
    **dict.fromkeys(("count", "int", "limit"), 2**31 - 1),
    "long": 2**63 - 1,
    **dict.fromkeys(("number", "ratio"), float("inf")),
}
TIMES = ("infinite", "renewal", "time", "timeout")
# With it, Service Bus renews a lock without end; it takes no other time below zero.
WITHOUT_END = TimeSpan(-10_000)
TELEMETRY = ("Dependency", "Event", "Exception", "PageView", "Request", "Trace")
# The host waits for a minute longer, with a timer that takes 2**31 - 1 milliseconds at most.
LONGEST_TIMEOUT = (2**31 - 1) / 1000 - 60
SECONDS_OF_DAY = 86_400
STOPS = "so the host does not start"
TRIGGERS_FAIL = "so its triggers do not start"
FAILS = "so every HTTP request gets status 500"
# Options whose invalid values do not stop the host, and what happens with them instead.
TOLERATED: dict[str, str] = read_table("host_json")["tolerated"]
# Options that the host converts, and whose ranges only the library of a trigger checks.
CHECKED_BY_TRIGGERS = frozenset(
    f"{section}.{name}"
    for section, names in read_table("host_json")["checked_by_triggers"].items()
    for name in names
)


class Misfit(NamedTuple):
    """What a value must be; whether it is of the wrong shape (a list, an object or neither), or type; the harm."""

    wanted: str
    is_shape: bool = False
    is_type: bool = True
    harm: str = STOPS


def shown(value: object) -> str:
    """Return a value for a sentence."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    return f'"{value}"' if isinstance(value, str) else str(value)


def misfit_of(given: Given) -> Misfit | None:
    """Return what is wrong with a value; None if it is valid, or cannot be checked."""
    option, value = given.option, given.value
    if option is None or value is None or "%" in str(value) or option.kind == "any":
        return None
    if option.kind in SHAPES:
        type_, wanted = SHAPES[option.kind]
        return None if isinstance(value, type_) else Misfit(wanted, is_shape=True)
    if isinstance(value, dict | list):
        return Misfit(WANTED.get(option.kind, "a time"), is_shape=True)
    misfit = CHECKS[option.kind](option, as_text(value))
    if misfit and not misfit.is_type and checked_by_triggers(given):
        return misfit._replace(harm=TRIGGERS_FAIL)
    return misfit


def checked_by_triggers(given: Given) -> bool:
    """Whether the host itself takes any number for an option."""
    return ".".join(given.lowered) in CHECKED_BY_TRIGGERS


def stops_host(given: Given, misfit: Misfit, *, has_insights: bool) -> bool:
    """Whether a value keeps the host from starting or from answering, rather than being ignored."""
    if misfit.is_shape:
        return given.keys[-1].lower() == BUNDLE_KEY.lower()
    path = tolerated(given)
    if path == "logging.applicationinsights":
        return has_insights and misfit.is_type
    return path is None


def tolerated(given: Given) -> str | None:
    """Return the option, an entry of TOLERATED, whose invalid values do not stop the host."""
    if given.option and given.option.kind == "level":
        return None
    path = ".".join(given.lowered)
    return next((name for name in TOLERATED if f"{path}.".startswith(f"{name}.")), None)


def days_of(given: Given) -> TimeSpan | None:
    """Return a time that the host reads as days although nothing says so."""
    if given.option is None or given.option.kind not in TIMES:
        return None
    span = time_span(as_text(given.value)) if isinstance(given.value, str | int | float) else None
    return span if span and span.in_days and span.ticks > 0 else None


def _bool_misfit(option: Option, text: str) -> Misfit | None:
    return None if text.strip().lower() in ("true", "false") else Misfit("true or false")


def _number_misfit(option: Option, text: str) -> Misfit | None:
    least, most = max(option.least, -MOST[option.kind] - 1), min(option.most, MOST[option.kind])
    whole = option.kind not in ("number", "ratio")
    wanted = "a whole number" if whole else "a number"
    wanted += f" of at least {option.least:g}" if option.least > float("-inf") else ""
    wanted += f" and at most {option.most:g}" if option.most < float("inf") else ""
    try:
        number = float(text)
    except ValueError:
        return Misfit(wanted)
    if whole and not INTEGER.fullmatch(text):
        return Misfit(wanted)
    return None if least <= number <= most else Misfit(wanted, is_type=False)


def _limit_misfit(option: Option, text: str) -> Misfit | None:
    wanted = "a whole number of at least 1, or -1 for no limit"
    misfit = _number_misfit(option, text)
    if misfit:
        return Misfit(wanted)
    harm = FAILS if option.kind == "limit" else STOPS
    return None if int(text) >= 1 or int(text) == -1 else Misfit(wanted, harm=harm)


def _ratio_misfit(option: Option, text: str) -> Misfit | None:
    wanted = "a number between 0 and 1, such as 0.8"
    if _number_misfit(option, text):
        return Misfit(wanted)
    return None if 0 < float(text) < 1 else Misfit(wanted, is_type=False)


def _time_misfit(option: Option, text: str) -> Misfit | None:
    span = time_span(text)
    least = -float("inf") if option.kind == "infinite" else max(option.least, 0)
    wanted = 'a time such as "00:05:00"'
    if option.kind == "renewal":
        wanted += f', or "{WITHOUT_END}" for no limit'
    if option.least > 0:
        wanted = f"a time of at least {_written(option.least)}"
    if option.most < float("inf"):
        wanted += f" and at most {_written(option.most)}"
    if span is None:
        return Misfit(wanted)
    if option.kind == "renewal" and span == WITHOUT_END:
        return None
    return None if least <= span.seconds <= option.most else Misfit(wanted, is_type=False)


def _written(seconds: float) -> str:
    return str(TimeSpan(round(seconds * TICKS)))


def _timeout_misfit(option: Option, text: str) -> Misfit | None:
    wanted = (
        'a time such as "00:05:00", of at least a second and less than 24 days and 20 hours, or -1'
    )
    span = time_span(text)
    if span is None:
        return Misfit(wanted)
    # .NET reads -1 as minus one day.
    fits = span.seconds == -SECONDS_OF_DAY or 1 <= span.seconds <= LONGEST_TIMEOUT
    return None if fits else Misfit(wanted, is_type=False)


def _text_misfit(option: Option, text: str) -> Misfit | None:
    names = [choice.lower() for choice in option.choices]
    # An enumeration may also be given by number.
    if not names or text.strip().lower() in names or INTEGER.fullmatch(text):
        return None
    return Misfit(listed(option.choices, "or"))


def _telemetry_misfit(option: Option, text: str) -> Misfit | None:
    names = {name.strip().lower() for name in text.split(";") if name.strip()}
    if names <= set(map(str.lower, TELEMETRY)):
        return None
    return Misfit(f"kinds such as Request;Exception, of {', '.join(TELEMETRY)}", is_type=False)


def _level_misfit(option: Option, text: str) -> Misfit | None:
    if not text or text.strip().lower() in LEVELS or INTEGER.fullmatch(text):
        return None
    return Misfit("Trace, Debug, Information, Warning, Error, Critical or None")


def _prefix_misfit(option: Option, text: str) -> Misfit | None:
    """Return what is wrong with a prefix: the host puts a slash and a route after it."""
    fits = not text or template_fault(f"{text}/x") is None
    return None if fits else Misfit(f'a prefix such as "{DEFAULT_PREFIX}" or "v1/shop", or ""')


SHAPES: dict[str, tuple[type, str]] = {
    "object": (dict, "an object"),
    "open": (dict, "an object"),
    "levels": (dict, "an object"),
    "list": (list, "a list"),
}
WANTED = {
    "bool": "true or false",
    "count": "a number",
    "int": "a number",
    "level": "a log level",
    "limit": "a number",
    "long": "a number",
    "number": "a number",
    "prefix": "a string",
    "ratio": "a number",
    "telemetry": "a string",
    "text": "a string",
}
CHECKS: dict[str, Callable[[Option, str], Misfit | None]] = {
    "bool": _bool_misfit,
    "count": _limit_misfit,
    "int": _number_misfit,
    "long": _number_misfit,
    "number": _number_misfit,
    "limit": _limit_misfit,
    "ratio": _ratio_misfit,
    "renewal": _time_misfit,
    "time": _time_misfit,
    "infinite": _time_misfit,
    "timeout": _timeout_misfit,
    "text": _text_misfit,
    "telemetry": _telemetry_misfit,
    "level": _level_misfit,
    "prefix": _prefix_misfit,
}
