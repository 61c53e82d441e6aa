"""The file that `make data` writes: JSON as a text of Jinja, which reads a literal in half the time that it takes to look
for tags in a plain file. It uses only the standard library.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parents[1] / "template" / "data.jinja"

_BEFORE = "{%- set data = '"
_AFTER = "' | from_json -%}\n"


def as_jinja(text: str) -> str:
    """Return what sets `data` to what JSON says."""
    return _BEFORE + re.sub(r"([\\'])", r"\\\1", text) + _AFTER


def read(path: Path = DATA) -> dict[str, Any]:
    """Return the data of a file that `as_jinja` made."""
    text = path.read_text(encoding="utf-8").removeprefix(_BEFORE).removesuffix(_AFTER)
    data: dict[str, Any] = json.loads(re.sub(r"\\([\\'])", r"\1", text))
    return data


def pythons_of_tests() -> list[str]:
    """Return the versions of Python with which the tests run apps, the default last."""
    pythons = read()["pythons"].values()
    return [python["version"] for python in reversed(pythons) if python["tested"]]
