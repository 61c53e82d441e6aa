"""Judge a function app: functions-validator [PROJECT]

Exit status 0 if there is no error, 1 if there is one, 2 if the project cannot be judged.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from . import rules
from .findings import RULES, Rule, find
from .indexing import IndexOptions
from .mentions import FOREIGN_FOLDERS
from .project import DEFAULT_ENTRY, Project
from .report import Verdict, as_github, as_json, as_text

FORMATS = {"text": as_text, "json": as_json, "github": as_github}
ENVIRONMENTS = (".venv", "venv", ".env", "env")


def main(arguments: Sequence[str] | None = None) -> int:
    """Judge the project and print the findings; return the exit status."""
    options = _parser().parse_args(arguments)
    chosen = _chosen(options.select, options.ignore)
    if isinstance(chosen, str):
        print(chosen, file=sys.stderr)
        return 2
    if not options.project.is_dir():
        print(f"{options.project} is no folder: say where the function app is.", file=sys.stderr)
        return 2
    folders = _function_apps(options.project)
    if not folders:
        print(
            f"{options.project} has no {DEFAULT_ENTRY} beside a host.json: say which folder holds a "
            "function app of the v2 programming model.",
            file=sys.stderr,
        )
        return 2
    verdicts = [_judge(folder, chosen, options) for folder in folders]
    print(FORMATS[options.format](verdicts))
    return int(
        any(verdict.count(rule.severity) for verdict in verdicts for rule in _errors(chosen))
    )


def _errors(chosen: Sequence[Rule]) -> list[Rule]:
    return [rule for rule in chosen if rule.severity.value == "error"]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="validate", description=(__doc__ or "").split("\n")[0])
    add = parser.add_argument
    add("project", nargs="?", type=Path, default=Path(), help="the app's folder (here)")
    add("--python", type=Path, help="indexes the app (the project's .venv, else this Python)")
    add("--no-index", action="store_true", help="read the sources only, import nothing")
    add("--timeout", type=float, default=60, metavar="SECONDS", help="for importing the app (60)")
    add("--format", choices=FORMATS, default="text")
    add("--select", default="AF", metavar="CODES", help="report only these, as AF1,AF301")
    add("--ignore", default="", metavar="CODES", help="do not report these")
    return parser


def _chosen(select: str, ignore: str) -> list[Rule] | str:
    """Return the rules whose codes start with what was selected, or a sentence on a code that none has."""
    assert rules
    selected, ignored = (tuple(filter(None, codes.split(","))) for codes in (select, ignore))
    for code in (*selected, *ignored):
        if not any(known.startswith(code) for known in RULES):
            return f"There is no rule {code}: the codes are {', '.join(sorted(RULES))}."
    return [
        rule
        for code, rule in sorted(RULES.items())
        if code.startswith(selected) and not (ignored and code.startswith(ignored))
    ]


def _function_apps(folder: Path) -> list[Path]:
    """Return the folder if it holds a function app, else those below it that do."""
    if _holds_function_app(folder):
        return [folder]
    return sorted(_function_apps_below(folder))


def _holds_function_app(folder: Path) -> bool:
    if (folder / DEFAULT_ENTRY).is_file():
        return True
    return (folder / "host.json").is_file() and Project(folder).sources.entry is not None


def _function_apps_below(folder: Path) -> Iterator[Path]:
    for name, folders, files in os.walk(folder):
        here = Path(name)
        folders[:] = [
            name for name in folders if name not in FOREIGN_FOLDERS and not name.startswith(".")
        ]
        if "host.json" in files and _holds_function_app(here):
            yield here


def _judge(folder: Path, chosen: Sequence[Rule], options: argparse.Namespace) -> Verdict:
    started = time.perf_counter()
    index = None if options.no_index else IndexOptions(_python(folder, options), options.timeout)
    project = Project(folder, index)
    findings = find(project, chosen)
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


def _python(folder: Path, options: argparse.Namespace) -> Path:
    """Return the interpreter that was asked for, else the project's own, else this one."""
    if options.python:
        return Path(options.python)
    for name in ENVIRONMENTS:
        for inside in ("bin/python", "Scripts/python.exe"):
            if (folder / name / "pyvenv.cfg").is_file() and (folder / name / inside).exists():
                return (folder / name / inside).absolute()
    return Path(sys.executable)


if __name__ == "__main__":
    sys.exit(main())
