"""Runs a command for a test."""

import os
import shlex
import subprocess
from collections.abc import Mapping
from pathlib import Path
from subprocess import CompletedProcess

# Where Python reads and writes ASCII, as it reads and writes cp1252 on Windows.
ANOTHER_LOCALE = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


def run(
    *command: str | Path,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    status: int | None = 0,
    stdin: str = "",
    timeout: float | None = None,
) -> CompletedProcess[str]:
    """Run a command and return what it prints; fail with all of it unless it ends with the status.

    `environment` is added to the one of the tests; a status of None stands for any. Raises
    subprocess.TimeoutExpired after `timeout` seconds.
    """
    words = [str(word) for word in command]
    done = subprocess.run(
        words,
        cwd=folder,
        env={**os.environ, **(environment or {})},
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=timeout,
    )
    if status not in {None, done.returncode}:
        raise AssertionError(
            f"`{shlex.join(words)}` ended with {done.returncode}, not {status}.\n"
            f"{done.stdout}{done.stderr}"
        )
    return done
