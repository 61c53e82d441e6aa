"""Calls that register something other than a blueprint, as the sources show them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache

from ..model import Problem
from .import_graph import Sources
from .python_source import BLUEPRINT, REGISTERING, Module


def wrong_registrations(sources: Sources) -> Iterator[Problem]:
    """Yield calls with a module in the place of its blueprint, or with a blueprint that the module lacks."""
    for module in sources.modules.values():
        for statement in module.tree.body:
            match statement:
                case ast.Expr(value=ast.Call(func=ast.Attribute(owner, method), args=[given])):
                    if method not in REGISTERING or not sources.container(module, owner):
                        continue
                    if wrong := _wrong(sources, module, given):
                        yield Problem(module.place(given), *wrong)


def _wrong(sources: Sources, module: Module, given: ast.expr) -> tuple[str, str] | None:
    name = module.dotted(given)
    owner, _, last = name.rpartition(".")
    if not _is_imported(module, given):
        return None
    parent, meant = sources.find(owner), sources.find(name)
    if parent is not None and last in parent.containers:
        return None
    bound = {last} if parent is None else parent.bound_names
    if meant is not None and (parent is None or (bound is not None and last not in bound)):
        wrong = f"{name} is a module, not a blueprint.", _instead(ast.unparse(given), meant)
    elif meant is None and parent is not None and parent.lacks([last]):
        owner_of_name = ast.unparse(given).rpartition(".")[0]
        wrong = f"{owner} has no {last}.", _instead(owner_of_name, parent)
    else:
        return None
    return None if last in sources.stored_attributes else wrong


def _is_imported(module: Module, given: ast.expr) -> bool:
    """Whether a name is that of an import, and of nothing else."""
    while isinstance(given, ast.Attribute):
        given = given.value
    if not isinstance(given, ast.Name) or given.id not in module.aliases:
        return False
    return given.id not in _bound_again(module)


@lru_cache(maxsize=64)
def _bound_again(module: Module) -> set[str]:
    """Return the names that something other than an import binds, or all if an import may not run."""
    if any(imported.guarded for imported in module.imports):
        return {*module.aliases}
    return {node.id for node in module.all(ast.Name) if isinstance(node.ctx, ast.Store)}


def _instead(name: str, module: Module) -> str:
    found = [one.name for one in module.containers.values() if one.kind == BLUEPRINT]
    if len(found) == 1:
        return f"Write {name}.{found[0]} instead." if name else f"Write {found[0]} instead."
    return "Name the blueprint in it."
