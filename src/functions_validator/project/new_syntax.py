"""Syntax that an older Python than the app's takes for an error."""

from __future__ import annotations

import re
import sys

from .python_source import Module

# Since which 3.x Python takes it, what older ones say of it, and what is on the line of the error.
# Of f-strings, only what a quote, a comment or a backslash inside of them causes: the rest is wrong in every Python.
IN_F_STRING = r"^f-string(?: expression part cannot include|: (?:expecting '}'|unmatched '[(\[{]'|unterminated))"
GENERIC = r"^\s*(?:type|(?:async\s+)?def|class)\s+\w+"
FEATURES = (
    (11, "", r"\bexcept\s*\*"),
    (12, IN_F_STRING, ""),
    (12, "", r"^\s*(?:type\s+\w+|(?:(?:async\s+)?def|class)\s+\w+\[)"),
    (13, "", rf"{GENERIC}\[[^\]]*="),
    (14, "^multiple exception types must be parenthesized", ""),
    (14, "^invalid syntax", r"(?<![\w'\"])(?:[rR]?[tT]|[tT][rR])[\"']"),
)


def may_be_newer(module: Module, app: int | None, running: int = sys.version_info.minor) -> bool:
    """Whether a file that this Python cannot read may be right in the app's, which is 3.`app` if that is known."""
    if module.error is None:
        return False
    message, place = module.error
    lines = module.text.split("\n")
    line = lines[place.line - 1] if place.line <= len(lines) else ""
    return any(
        running < since
        and (app is None or app >= since)
        and re.search(said, message)
        and re.search(written, line)
        for since, said, written in FEATURES
    )
