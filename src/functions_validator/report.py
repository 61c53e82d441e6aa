"""Prints findings as text, as JSON, or as annotations of GitHub Actions. Prints no secret."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from .findings import Finding, Severity

SECRETS = re.compile(
    r"""((?:account|sharedaccess|access)?key|sharedaccesssignature|password|pwd|secret|sig|token|code)
        (["']?\s*[=:]\s*["']?)[^\s;,&"']{4,}""",
    re.IGNORECASE | re.VERBOSE,
)
PASSWORD_IN_URL = re.compile(r"(://[^/\s:@]*:)[^/\s@]+@")


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


def without_secrets(text: str) -> str:
    """Return a text with dots in the place of keys and passwords."""
    return PASSWORD_IN_URL.sub(r"\1...@", SECRETS.sub(r"\1\2...", text))


def as_text(verdicts: Sequence[Verdict]) -> str:
    """Return a line for each finding and note, and a summary for each project."""
    return without_secrets("\n".join(_lines(verdicts)))


def _lines(verdicts: Sequence[Verdict]) -> Iterator[str]:
    for verdict in verdicts:
        for finding in verdict.findings:
            place, problem = finding.problem.place, finding.problem
            where = f"{verdict.path(finding)}:{place.line}:{place.column}"
            yield f"{where}: {finding.code} {_on_one_line(problem.sentence)} {problem.mend}"
        for note in verdict.notes:
            yield f"note: {_on_one_line(note)}"
        prefix = f"{verdict.folder.as_posix()}: " if len(verdicts) > 1 else ""
        yield f"{prefix}{verdict.summary}"


def as_json(verdicts: Sequence[Verdict]) -> str:
    """Return an object with `findings`, `notes` and a `summary` over all projects."""
    findings = [
        {
            "code": finding.code,
            "severity": finding.severity.value,
            "path": verdict.path(finding),
            "line": finding.problem.place.line,
            "column": finding.problem.place.column,
            "sentence": without_secrets(finding.problem.sentence),
            "mend": without_secrets(finding.problem.mend),
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
            message = _escaped(without_secrets(f"{problem.sentence} {problem.mend}"))
            lines.append(f"::{finding.severity.value} {given}::{message}")
        lines += [f"::notice::{_escaped(without_secrets(note))}" for note in verdict.notes]
        lines.append(verdict.summary)
    return "\n".join(lines)


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escaped_property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
