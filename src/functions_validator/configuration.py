"""How an app configures its checks, in the table [tool.functions-validator] of its pyproject.toml."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from .files.toml_file import TomlFile

TABLE = "functions-validator"
MISNAMED = TABLE.replace("-", "_")


class Configuration(NamedTuple):
    """The codes, or beginnings of codes, to check and to ignore; and patterns of files, as in .gitignore."""

    select: Sequence[str] = ("AF",)
    ignore: Sequence[str] = ()
    exclude: Sequence[str] = ()


def read_configuration(pyproject: TomlFile | None) -> Configuration:
    """Return the table of pyproject.toml. Raises ValueError, whose message is a sentence, for a wrong one."""
    table = pyproject.get("tool", TABLE) if pyproject else None
    if pyproject and table is None and pyproject.get("tool", MISNAMED) is not None:
        raise ValueError(f"pyproject.toml has [tool.{MISNAMED}]: write [tool.{TABLE}].")
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
            raise ValueError(f'{where}: "{key}" must be a list of strings.')
    if table.get("select") == []:
        raise ValueError(
            f'{where}: "select" is empty, so nothing is checked. Name codes or remove it.'
        )
    given = Configuration(**table)
    return given._replace(select=codes(given.select), ignore=codes(given.ignore))


def codes(texts: Iterable[str]) -> list[str]:
    """Return codes as rules have them: in capital letters, without spaces around them."""
    return [text.strip().upper() for text in texts]
