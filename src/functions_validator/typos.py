"""Finds the name that somebody may have meant."""

from __future__ import annotations

from collections.abc import Iterable

# How alike two names are, from 0 to 1, if one may be the other with a typing mistake.
ALIKE = 0.85


def similar_name(name: str, known: Iterable[str], alike: float = ALIKE) -> str | None:
    """Return the known name that is most like a name; None if none is alike enough."""
    # Imported where it is needed: most apps have no such mistake.
    import difflib

    return next(iter(difflib.get_close_matches(name, list(known), 1, alike)), None)


def misspelled(name: str, keys: Iterable[str]) -> str | None:
    """Return the key that may be a name with a typing mistake, or in another letter case."""
    lowered = {key.lower(): key for key in keys}
    similar = similar_name(name.lower(), lowered)
    return lowered[similar] if similar else None
