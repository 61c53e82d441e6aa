"""Prints findings as text, a line each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .redaction import without_secrets
from .verdict import Verdict


def as_text(verdicts: Sequence[Verdict]) -> str:
    """Return a line for each finding and note, and a summary for each project."""
    return without_secrets("\n".join(_lines(verdicts)))


def _lines(verdicts: Sequence[Verdict]) -> Iterator[str]:
    for verdict in verdicts:
        for finding in verdict.findings:
            place, problem = finding.problem.place, finding.problem
            where = f"{verdict.path(finding)}:{place.line}:{place.column}"
            yield f"{where}: {finding.code} {_on_one_line(problem.message)} {problem.fix}"
        for note in verdict.notes:
            yield f"note: {_on_one_line(note)}"
        prefix = f"{verdict.folder.as_posix()}: " if len(verdicts) > 1 else ""
        yield f"{prefix}{verdict.summary}"


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
