"""Words in sentences."""

from __future__ import annotations

from collections.abc import Sequence


def listed(words: Sequence[str], conjunction: str) -> str:
    """Return words as in "a, b or c"; "" for none."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {conjunction} {words[-1]}"
