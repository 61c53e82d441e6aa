"""Reads files without their comments, but with every text at its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import NamedTuple

from ..model import Place
from ..pattern import Pattern
from .text_files import place_at

BICEP, TERRAFORM = (".bicep", ".bicepparam"), (".tf", ".tfvars")
YAML = (".yml", ".yaml")
# Strings, which stay, and comments, which do not count.
COMMENTS = {
    "bicep": Pattern(r"'''.*?'''|'(?:\\.|[^'\\\n])*'|(//[^\n]*|/\*.*?\*/)", re.DOTALL),
    "terraform": Pattern(r'"(?:\\.|[^"\\\n])*"|(#[^\n]*|//[^\n]*|/\*.*?\*/)', re.DOTALL),
    "json": Pattern(r'"(?:\\.|[^"\\\n])*"|(//[^\n]*|/\*.*?\*/)', re.DOTALL),
    "script": Pattern(r"(?m)(?<!\S)(#[^\n]*)"),
}
# Strings of Bicep and Terraform, of one or several lines.
STRINGS = Pattern(
    r"<<[-~]?(?P<end>\w+)[ \t]*\r?\n.*?\n[ \t]*(?P=end)\b"
    r"|'''.*?'''|'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\"",
    re.DOTALL,
)
BRACES = Pattern(rf"{STRINGS.pattern}|[{{}}]", re.DOTALL)
STEPS = {"{": 1, "}": -1}


class Source(NamedTuple):
    """A file, whose comments are replaced with spaces; the path is relative to the app, as `../infra/main.bicep`.

    `written` is its text with the comments.
    """

    path: str
    text: str
    written: str

    def place(self, offset: int) -> Place:
        """Return the place of an offset."""
        return place_at(self.path, self.text, offset)

    @property
    def is_inside(self) -> bool:
        """Whether the file is in the folder of the app, and not beside it in the repository."""
        return Place(self.path).is_inside

    @property
    def is_yaml(self) -> bool:
        """Whether the file is a workflow or a pipeline, and not a script."""
        return self.path.endswith(YAML)

    @property
    def folder(self) -> str:
        """Return the folder of the file."""
        return str(PurePosixPath(self.path).parent)

    def blocks(self, header: Pattern) -> Iterator[Block]:
        """Yield the text between the braces after a header, which ends with the opening one."""
        for match in header.finditer(self.text):
            yield Block(self, match, match.end(), _closing(self.text, match.end()))


class Block(NamedTuple):
    """A part of a file, between braces."""

    source: Source
    header: re.Match[str]
    start: int
    end: int

    @property
    def text(self) -> str:
        """Return the text between the braces."""
        return self.source.text[self.start : self.end]


def without_comments(name: str, text: str) -> str:
    """Return the text of a file with spaces instead of its comments."""
    kinds: dict[str, str | tuple[str, ...]]
    kinds = {"bicep": BICEP, "terraform": TERRAFORM, "json": ".json"}
    kind = next((kind for kind, endings in kinds.items() if name.endswith(endings)), "script")
    return COMMENTS[kind].sub(lambda found: _blank(found[0]) if found[1] else found[0], text)


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def _closing(text: str, start: int) -> int:
    """Return where the brace closes that opened before a place."""
    depth = 1
    for found in BRACES.finditer(text, start):
        depth += STEPS.get(found[0], 0)
        if depth == 0:
            return found.start()
    return len(text)


def open_braces(text: str, end: int) -> int:
    """Return how many braces are open at a place."""
    return sum(STEPS.get(found[0], 0) for found in BRACES.finditer(text, 0, end))
