"""What an app says of its checks, in the table [tool.functions-validator] of its pyproject.toml."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .project.toml_file import TomlFile

TABLE = "functions-validator"


class Configuration(NamedTuple):
    """The codes, or how they start, that are checked and that are not; and patterns of files, as in .gitignore."""

    select: Sequence[str] = ("AF",)
    ignore: Sequence[str] = ()
    exclude: Sequence[str] = ()


def read_configuration(pyproject: TomlFile | None) -> Configuration:
    """Return the table of pyproject.toml. Raises ValueError, whose message is a sentence, for a wrong one."""
    table = pyproject.get("tool", TABLE) if pyproject else None
    if table is None:
        return Configuration()
    known = Configuration._fields
    where = f"[tool.{TABLE}] of pyproject.toml"
    if not isinstance(table, dict):
        raise ValueError(f"{where} must be a table with {', '.join(known)}.")  # noqa: TRY004
    for key, value in table.items():
        if key not in known:
            raise ValueError(f'{where} has no key "{key}": write {", ".join(known)}.')
        if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
            raise ValueError(f'{where}: "{key}" must be a list of texts.')
    return Configuration(**table)
