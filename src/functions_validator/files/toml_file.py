"""Reads TOML."""

from __future__ import annotations

import ast
import re
import sys
from functools import cached_property
from typing import Any

from ..model import Fault, Place
from ..pattern import Pattern
from .content import value_at

# What tomllib says: where it stops, as in "Expected '=' (at line 2, column 5)", and what is there twice.
AT = Pattern(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
KEY_TWICE = "Cannot overwrite a value"
TABLE_TWICE = Pattern(r"^Cannot declare (\(.*\)) twice$")
# A key with its dots, such as `requires-python =` or `tool."my app".name =`.
NAME = r"(?:[\w-]+|\"[^\"\n]+\"|'[^'\n]+')"
KEY = Pattern(rf"^[ \t]*({NAME}(?:[ \t]*\.[ \t]*{NAME})*)[ \t]*=(?!=)", re.MULTILINE)


class TomlFile:
    """A TOML file. `error` says why it cannot be read; if it is None, `value` is the content."""

    def __init__(self, path: str, text: str) -> None:
        self.path, self.text = path, text

    @cached_property
    def _parsed(self) -> tuple[dict[str, Any], Fault | None]:
        """Return the content and no fault, or no content and the fault."""
        try:
            return _loads(self.text), None
        except RecursionError:
            return {}, Fault("it is nested too deeply", Place(self.path))
        except ValueError as error:
            at = AT.search(str(error))
            place = Place(self.path, int(at[1] or 1), int(at[2] or 1)) if at else Place(self.path)
            return {}, self._plainly(Fault(AT.sub("", str(error)), place))

    def _plainly(self, fault: Fault) -> Fault:
        """Return a fault in plain words; the place of a repeated key is the second one."""
        message, place = fault
        if table := TABLE_TWICE.match(message):
            name = ".".join(ast.literal_eval(table[1]))
            return Fault(f"the table [{name}] is given twice", place)
        if message != KEY_TWICE:
            return fault
        lines = self.text.splitlines(keepends=True)[: place.line]
        keys = list(KEY.finditer("".join(lines)))
        if not keys:
            return fault
        line = self.text.count("\n", 0, keys[-1].start(1)) + 1
        return Fault(f"the key {keys[-1][1]} is given twice", Place(self.path, line))

    @property
    def value(self) -> dict[str, Any]:
        """Return the content; nothing if the file is not TOML."""
        return self._parsed[0]

    @property
    def error(self) -> Fault | None:
        """Return what is wrong with the file, and where."""
        return self._parsed[1]

    def get(self, *keys: str) -> Any:
        """Return the value at the keys; None if something on the way is missing."""
        return value_at(self.value, *keys)

    def place(self, words: str) -> Place:
        """Return the first line that has these words."""
        return self._place(max(self.text.find(words), 0))

    def place_of_key(self, table: str, key: str) -> Place:
        """Return the line that gives a key of a table a value; without such a line, that of the key's name."""
        # The lines between the name of the table and that of the key begin no other table.
        header, others = rf"^[ \t]*\[{re.escape(table)}\]", r"(?:.*\n(?![ \t]*\[))*?"
        written = rf"{header}{others}[ \t]*({re.escape(key)})[ \t]*="
        found = re.search(written, self.text, re.MULTILINE)
        return self._place(found.start(1)) if found else self.place(key)

    def _place(self, offset: int) -> Place:
        return Place(self.path, self.text.count("\n", 0, offset) + 1)


def _loads(text: str) -> dict[str, Any]:
    """Return the content of a text. Raises ValueError or RecursionError."""
    # Imported here because it is slow to import, and most apps have no such file.
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    return tomllib.loads(text)
