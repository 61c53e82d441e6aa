"""What the content of a file in JSON, TOML or YAML holds, whatever its shape is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def value_at(content: object, *keys: str) -> Any:
    """Return the value at the keys, one below the other; None if something on the way is missing."""
    value = content
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def mapping(content: object) -> Mapping[str, object]:
    """Return a value if it is a mapping, else an empty mapping."""
    return content if isinstance(content, dict) else {}
