"""The constraints of route parameters, such as `int` in `{id:int}`, as ASP.NET Core reads them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from ..pattern import Pattern

Accepts = Callable[[str], bool]

# A name and its arguments; the last parenthesis of a regex is the one before the next constraint.
TEXT = Pattern(r"(?P<name>[^(]*)(?:\((?P<arguments>.*)\))?", re.DOTALL)
GUID = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
# A GUID with or without hyphens; with them, it may be in braces or parentheses.
GUIDS = Pattern(
    r"\s*(?:[0-9a-f]{32}|(?P<open>[{(])?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?(open)[)}]))\s*",
    re.IGNORECASE,
)
LENGTHS = ("length", "maxlength", "minlength")
# Numbers as .NET reads them.
INTEGER = Pattern(r"\s*[+-]?[0-9]+\s*")
FLOAT = Pattern(r"\s*[+-]?(?:[0-9][0-9,]*\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?\s*", re.IGNORECASE)
DECIMAL = Pattern(r"\s*[+-]?(?:[0-9][0-9,]*\.?[0-9]*|\.[0-9]+)[+-]?\s*")


class Constraint(NamedTuple):
    """A constraint as written, whether it accepts a value, and some values that it accepts."""

    text: str
    accepts: Accepts
    samples: Sequence[str]


def read_constraint(text: str) -> Constraint:
    """Return a constraint. Raises ValueError, whose message continues a sentence, for an unknown one."""
    match = TEXT.fullmatch(text)
    name = match["name"].lower() if match else text
    if match is None or name not in KINDS:
        raise ValueError(f"there is no constraint {text!r}")
    kind = KINDS[name]
    arguments = _arguments(name, match["arguments"])
    if not kind.least <= len(arguments) <= kind.most:
        raise ValueError(f"the constraint {text!r} does not have the right number of arguments")
    accepts, samples = kind.make(*arguments)
    return Constraint(text, accepts, samples)


def _arguments(name: str, text: str | None) -> list[Any]:
    if text is None:
        return []
    if name == "regex":
        return [text]
    try:
        numbers = [int(word) for word in text.split(",")]
    except ValueError:
        raise ValueError(f"the constraint {name!r} needs whole numbers") from None
    if numbers != sorted(numbers):
        raise ValueError(f"the constraint {name!r} has its numbers in the wrong order")
    if name in LENGTHS and min(numbers) < 0:
        raise ValueError(f"the constraint {name!r} cannot be negative")
    return numbers


class _Made(NamedTuple):
    """What a constraint accepts, and some values that it accepts."""

    accepts: Accepts
    samples: Sequence[str]


class _Kind(NamedTuple):
    """The least and the greatest number of arguments of a constraint, and what makes it of them."""

    least: int
    most: int
    make: Callable[..., _Made]


def _integer(bits: int) -> _Made:
    def accepts(value: str) -> bool:
        limit = 2 ** (bits - 1)
        return bool(INTEGER.fullmatch(value)) and -limit <= int(value) < limit

    return _Made(accepts, ("7", "123"))


def _pattern(pattern: re.Pattern[str], *samples: str) -> _Made:
    return _Made(lambda value: bool(pattern.fullmatch(value)), samples)


def _bool() -> _Made:
    return _Made(lambda value: value.strip().lower() in ("true", "false"), ("true", "false"))


def _datetime() -> _Made:
    """Accept ISO 8601 alone; .NET reads more forms, some of them by guessing."""

    def accepts(value: str) -> bool:
        try:
            datetime.fromisoformat(value)
        except ValueError:
            return False
        return True

    return _Made(accepts, ("2024-01-31",))


def _alpha() -> _Made:
    return _Made(lambda value: value.isascii() and (not value or value.isalpha()), ("a", "abc"))


def _length(least: int, most: int | None = None) -> _Made:
    high = least if most is None else most
    samples = [letter * count for count in (least, high) if 0 < count < 200 for letter in "a1"]
    return _Made(lambda value: least <= len(value) <= high, samples)


def _min_length(least: int) -> _Made:
    samples = ["a" * least, "1" * least] if least < 200 else []
    return _Made(lambda value: len(value) >= least, samples)


def _max_length(most: int) -> _Made:
    return _Made(lambda value: len(value) <= most, ("a", "7"))


def _range(least: int, most: int) -> _Made:
    is_long = _integer(64).accepts
    samples = (str(least), str(most))
    return _Made(lambda value: is_long(value) and least <= int(value) <= most, samples)


def _min(least: int) -> _Made:
    return _Made(_range(least, 2**63 - 1).accepts, (str(least),))


def _max(most: int) -> _Made:
    return _Made(_range(-(2**63), most).accepts, (str(most),))


def _regex(text: str) -> _Made:
    """Accept nothing if Python cannot read the expression of .NET."""
    # Imported here because few routes have a regular expression.
    from .samples import matching_sample

    try:
        pattern = re.compile(
            text.replace("(?<", "(?P<").replace("(?P<=", "(?<=").replace("(?P<!", "(?<!"),
            re.IGNORECASE,
        )
    except re.error:
        return _Made(lambda value: False, ())
    return _Made(lambda value: bool(pattern.search(value)), matching_sample(pattern))


def _file(*, wanted: bool) -> _Made:
    def accepts(value: str) -> bool:
        ending = value.rpartition("/")[2].partition(".")[2]
        return bool(ending.strip(".")) == wanted

    return _Made(accepts, ("a.txt",) if wanted else ("a",))


KINDS: dict[str, _Kind] = {
    "int": _Kind(0, 0, lambda: _integer(32)),
    "long": _Kind(0, 0, lambda: _integer(64)),
    "bool": _Kind(0, 0, _bool),
    "datetime": _Kind(0, 0, _datetime),
    "decimal": _Kind(0, 0, lambda: _pattern(DECIMAL.compiled, "7", "1.5")),
    "double": _Kind(0, 0, lambda: _pattern(FLOAT.compiled, "7", "1.5")),
    "float": _Kind(0, 0, lambda: _pattern(FLOAT.compiled, "7", "1.5")),
    "guid": _Kind(0, 0, lambda: _pattern(GUIDS.compiled, GUID)),
    "length": _Kind(1, 2, _length),
    "minlength": _Kind(1, 1, _min_length),
    "maxlength": _Kind(1, 1, _max_length),
    "min": _Kind(1, 1, _min),
    "max": _Kind(1, 1, _max),
    "range": _Kind(2, 2, _range),
    "alpha": _Kind(0, 0, _alpha),
    "regex": _Kind(1, 1, _regex),
    "required": _Kind(0, 0, lambda: _Made(bool, ("a",))),
    "file": _Kind(0, 0, lambda: _file(wanted=True)),
    "nonfile": _Kind(0, 0, lambda: _file(wanted=False)),
}
