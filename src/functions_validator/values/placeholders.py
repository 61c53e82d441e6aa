"""Texts that stand in the place of values, in examples and templates."""

from __future__ import annotations

import re

from ..pattern import Pattern

# Words of values that stand for others in an example.
INSTEAD_OF_VALUES = Pattern(
    r"\.\.\.|\*\*|xxx|your|replace|insert|change|todo|dummy|placeholder|redacted|secret|…",
    re.IGNORECASE,
)
# A value that a tool or Azure fills in.
OPEN = Pattern(r"[<>{}]|\$\(|^@Microsoft\.|^%", re.IGNORECASE)
