"""The tables that the rules look things up in: JSON files, and the one function that reads them."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any


@functools.cache
def read_table(name: str) -> Any:
    """Return the content of a file, such as read_table("pythons") for pythons.json. Don't change it."""
    return json.loads(Path(__file__).with_name(f"{name}.json").read_text("utf-8"))
