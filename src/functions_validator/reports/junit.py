"""Prints findings as JUnit XML, in which each rule is a test of the app."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..model import Severity
from ..rules.rule import Rule
from .redaction import without_secrets
from .report import AppResult, Report, sentences

if TYPE_CHECKING:
    from junitparser import TestCase

NAME = "functions-validator"
# Compiled on first use, since that is slow.
NOT_IN_XML = r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"


def as_junit(report: Report) -> str:
    """Return a suite for each app with a case for each rule: errors fail it, warnings are its output."""
    # Imported where it is needed: no other format takes it.
    from junitparser import Error, JUnitXml, Skipped, SystemOut, TestCase, TestSuite

    xml = JUnitXml(NAME)
    if report.error:
        suite = TestSuite(NAME)
        case = TestCase("the app can be checked", NAME)
        case.result = [Error(_readable(report.error))]
        suite.add_testcase(case)
        xml.add_testsuite(suite)
    for result in report.results:
        suite = TestSuite(result.folder.as_posix())
        if result.not_indexed:
            case = TestCase("the app can be indexed", NAME)
            case.result = [Skipped(_readable(result.not_indexed))]
            suite.add_testcase(case)
        suite.add_testcases([_case(result, rule) for rule in report.rules])
        suite.time = round(result.seconds, 3)
        suite.append(SystemOut(_readable("\n".join([*result.notes, result.summary]))))
        xml.add_testsuite(suite)
    text: bytes = xml.tostring()
    return text.decode()


def _case(result: AppResult, rule: Rule) -> TestCase:
    """Return the case of a rule in an app."""
    from junitparser import Failure, TestCase

    case = TestCase(f"{rule.code} {rule.title}", NAME)
    found = [finding for finding in result.findings if finding.rule is rule]
    lines = _readable("\n".join(f"{result.where(one)}: {sentences(one)}" for one in found))
    if found and rule.severity is Severity.ERROR:
        failure = Failure(_readable(sentences(found[0])), rule.code)
        failure.text = lines
        case.result = [failure]
    elif found:
        case.system_out = lines
    return case


def _readable(text: str) -> str:
    """Return a text without secrets, and without what XML does not take."""
    return re.sub(NOT_IN_XML, "\ufffd", without_secrets(text))
