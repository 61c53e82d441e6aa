"""Words in sentences."""

from __future__ import annotations

from collections.abc import Sequence


def listed(words: Sequence[str], conjunction: str) -> str:
    """Return words as in "a, b or c"; "" for none."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {conjunction} {words[-1]}"


def counted(number: int, noun: str) -> str:
    """Return a number with a noun, such as "1 value" or "11 values"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def first_of(words: Sequence[str]) -> str:
    """Return the first of some words, such as paths, and how many more there are."""
    return f"{words[0]} and {len(words) - 1} more" if len(words) > 1 else words[0]
