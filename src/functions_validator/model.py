"""What a rule says: where a problem is, how severe it is, what is wrong and how to fix it."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class Severity(Enum):
    """An error stops the app or loses data; a warning is likely to cause trouble."""

    ERROR = "error"
    WARNING = "warning"


class Place(NamedTuple):
    """A place in a file: the path relative to the project, with `/`, and the line and the column, counted from 1."""

    path: str
    line: int = 1
    column: int = 1

    @property
    def path_and_line(self) -> tuple[str, int]:
        """Return the path and the line, by which places are compared whose columns may differ."""
        return self.path, self.line

    @property
    def is_inside(self) -> bool:
        """Whether it is in the folder of the app, and not beside it in the repository."""
        return not self.path.startswith("../")


class Fault(NamedTuple):
    """Why a file cannot be read, in words that continue a sentence, and where."""

    message: str
    place: Place


class Problem(NamedTuple):
    """What a rule found at a place, and how to fix it: one sentence each."""

    place: Place
    message: str
    fix: str
