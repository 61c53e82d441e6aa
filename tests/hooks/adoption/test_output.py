"""`make adopt` ends without a traceback if what it prints cannot be written, and so does `make new` without an output."""

import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from hooks import adopt, new
from hooks.catalogue import ROOT


def show(code: str, output: int = subprocess.DEVNULL) -> tuple[int, bytes]:
    """Return the status and the standard error of a process that runs some code and then shows a line."""
    code += "\nfrom hooks import adopt\nadopt.show(['A line.'])"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, stdout=output, stderr=subprocess.PIPE, cwd=ROOT, check=False)
    return done.returncode, done.stderr


def test_a_reader_that_has_enough() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        assert show("", writing) == (141, b"")
    finally:
        os.close(writing)


FULL = """
import errno, io, sys

class Full(io.StringIO):
    def write(self, text):
        raise OSError(errno.ENOSPC, "No space left on device")

sys.stdout = Full()
"""


def test_a_full_disk() -> None:
    assert show(FULL) == (1, b"The report cannot be written: No space left on device.\n")


@pytest.mark.parametrize("command", [adopt.main, new.main])
def test_outputs_that_are_closed(
    command: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "argv", ["command", ""])
    with pytest.raises(SystemExit, match=r"Name .* folder"):
        command()
