"""Runs the child in the app's own Python, and reads its answer."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..files.text_files import reason
from ..functions.functions import Binding, Function
from ..model import Place
from ..options import CannotRun
from ..pattern import Pattern
from ..sources.import_graph import UNKNOWN
from .index import Failure, Index, IndexedContainer, IndexOptions, Rejection

SHORTEST_SECRET = 8
# What faulthandler writes: a thread, and its frames, the innermost first.
CURRENT_THREAD = Pattern(
    r"^(?:Current thread|Stack) [^\n]*\(most recent call first\):\n", re.MULTILINE
)
FRAME_OF_CRASH = Pattern(r'^  File "(.*)", line (\d+)', re.MULTILINE)
ESCAPE = Pattern(r"\\(?:x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8})")
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
            return self._read(self._wait())
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

    def _read(self, code: int | None) -> Index:
        # The first thing that the child does is to make the file.
        if not self.answer.exists():
            raise CannotRun(_refusal(self.options.python))
        if code is None:
            frames = _frames(Path(f"{self.answer}.stack"))
            failure = Failure("time", message=f"{self.options.seconds:g}")
            return Index(failure=failure._replace(places=_own_places(frames, self.root)))
        index = _read(self.answer, code, self.secrets)
        if index.failure and index.failure.kind == "crash":
            end, crash = Path(f"{self.answer}.end"), Path(f"{self.answer}.crash")
            places = _own_places(_frames(end) or _crash_frames(crash), self.root)
            return index._replace(failure=index.failure._replace(places=places))
        return index


def _temporary_folder() -> tempfile.TemporaryDirectory[str]:
    """Return a folder for the answer. Raises CannotRun."""
    try:
        return tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    except OSError as error:
        problem = (
            f"The app cannot be indexed: {reason(error)}. Check the sources alone with --no-index."
        )
        raise CannotRun(problem) from error


Frame = tuple[str, int]


def _frames(stack: Path) -> list[Frame]:
    """Return the files and lines of a stack that the child wrote, the innermost last."""
    try:
        return [(file, line) for file, line in json.loads(stack.read_text(encoding="utf-8"))]
    except (OSError, ValueError):
        return []


def _crash_frames(dump: Path) -> list[Frame]:
    """Return the files and lines of the thread that crashed, the innermost last, from what faulthandler wrote."""
    try:
        text = dump.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    *_, current = CURRENT_THREAD.compiled.split(text)
    current, _, _ = current.partition("\nThread ")
    found = FRAME_OF_CRASH.finditer(current.partition("\n\n")[0])
    return [(_unescaped(match[1]), int(match[2])) for match in found][::-1]


def _unescaped(path: str) -> str:
    """Return a path as it is: faulthandler writes what is not ASCII as `\\xe9` or `\\u2026`."""
    return ESCAPE.sub(lambda found: chr(int(found[0].lstrip("\\xuU"), 16)), path)


def _own_places(frames: Sequence[Frame], root: Path) -> list[Place]:
    """Return the places that are in the project."""
    found = [(Path(os.path.realpath(file)), line) for file, line in frames if file[:1] != "<"]
    return [
        Place(file.relative_to(root).as_posix(), line)
        for file, line in found
        if file.is_relative_to(root) and "site-packages" not in file.parts
    ]


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


def _read(answer: Path, code: int, secrets: Sequence[str]) -> Index:
    try:
        content = json.loads(answer.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Index(failure=Failure("crash", message=str(code)))
    functions = [item for item in content.get("functions", []) if "bindings" in item]
    return Index(
        python=content["python"],
        has_worker=content.get("worker", False),
        failure=_failure(content.get("failure"), secrets),
        apps=content.get("apps", []),
        functions=[_function(item) for item in functions],
        rejections=[
            _rejection(item, why)
            for item in content.get("functions", [])
            for why in item["rejections"]
        ],
        containers=[_container(item) for item in content.get("containers", [])],
        modules=content.get("modules", []),
        durable=content.get("durable", ""),
        written=[(path, Place(file, line)) for path, file, line in content.get("written", [])],
    )


def _place(item: Mapping[str, Any]) -> Place:
    return Place(item["file"] or "", item["line"], item.get("column", 1))


def _failure(item: Mapping[str, Any] | None, secrets: Sequence[str]) -> Failure | None:
    if item is None:
        return None
    message = item["message"]
    for secret in secrets:
        message = message.replace(secret, "...")
    return Failure(
        item["kind"],
        item.get("type", ""),
        message,
        [_place(frame) for frame in item["frames"]],
        item.get("module", "") or item.get("name", ""),
        item.get("network", False),
        item.get("raised_in", ""),
        item.get("hidden_by", ""),
        item.get("lacks", ""),
    )


def _function(item: Mapping[str, Any]) -> Function:
    place = _place(item)
    bindings = [
        Binding(
            str(fields.pop("type", "")),
            name if isinstance(name := fields.pop("name", ""), str) else UNKNOWN,
            fields.pop("direction", "in").lower(),
            fields,
            place,
        )
        for fields in item["bindings"]
    ]
    return Function(item["name"], place, bindings)


def _rejection(item: Mapping[str, Any], why: Mapping[str, str]) -> Rejection:
    return Rejection(item["name"], _place(item), why["kind"], why["parameter"], why["message"])


def _container(item: Mapping[str, Any]) -> IndexedContainer:
    return IndexedContainer(
        item["is_app"],
        _place(item) if item["file"] else None,
        item["is_registered"],
        [function["name"] for function in item["missing"]],
        [_place(function) for function in item["missing"]],
    )
