"""Reads JSON as the Functions host does, with comments and single quotes, and finds where a key is."""

from __future__ import annotations

import json
import re
from functools import cached_property
from typing import Any

from ..model import Fault, Place
from ..pattern import Pattern
from .text_files import place_at

JSON_TOKEN = Pattern(
    r"""(?P<skip>\s+|//[^\n]*|/\*.*?\*/)
      | (?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
      | (?P<mark>[{}\[\]:,])
      | (?P<word>[^\s{}\[\]:,"'/]+)""",
    re.VERBOSE | re.DOTALL,
)
BARE_KEY = Pattern(r"[\w$]+")


class JsonFile:
    """A JSON file as the host reads it: comments, trailing commas, single quotes and bare keys are allowed.

    `error` says why it cannot be read; if it is None, `value` is the content.
    """

    def __init__(self, path: str, text: str) -> None:
        self.path, self.text = path, text

    @cached_property
    def _parsed(self) -> tuple[Any, Fault | None]:
        """Return the content and no fault, or no content and the fault."""
        # The host also takes tabs and line breaks in strings.
        try:
            return json.loads(self.text, strict=False), None
        except json.JSONDecodeError:
            text, offsets = _plain_json(self.text)
            try:
                return json.loads(text, strict=False), None
            except json.JSONDecodeError as error:
                offset = offsets[error.pos] if error.pos < len(offsets) else len(self.text)
                return None, Fault(error.msg, place_at(self.path, self.text, offset))
        except RecursionError:
            return None, Fault("it is nested too deeply", Place(self.path))

    @property
    def value(self) -> Any:
        """Return the content, or None if the file is not JSON."""
        return self._parsed[0]

    @property
    def error(self) -> Fault | None:
        """Return what is wrong with the file, and where."""
        return self._parsed[1]

    def get(self, *keys: str) -> Any:
        """Return the value at the keys; None if something on the way is missing."""
        value = self.value
        for key in keys:
            value = value.get(key) if isinstance(value, dict) else None
        return value

    def place(self, *keys: str) -> Place:
        """Return the place of the last key, or of the nearest one above that exists."""
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
            if (token["string"] or token["word"]) and not lists:
                following = _next_mark(self.text, token.end())
                if following == ":":
                    key = token["string"][1:-1] if token["string"] else token["word"]
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


def _plain_json(text: str) -> tuple[str, list[int]]:
    """Return the text as JSON without extensions, and the offset in the text that each character comes from."""
    characters = list(text)
    comma = None
    offset = 0
    while token := JSON_TOKEN.match(text, offset):
        offset = token.end()
        if token["skip"]:
            characters[token.start() : offset] = " " * (offset - token.start())
            continue
        if token["mark"] in ("}", "]") and comma is not None:
            characters[comma] = " "
        comma = token.start() if token["mark"] == "," else None
        if token[0].startswith("'"):
            _double_quote(characters, token.start(), offset)
        elif token["word"] and BARE_KEY.fullmatch(token[0]) and _next_mark(text, offset) == ":":
            characters[token.start()] = f'"{token[0][0]}'
            characters[offset - 1] += '"'
    offsets = [place for place, written in enumerate(characters) for _ in written]
    return "".join(characters), offsets


def _double_quote(characters: list[str], start: int, end: int) -> None:
    """Change a string in single quotes to one in double quotes, in place."""
    characters[start] = characters[end - 1] = '"'
    place = start + 1
    while place < end - 1:
        if characters[place] == "\\":
            if characters[place + 1] == "'":
                characters[place] = ""
            place += 1
        elif characters[place] == '"':
            characters[place] = '\\"'
        place += 1
