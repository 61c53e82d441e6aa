"""The items of the lists that functions get: events, messages, documents and rows."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from ..model import Problem
from ..sources.import_graph import Sources
from ..sources.library_names import LIBRARY
from ..sources.nodes import Definition, own_nodes
from ..sources.python_source import Module, all_parameters
from ..sources.uncertain_names import asked_names
from .annotations import followed

# What the lists of azure.functions have, all of which are dicts with these methods.
ROWS = {"DocumentList": "Document", "MySqlRowList": "MySqlRow", "SqlRowList": "SqlRow"}
METHODS = {"clear", "copy", "data", "from_dict", "from_json", "fromkeys", "get", "items", "keys"}
METHODS |= {"pop", "popitem", "setdefault", "to_dict", "to_json", "update", "values"}
SIGNS = ("DocumentList", "SqlRowList", "List[")


def items_of_lists(definition: Definition, lists: Mapping[str, str]) -> Mapping[str, str]:
    """Return the types of the variables that only loops over the lists bind.

    `lists` has the types of what is in the parameters that are lists and that nothing binds again.
    """
    found: dict[str, set[str]] = {}
    stored: dict[str, int] = {}
    for node in own_nodes(definition):
        match node:
            case (
                ast.For(target=ast.Name(id=name), iter=ast.Name(id=many))
                | ast.comprehension(target=ast.Name(id=name), iter=ast.Name(id=many))
            ) if many in lists:
                found.setdefault(name, set()).add(lists[many])
                stored[name] = stored.get(name, 0) - 1
            case ast.Name(id=name, ctx=ast.Store()):
                stored[name] = stored.get(name, 0) + 1
    given = {argument.arg for argument in all_parameters(definition)}
    others = given | asked_names(definition) if found else given
    return {
        name: next(iter(types))
        for name, types in found.items()
        if len(types) == 1 and not stored[name] and name not in others
    }


def types_in_lists(
    sources: Sources, module: Module, definition: Definition, uncertain: frozenset[str]
) -> Mapping[str, str]:
    """Return the types of what is in the parameters that are lists of azure.functions."""
    if not any(sign in module.text for sign in SIGNS):
        return {}
    return {
        argument.arg: type_
        for argument in all_parameters(definition)
        if argument.annotation is not None and argument.arg not in uncertain
        if (type_ := _type_in_list(*followed(sources, module, argument.annotation)))
    }


def _type_in_list(module: Module, annotation: ast.expr) -> str | None:
    if isinstance(annotation, ast.Subscript):
        is_list = module.dotted(annotation.value) == "typing.List"
        library, _, name = module.dotted(annotation.slice).rpartition(".")
        return name if is_list and library == LIBRARY else None
    library, _, name = module.dotted(annotation).rpartition(".")
    return ROWS.get(name) if library == LIBRARY else None


def wrong_rows(
    sources: Sources,
    module: Module,
    definition: Definition,
    lists: Mapping[str, str],
    items: Mapping[str, str],
) -> Iterator[Problem]:
    """Yield documents and rows that a function uses as objects with attributes, or as what JSON has."""
    rows = {name: type_ for name, type_ in items.items() if type_ in ROWS.values()}
    of_rows = {name: type_ for name, type_ in lists.items() if type_ in ROWS.values()}
    for node in own_nodes(definition) if rows or of_rows else ():
        match node:
            case ast.Attribute(value=value, attr=attr, ctx=ast.Load()):
                type_ = _type_of_row(value, rows, of_rows)
                is_other = type_ and attr not in METHODS and not attr.startswith("_")
                # To read what all modules store takes longer.
                if is_other and attr not in sources.stored_attributes:
                    text = ast.unparse(value)
                    message = f"{text} is a func.{type_}, which has no attribute {attr!r}."
                    yield Problem(module.place(node), message, f'Write {text}["{attr}"].')
            case ast.Call(args=[value, *_], keywords=[]) if (
                module.dotted(node.func) == "json.dumps"
            ):
                text = ast.unparse(value)
                if type_ := _type_of_row(value, rows, of_rows):
                    message = f"{text} is a func.{type_}, which json.dumps cannot write."
                    yield Problem(module.place(node), message, f"Write dict({text}).")
                elif isinstance(value, ast.Name) and value.id in of_rows:
                    message = (
                        f"{text} is a func.{of_rows[value.id]}List, which json.dumps cannot write."
                    )
                    fix = f"Write [dict(one) for one in {text}]."
                    yield Problem(module.place(node), message, fix)


def _type_of_row(node: ast.expr, rows: Mapping[str, str], of_rows: Mapping[str, str]) -> str | None:
    match node:
        case ast.Name(id=name):
            return rows.get(name)
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=int())):
            return of_rows.get(name)
    return None
