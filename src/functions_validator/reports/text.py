"""Prints findings as text, a line each, with where to read more."""

from __future__ import annotations

from collections.abc import Iterator

from .redaction import without_secrets
from .report import Report, sentences


def as_text(report: Report) -> str:
    """Return a line for each app that could not be indexed, each finding, rule and note, and the summaries."""
    return "\n".join(_lines(report))


def _lines(report: Report) -> Iterator[str]:
    pages: dict[str, str] = {}
    for result, why in report.not_indexed:
        yield f"{result.folder.as_posix()}: not indexed: {why}"
    for result, finding in report.findings:
        yield f"{result.where(finding)}: {finding.code} {sentences(finding)}"
        pages[finding.code] = result.page(finding.rule)
    for code, page in sorted(pages.items()):
        yield f"{code} is explained in {page}"
    for note in report.notes:
        yield f"note: {' '.join(note.split())}"
    for result in report.results:
        prefix = f"{result.folder.as_posix()}: " if len(report.results) > 1 else ""
        yield without_secrets(f"{prefix}{result.summary}")
