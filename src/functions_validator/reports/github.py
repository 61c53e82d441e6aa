"""Prints findings as annotations of GitHub Actions."""

from __future__ import annotations

from collections.abc import Sequence

from .redaction import without_secrets
from .verdict import Verdict


def as_github(verdicts: Sequence[Verdict]) -> str:
    """Return a workflow command for each finding and note, and the summaries."""
    lines = []
    for verdict in verdicts:
        for finding in verdict.findings:
            place, problem = finding.problem.place, finding.problem
            properties = {
                "file": verdict.path(finding),
                "line": str(place.line),
                "col": str(place.column),
                "title": finding.code,
            }
            given = ",".join(f"{key}={_escaped_property(v)}" for key, v in properties.items())
            message = _escaped(without_secrets(f"{problem.message} {problem.fix}"))
            lines.append(f"::{finding.severity.value} {given}::{message}")
        lines += [f"::notice::{_escaped(without_secrets(note))}" for note in verdict.notes]
        lines.append(verdict.summary)
    return "\n".join(lines)


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escaped_property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
