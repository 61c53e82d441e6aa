"""Names of a function whose objects may be other ones than its annotations say."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import lru_cache

from .nodes import BINDING, Definition, bound_name, own_nodes, walk

EXPECTED = {"AttributeError", "Exception", "BaseException"}
ASKING = ("hasattr", "isinstance")


@lru_cache(maxsize=1024)
def uncertain_names(definition: Definition) -> frozenset[str]:
    """Return the names that a function binds again, or that it asks for their attributes."""
    # There are few of these, and asking each node is slower.
    binding = (node for node in own_nodes(definition) if type(node) in BINDING)
    kept = (node for node in binding if not _deletes(node))
    found = {name for node in kept if (name := bound_name(node))}
    return frozenset(found | asked_names(definition))


def _deletes(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Del)


def asked_names(definition: Definition) -> set[str]:
    """Return the names that a function asks for their type or attributes."""
    found: set[str] = set()
    for node in own_nodes(definition):
        if isinstance(node, ast.Try):
            if any(map(_may_take, node.handlers)):
                found.update(_names(node.body))
        elif isinstance(node, ast.Call) and _asks(node.func):
            found.update(_names(node.args))
    return found


def _may_take(handler: ast.ExceptHandler) -> bool:
    """Whether a handler may take the error of an attribute that is not there."""
    return handler.type is None or not EXPECTED.isdisjoint(_names([handler.type]))


def _asks(called: ast.expr) -> bool:
    return isinstance(called, ast.Name) and called.id in ASKING


def _names(nodes: Sequence[ast.AST]) -> Iterator[str]:
    for node in nodes:
        yield from (part.id for part in walk(node) if isinstance(part, ast.Name))
