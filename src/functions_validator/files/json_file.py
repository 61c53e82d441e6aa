"""Reads JSON as the Functions host does, with comments and single quotes, and finds where a key is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any, NamedTuple

from ..model import Fault, Place
from ..pattern import Pattern
from .content import value_at
from .text_files import place_at

# A part of a text in JSON, with the extensions that the host takes.
JSON_TOKEN = Pattern(
    r"""(?P<skip>\s+|//[^\n]*|/\*.*?\*/)
      | (?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
      | (?P<mark>[{}\[\]:,])
      | (?P<word>[^\s{}\[\]:,"'/]+)""",
    re.VERBOSE | re.DOTALL,
)
BARE_KEY = Pattern(r"[\w$]+")


class Key(NamedTuple):
    """A key with those above it, its offset, and the text that its value begins with."""

    path: tuple[str, ...]
    offset: int
    value: str


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
        return value_at(self.value, *keys)

    def place(self, *keys: str) -> Place:
        """Return the place of the last key, or of the nearest one above that exists."""
        for known in range(len(keys), 0, -1):
            if offset := self._offsets.get(keys[:known]):
                return place_at(self.path, self.text, offset - 1)
        return Place(self.path)

    def all_keys(self) -> Iterator[Key]:
        """Yield every key of the text, including repeated ones, but none inside of lists."""
        path: list[str] = []
        lists, key = 0, ""
        for token in JSON_TOKEN.finditer(self.text):
            if (token["string"] or token["word"]) and not lists:
                if (colon := _next_token(self.text, token.end())) and colon["mark"] == ":":
                    key = token["string"][1:-1] if token["string"] else token["word"]
                    value = _next_token(self.text, colon.end())
                    yield Key((*path[1:], key), token.start(), value[0] if value else "")
            elif token["mark"] == "[":
                lists += 1
            elif token["mark"] == "]":
                lists -= 1
            elif token["mark"] == "{" and not lists:
                path.append(key)
            elif token["mark"] == "}" and not lists and path:
                path.pop()

    def repeated(self) -> Iterator[tuple[Key, Place, Place]]:
        """Yield keys that are given again in the same object with another value, and both places: the last one counts.

        What is in such an object is not reported again.
        """
        last: dict[tuple[str, ...], Key] = {}
        found: list[Key] = []
        for key in self.all_keys():
            before = last.get(key.path)
            last[key.path] = key
            is_same = before and before.value == key.value and key.value[:1] not in "{["
            if not before or is_same or any(_is_below(key, other) for other in found):
                continue
            found.append(key)
            first = place_at(self.path, self.text, before.offset)
            yield key, first, place_at(self.path, self.text, key.offset)

    @cached_property
    def _offsets(self) -> dict[tuple[str, ...], int]:
        """Return the offset, from 1, of each key where it is first."""
        found: dict[tuple[str, ...], int] = {}
        for key in self.all_keys():
            found.setdefault(key.path, key.offset + 1)
        return found


def _is_below(key: Key, other: Key) -> bool:
    return key.path[: len(other.path)] == other.path and key.path != other.path


def _next_token(text: str, offset: int) -> re.Match[str] | None:
    """Return the token that begins at an offset or after blanks and comments."""
    while token := JSON_TOKEN.match(text, offset):
        if not token["skip"]:
            return token
        offset = token.end()
    return None


def _next_mark(text: str, offset: int) -> str:
    token = _next_token(text, offset)
    return token["mark"] or "" if token else ""


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
