"""What the command line asks for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple


class CannotRun(Exception):
    """Nothing can be checked; the message is a sentence that says why."""


class Options(NamedTuple):
    """The arguments, by their names."""

    project: Path = Path()
    python: str | None = None
    no_index: bool = False
    timeout: float = 60
    format: str = "text"
    select: Sequence[str] | None = None
    ignore: Sequence[str] = ()
