"""Regular expressions that are compiled when they are first used, since one app needs few of them."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any


class Pattern:
    """A regular expression, with the methods of re.Pattern.

    Each match contains one of `parts`, if there are any; they are in lower case if the expression ignores case. So a
    text without them needs no search, for which the expression would have to be compiled.
    """

    def __init__(self, pattern: str, flags: int = 0, parts: Sequence[str] = ()) -> None:
        self.pattern, self.flags, self.parts = pattern, flags, parts

    def _may_match(self, text: str) -> bool:
        if not self.parts:
            return True
        known = text.lower() if self._ignores_case else text
        return any(part in known for part in self.parts)

    @cached_property
    def _ignores_case(self) -> bool:
        return bool(self.flags & re.IGNORECASE)

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """Return the compiled expression."""
        return re.compile(self.pattern, self.flags)

    def match(self, text: str, start: int = 0) -> re.Match[str] | None:
        """Return the match that begins at `start`."""
        return self.compiled.match(text, start) if self._may_match(text) else None

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """Return the match that is the whole text."""
        return self.compiled.fullmatch(text) if self._may_match(text) else None

    def search(self, text: str, start: int = 0) -> re.Match[str] | None:
        """Return the first match."""
        return self.compiled.search(text, start) if self._may_match(text) else None

    def finditer(
        self, text: str, start: int = 0, end: int = sys.maxsize
    ) -> Iterator[re.Match[str]]:
        """Return all matches."""
        return self.compiled.finditer(text, start, end) if self._may_match(text) else iter(())

    def findall(self, text: str) -> list[Any]:
        """Return the texts of all matches, or of their only group."""
        return self.compiled.findall(text) if self._may_match(text) else []

    def sub(self, new: str | Callable[[re.Match[str]], str], text: str) -> str:
        """Return the text with each match replaced."""
        return self.compiled.sub(new, text) if self._may_match(text) else text
