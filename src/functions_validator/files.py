"""Reads text as the Functions host and its tools read it: encodings, JSON with comments, ignore files."""

from __future__ import annotations

import codecs
import fnmatch
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from .findings import Place

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class Unreadable(Exception):
    """A file cannot be read; the message says why, in words that go on from "because"."""


def read_text(path: Path) -> str:
    """Return a file's text, which is UTF-8 or has a byte-order mark. Raises Unreadable."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Unreadable((error.strerror or str(error)).lower()) from error
    marks = ((mark, name) for mark, name in BYTE_ORDER_MARKS if content.startswith(mark))
    mark, encoding = next(marks, (b"", "utf-8"))
    try:
        return content[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable(f"byte {error.start + 1} is not {encoding.upper()}") from error


def place_at(path: str, text: str, offset: int) -> Place:
    """Return the place of an offset in a text."""
    start = text.rfind("\n", 0, offset) + 1
    return Place(path, text.count("\n", 0, offset) + 1, offset - start + 1)


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


@dataclass(frozen=True)
class IgnoreFile:
    """The patterns of a .funcignore, .gitignore or .dockerignore; the last that matches decides."""

    path: str
    patterns: Sequence[tuple[int, str]]

    @staticmethod
    def parse(path: str, text: str) -> IgnoreFile:
        """Return the patterns with their lines, from 1."""
        lines = enumerate(text.splitlines(), start=1)
        return IgnoreFile(
            path,
            [
                (line, pattern.strip())
                for line, pattern in lines
                if pattern.strip() and not pattern.startswith("#")
            ],
        )

    def ignored_at(self, path: str) -> Place | None:
        """Return the place of the pattern that leaves out a path, or None if it stays.

        The path is relative to the file's folder, with `/`, and ends with `/` for a folder.
        """
        found = None
        for candidate in _path_and_parents(path):
            for line, pattern in self.patterns:
                if _matches(pattern.lstrip("!"), candidate):
                    found = None if pattern.startswith("!") else Place(self.path, line)
            if found:
                return found
        return found


def _path_and_parents(path: str) -> Iterator[str]:
    parents = [f"{parent}/" for parent in PurePosixPath(path).parents if str(parent) != "."]
    yield from reversed(parents)
    yield path


def _matches(pattern: str, path: str) -> bool:
    if pattern.endswith("/") and not path.endswith("/"):
        return False
    bare, path = pattern.rstrip("/"), path.rstrip("/")
    if "/" not in bare:
        return fnmatch.fnmatchcase(PurePosixPath(path).name, bare)
    return re.fullmatch(_expression(bare.lstrip("/")), path) is not None


def _expression(pattern: str) -> str:
    """Return a regular expression in which `*` stops at a slash and `**` does not."""
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", pattern)
    wild = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return "".join(wild.get(part) or re.escape(part) for part in parts)
