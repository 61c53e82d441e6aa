"""Reads what the child says about an app, and where the app was when its time ran out or it crashed."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..functions.functions import Binding, Function
from ..model import Place
from ..pattern import Pattern
from ..sources.import_graph import UNKNOWN
from .index import Failure, Index, IndexedContainer, Rejection

# What faulthandler writes: a thread, and its frames, the innermost first.
CURRENT_THREAD = Pattern(
    r"^(?:Current thread|Stack) [^\n]*\(most recent call first\):\n", re.MULTILINE
)
FRAME_OF_CRASH = Pattern(r'^  File "(.*)", line (\d+)', re.MULTILINE)
ESCAPE = Pattern(r"\\(?:x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8})")

Frame = tuple[str, int]


def without_time(answer: Path, root: Path, seconds: float) -> Index:
    """Return the index of an app whose import did not end in time."""
    places = _own_places(_frames(Path(f"{answer}.stack")), root)
    return Index(failure=Failure("time", message=f"{seconds:g}", places=places))


def read_answer(answer: Path, root: Path, code: int, secrets: Sequence[str]) -> Index:
    """Return the index that the child wrote before it ended with a code; no message in it has one of the secrets."""
    index = _read(answer, code, secrets)
    if index.failure and index.failure.kind == "crash":
        end, crash = Path(f"{answer}.end"), Path(f"{answer}.crash")
        places = _own_places(_frames(end) or _crash_frames(crash), root)
        return index._replace(failure=index.failure._replace(places=places))
    return index


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


def _read(answer: Path, code: int, secrets: Sequence[str]) -> Index:
    """Return the index without the places of a crash."""
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
        absent=content.get("absent", []),
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
    return Function(item["name"], place, [_binding(fields, place) for fields in item["bindings"]])


def _binding(content: Mapping[str, Any], place: Place) -> Binding:
    """Return a binding as function.json would have it; what is neither type, name nor direction is a field."""
    fields = dict(content)
    type_, name = str(fields.pop("type", "")), fields.pop("name", "")
    direction = fields.pop("direction", "in").lower()
    return Binding(type_, name if isinstance(name, str) else UNKNOWN, direction, fields, place)


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
