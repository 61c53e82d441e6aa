"""The imports of a module, as it writes them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from ..model import Place
from .nodes import catches, has_statements, imported_name, statements, suppresses

IMPORT_ERRORS = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}


class Import(NamedTuple):
    """An import of a module by its full name.

    It is guarded if the app can live without it, deferred if a function runs it, and outside if it has more dots
    than there are packages around its module.
    """

    name: str
    place: Place
    guarded: bool
    names: Sequence[str] = ()
    deferred: bool = False
    outside: bool = False


class ImportReader:
    """Reads the imports of a module, whose full name decides what relative ones mean.

    `place` returns the place of a statement.
    """

    def __init__(self, name: str, *, is_package: bool, place: Callable[[ast.stmt], Place]) -> None:
        self.name, self.is_package, self.place = name, is_package, place

    def imports(
        self, block: Sequence[ast.AST], *, guarded: bool = False, deferred: bool = False
    ) -> Iterator[Import]:
        """Yield the imports in some statements, and inside of them."""
        for child in block:
            if isinstance(child, ast.Import):
                for alias in child.names:
                    yield Import(alias.name, self.place(child), guarded, (), deferred)
            elif isinstance(child, ast.ImportFrom):
                names = [alias.name for alias in child.names]
                name, place = self.absolute(child), self.place(child)
                outside = bool(child.level) and self._kept(child.level) < 1
                yield Import(name, place, guarded, names, deferred, outside)
            elif isinstance(child, ast.Try):
                survives = guarded or any(catches(one, IMPORT_ERRORS) for one in child.handlers)
                for part in (child.body, child.orelse, child.finalbody):
                    yield from self.imports(part, guarded=survives, deferred=deferred)
                for handler in child.handlers:
                    yield from self.imports(handler.body, guarded=True, deferred=deferred)
            elif isinstance(child, ast.If):
                yield from self.imports(statements(child), guarded=True, deferred=deferred)
            elif isinstance(child, ast.With | ast.AsyncWith):
                survives = guarded or suppresses(child)
                yield from self.imports(child.body, guarded=survives, deferred=deferred)
            elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                yield from self.imports(child.body, guarded=guarded, deferred=True)
            elif has_statements(child):
                yield from self.imports(statements(child), guarded=guarded, deferred=deferred)

    def absolute(self, node: ast.ImportFrom) -> str:
        """Return the full name of the module that names are imported from."""
        if not node.level:
            return node.module or ""
        package = self.name.split(".")[: max(self._kept(node.level), 0)]
        return ".".join([*package, *(node.module or "").split(".")]).strip(".")

    def _kept(self, level: int) -> int:
        """Return how many parts of the module's name are before what a relative import names."""
        return len(self.name.split(".")) - level + self.is_package


def imported_names(block: Sequence[ast.stmt]) -> set[str]:
    """Return the names that the imports among some statements bind."""
    return {
        imported_name(alias)
        for node in block
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
