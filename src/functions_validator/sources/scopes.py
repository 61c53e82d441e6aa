"""The names that functions and comprehensions bind themselves."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from .imports import imported_names
from .nodes import Definition, own_nodes
from .python_source import parameters


def bound_in(definition: Definition) -> set[str]:
    """Return the names that a function binds itself, which hide those of its module; imports do not count."""
    of_module: set[str] = set()
    stored = {parameter.arg for parameter in parameters(definition)}
    targets: set[ast.AST] = set()
    for part in own_nodes(definition):
        if isinstance(part, ast.Import | ast.ImportFrom):
            of_module |= imported_names([part])
        elif isinstance(part, ast.Global):
            of_module.update(part.names)
        elif isinstance(part, ast.comprehension):
            targets.update(ast.walk(part.target))
        elif isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store) and part not in targets:
            stored.add(part.id)
    return stored - of_module


def hidden_in(definition: Definition) -> Mapping[ast.AST, set[str]]:
    """Return the nodes inside of comprehensions, with the names that these bind."""
    found: dict[ast.AST, set[str]] = {}
    for node in own_nodes(definition):
        if isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            targets = [part for one in node.generators for part in ast.walk(one.target)]
            names = {part.id for part in targets if isinstance(part, ast.Name)}
            for part in ast.walk(node):
                found.setdefault(part, set()).update(names)
    return found
