"""Reads times as .NET reads a TimeSpan, such as `00:05:00`, `1.12:00` or `5`, which is five days."""

from __future__ import annotations

from typing import NamedTuple

from ..pattern import Pattern

# In a second.
TICKS = 10_000_000
# What .NET takes, in the order in which it tries: days, hours, minutes, seconds and a fraction.
FORMS = tuple(
    Pattern(rf"(?P<sign>-?){form}")
    for form in (
        r"(?P<d>\d+)",
        r"(?P<h>\d+):(?P<m>\d+)",
        r"(?P<h>\d+):(?P<m>\d+):(?P<s>\d+)",
        r"(?P<d>\d+)\.(?P<h>\d+):(?P<m>\d+)",
        r"(?P<h>\d+):(?P<m>\d+):(?P<s>\d+)\.(?P<f>\d+)",
        r"(?P<d>\d+)[.:](?P<h>\d+):(?P<m>\d+):(?P<s>\d+)",
        r"(?P<d>\d+)[.:](?P<h>\d+):(?P<m>\d+):(?P<s>\d+)\.(?P<f>\d+)",
        r"(?P<h>\d+):(?P<m>\d+):\.(?P<f>\d+)",
        r"(?P<d>\d+)[.:](?P<h>\d+):(?P<m>\d+):\.(?P<f>\d+)",
        # Only if the three numbers are not hours, minutes and seconds.
        r"(?P<d>\d+):(?P<h>\d+):(?P<m>\d+)",
    )
)
LARGEST = {"d": 10_675_199, "h": 23, "m": 59, "s": 59}
DIGITS = Pattern(r"[-0-9.:]{1,40}")
MOST_TICKS = 2**63 - 1


class TimeSpan(NamedTuple):
    """A time in ticks of 100 ns. `in_days` says whether its first number counts days although it looks like another unit."""

    ticks: int
    in_days: bool = False

    @property
    def seconds(self) -> float:
        """Return the time in seconds."""
        return self.ticks / TICKS

    def __str__(self) -> str:
        """Return the time as .NET writes it: `1.06:00:00`."""
        seconds, fraction = divmod(abs(self.ticks), TICKS)
        minutes, seconds = divmod(seconds, 60)
        hours, minutes = divmod(minutes, 60)
        days, hours = divmod(hours, 24)
        start = "-" * (self.ticks < 0) + f"{days}." * (days > 0)
        end = f".{fraction:07}" * (fraction > 0)
        return f"{start}{hours:02}:{minutes:02}:{seconds:02}{end}"


def time_span(text: str) -> TimeSpan | None:
    """Return the time that a text is for .NET; None for a text that .NET rejects."""
    text = text.strip()
    if not DIGITS.fullmatch(text):
        return None
    for form in FORMS:
        match = form.fullmatch(text)
        ticks = _ticks(match.groupdict()) if match else None
        if ticks is not None and ticks <= MOST_TICKS:
            in_days = form in (FORMS[0], FORMS[-1])
            return TimeSpan(-ticks if text.startswith("-") else ticks, in_days)
    return None


def read_without_days(text: str) -> TimeSpan:
    """Return what a time in days was probably meant to be: `24:00:00` as 24 hours, `5` as five minutes."""
    numbers = [int(number) for number in text.strip().lstrip("-").split(":")]
    hours, minutes, seconds = numbers if len(numbers) == 3 else [0, numbers[0], 0]
    return TimeSpan(((hours * 60 + minutes) * 60 + seconds) * TICKS)


def _ticks(parts: dict[str, str | None]) -> int | None:
    numbers = {name: int(parts.get(name) or 0) for name in LARGEST}
    if any(number > LARGEST[name] for name, number in numbers.items()):
        return None
    fraction = parts.get("f") or "0"
    # .NET has seven digits; more of them are rounded if the first is 0, else refused.
    if len(fraction) > 7 and not fraction.startswith("0"):
        return None
    seconds = ((numbers["d"] * 24 + numbers["h"]) * 60 + numbers["m"]) * 60 + numbers["s"]
    return seconds * TICKS + round(float(f"0.{fraction}") * TICKS)
