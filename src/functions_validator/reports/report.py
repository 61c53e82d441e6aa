"""What all formats print: the result for each app, or why there is none."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from ..functions.functions import Function
from ..model import Severity
from ..rules.rule import Finding, Rule
from ..words import counted
from .documentation import documentation
from .redaction import without_secrets


class AppResult(NamedTuple):
    """What the rules found in one app.

    `folder` is as given, and `indexed_by` is "" if the app was not imported. `not_indexed` says why it could not
    be, unless a finding does.
    """

    folder: Path
    rules: Sequence[Rule]
    findings: Sequence[Finding]
    notes: Sequence[str]
    functions: Sequence[Function]
    seconds: float
    indexed_by: str
    not_indexed: str = ""

    def number_of(self, severity: Severity) -> int:
        """Return how many findings have the severity."""
        return sum(finding.severity is severity for finding in self.findings)

    def path(self, relative: str) -> str:
        """Return a path of the app as it is from where the validator was started."""
        path = (self.folder / relative).as_posix()
        return posixpath.normpath(path) if relative.startswith("../") else path

    def where(self, finding: Finding) -> str:
        """Return the place of a finding as a line of text has it."""
        place = finding.problem.place
        return f"{self.path(place.path)}:{place.line}:{place.column}"

    @property
    def documentation(self) -> str:
        """Return the address or the folder of the rules' pages, with "/" at its end."""
        return documentation(self.folder)

    def page(self, rule: Rule) -> str:
        """Return where a rule is explained."""
        # Imported here because it imports all rules: see cli.py.
        from ..registry import PAGES

        return self.documentation + PAGES[rule.code]

    @property
    def summary(self) -> str:
        """Return the closing line."""
        errors = counted(self.number_of(Severity.ERROR), "error")
        warnings = counted(self.number_of(Severity.WARNING), "warning")
        functions = counted(len(self.functions), "function")
        how = f"indexed by {self.indexed_by}" if self.indexed_by else "sources only, not indexed"
        return f"{errors}, {warnings} in {functions} ({how}; {self.seconds:.1f} s)"


class Report(NamedTuple):
    """The results; without any, `error` is the sentence that says why."""

    results: Sequence[AppResult] = ()
    error: str = ""

    @property
    def rules(self) -> list[Rule]:
        """Return the rules that an app was checked by."""
        return list(dict.fromkeys(rule for result in self.results for rule in result.rules))

    @property
    def status(self) -> int:
        """Return the exit status of the command."""
        if self.error:
            return 2
        return int(any(result.number_of(Severity.ERROR) for result in self.results))

    @property
    def findings(self) -> Iterator[tuple[AppResult, Finding]]:
        """Yield every finding with its result."""
        for result in self.results:
            for finding in result.findings:
                yield result, finding

    @property
    def not_indexed(self) -> Iterator[tuple[AppResult, str]]:
        """Yield the apps that could not be indexed with the reason, on one line and without secrets."""
        for result in self.results:
            if result.not_indexed:
                yield result, " ".join(without_secrets(result.not_indexed).split())

    @property
    def notes(self) -> list[str]:
        """Return the notes on all apps, without secrets."""
        return [without_secrets(note) for result in self.results for note in result.notes]


def sentences(finding: Finding) -> str:
    """Return what is wrong and how to fix it, without secrets, on one line."""
    problem = finding.problem
    return " ".join(without_secrets(f"{problem.message} {problem.fix}").split())
