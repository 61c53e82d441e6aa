"""The names that modules, classes, functions and comprehensions bind themselves."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache

from .imports import imported_names
from .nodes import (
    BINDING,
    INNER,
    TYPE_PARAMETERS,
    Definition,
    binds,
    bound_by,
    children,
    own_nodes,
    targets,
    times_bound,
    walk,
)
from .python_source import Module, enclosing, parameters

# What may give a name a value: a declaration of names only says whose they are.
GIVING = BINDING - {ast.Global, ast.Nonlocal}


def bound_in(definition: Definition) -> set[str]:
    """Return the names that a function binds itself, which hide those of its module; imports do not count."""
    of_module: set[str] = set()
    stored = {parameter.arg for parameter in parameters(definition)}
    in_comprehensions: set[ast.AST] = set()
    for part in own_nodes(definition):
        if isinstance(part, ast.Import | ast.ImportFrom):
            of_module |= imported_names([part])
        elif isinstance(part, ast.Global):
            of_module.update(part.names)
        elif isinstance(part, ast.comprehension):
            in_comprehensions.update(walk(part.target))
        elif (
            isinstance(part, ast.Name)
            and isinstance(part.ctx, ast.Store)
            and part not in in_comprehensions
        ):
            stored.add(part.id)
    return stored - of_module


def hidden_in(definition: Definition) -> Mapping[ast.AST, set[str]]:
    """Return the nodes inside of comprehensions, with the names that these bind."""
    found: dict[ast.AST, set[str]] = {}
    for node in own_nodes(definition):
        if isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            in_comprehension = [part for one in node.generators for part in walk(one.target)]
            names = {part.id for part in in_comprehension if isinstance(part, ast.Name)}
            for part in walk(node):
                found.setdefault(part, set()).update(names)
    return found


@lru_cache(maxsize=1024)
def bindings(scope: ast.Module | ast.ClassDef) -> Sequence[ast.AST]:
    """Return what binds names in a module or a class itself, without functions and classes inside of it."""
    found: list[ast.AST] = [*scope.body]
    for node in found:
        if type(node) not in INNER:
            found += children(node)
    return [
        node
        for node in found
        if type(node) in GIVING
        if not isinstance(node, ast.Name) or isinstance(node.ctx, ast.Store)
    ]


def bound_at_top(statement: ast.stmt) -> Sequence[str]:
    """Return the names that a simple statement at the top of a module certainly binds."""
    if isinstance(statement, Definition | ast.ClassDef):
        return [statement.name]
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return [*imported_names([statement])]
    if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value:
        return [target.id for target in targets(statement) if isinstance(target, ast.Name)]
    return []


def type_parameters(module: Module) -> set[str]:
    """Return the names of the parameters of types, such as the T of `def first[T](...)`."""
    return {node.name for kind in TYPE_PARAMETERS for node in module.all(kind)}


@lru_cache(maxsize=1024)
def _times_given_at_top(tree: ast.Module) -> Counter[str | None]:
    return Counter(name for node in bindings(tree) for name in bound_by(node))


def times_given(module: Module, name: str) -> int:
    """Return how often a module gives a value to a name of its own, at its top or in functions."""
    found = _times_given_at_top(module.tree)[name]
    if any(name in node.names for node in module.all(ast.Global)):
        for definition in module.definitions:
            own = [node for node in own_nodes(definition) if isinstance(node, ast.Global)]
            declared = sum(name in node.names for node in own)
            found += times_bound(definition, name) - declared if declared else 0
    return found


def is_local(module: Module, node: ast.expr) -> bool:
    """Whether a name is one of a function around it: a parameter, a variable, or a function or class in it.

    A name that an import binds is none of these: the module knows what it stands for.
    """
    if not isinstance(node, ast.Name):
        return False
    return any(
        binds(part, node.id) and part is not around
        for around in enclosing(module, node)
        for part in walk(around)
        if not isinstance(part, ast.alias | ast.Global)
    )
