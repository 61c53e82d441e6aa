"""The text of a Python file, in the encoding that it names."""

from __future__ import annotations

import ast
import codecs
import contextlib
import io


def decoded(content: bytes) -> str:
    """Return the text of a file's bytes. Raises SyntaxError, LookupError or UnicodeDecodeError.

    A comment may have what is not UTF-8: Python does not read it.
    """
    if not content.startswith(codecs.BOM_UTF8) and b"coding" not in b"".join(
        content.split(b"\n", 2)[:2]
    ):
        with contextlib.suppress(UnicodeDecodeError):
            return content.decode()
    # Imported here because few files say which encoding they have.
    import tokenize

    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        return content.decode(encoding)
    except (SyntaxError, UnicodeDecodeError):
        try:
            ast.parse(content)
        except (SyntaxError, ValueError):
            pass
        else:
            return content.decode(errors="replace")
        raise
