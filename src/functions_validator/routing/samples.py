"""Texts that a regular expression accepts."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterable, Sequence
from typing import Any

CANDIDATES = "a7_- .zA"
LONGEST = 200


def matching_sample(pattern: re.Pattern[str]) -> Sequence[str]:
    """Return a text that the expression accepts, or nothing if none is found."""
    try:
        text = _sample(_parse(pattern.pattern))
    except (ValueError, RecursionError, ImportError):
        return ()
    return (text,) if text and pattern.search(text) else ()


def _parse(text: str) -> Iterable[Any]:
    """Return the parts of an expression as Python's own parser sees them."""
    # It has another name in Python 3.10.
    name = "re._parser" if sys.version_info >= (3, 11) else "sre_parse"
    parts: Iterable[Any] = importlib.import_module(name).parse(text)
    return parts


def _sample(parts: Iterable[Any]) -> str:
    return "".join(_part(str(kind), value) for kind, value in parts)


def _part(kind: str, value: Any) -> str:
    if kind == "LITERAL":
        return chr(value)
    if kind in ("IN", "NOT_LITERAL", "ANY", "CATEGORY"):
        return _one_of(kind, value)
    if kind in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        least, most, parts = value
        return _sample(parts) * min(least or 1, int(most), LONGEST)
    if kind == "SUBPATTERN":
        return _sample(value[-1])
    if kind == "BRANCH":
        return _sample(value[1][0])
    if kind == "ATOMIC_GROUP":
        return _sample(value)
    if kind in ("AT", "ASSERT", "ASSERT_NOT"):
        return ""
    raise ValueError(f"no sample for {kind}")


def _one_of(kind: str, value: Any) -> str:
    """Return a character of a set."""
    if kind == "IN":
        for inner, content in value:
            if str(inner) == "LITERAL":
                return chr(content)
            if str(inner) == "RANGE":
                return chr(content[0])
            if str(inner) == "NEGATE":
                break
            if str(inner) == "CATEGORY":
                return _category(content)
        excluded = {chr(content) for inner, content in value if str(inner) == "LITERAL"}
        return next((character for character in CANDIDATES if character not in excluded), "")
    if kind == "NOT_LITERAL":
        return next(character for character in CANDIDATES if ord(character) != value)
    return "a" if kind == "ANY" else _category(value)


def _category(name: Any) -> str:
    return {"CATEGORY_DIGIT": "7", "CATEGORY_SPACE": " ", "CATEGORY_NOT_WORD": "-"}.get(
        str(name), "a"
    )
