"""The imports of a module, as it writes them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from ..model import Place
from .nodes import Definition, catches, has_statements, imported_name, statements, suppresses

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

    @property
    def top(self) -> str:
        """Return the first part of the module's name; "" for an import such as `from . import orders`."""
        return self.name.partition(".")[0]

    @property
    def is_certain(self) -> bool:
        """Whether it runs whenever its module is imported, which fails without it."""
        return not (self.guarded or self.deferred)

    @property
    def may_fail(self) -> bool:
        """Whether it runs whenever its module is imported, which goes on without it."""
        return self.guarded and not self.deferred


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
            if isinstance(child, ast.Import | ast.ImportFrom):
                yield from self._imports_of(child, guarded=guarded, deferred=deferred)
            is_function = isinstance(child, Definition)
            for part, survives in _blocks(child):
                yield from self.imports(
                    part, guarded=guarded or survives, deferred=deferred or is_function
                )

    def _imports_of(
        self, node: ast.Import | ast.ImportFrom, *, guarded: bool, deferred: bool
    ) -> Iterator[Import]:
        place = self.place(node)
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, place, guarded, (), deferred)
        else:
            names = [alias.name for alias in node.names]
            outside = bool(node.level) and self._kept(node.level) < 1
            yield Import(self.absolute(node), place, guarded, names, deferred, outside)

    def absolute(self, node: ast.ImportFrom) -> str:
        """Return the full name of the module that names are imported from."""
        if not node.level:
            return node.module or ""
        package = self.name.split(".")[: max(self._kept(node.level), 0)]
        return ".".join([*package, *(node.module or "").split(".")]).strip(".")

    def _kept(self, level: int) -> int:
        """Return how many parts of the module's name are before what a relative import names."""
        return len(self.name.split(".")) - level + self.is_package


def _blocks(node: ast.AST) -> Iterator[tuple[Sequence[ast.AST], bool]]:
    """Yield the statements inside of a statement, and whether the app can live without what they import."""
    if isinstance(node, ast.Try):
        survives = any(catches(handler, IMPORT_ERRORS) for handler in node.handlers)
        yield from ((part, survives) for part in (node.body, node.orelse, node.finalbody))
        yield from ((handler.body, True) for handler in node.handlers)
    elif isinstance(node, ast.With | ast.AsyncWith):
        yield node.body, suppresses(node)
    elif has_statements(node):
        yield statements(node), isinstance(node, ast.If)


def imported_names(block: Sequence[ast.stmt]) -> set[str]:
    """Return the names that the imports among some statements bind."""
    return {
        imported_name(alias)
        for node in block
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
