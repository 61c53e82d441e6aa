"""A pseudo-terminal, at which the tests answer Copier's questions; tests that import it are skipped on Windows."""

import os
import time
from pathlib import Path

import pyte
import pytest

pexpect = pytest.importorskip("pexpect", reason="pseudo-terminals need a POSIX system")

ENTER, DOWN, UP, SPACE = "\r", "\x1b[B", "\x1b[A", " "
CLEAR_LINE = "\x05\x15"  # to the end of the line, then erase up to there


class Terminal:
    """A terminal in which Copier asks its questions."""

    def __init__(
        self, command: list[str], lines: int = 50, columns: int = 200, folder: Path | None = None
    ) -> None:
        self.screen = pyte.Screen(columns, lines)
        self.stream = pyte.Stream(self.screen)
        self.child = pexpect.spawn(
            command[0],
            command[1:],
            env={**os.environ, "TERM": "xterm"},
            encoding="utf-8",
            dimensions=(lines, columns),
            cwd=folder,
        )
        # The program asks where the cursor is; without an answer, Copier shows no reason below a list.
        self.screen.write_process_input = self.child.send  # type: ignore[method-assign]

    def sees(self, *texts: str) -> str:
        """Wait until one of the texts is on the screen, and return it."""
        while not (found := [text for text in texts if any(text in line for line in self.lines())]):
            try:
                self.stream.feed(self.child.read_nonblocking(4096, timeout=30))
            except (pexpect.TIMEOUT, pexpect.EOF):
                pytest.fail(f"{texts} did not come:\n" + "\n".join(self.lines()))
        return found[0]

    def lines(self) -> list[str]:
        """Return what is on the screen."""
        return [line.rstrip() for line in self.screen.display]

    def types(self, *keys: str) -> None:
        """Type keys with the pauses that a terminal program needs to tell them apart."""
        for key in keys:
            time.sleep(0.05)
            self.child.send(key)

    def ends(self) -> None:
        """Wait until the command ends."""
        self.child.expect(pexpect.EOF)
