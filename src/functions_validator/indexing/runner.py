"""Runs child.py in the app's own Python, and reads its answer."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..model import Place
from ..project.functions import Binding, Function
from .index import CannotStart, Failure, Index, IndexedContainer, IndexOptions, Rejection

SHORTEST_SECRET = 8
CHILD = Path(__file__).with_name("child.py")


class Indexing:
    """An app that child.py indexes from now on, with the app's settings as environment.

    Raises CannotStart if the interpreter does not run. Close it, also without a result.
    """

    def __init__(
        self, root: Path, entry: str, settings: Mapping[str, str], options: IndexOptions
    ) -> None:
        self.root, self.options = root, options
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        environment.update(
            {name: value for name, value in settings.items() if "\0" not in name + value and name}
        )
        self.secrets = _secrets(environment, settings)
        self.folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
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
            raise CannotStart(_refusal(options.python)) from error

    def result(self) -> Index:
        """Return the index as soon as it is complete. Raises CannotStart."""
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
        # The first thing that child.py does is to make the file.
        if not self.answer.exists():
            raise CannotStart(_refusal(self.options.python))
        if code is None:
            places = _last_places(Path(f"{self.answer}.stack"), self.root)
            seconds = f"{self.options.seconds:g}"
            return Index(failure=Failure("time", message=seconds, places=places))
        return _read(self.answer, code, self.secrets)


def _last_places(stack: Path, root: Path) -> list[Place]:
    """Return where in the project the import was shortly before its time was over, the innermost place last."""
    try:
        frames = json.loads(stack.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
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
    )


def _function(item: Mapping[str, Any]) -> Function:
    place = _place(item)
    bindings = [
        Binding(
            fields.pop("type", ""),
            fields.pop("name", ""),
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
