"""Names that azure.functions does not have."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from ..data import read_table
from ..model import Problem
from ..typos import similar_name
from .import_graph import Sources
from .import_time import run_at_import
from .nodes import own_nodes, walk
from .python_source import Module

LIBRARY = "azure.functions"
NAMES: Sequence[str] = read_table("objects")["names"]
MEMBERS: Mapping[str, Sequence[str]] = read_table("objects")["members"]
KNOWN = {*NAMES, *(member for members in MEMBERS.values() for member in members)}
# True of every version since March 2023.
NO_STAR = f"Python cannot import * from {LIBRARY}, which lists a name that it does not have, WarmUpContext."
# How alike a name is to the one that is meant: newer versions have more names.
ALIKE = 0.9


def unknown_names(sources: Sources, *, are_late: bool) -> Iterator[Problem]:
    """Yield misspelled names of azure.functions that are read when the app is imported.

    `are_late` says whether its Python reads annotations only when they are asked for.
    """
    for module in sources.modules.values():
        if LIBRARY not in module.text:
            continue
        yield from _wrong_imports(module)
        if may_be_wrong(module):
            yield from _wrong_reads(module, are_late=are_late)


def _wrong_imports(module: Module) -> Iterator[Problem]:
    """Yield names that a module imports from the library, which does not have them."""
    for imported in module.imports:
        if imported.name != LIBRARY or not imported.is_certain:
            continue
        for name in imported.names:
            if name == "*" and imported.place in map(module.place, module.tree.body):
                yield Problem(imported.place, NO_STAR, _without_star(module))
            if similar := name_meant(name):
                message = f"{LIBRARY} has no {name}."
                yield Problem(imported.place, message, f"Write {similar} instead.")


def _wrong_reads(module: Module, *, are_late: bool) -> Iterator[Problem]:
    """Yield names that a module takes from the library or one of its enumerations, which do not have them."""
    for node, owner in _attributes(module, are_late=are_late):
        similar = name_meant(node.attr) if owner == LIBRARY else None
        fix = f"Write {ast.unparse(node.value)}.{similar} instead." if similar else None
        if choices := MEMBERS.get(owner.rpartition(".")[2]):
            fix = f"Choose one of {', '.join(choices)}."
        if fix:
            yield Problem(module.place(node), f"There is no {owner}.{node.attr}.", fix)


def _without_star(module: Module) -> str:
    """Return how to import the names of the library that a module uses."""
    used = {node.id for node in module.all(ast.Name)} & {*NAMES}
    names = ", ".join(sorted(used))
    return f"Write from {LIBRARY} import {names}." if used else f"Write import {LIBRARY} as func."


def unknown_in_functions(module: Module) -> Iterator[Problem]:
    """Yield misspelled names of azure.functions that a function reads when it runs."""
    if LIBRARY not in module.text or "hasattr(" in module.text or not may_be_wrong(module):
        return
    wrong = {
        node: owner for node, owner in _wrong_attributes(module) if not _is_hidden(module, node)
    }
    for definition in module.definitions if wrong else ():
        nodes = own_nodes(definition)
        kept = {*_unread(nodes)}
        for node in nodes:
            if isinstance(node, ast.Attribute) and node in wrong and node not in kept:
                owner = wrong[node]
                similar = name_meant(node.attr) if owner == LIBRARY else node.attr.upper()
                if similar and (owner == LIBRARY or similar in MEMBERS[owner[len(LIBRARY) + 1 :]]):
                    message = f"There is no {owner}.{node.attr}, so this line fails."
                    fix = f"Write {ast.unparse(node.value)}.{similar} instead."
                    yield Problem(module.place(node), message, fix)


def _is_hidden(module: Module, node: ast.Attribute) -> bool:
    """Whether a parameter may have the name of the library, as `func` of a decorator has."""
    names = {part.id for part in walk(node) if isinstance(part, ast.Name)}
    return any(argument.arg in names for argument in module.all(ast.arg))


def _unread(nodes: Sequence[ast.AST]) -> Iterator[ast.AST]:
    """Yield what does not run, or may fail without harm: annotations of variables, and what expects the error."""
    for node in nodes:
        if isinstance(node, ast.AnnAssign):
            yield from walk(node.annotation)
        elif isinstance(node, ast.Try):
            caught = [h.type for h in node.handlers if h.type is not None]
            if any("AttributeError" in ast.unparse(one) for one in caught):
                yield from (part for one in node.body for part in walk(one))


def name_meant(name: str) -> str | None:
    """Return the name of the library that another one means; None if it is right, or may be one of a newer version."""
    if name in NAMES:
        return None
    known = {one.lower(): one for one in NAMES}
    similar = similar_name(name.lower(), known, ALIKE)
    return known[similar] if similar and name[:1].isupper() else None


@lru_cache(maxsize=1024)
def may_be_wrong(module: Module) -> bool:
    """Whether the text takes a name from the library or an enumeration that it does not have: parsing is slower."""
    names = {alias for alias, name in module.aliases.items() if name.startswith(LIBRARY)}
    owners = "|".join(map(re.escape, sorted({*names, *MEMBERS, LIBRARY})))
    found = set(re.findall(rf"\b(?:{owners})(?=\.([A-Za-z]\w*))", module.text))
    return not found <= KNOWN


def _attributes(module: Module, *, are_late: bool) -> Iterator[tuple[ast.Attribute, str]]:
    """Yield what certainly runs at the import and takes something from the library or one of its enumerations."""
    wrong = _wrong_attributes(module)
    run = set(run_at_import(module, are_late=are_late)) if wrong else set()
    yield from ((node, owner) for node, owner in wrong if node in run)


def _wrong_attributes(module: Module) -> list[tuple[ast.Attribute, str]]:
    """Return what takes something from the library, or from one of its enumerations, that it does not have."""
    owners = {LIBRARY, *(f"{LIBRARY}.{name}" for name in MEMBERS)}
    found = [
        (node, owner)
        for node in module.all(ast.Attribute)
        if (owner := module.dotted(node.value)) in owners and not node.attr.startswith("_")
    ]
    return [
        (n, owner)
        for n, owner in found
        if n.attr not in (*NAMES, *MEMBERS.get(owner[len(LIBRARY) + 1 :], ()))
    ]
