"""Runs rules on a project."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .model import Finding
from .project.project import Project
from .rules.rule import Rule

# A comment on the line of a finding, or on a line of its own above it, that accepts it.
ACCEPTED = re.compile(r"(?:#|//)\s*validate:\s*ignore\s+(AF\d+(?:\s*,\s*AF\d+)*)")


def check(project: Project, rules: Sequence[Rule]) -> list[Finding]:
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
