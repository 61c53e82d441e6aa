"""Runs the commands of hooks/ in the process of the tests, which saves half a second."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest


def run_command(
    monkeypatch: pytest.MonkeyPatch, main: Callable[[], None], *arguments: str | Path
) -> str:
    """Run a command with these arguments; return the sentence with which it refuses, or nothing."""
    monkeypatch.setattr(sys, "argv", ["command", *map(str, arguments)])
    code: int | str | None = ""
    try:
        main()
    except SystemExit as end:
        code = end.code
    assert isinstance(code, str), f"it ended with {code}, not with a sentence"
    return code
