"""The types of the items in the lists that functions get: events, messages, documents and rows."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Mapping

from ..sources.library_names import LIBRARY
from ..sources.nodes import Definition, own_nodes
from ..sources.python_source import Module, all_parameters
from ..sources.uncertain_names import asked_names

# The lists of azure.functions that are classes of their own, with what is in them.
ROWS = {"DocumentList": "Document", "MySqlRowList": "MySqlRow", "SqlRowList": "SqlRow"}


def items_of_lists(definition: Definition, lists: Mapping[str, str]) -> Mapping[str, str]:
    """Return the types of the variables that only loops over the lists bind.

    `lists` has the types of what is in the parameters that are lists and that nothing binds again.
    """
    if not lists:
        return {}
    found: dict[str, set[str]] = {}
    bound_otherwise: Counter[str] = Counter(one.arg for one in all_parameters(definition))
    for node in own_nodes(definition):
        match node:
            case (
                ast.For(target=ast.Name(id=name), iter=ast.Name(id=many))
                | ast.comprehension(target=ast.Name(id=name), iter=ast.Name(id=many))
            ) if many in lists:
                found.setdefault(name, set()).add(lists[many])
                bound_otherwise[name] -= 1
            case ast.Name(id=name, ctx=ast.Store()):
                bound_otherwise[name] += 1
    asked = asked_names(definition) if found else set()
    return {
        name: next(iter(types))
        for name, types in found.items()
        if len(types) == 1 and not bound_otherwise[name] and name not in asked
    }


def type_in_list(module: Module, annotation: ast.expr) -> str | None:
    """Return the type of what is in a list of azure.functions that is annotated so; None for anything else."""
    if isinstance(annotation, ast.Subscript):
        is_list = module.dotted(annotation.value) == "typing.List"
        library, _, name = module.dotted(annotation.slice).rpartition(".")
        return name if is_list and library == LIBRARY else None
    library, _, name = module.dotted(annotation).rpartition(".")
    return ROWS.get(name) if library == LIBRARY else None
