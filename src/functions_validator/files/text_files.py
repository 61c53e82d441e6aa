"""Reads text in the encodings that the Functions host reads."""

from __future__ import annotations

import codecs
import contextlib
import os
import re
from pathlib import Path

from ..model import Place

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

CODING = rb"(?:#[^\n]*\n)?#[^\n]*coding[:=]\s*([-\w.]+)"
# Why something with the name of a file cannot be read.
A_FOLDER = "it is a folder"
A_LINK = "it is a link to a file that is not there"
NO_RIGHT = "permission denied"
# Such as a link to /dev/zero, which has no end, or a pipe, which waits for somebody to write.
NO_FILE = "it is not a file"
FIXES = {
    A_FOLDER: "Rename the folder, and write the file.",
    A_LINK: "Correct the link, or write the file.",
    NO_FILE: "Write a file in its place.",
    NO_RIGHT: "Allow everybody to read it.",
}


class Unreadable(Exception):
    """A file cannot be read; the message says why, in words that go on from "because"; the line says where."""

    def __init__(self, why: str, line: int = 1) -> None:
        super().__init__(why)
        self.line = line


def reason(error: OSError) -> str:
    """Return why something cannot be read, as words in a sentence."""
    return (error.strerror or str(error)).lower()


def why_no_file(path: str | Path) -> str:
    """Return why something that has the name of a file, but is none, cannot be read."""
    if os.path.isdir(path):
        return A_FOLDER
    return NO_FILE if os.path.exists(path) else A_LINK


def read_text(path: str | Path, errors: str = "strict") -> str:
    """Return a file's text, which is UTF-8 or has a byte-order mark. Raises Unreadable."""
    try:
        if os.path.lexists(path) and not os.path.isfile(path):
            raise Unreadable(why_no_file(path))
        with open(path, "rb") as file:
            content = file.read()
    except OSError as error:
        raise Unreadable(reason(error)) from error
    marks = ((mark, name) for mark, name in BYTE_ORDER_MARKS if content.startswith(mark))
    mark, encoding = next(marks, (b"", "utf-8"))
    try:
        return content[len(mark) :].decode(encoding, errors)
    except UnicodeDecodeError as error:
        # pip reads requirements in the encoding that a comment names.
        named = re.match(CODING, content)
        if named:
            with contextlib.suppress(LookupError, UnicodeDecodeError):
                return content.decode(named[1].decode("ascii"))
        line = error.object[: error.start].count(b"\n") + 1
        raise Unreadable(f"this line is not {encoding.upper()}", line) from error


def text_or_empty(path: str | Path, errors: str = "strict") -> str:
    """Return a file's text, or "" if there is none, or it cannot be read."""
    try:
        return read_text(path, errors)
    except Unreadable:
        return ""


def place_at(path: str, text: str, offset: int) -> Place:
    """Return the place of an offset in a text."""
    start = text.rfind("\n", 0, offset) + 1
    return Place(path, text.count("\n", 0, offset) + 1, offset - start + 1)
