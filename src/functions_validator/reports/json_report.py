"""Prints findings and functions as JSON, as report.schema.json describes it."""

from __future__ import annotations

import json
import math
from typing import Any

from ..functions.functions import Binding, Function
from ..model import Severity
from ..rules.rule import Finding
from .redaction import without_secrets
from .report import AppResult, Report

# The version of the format: a new key does not change it; removing a key, or changing its meaning, does.
VERSION = 1


def as_json(report: Report) -> str:
    """Return an object with the findings, the notes, and each app with its functions."""
    content = {
        "version": VERSION,
        "error": report.error or None,
        "findings": [_finding(result, finding) for result, finding in report.findings],
        "notes": report.notes,
        "apps": [_app(result) for result in report.results],
    }
    return json.dumps(content, indent=2)


def _finding(result: AppResult, finding: Finding) -> dict[str, Any]:
    problem = finding.problem
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "path": result.path(problem.place.path),
        "line": problem.place.line,
        "column": problem.place.column,
        "message": without_secrets(problem.message),
        "fix": without_secrets(problem.fix),
        "documentation": result.page(finding.rule),
    }


def _app(result: AppResult) -> dict[str, Any]:
    return {
        "path": result.folder.as_posix(),
        "indexed_by": result.indexed_by or None,
        "not_indexed": without_secrets(result.not_indexed) or None,
        "errors": result.number_of(Severity.ERROR),
        "warnings": result.number_of(Severity.WARNING),
        "seconds": round(result.seconds, 3),
        "functions": [_function(result, function) for function in result.functions],
    }


def _function(result: AppResult, function: Function) -> dict[str, Any]:
    return {
        "name": _known(function.name),
        "path": result.path(function.place.path),
        "line": function.place.line,
        "bindings": [_binding(binding) for binding in function.bindings],
    }


def _binding(binding: Binding) -> dict[str, Any]:
    """Return a binding with the keys of function.json."""
    own = {"type": binding.type, "direction": binding.direction, "name": binding.name}
    return {key: _known(value) for key, value in {**own, **binding.fields}.items()}


def _known(value: object) -> object:
    """Return a value without secrets; None for one that only the running app knows, or that JSON does not have."""
    match value:
        case str():
            return without_secrets(value)
        case list() | tuple():
            return [_known(one) for one in value]
        case dict():
            return {str(key): _known(one) for key, one in value.items()}
        case float() if not math.isfinite(value):
            return None
    return value if isinstance(value, int | float) else None
