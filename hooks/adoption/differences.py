"""Says in a few words how a file of an app differs from that of the template."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

SHOWN = 4
LONGEST_VALUE = 40
LISTS = ("requirements", ".gitignore", ".funcignore", ".dockerignore", ".gitattributes")


def difference(path: str, theirs: Path, ours: Path) -> str:
    """Return what the template's file has that theirs lacks, and the other way round."""
    try:
        texts = [place.read_text(encoding="utf-8-sig") for place in (theirs, ours)]
    except (OSError, ValueError):
        return "yours is not a text file"
    if PurePosixPath(path).suffix == ".json":
        return _of_json(*texts) or _of_text(*texts)
    if PurePosixPath(path).name.startswith(LISTS):
        return _of_lines(*texts)
    return _of_text(*texts)


def _of_json(theirs: str, ours: str) -> str:
    try:
        left, right = (dict(_leaves(json.loads(text))) for text in (theirs, ours))
    except ValueError:
        return ""
    changed = [
        f"{key} {_value(left[key])} instead of {_value(right[key])}"
        for key in left
        if key in right and left[key] != right[key] and not isinstance(left[key], list)
    ]
    changed += [f"other {key}" for key in left if key in right and _differ(left[key], right[key])]
    return _joined(
        ("you have", changed),
        ("only the template has", [key for key in right if key not in left]),
        ("only you have", [key for key in left if key not in right]),
    )


def _differ(left: Any, right: Any) -> bool:
    return isinstance(left, list) and left != right


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the values in objects with their paths, such as `logging.logLevel.default`."""
    if isinstance(value, Mapping) and value:
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}.{key}" if path else str(key))
    else:
        yield path, value


def _value(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) < LONGEST_VALUE else f"{text[:LONGEST_VALUE]}..."


def _of_lines(theirs: str, ours: str) -> str:
    left, right = (
        [line for line in map(str.strip, text.splitlines()) if line and line[0] not in "#!"]
        for text in (theirs, ours)
    )
    return _joined(
        ("only the template has", [line for line in right if line not in left]),
        ("only you have", [line for line in left if line not in right]),
    )


def _of_text(theirs: str, ours: str) -> str:
    changes = list(difflib.unified_diff(theirs.splitlines(), ours.splitlines(), n=0))[2:]
    mine, template = (sum(line.startswith(mark) for line in changes) for mark in ("-", "+"))
    lines = f"{mine} line{'' if mine == 1 else 's'}"
    return f"{lines} only in yours, {template} only in the template's"


def _joined(*parts: tuple[str, Sequence[str]]) -> str:
    """Return the parts that have items, with the first items of each."""
    found = [f"{words} {_shortened(items)}" for words, items in parts if items]
    return "; ".join(found) or "only order, comments or spaces differ"


def _shortened(items: Sequence[str]) -> str:
    more = f" and {len(items) - SHOWN} more" if len(items) > SHOWN else ""
    return ", ".join(items[:SHOWN]) + more
