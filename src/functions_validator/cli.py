"""The command line: functions-validator [PROJECT]

Exit status 0 if there is no error, 1 if there is one, 2 if the project cannot be judged.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from .checking import check
from .indexing.index import IndexOptions
from .model import Severity
from .project.discovery import function_apps, python_of
from .project.project import DEFAULT_ENTRY, Project
from .registry import chosen
from .reports.github import as_github
from .reports.json_report import as_json
from .reports.text import as_text
from .reports.verdict import Verdict
from .rules.rule import Rule

FORMATS = {"text": as_text, "json": as_json, "github": as_github}


class CannotRun(Exception):
    """The project cannot be judged; the message is a sentence that says why."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Judge the project and print the findings; return the exit status."""
    options = _parser().parse_args(arguments)
    try:
        verdicts = _judge_all(options)
    except CannotRun as reason:
        print(reason, file=sys.stderr)
        return 2
    print(FORMATS[options.format](verdicts))
    return int(any(verdict.count(Severity.ERROR) for verdict in verdicts))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Judge a function app")
    add = parser.add_argument
    add("project", nargs="?", type=Path, default=Path(), help="the app's folder (here)")
    add("--python", type=Path, help="indexes the app (the project's .venv, else this Python)")
    add("--no-index", action="store_true", help="read the sources only, import nothing")
    add("--timeout", type=float, default=60, metavar="SECONDS", help="for importing the app (60)")
    add("--format", choices=FORMATS, default="text")
    add("--select", type=_codes, default=["AF"], metavar="CODES", help="report only these")
    add("--ignore", type=_codes, default=[], metavar="CODES", help="do not report these")
    return parser


def _codes(text: str) -> list[str]:
    return [code for code in text.split(",") if code]


def _judge_all(options: argparse.Namespace) -> list[Verdict]:
    """Return the verdict on every app in the folder. Raises CannotRun if there is none."""
    try:
        rules = chosen(options.select, options.ignore)
    except ValueError as error:
        raise CannotRun(str(error)) from error
    if not options.project.is_dir():
        raise CannotRun(f"{options.project} is no folder: say where the function app is.")
    folders = function_apps(options.project)
    if not folders:
        raise CannotRun(
            f"{options.project} has no {DEFAULT_ENTRY} beside a host.json: say which folder holds a "
            "function app of the v2 programming model."
        )
    return [_judge(folder, rules, options) for folder in folders]


def _judge(folder: Path, rules: Sequence[Rule], options: argparse.Namespace) -> Verdict:
    started = time.perf_counter()
    index = None
    if not options.no_index:
        index = IndexOptions(options.python or python_of(folder), options.timeout)
    project = Project(folder, index)
    findings = check(project, rules)
    indexed = project.index if project.index and not project.index.failure else None
    judge = "the Functions worker" if indexed and indexed.has_worker else "azure.functions"
    return Verdict(
        folder,
        findings,
        project.notes,
        len(project.functions),
        time.perf_counter() - started,
        f"{judge} on Python {indexed.python}" if indexed else "",
    )
