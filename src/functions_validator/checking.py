"""Runs rules on a project."""

from __future__ import annotations

from collections.abc import Sequence

from .causes import without_consequences
from .configuration import Configuration
from .project.project import Project
from .rules.rule import Finding, Rule
from .silencing import silence


def check(
    project: Project, rules: Sequence[Rule], configuration: Configuration | None = None
) -> list[Finding]:
    """Return what the rules find, without what the app accepts, in the order of files and lines."""
    found: list[Finding] = []
    for rule in rules:
        try:
            problems = list(dict.fromkeys(rule.check(project)))
        except (RecursionError, OSError, ValueError, MemoryError) as error:
            project.note(f"{rule.code} could not be checked: {error}")
            continue
        found += [Finding(rule, problem) for problem in problems]
    kept = silence(project, found, rules, configuration or Configuration())
    return sorted(without_consequences(project, kept), key=_order)


def _order(finding: Finding) -> tuple[str, int]:
    return finding.problem.place.path, finding.problem.place.line
