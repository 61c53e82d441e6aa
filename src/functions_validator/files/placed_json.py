"""Reads JSON whose keys and texts know where they are written."""

from __future__ import annotations

import json
import re

from ..model import Place
from .commented_file import Source
from .json_file import JSON_TOKEN

# How deeply objects and lists may be nested.
DEEPEST = 100


class Text(str):
    """A text of a file, with its offset there, and that of its end."""

    source: Source
    offset: int
    end: int

    @property
    def place(self) -> Place:
        """Return the place where the text is written."""
        return self.source.place(self.offset)


def placed_text(text: str, source: Source, start: int, end: int) -> Text:
    """Return a text that is written between two offsets of a file, perhaps with quotes and escapes."""
    placed = Text(text)
    placed.source, placed.offset, placed.end = source, start, end
    return placed


def read_placed(source: Source) -> object:
    """Return the content of a file, with Text for each text and key. Raises ValueError if it is not JSON."""
    return _Reader(source).value()


class _Reader:
    """Reads one value after the other."""

    def __init__(self, source: Source) -> None:
        self.source = source
        found = (token for token in JSON_TOKEN.finditer(source.text) if not token["skip"])
        self.tokens: list[re.Match[str]] = list(found)[::-1]

    def value(self, depth: int = 0) -> object:
        """Return the next value."""
        token = self._next()
        if token[0] == "{":
            return self._object(depth)
        if token[0] == "[":
            return self._list(depth)
        return self._text(token) if token["string"] else json.loads(token[0])

    def _object(self, depth: int) -> dict[object, object]:
        found: dict[object, object] = {}
        while not self._ends("}", depth):
            key = self._text(self._next())
            if self._next()[0] != ":":
                raise ValueError("there is no colon")
            found[key] = self.value(depth + 1)
        return found

    def _list(self, depth: int) -> list[object]:
        found: list[object] = []
        while not self._ends("]", depth):
            found.append(self.value(depth + 1))
        return found

    def _ends(self, mark: str, depth: int) -> bool:
        """Whether an object or a list ends here; a comma before the next item is skipped."""
        if depth > DEEPEST:
            raise ValueError("it is nested too deeply")
        if self.tokens and self.tokens[-1][0] == ",":
            self.tokens.pop()
        if self.tokens and self.tokens[-1][0] == mark:
            self.tokens.pop()
            return True
        return False

    def _next(self) -> re.Match[str]:
        if not self.tokens:
            raise ValueError("it ends too early")
        return self.tokens.pop()

    def _text(self, token: re.Match[str]) -> Text:
        if not token["string"]:
            raise ValueError("a key is not a string")
        is_double = token[0].startswith('"')
        text = json.loads(token[0], strict=False) if is_double else token[0][1:-1]
        return placed_text(text, self.source, token.start(), token.end())
