"""Syntax that an older Python than the app's takes for an error."""

from __future__ import annotations

import re
import sys

from .python_source import Module

# Since which 3.x Python takes it, what older ones say of it, and what is on the line of the error.
FEATURES = (
    (11, "", r"\bexcept\s*\*"),
    (12, "^f-string", ""),
    (12, "", r"^\s*(?:type\s+\w+|(?:async\s+)?def\s+\w+\[|class\s+\w+\[)"),
    (14, "^multiple exception types must be parenthesized", ""),
    (14, "", r"\b[rR]?[tT][rR]?[\"']"),
)


def may_be_newer(module: Module, app: int | None, running: int = sys.version_info.minor) -> bool:
    """Whether a file that this Python cannot read may be right in the app's, which is 3.`app` if that is known."""
    if module.error is None:
        return False
    message, place = module.error
    lines = module.text.splitlines()
    line = lines[place.line - 1] if place.line <= len(lines) else ""
    return any(
        running < since
        and (app is None or app >= since)
        and re.search(said, message)
        and re.search(written, line)
        for since, said, written in FEATURES
    )
