"""What a rule is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ..model import Problem, Severity
from ..project.project import Project

Check = Callable[[Project], Iterator[Problem]]


@dataclass(frozen=True)
class Rule:
    """A rule: its code, its title in a few words, and the function that finds problems."""

    code: str
    severity: Severity
    title: str
    check: Check


def rule(code: str, severity: Severity, title: str) -> Callable[[Check], Rule]:
    """Make a rule of the function below."""

    def make(check: Check) -> Rule:
        return Rule(code, severity, title, check)

    return make
