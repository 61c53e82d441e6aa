"""Finds files whose names Linux, and so Azure, does not find because of their letter case."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

# Where a file is found by its name in any letter case, as a rule.
IGNORES_CASE = sys.platform in ("win32", "darwin")


def written_otherwise(path: str, files: Iterable[str]) -> str | None:
    """Return the file whose path differs in its letter case only; None if one is as written, or none is there."""
    found = [file for file in files if file.lower() == path.lower()]
    return None if path in found else next(iter(found), None)


def only_found_here(root: str | os.PathLike[str], relative: str) -> bool:
    """Whether this system finds a file below a folder, but Linux does not, since its path is in another letter case."""
    folder = os.fspath(root)
    for part in relative.split("/") if IGNORES_CASE else ():
        try:
            if written_otherwise(part, os.listdir(folder)):
                return True
        except OSError:
            return False
        folder = os.path.join(folder, part)
    return False
