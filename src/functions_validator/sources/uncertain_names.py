"""Names of a function whose objects may be other ones than its annotations say."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import lru_cache

from .nodes import BINDING, Definition, bound_name, has_statements, own_nodes, walk
from .unsure_code import any_ends

EXPECTED, EVERY = "AttributeError", ("BaseException", "Exception")
ASKING = ("hasattr", "isinstance")
# What a handler does with an object to say what failed.
REPORTING = ("critical", "debug", "error", "exception", "info", "log", "print", "warning")


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
            found.update(_tried_names(definition, node))
        elif isinstance(node, ast.Call) and _asks(node.func):
            found.update(_names(node.args))
    return found


def _tried_names(definition: Definition, block: ast.Try) -> Iterator[str]:
    """Yield the names for which a `try` may expect that an attribute is not there."""
    names = set(_names(block.body))
    for handler in block.handlers:
        caught = set(_names([handler.type])) if handler.type else set(EVERY)
        if EXPECTED in caught:
            yield from names
        elif not caught.isdisjoint(EVERY):
            yield from names.intersection(_names_after(definition, block, handler))


def _names_after(
    definition: Definition, block: ast.Try, handler: ast.ExceptHandler
) -> Iterator[str]:
    """Yield the names that a function may use in another way after an error, other than to report it."""
    yield from _names([one for one in handler.body if not _reports(one)])
    if any_ends(handler.body):
        return
    if len(block.body) == 1 and not has_statements(block.body[0]):
        yield from _names(block.body)
    last = block.end_lineno or block.lineno
    later = (node for node in own_nodes(definition) if isinstance(node, ast.Name))
    yield from (node.id for node in later if node.lineno > last)


def _reports(statement: ast.stmt) -> bool:
    """Whether a statement only reports an error, or tells the object of a message about it."""
    if not isinstance(statement, ast.Expr):
        return isinstance(statement, ast.Raise)
    value = statement.value
    match value.value if isinstance(value, ast.Await) else value:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in REPORTING:
            return True
        case ast.Call(func=ast.Attribute(value=ast.Name()), args=[]):
            return True
    return False


def _asks(called: ast.expr) -> bool:
    return isinstance(called, ast.Name) and called.id in ASKING


def _names(nodes: Sequence[ast.AST]) -> Iterator[str]:
    for node in nodes:
        yield from (part.id for part in walk(node) if isinstance(part, ast.Name))
