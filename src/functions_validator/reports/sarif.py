"""Prints findings as SARIF 2.1.0, which the code scanning of GitHub and Azure DevOps reads."""

from __future__ import annotations

import json
from typing import Any

from .. import __version__
from ..rules.rule import Finding, Rule
from .report import AppResult, Report, sentences

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def as_sarif(report: Report) -> str:
    """Return one run with a result for each finding."""
    codes = [rule.code for rule in report.rules]
    driver = {
        "name": "functions-validator",
        "version": __version__,
        "rules": [_rule(rule, report) for rule in report.rules],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report)],
        "results": [
            _result(result, finding, codes.index(finding.code))
            for result, finding in report.findings
        ],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _rule(rule: Rule, report: Report) -> dict[str, Any]:
    described: dict[str, Any] = {
        "id": rule.code,
        "shortDescription": {"text": f"{rule.title}."},
        "defaultConfiguration": {"level": rule.severity.value},
    }
    for result in report.results:
        if result.documentation.startswith("https://"):
            described["helpUri"] = result.page(rule)
    return described


def _invocation(report: Report) -> dict[str, Any]:
    """Return an invocation: whether the apps could be checked, and what else there is to say."""
    said = [("error", report.error)] if report.error else []
    said += [
        ("warning", f"{v.folder.as_posix()}: not indexed: {why}") for v, why in report.not_indexed
    ]
    said += [("note", note) for note in report.notes]
    return {
        "executionSuccessful": not report.error,
        "exitCode": report.status,
        "toolExecutionNotifications": [
            {"level": level, "message": {"text": text}} for level, text in said
        ],
    }


def _result(result: AppResult, finding: Finding, index: int) -> dict[str, Any]:
    place = finding.problem.place
    location = {
        "artifactLocation": {"uri": result.path(place.path)},
        "region": {"startLine": place.line, "startColumn": place.column},
    }
    return {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": finding.severity.value,
        "message": {"text": sentences(finding)},
        "locations": [{"physicalLocation": location}],
    }
