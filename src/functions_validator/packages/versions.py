"""Versions, and names of distributions, as pip compares them.

Most versions are plain numbers, which are compared here: it takes less time than to import packaging, which compares the others.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import zip_longest
from typing import TYPE_CHECKING

from ..pattern import Pattern

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet

NUMBER = r"[0-9]+(?:\.[0-9]+)*"
PLAIN_NUMBER = Pattern(NUMBER)
CONDITION = rf"(?:[<>]=?|[=!]=)[ \t]*{NUMBER}"
# Conditions that packaging reads as they are read here.
PLAIN = rf"{CONDITION}(?:[ \t]*,[ \t]*{CONDITION})*"
PLAIN_CONDITIONS = Pattern(PLAIN)
COMPARISONS: Mapping[str, Callable[[list[int], list[int]], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    ">": operator.gt,
}


class Versions:
    """The versions that meet conditions such as `>=1.26,<3`; all if there are none.

    Raises ValueError if pip cannot read them.
    """

    def __init__(self, text: str = "") -> None:
        self.text = text
        self._plain = _plain_conditions(text)
        if self._plain is None:
            self.conditions: Sequence[tuple[str, str]] = [
                (condition.operator, condition.version) for condition in self._all
            ]
        else:
            self.conditions = self._plain

    @cached_property
    def _all(self) -> SpecifierSet:
        from packaging.specifiers import SpecifierSet

        return SpecifierSet(self.text)

    def __str__(self) -> str:
        """Return the conditions in the order of packaging."""
        return str(self._all)

    def contains(self, version: str, prereleases: bool | None = None) -> bool:
        """Whether a version meets all conditions."""
        if self._plain is None or not PLAIN_NUMBER.fullmatch(version):
            return self._all.contains(version, prereleases)
        return all(COMPARISONS[sign](*_aligned(version, bound)) for sign, bound in self._plain)


def at_least(version: str, least: str) -> bool:
    """Whether a version is a given one or newer."""
    if PLAIN_NUMBER.fullmatch(version) and PLAIN_NUMBER.fullmatch(least):
        numbers, bound = _aligned(version, least)
        return numbers >= bound
    from packaging.version import Version

    return Version(version) >= Version(least)


def allows(versions: Versions, least: str) -> bool:
    """Whether versions may be the one that is given, or newer."""
    pins = [version for sign, version in versions.conditions if sign in ("==", "===")]
    if pins:
        return all(at_least(pin.removesuffix(".*"), least) for pin in pins)
    major, _, _ = least.partition(".")
    return any(
        versions.contains(f"{major}.{minor}.{patch}") for minor in range(20) for patch in (0, 9)
    )


def canonical(name: str) -> str:
    """Return a distribution's name as PyPI compares it: `Flask_Cors` is `flask-cors`."""
    key = name.lower().replace("_", "-").replace(".", "-")
    while "--" in key:
        key = key.replace("--", "-")
    return key


def _plain_conditions(text: str) -> list[tuple[str, str]] | None:
    """Return operators and versions, if only such with numbers are there, and each operator once."""
    if text and not PLAIN_CONDITIONS.fullmatch(text):
        return None
    found = list(_split(text))
    return found if len({sign for sign, _ in found}) == len(found) else None


def _split(text: str) -> Iterator[tuple[str, str]]:
    for condition in filter(None, text.split(",")):
        bare = condition.strip()
        sign = bare.rstrip("0123456789. \t")
        yield sign, bare[len(sign) :].strip()


def _aligned(one: str, other: str) -> tuple[list[int], list[int]]:
    """Return the numbers of two versions, as many of each: 1.26 is 1.26.0."""
    numbers = zip_longest(one.split("."), other.split("."), fillvalue="0")
    pairs = [(int(first), int(second)) for first, second in numbers]
    return [first for first, _ in pairs], [second for _, second in pairs]
