"""Prints findings and functions as JSON, as report.schema.json describes it."""

from __future__ import annotations

import json
from typing import Any

from ..model import Severity
from ..project.functions import Binding, Function
from ..project.import_graph import UNKNOWN
from ..rules.rule import Finding
from .redaction import without_secrets
from .report import Report, Verdict

# The version of the format: a new key does not change it, a key that goes or means something else does.
VERSION = 1


def as_json(report: Report) -> str:
    """Return an object with the findings, the notes, and each app with its functions."""
    content = {
        "version": VERSION,
        "error": report.error or None,
        "findings": [_finding(verdict, finding) for verdict, finding in report.findings],
        "notes": report.notes,
        "apps": [_app(verdict) for verdict in report.verdicts],
    }
    return json.dumps(content, indent=2)


def _finding(verdict: Verdict, finding: Finding) -> dict[str, Any]:
    problem = finding.problem
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "path": verdict.path(problem.place.path),
        "line": problem.place.line,
        "column": problem.place.column,
        "message": without_secrets(problem.message),
        "fix": without_secrets(problem.fix),
        "documentation": verdict.page(finding.rule),
    }


def _app(verdict: Verdict) -> dict[str, Any]:
    return {
        "path": verdict.folder.as_posix(),
        "indexed_by": verdict.indexed_by or None,
        "not_indexed": without_secrets(verdict.not_indexed) or None,
        "errors": verdict.count(Severity.ERROR),
        "warnings": verdict.count(Severity.WARNING),
        "seconds": round(verdict.seconds, 3),
        "functions": [_function(verdict, function) for function in verdict.functions],
    }


def _function(verdict: Verdict, function: Function) -> dict[str, Any]:
    return {
        "name": _known(function.name),
        "path": verdict.path(function.place.path),
        "line": function.place.line,
        "bindings": [_binding(binding) for binding in function.bindings],
    }


def _binding(binding: Binding) -> dict[str, Any]:
    """Return a binding with the keys of function.json."""
    own = {"type": binding.type, "direction": binding.direction, "name": binding.name}
    return {key: _known(value) for key, value in {**own, **binding.fields}.items()}


def _known(value: object) -> object:
    """Return a value without secrets; None for one that only the running app knows."""
    if value is UNKNOWN:
        return None
    return without_secrets(value) if isinstance(value, str) else value
