"""Has PyYAML return texts that know where they are written. Import it where there is some YAML: it is slow to import."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from yaml import Node, SafeLoader, YAMLError

from .commented_file import Source
from .placed_json import Text, placed_text

# Tabs that YAML allows and PyYAML does not: those after something on their line, and those on blank lines.
ALLOWED_BLANKS = re.compile(r"(?m)(?<=\S)[ \t]+|^[ \t]+(?=\r?$)")


class Loader(SafeLoader):
    """Reads the documents of a file. All that is neither a mapping nor a list is Text, whatever its tag."""

    yaml_constructors: ClassVar[dict[str | None, Any]] = {}

    def __init__(self, source: Source) -> None:
        super().__init__(_without_tabs(source.written))
        self.source = source

    def construct_scalar(self, node: Node) -> Text:
        """Return the text as it is written, without quotes."""
        start, end = node.start_mark.index, node.end_mark.index
        return placed_text(node.value, self.source, start, end)


def _without_tabs(text: str) -> str:
    return ALLOWED_BLANKS.sub(lambda found: " " * len(found[0]), text) if "\t" in text else text


def first_document(source: Source) -> object:
    """Return the first document of a file; None if there is none, or it is not valid."""
    try:
        loader = Loader(source)
        return loader.get_data() if loader.check_node() else None
    except (YAMLError, ValueError, OverflowError, RecursionError):
        return None
