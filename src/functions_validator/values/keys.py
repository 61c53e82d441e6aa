"""Which texts may be keys, rather than placeholders or the public keys of emulators."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..data import read_table
from ..pattern import Pattern

# Words and signs in texts that only stand for a key.
PLACEHOLDER = Pattern(
    r"your|example|placeholder|sample|dummy|fake|secret|here|change|replace|xxx|abcdef|123456|redacted"
    r"|access_?key|account_?key|base64|emulator|password|[<>{}$%*]|\.\.\.",
    re.IGNORECASE,
)
EMULATORS: Sequence[str] = read_table("settings")["emulator_keys"]
# The lengths of keys in base64, in which any word may be by chance.
EXACT_LENGTHS = (44, 88)
# A key has at least this many different characters.
DIFFERENT = 10


def is_random(text: str, placeholder: Pattern = PLACEHOLDER) -> bool:
    """Whether a text may be a key, but not one of an emulator or a placeholder."""
    if text in EMULATORS or len(set(text)) < DIFFERENT or not re.search(r"\d", text):
        return False
    return (len(text) in EXACT_LENGTHS and text.endswith("=")) or not placeholder.search(text)
