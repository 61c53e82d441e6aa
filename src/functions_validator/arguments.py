"""Reads the arguments of the command line."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NoReturn

from . import __version__
from .configuration import codes
from .options import CannotRun, Options


class Parser(argparse.ArgumentParser):
    """Reads the arguments. Raises CannotRun if they are wrong."""

    def error(self, message: str) -> NoReturn:
        """Refuse the arguments, instead of printing how they are used."""
        raise CannotRun(f"{message[:1].upper()}{message[1:]}. See --help.")


def parse(arguments: Sequence[str], formats: Iterable[str]) -> Options:
    """Return what the arguments ask for. Raises CannotRun for wrong ones, and ends the process for --help."""
    return Options(**vars(_parser(formats).parse_args(arguments)))


def _parser(formats: Iterable[str]) -> Parser:
    parser = Parser(
        prog=Path(sys.argv[0]).name if sys.argv[0].endswith(".pyz") else "functions-validator",
        description="Check an Azure Functions app in Python (v2 programming model).",
        formatter_class=_formatter,
    )
    add, default = parser.add_argument, Options()
    add(
        "project",
        nargs="?",
        type=Path,
        default=Path(),
        help="the app's folder (default: the current folder)",
    )
    add("--python", help="interpreter that imports the app (default: the project's .venv)")
    add("--no-index", action="store_true", help="read only the sources; import nothing")
    help_ = f"limit for the import (default: {default.timeout:g})"
    add("--timeout", type=_seconds, default=default.timeout, metavar="SECONDS", help=help_)
    add("--format", choices=formats, default=default.format, help="what to print (default: text)")
    add("--select", type=_codes, metavar="CODES", help="check only these rules, such as AF1,AF301")
    add("--ignore", type=_codes, default=(), metavar="CODES", help="skip these rules")
    add("--version", action="version", version=f"functions-validator {__version__}")
    return parser


def _formatter(prog: str) -> argparse.HelpFormatter:
    """Return a formatter for the width of the terminal; to find it, argparse would import shutil, which is slow."""
    try:
        width = os.get_terminal_size().columns
    except OSError:
        width = 80
    return argparse.HelpFormatter(prog, width=width - 2)


def _seconds(text: str) -> float:
    """Return a number of seconds above 0, which `nan` is not."""
    with contextlib.suppress(ValueError):
        seconds = float(text)
        if seconds > 0:
            return seconds
    raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0")


def _codes(text: str) -> list[str]:
    return [code for code in codes(text.split(",")) if code]
