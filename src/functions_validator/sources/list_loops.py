"""The lists that loops of a module go through."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from .python_source import Module


def looped_lists(module: Module, variable: ast.expr) -> Iterator[Sequence[ast.expr] | None]:
    """Yield the items of the list that each `for` with a variable goes through; None if the sources do not show it."""
    for loop in module.all(ast.For):
        if ast.unparse(loop.target) == ast.unparse(variable):
            items = loop.iter
            if isinstance(items, ast.Name):
                items = module.constants.get(items.id, items)
            yield items.elts if isinstance(items, ast.List | ast.Tuple) else None
