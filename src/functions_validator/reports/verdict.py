"""What was found in one project."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from ..model import Finding, Severity


@dataclass(frozen=True)
class Verdict:
    """What was found in one project: `folder` is as it was given, `indexed_by` is "" if it was not."""

    folder: PurePath
    findings: Sequence[Finding]
    notes: Sequence[str]
    functions: int
    seconds: float
    indexed_by: str

    def count(self, severity: Severity) -> int:
        """Return how many findings have the severity."""
        return sum(finding.severity is severity for finding in self.findings)

    def path(self, finding: Finding) -> str:
        """Return where a finding is, from where the validator was started."""
        return (self.folder / finding.problem.place.path).as_posix()

    @property
    def summary(self) -> str:
        """Return the closing line."""
        errors = _counted(self.count(Severity.ERROR), "error")
        warnings = _counted(self.count(Severity.WARNING), "warning")
        judged = self.indexed_by or "the sources alone"
        functions = _counted(self.functions, "function")
        return f"{errors}, {warnings} in {functions}; judged by {judged} in {self.seconds:.1f} s"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
