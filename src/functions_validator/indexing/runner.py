"""Runs the child in the app's own Python."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from ..files.text_files import reason
from ..options import CannotRun
from .answer import read_answer, without_time
from .index import Index, IndexOptions

SHORTEST_SECRET = 8
CHILD = Path(__file__).parent / "child" / "__main__.py"


class Indexing:
    """An app that the child indexes from now on, with the app's settings as environment.

    Raises CannotRun if the interpreter does not run. Close it, also without a result.
    """

    def __init__(
        self, root: Path, entry: str, settings: Mapping[str, str], options: IndexOptions
    ) -> None:
        self.root, self.options = root, options
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        environment.update(
            {name: value for name, value in settings.items() if _is_variable(name, value)}
        )
        self.secrets = _secrets(environment, settings)
        self.folder = _temporary_folder()
        self.answer = Path(self.folder.name, "answer.json")
        # It starts where the caller is: a shim of pyenv looks there for the version to run.
        command = [str(options.python), "-B", str(CHILD), str(self.answer), str(root), entry]
        command.append(f"{options.seconds:g}")
        try:
            self.process = subprocess.Popen(
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            self.folder.cleanup()
            raise CannotRun(_refusal(options.python)) from error

    def result(self) -> Index:
        """Return the index as soon as it is complete. Raises CannotRun."""
        try:
            code = self._wait()
            # The first thing that the child does is to make the file.
            if not self.answer.exists():
                raise CannotRun(_refusal(self.options.python))
            if code is None:
                return without_time(self.answer, self.root, self.options.seconds)
            return read_answer(self.answer, self.root, code, self.secrets)
        finally:
            self.close()

    def close(self) -> None:
        """End the process and delete its answer."""
        if self.process.returncode is None:
            _kill(self.process)
        self.folder.cleanup()

    def _wait(self) -> int | None:
        """Return how the process ended, or None if its time is over."""
        try:
            return self.process.wait(self.options.seconds)
        except subprocess.TimeoutExpired:
            return None
        finally:
            _kill(self.process)


def _temporary_folder() -> tempfile.TemporaryDirectory[str]:
    """Return a folder for the answer. Raises CannotRun."""
    try:
        return tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    except OSError as error:
        problem = (
            f"The app cannot be indexed: {reason(error)}. Check the sources alone with --no-index."
        )
        raise CannotRun(problem) from error


def _refusal(python: Path) -> str:
    return (
        f"{python} does not run as Python 3.10 or above. Name another interpreter with --python, "
        "or check the sources alone with --no-index."
    )


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the process, and on POSIX all that it started."""
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()


def _is_variable(name: str, value: str) -> bool:
    """Whether an environment can hold a setting."""
    try:
        text = os.fsencode(name + value)
    except UnicodeEncodeError:
        return False
    return name != "" and "=" not in name and b"\0" not in text


def _secrets(environment: Mapping[str, str], settings: Mapping[str, str]) -> list[str]:
    """Return what no message may show: the settings' values, and variables with a telling name."""
    words = ("KEY", "TOKEN", "SECRET", "PASSWORD", "CONNECTION", "CREDENTIAL")
    telling = [v for name, v in environment.items() if any(w in name.upper() for w in words)]
    values = {value for value in (*settings.values(), *telling) if len(value) >= SHORTEST_SECRET}
    return sorted(values, key=len, reverse=True)
