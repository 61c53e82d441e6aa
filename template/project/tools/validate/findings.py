"""What a rule is, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .project import Project


class Severity(Enum):
    """An error stops the app or loses data; a warning will bite."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Place:
    """Where something stands: a path relative to the project, with `/`; lines and columns from 1."""

    path: str
    line: int = 1
    column: int = 1


@dataclass(frozen=True)
class Problem:
    """What a rule found at a place, and how to mend it: one sentence each."""

    place: Place
    sentence: str
    mend: str


@dataclass(frozen=True)
class Finding:
    """A problem, with the rule that found it."""

    code: str
    severity: Severity
    problem: Problem


Check = Callable[["Project"], Iterator[Problem]]


@dataclass(frozen=True)
class Rule:
    """A rule: its code, what it says in a few words, and the function that finds problems.

    The function's docstring is the rule's page: why it matters, and how to mend it.
    """

    code: str
    severity: Severity
    title: str
    check: Check


RULES: dict[str, Rule] = {}


def rule(code: str, severity: Severity, title: str) -> Callable[[Check], Check]:
    """Make a rule of the function below; the code must be new."""

    def register(check: Check) -> Check:
        if code in RULES:
            raise ValueError(f"There are two rules {code}.")
        RULES[code] = Rule(code, severity, title, check)
        return check

    return register
