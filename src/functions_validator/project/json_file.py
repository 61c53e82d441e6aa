"""Reads JSON as the Functions host does, with comments and trailing commas, and finds where a key is."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..model import Place
from .text_files import place_at

JSON_TOKEN = re.compile(
    r"""(?P<skip>\s+|//[^\n]*|/\*.*?\*/)
      | (?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
      | (?P<mark>[{}\[\]:,])
      | (?P<word>[^\s{}\[\]:,"'/]+)""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True)
class JsonFile:
    """A JSON file as the host reads it: comments and trailing commas are allowed.

    `error` is a problem with its place, or None; `value` is then the content.
    """

    path: str
    text: str

    @cached_property
    def _parsed(self) -> tuple[Any, tuple[str, int] | None]:
        try:
            return json.loads(self.text), None
        except json.JSONDecodeError as strict:
            try:
                return json.loads(_without_comments(self.text)), None
            except json.JSONDecodeError as error:
                return None, (error.msg, min(error.pos, strict.pos, len(self.text)))
        except RecursionError:
            return None, ("it is nested too deeply", 0)

    @property
    def value(self) -> Any:
        """Return the content, or None if the file is no JSON."""
        return self._parsed[0]

    @property
    def error(self) -> tuple[str, Place] | None:
        """Return what is wrong with the file, and where."""
        error = self._parsed[1]
        return (error[0], place_at(self.path, self.text, error[1])) if error else None

    def get(self, *keys: str) -> Any:
        """Return what stands under the keys; None if something on the way is missing."""
        value = self.value
        for key in keys:
            value = value.get(key) if isinstance(value, dict) else None
        return value

    def place(self, *keys: str) -> Place:
        """Return where the last of the keys stands, or the nearest one above that is there."""
        for known in range(len(keys), 0, -1):
            if offset := self._offsets.get(keys[:known]):
                return place_at(self.path, self.text, offset - 1)
        return Place(self.path)

    @cached_property
    def _offsets(self) -> dict[tuple[str, ...], int]:
        """Return the offset, from 1, of each key; keys inside of lists are left out."""
        found: dict[tuple[str, ...], int] = {}
        path: list[str] = []
        lists, key = 0, ""
        for token in JSON_TOKEN.finditer(self.text):
            if token["string"] and not lists:
                following = _next_mark(self.text, token.end())
                if following == ":":
                    key = token["string"][1:-1]
                    found.setdefault((*path, key), token.start() + 1)
            elif token["mark"] == "[":
                lists += 1
            elif token["mark"] == "]":
                lists -= 1
            elif token["mark"] == "{" and not lists:
                path.append(key)
            elif token["mark"] == "}" and not lists and path:
                path.pop()
        return {keys[1:]: offset for keys, offset in found.items()}


def _next_mark(text: str, offset: int) -> str:
    while token := JSON_TOKEN.match(text, offset):
        if not token["skip"]:
            return token["mark"] or ""
        offset = token.end()
    return ""


def _without_comments(text: str) -> str:
    """Return the text with spaces in the place of comments and trailing commas."""
    characters = list(text)
    comma = None
    offset = 0
    while token := JSON_TOKEN.match(text, offset):
        offset = token.end()
        if token["skip"]:
            for place in range(token.start(), offset):
                if characters[place] != "\n":
                    characters[place] = " "
            continue
        if token["mark"] in ("}", "]") and comma is not None:
            characters[comma] = " "
        comma = token.start() if token["mark"] == "," else None
    return "".join(characters)
