"""The commands of workflows, pipelines and scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ..files.commented_file import Source, without_comments
from ..files.placed_json import Text
from ..files.yaml_file import parts, read_yaml
from ..model import Place
from ..pattern import Pattern

# What is between the words of a command, and its end. A backslash continues it on the next line, in PowerShell a backtick.
GAP = r"(?:\s|[\\`](?=\r?\n))+"
REST = Pattern(r"(?:[^\n]|(?<=[\\`])\n|(?<=[\\`]\r)\n)*")


class Command(NamedTuple):
    """A command with its arguments, and where it is written."""

    text: str
    place: Place


def commands(source: Source, start: Pattern) -> Iterator[Command]:
    """Yield the commands of a file that start with a pattern."""
    if not source.is_yaml:
        for match in start.finditer(source.text):
            yield Command(_whole(source.text, match), source.place(match.start()))
        return
    for part in parts(read_yaml(source)):
        if isinstance(part, Text):
            yield from _of_text(source, part, start)


def _of_text(source: Source, part: Text, start: Pattern) -> Iterator[Command]:
    """Yield the commands of a text in YAML, whose lines and escapes are not those that the shell gets."""
    text = without_comments(source.path, part)
    written = start.finditer(source.text, part.offset, part.end)
    for match in start.finditer(text):
        found = next(written, None)
        yield Command(_whole(text, match), source.place(found.start()) if found else part.place)


def _whole(text: str, match: re.Match[str]) -> str:
    rest = REST.match(text, match.end())
    return match[0] + (rest[0] if rest else "")
