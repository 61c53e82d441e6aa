"""What examples and templates have instead of values."""

from __future__ import annotations

import re

from ..pattern import Pattern

# What a value in an example has that somebody is to replace.
INSTEAD_OF_VALUES = Pattern(
    r"\.\.\.|\*\*|xxx|your|replace|insert|change|todo|dummy|placeholder|redacted|secret|…",
    re.IGNORECASE,
)
# A value that a tool or Azure fills in.
OPEN = Pattern(r"[<>{}]|\$\(|^@Microsoft\.|^%", re.IGNORECASE)
