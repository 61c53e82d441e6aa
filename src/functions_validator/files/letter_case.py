"""Finds files whose names Linux, and so Azure, does not find because of their letter case."""

from __future__ import annotations

from collections.abc import Iterable


def written_otherwise(path: str, files: Iterable[str]) -> str | None:
    """Return the file whose path differs in its letter case only; None if one is as written, or none is there."""
    found = [file for file in files if file.lower() == path.lower()]
    return None if path in found else next(iter(found), None)
