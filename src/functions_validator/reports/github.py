"""Prints findings as annotations of GitHub Actions."""

from __future__ import annotations

from collections.abc import Iterator

from ..project.project import DEFAULT_ENTRY
from .report import Report, sentences


def as_github(report: Report) -> str:
    """Return a workflow command for each finding and note, and the summaries."""
    return "\n".join(_lines(report))


def _lines(report: Report) -> Iterator[str]:
    if report.error:
        yield f"::error::{_escaped(report.error)}"
    for result, why in report.not_indexed:
        folder = _escaped_property(result.path(DEFAULT_ENTRY))
        yield f"::warning file={folder},title=not indexed::{_escaped(why)}"
    for result, finding in report.findings:
        place = finding.problem.place
        properties = {
            "file": result.path(place.path),
            "line": str(place.line),
            "col": str(place.column),
            "title": finding.code,
        }
        given = ",".join(f"{key}={_escaped_property(text)}" for key, text in properties.items())
        yield f"::{finding.severity.value} {given}::{_escaped(sentences(finding))}"
    for note in report.notes:
        yield f"::notice::{_escaped(note)}"
    for result in report.results:
        yield result.summary


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escaped_property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
