"""What a rule is, and what it finds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
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

# A comment on the line of a finding, or on a line of its own above it, that accepts it.
ACCEPTED = re.compile(r"(?:#|//)\s*validate:\s*ignore\s+(AF\d+(?:\s*,\s*AF\d+)*)")


def rule(code: str, severity: Severity, title: str) -> Callable[[Check], Check]:
    """Make a rule of the function below; the code must be new."""

    def register(check: Check) -> Check:
        if code in RULES:
            raise ValueError(f"There are two rules {code}.")
        RULES[code] = Rule(code, severity, title, check)
        return check

    return register


def find(project: Project, rules: Sequence[Rule]) -> list[Finding]:
    """Return what the rules find, without what a comment accepts, in the order of files and lines."""
    found: list[Finding] = []
    for rule in rules:
        try:
            problems = list(dict.fromkeys(rule.check(project)))
        except (RecursionError, OSError, ValueError, MemoryError) as error:
            project.note(f"{rule.code} could not be judged: {error}")
            continue
        found += [Finding(rule.code, rule.severity, problem) for problem in problems]
    found = [finding for finding in found if not _is_accepted(project, finding)]
    return sorted(
        found, key=lambda finding: (finding.problem.place.path, finding.problem.place.line)
    )


def _is_accepted(project: Project, finding: Finding) -> bool:
    place = finding.problem.place
    lines = (project.text(place.path) or "").splitlines()
    own = lines[place.line - 1 : place.line]
    above = [line for line in lines[max(place.line - 2, 0) : place.line - 1] if _is_comment(line)]
    return any(
        finding.code in match[1] for line in (*own, *above) for match in ACCEPTED.finditer(line)
    )


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith(("#", "//"))
