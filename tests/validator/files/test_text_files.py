"""Texts in the encodings that the Functions host reads."""

import codecs
from pathlib import Path

import pytest

from functions_validator.files.text_files import Unreadable, read_text


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_byte_order_mark_says_the_encoding(mark: bytes, encoding: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(mark + "é\n".encode(encoding))
    assert read_text(tmp_path / "a.txt") == "é\n"


def test_a_text_that_cannot_be_read_says_where(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"a\nb\n\xff\n")
    with pytest.raises(Unreadable, match="this line is not UTF-8") as raised:
        read_text(tmp_path / "a.txt")
    assert raised.value.line == 3


@pytest.mark.parametrize("start", [b"# coding: latin-1\n", b"# a\n# -*- coding: latin-1 -*-\n"])
def test_a_comment_may_name_the_encoding(start: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(start + b"\xe9\n")
    assert read_text(tmp_path / "a.txt").endswith("\né\n")


@pytest.mark.parametrize("start", [b"# coding: no-such\n", b"a\n# coding: latin-1\n"])
def test_an_encoding_that_is_unknown_or_named_too_late_is_not_used(
    start: bytes, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_bytes(start + b"\xe9\n")
    with pytest.raises(Unreadable, match="this line is not UTF-8"):
        read_text(tmp_path / "a.txt")


def test_a_device_without_an_end_is_not_read() -> None:
    with pytest.raises(Unreadable, match="it is not a file"):
        read_text("/dev/zero")
