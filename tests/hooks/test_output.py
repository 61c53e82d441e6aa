"""`make adopt` and `make new` end without a traceback if what they print cannot be written."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hooks import adopt, new
from hooks.catalogue import ROOT
from tests.support.commands import run_command


def ended(*arguments: str, output: int = subprocess.DEVNULL) -> tuple[int, bytes]:
    """Return the status and the standard error of a process of Python."""
    command = [sys.executable, *arguments]
    done = subprocess.run(command, stdout=output, stderr=subprocess.PIPE, cwd=ROOT, check=False)
    return done.returncode, done.stderr


SHOW = "from hooks import adopt\nadopt.show(['A line.'])"


@pytest.fixture
def without_reader() -> Iterator[int]:
    """An output whose reader has left."""
    reading, writing = os.pipe()
    os.close(reading)
    yield writing
    os.close(writing)


def test_a_reader_that_has_enough(without_reader: int) -> None:
    assert ended("-c", SHOW, output=without_reader) == (141, b"")


def test_a_reader_of_make_new_that_has_enough(without_reader: int, tmp_path: Path) -> None:
    command = ["-m", "hooks.new", str(tmp_path / "app"), "--vcs-ref", "HEAD"]
    assert ended(*command, output=without_reader) == (141, b"")


FULL = """
import errno, io, sys

class Full(io.StringIO):
    def write(self, text):
        raise OSError(errno.ENOSPC, "No space left on device")

sys.stdout = Full()
"""


def test_a_full_disk() -> None:
    assert ended("-c", FULL + SHOW) == (
        1,
        b"The report cannot be written: No space left on device.\n",
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Only Linux has /dev/full.")
def test_a_full_disk_of_make_new(tmp_path: Path) -> None:
    command = ["-m", "hooks.new", str(tmp_path / "app"), "--vcs-ref", "HEAD"]
    with open("/dev/full", "w") as full:
        said = b"A file, or what is printed, cannot be written: No space left on device.\n"
        assert ended(*command, output=full.fileno()) == (1, said)


@pytest.mark.parametrize("command", [adopt.main, new.main])
def test_outputs_that_are_closed(
    command: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    assert re.search(r"Name .* folder", run_command(monkeypatch, command, ""))
