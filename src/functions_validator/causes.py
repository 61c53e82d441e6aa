"""Leaves out findings that only follow from another one, mostly in the same statement."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from .model import Place
from .project.project import Project
from .rules.rule import Finding

# Findings by their codes, each with those that it follows from in the same statement.
FOLLOW: Mapping[str, Sequence[str]] = {
    "AF101": ("AF208", "AF224", "AF241", "AF302", "AF428", "AF601", "AF717"),
    "AF104": ("AF101",),
    "AF114": ("AF101",),
    "AF211": ("AF113",),
    "AF306": ("AF601",),
    "AF411": ("AF428",),
    "AF412": ("AF428",),
    "AF422": ("AF716",),
    "AF426": ("AF405", "AF406"),
    "AF502": ("AF601",),
}
# The same for findings at just the same place, as in JSON, which has no statements.
FOLLOW_AT_PLACE: Mapping[str, Sequence[str]] = {
    "AF505": ("AF503", "AF508", "AF510", "AF514"),
    "AF512": ("AF503", "AF508"),
    "AF513": ("AF514",),
}
# The same for findings anywhere: an app has no functions if the worker does not find any that it defines.
FOLLOW_ANYWHERE: Mapping[str, Sequence[str]] = {
    "AF107": ("AF108", "AF110", "AF111", "AF112", "AF119", "AF123")
}


def without_consequences(project: Project, findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings without those that another one explains."""
    by_code: dict[str, list[Finding]] = {}
    for finding in findings:
        by_code.setdefault(finding.code, []).append(finding)
    return [
        finding
        for finding in findings
        if not any(
            _follows(project, finding, cause)
            for code in _codes_of_causes(finding.code)
            for cause in by_code.get(code, ())
        )
    ]


def _codes_of_causes(code: str) -> set[str]:
    """Return the codes of what may explain a finding with a code: most have none, and an app may have many findings."""
    tables = (FOLLOW, FOLLOW_AT_PLACE, FOLLOW_ANYWHERE)
    return {cause for table in tables for cause in table.get(code, ())}


def _follows(project: Project, finding: Finding, cause: Finding) -> bool:
    if cause.code in FOLLOW_ANYWHERE.get(finding.code, ()):
        return True
    place, other = finding.problem.place, cause.problem.place
    if place == other and cause.code in FOLLOW_AT_PLACE.get(finding.code, ()):
        return True
    if cause.code not in FOLLOW.get(finding.code, ()):
        return False
    return place.path == other.path and (
        place.line == other.line or _are_together(project, place, other.line)
    )


def _are_together(project: Project, place: Place, line: int) -> bool:
    """Whether a line is in the same decorator or the same simple statement as a place, or decorates a function there."""
    for module in project.sources.modules.values():
        if module.relative == place.path:
            nodes: list[ast.expr | ast.stmt] = [*module.decorators]
            nodes += [n for n in module.nodes if isinstance(n, ast.stmt) and not hasattr(n, "body")]
            if any(_has(node, place.line, line) for node in nodes):
                return True
            # Python 3.10 says that a decorator fails in the line of the function.
            return any(
                one.lineno == place.line and any(_has(node, line) for node in one.decorator_list)
                for one in module.definitions
            )
    return False


def _has(node: ast.expr | ast.stmt, *lines: int) -> bool:
    return all(node.lineno <= line <= (node.end_lineno or node.lineno) for line in lines)
