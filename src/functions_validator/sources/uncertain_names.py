"""Names of a function whose objects may be other ones than its annotations say."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import lru_cache

from .nodes import Definition, own_nodes, walk

EXPECTED = {"AttributeError", "Exception", "BaseException"}
# To match only these is faster: there are few of them.
BINDING = (ast.Name, ast.ExceptHandler, ast.MatchAs, ast.MatchStar, ast.MatchMapping, ast.alias)
ASKING = (ast.Call, ast.Try)


@lru_cache(maxsize=1024)
def uncertain_names(definition: Definition) -> frozenset[str]:
    """Return the names that a function binds again, or that it asks for their attributes."""
    found: set[str] = set()
    for node in own_nodes(definition):
        if not isinstance(node, BINDING):
            continue
        match node:
            case ast.Name(id=name, ctx=ast.Store()):
                found.add(name)
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
                found.add(name)
            case ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
                found.add(name)
            case ast.alias(name=name, asname=asname):
                found.add(asname or name.partition(".")[0])
    return frozenset(found | asked_names(definition))


def asked_names(definition: Definition) -> set[str]:
    """Return the names that a function asks for their type or attributes."""
    found: set[str] = set()
    for node in own_nodes(definition):
        if not isinstance(node, ASKING):
            continue
        match node:
            case ast.Call(func=ast.Name(id="hasattr" | "isinstance"), args=arguments):
                found.update(_names(arguments))
            case ast.Try(body=body, handlers=handlers) if any(map(_expects, handlers)):
                found.update(_names(body))
    return found


def _names(nodes: Sequence[ast.AST]) -> Iterator[str]:
    for node in nodes:
        yield from (part.id for part in walk(node) if isinstance(part, ast.Name))


def _expects(handler: ast.ExceptHandler) -> bool:
    """Whether a handler takes the error of an attribute that is not there."""
    return handler.type is None or not EXPECTED.isdisjoint(_names([handler.type]))
