"""The command line: functions-validator [PROJECT]

Exit status 0 if there is no error, 1 if there is one, 2 if nothing could be checked.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
import time
from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path

from .configuration import Configuration, read_configuration
from .files.text_files import reason
from .options import CannotRun, Options
from .project.discovery import function_apps, interpreter_of, named_interpreter, why_no_app
from .project.import_failures import why_not_indexed
from .project.project import Project
from .reports.report import AppResult, Report
from .reports.text import as_text
from .rules.rule import Rule

FORMATS = ("text", "json", "github", "sarif", "junit")


def main(arguments: Sequence[str] | None = None) -> int:
    """Check the apps and print the report; return the exit status."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    try:
        options = _options(given)
        report = _check_all(options)
    except CannotRun as refusal:
        report = Report(error=str(refusal))
    except OSError as error:
        report = Report(error=_unreadable(error))
    if report.error:
        say(report.error)
    format_ = _format(given)
    text = _printed(report, format_)
    if text:
        _prepare_output(format_)
        print(text)
    return report.status


def _unreadable(error: OSError) -> str:
    """Return why files cannot be read, such as in a folder that only somebody else may enter."""
    return f"{error.filename or 'The app'} cannot be read: {reason(error)}."


def say(text: str) -> None:
    """Print a sentence on standard error, unless that is closed."""
    if sys.stderr:
        with contextlib.suppress(OSError):
            print(text, file=sys.stderr)


def _prepare_output(format_: str) -> None:
    """Let the output contain every character, as in names of files; what tools read is UTF-8."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        encoding = None if format_ == "text" else "utf-8"
        sys.stdout.reconfigure(encoding=encoding, errors="backslashreplace")


def _options(arguments: Sequence[str]) -> Options:
    # argparse takes a tenth of the time, and most runs need none of it.
    folders = [one for one in arguments if not one.startswith("-")]
    others = {*arguments} - {*folders}
    if len(folders) < 2 and others <= {"--no-index"}:
        return Options(Path(*folders), no_index=bool(others))
    from .arguments import parse

    return parse(arguments, FORMATS)


def _format(arguments: Sequence[str]) -> str:
    """Return the format that was asked for, also where something else about the arguments is wrong."""
    asked = "text"
    for argument, following in zip_longest(arguments, arguments[1:], fillvalue=""):
        name, equals, value = argument.partition("=")
        if name == "--format":
            asked = value if equals else following
    return asked if asked in FORMATS else "text"


def _printed(report: Report, name: str) -> str:
    """Return the report in a format. All but one are imported when they are asked for."""
    match name:
        case "json":
            from .reports.json_report import as_json as printed
        case "github":
            from .reports.github import as_github as printed
        case "sarif":
            from .reports.sarif import as_sarif as printed
        case "junit":
            from .reports.junit import as_junit as printed
        case _:
            printed = as_text
    return printed(report)


def _check_all(options: Options) -> Report:
    """Return the result for each app in the folder. Raises CannotRun, also if there is no app."""
    try:
        os.listdir(options.project)
    except (FileNotFoundError, NotADirectoryError) as error:
        problem = f"{options.project} is not a folder. Name the folder of a function app."
        raise CannotRun(problem) from error
    folders = function_apps(options.project)
    if not folders:
        raise CannotRun(why_no_app(options.project))
    return Report([_check(folder, options) for folder in folders])


def _check(folder: Path, options: Options) -> AppResult:
    """Return the result for the app in a folder. Raises CannotRun."""
    started = time.perf_counter()
    index = None
    if not options.no_index:
        # Imported here because it is slow to import, and the sources may be enough.
        from .indexing.index import IndexOptions

        python = (
            interpreter_of(folder) if options.python is None else named_interpreter(options.python)
        )
        index = IndexOptions(python, options.timeout)
    project = Project(folder, index)
    indexing = project.indexing
    try:
        # Imported here because it is slow to import, and Python imports the app at the same time.
        from .checking import check

        configuration = _configuration(project)
        rules = _rules(options, configuration)
        findings = check(project, rules, configuration)
    finally:
        if indexing:
            indexing.close()
    indexed = project.index if project.index and not project.index.failure else None
    by = "the Functions worker" if indexed and indexed.has_worker else "azure.functions"
    return AppResult(
        folder=folder,
        rules=rules,
        findings=findings,
        notes=project.notes,
        functions=project.functions,
        seconds=time.perf_counter() - started,
        indexed_by=f"{by} on Python {indexed.python}" if indexed else "",
        not_indexed=why_not_indexed(project),
    )


def _configuration(project: Project) -> Configuration:
    """Return the app's configuration of its checks. Raises CannotRun if it is wrong."""
    try:
        return read_configuration(project.pyproject)
    except ValueError as error:
        raise CannotRun(str(error)) from error


def _rules(options: Options, configuration: Configuration) -> list[Rule]:
    """Return the rules to check, also those that the configuration ignores, to find entries that ignore nothing.

    Raises CannotRun for a code that does not exist, also one in the configuration.
    """
    # Imported here because it is slow to import, and Python imports the app at the same time.
    from .registry import chosen

    try:
        rules = chosen(options.select or configuration.select, options.ignore)
        chosen(configuration.select, configuration.ignore)
    except ValueError as error:
        raise CannotRun(str(error)) from error
    return rules
