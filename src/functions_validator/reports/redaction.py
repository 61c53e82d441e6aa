"""Takes keys and passwords out of texts."""

from __future__ import annotations

import re

from ..pattern import Pattern

# Such as `AccountKey=...`, `"password": "..."` or `?sig=...`, and `://user:...@` in an address.
SECRETS = Pattern(
    r"""((?:account|sharedaccess|access)?key|sharedaccesssignature|password|pwd|secret|sig|token|(?<!status_)code)
        (["']?\s*[=:]\s*["']?)[^\s;,&"']{4,}""",
    re.IGNORECASE | re.VERBOSE,
    ("=", ":"),
)
PASSWORD_IN_URL = Pattern(r"(://[^/\s:@]*:)[^/\s@]+@", parts=("://",))


def without_secrets(text: str) -> str:
    """Return a text with dots in the place of keys and passwords."""
    return PASSWORD_IN_URL.sub(r"\1...@", SECRETS.sub(r"\1\2...", text))
