"""What a rule is, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from ..model import Problem, Severity
from ..project.project import Project

Check = Callable[[Project], Iterator[Problem]]


class Rule(NamedTuple):
    """A rule: its code, its title in a few words, and the function that finds problems."""

    code: str
    severity: Severity
    title: str
    check: Check


class Finding(NamedTuple):
    """A problem, with the rule that found it."""

    rule: Rule
    problem: Problem

    @property
    def code(self) -> str:
        """Return the rule's code."""
        return self.rule.code

    @property
    def severity(self) -> Severity:
        """Return the rule's severity."""
        return self.rule.severity


def rule(code: str, severity: Severity, title: str) -> Callable[[Check], Rule]:
    """Make a rule of the function below."""

    def make(check: Check) -> Rule:
        return Rule(code, severity, title, check)

    return make
