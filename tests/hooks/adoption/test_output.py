"""`make adopt` ends without a traceback if nobody reads what it prints."""

import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from hooks import adopt, new
from hooks.catalogue import ROOT


def test_a_reader_that_has_enough() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    code = "from hooks import adopt; adopt.show(['A line.'])"
    with open(writing, "w") as closed:
        done = subprocess.run(
            [sys.executable, "-c", code],
            stdout=closed,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            check=False,
        )
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.parametrize("command", [adopt.main, new.main])
def test_outputs_that_are_closed(
    command: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "argv", ["command", ""])
    with pytest.raises(SystemExit, match=r"Name .* folder"):
        command()
