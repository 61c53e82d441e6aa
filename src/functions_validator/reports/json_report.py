"""Prints findings as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence

from ..model import Severity
from .redaction import without_secrets
from .verdict import Verdict


def as_json(verdicts: Sequence[Verdict]) -> str:
    """Return an object with `findings`, `notes` and a `summary` over all projects."""
    findings = [
        {
            "code": finding.code,
            "severity": finding.severity.value,
            "path": verdict.path(finding),
            "line": finding.problem.place.line,
            "column": finding.problem.place.column,
            "message": without_secrets(finding.problem.message),
            "fix": without_secrets(finding.problem.fix),
        }
        for verdict in verdicts
        for finding in verdict.findings
    ]
    summary = {
        "errors": sum(verdict.count(Severity.ERROR) for verdict in verdicts),
        "warnings": sum(verdict.count(Severity.WARNING) for verdict in verdicts),
        "functions": sum(verdict.functions for verdict in verdicts),
        "seconds": round(sum(verdict.seconds for verdict in verdicts), 3),
        "projects": {verdict.folder.as_posix(): verdict.indexed_by for verdict in verdicts},
    }
    notes = [without_secrets(note) for verdict in verdicts for note in verdict.notes]
    return json.dumps({"findings": findings, "notes": notes, "summary": summary}, indent=2)
