"""Reads the README of an app."""

import re
from pathlib import Path

# Those of an app whose README has the usual sections.
FUNCTIONS = {"hello": "http", "orders": "queue"}


def section(app: Path, title: str) -> str:
    """Return the text below a heading of the README, up to the next one of that level or a higher one."""
    text = (app / "README.md").read_text(encoding="utf-8")
    [(level, found)] = re.findall(rf"(?ms)^(##+) {re.escape(title)}$\n(.+)", text)
    return re.split(rf"(?m)^#{{2,{len(level)}}} ", found)[0]
