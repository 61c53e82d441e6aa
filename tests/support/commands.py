"""Runs the commands of hooks/ in the process of the tests, which saves half a second."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest


def run_command(
    monkeypatch: pytest.MonkeyPatch, main: Callable[[], None], *arguments: str | Path
) -> str:
    """Run a command with these arguments, and return the sentence that it ends with, if it refuses."""
    monkeypatch.setattr(sys, "argv", ["command", *map(str, arguments)])
    try:
        main()
    except SystemExit as end:
        return str(end.code)
    return ""
