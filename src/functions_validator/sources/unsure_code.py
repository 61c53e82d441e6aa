"""Code that may never run, or whose errors the app expects."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache

from ..pattern import Pattern
from .nodes import BLOCKS, catches, has_statements, suppresses
from .python_source import Module

# What asks for the version of Python or for the system, on which another branch runs.
ELSEWHERE = Pattern(
    r"\bversion_info\b|\bsys\.(hexversion|platform)\b|\bplatform\.\w+\(|\bos\.name\b|\bPY[23]\b",
    parts=("version_info", "hexversion", "platform", "os.name", "PY2", "PY3"),
)
ENDS = (ast.Return, ast.Raise, ast.Continue, ast.Break)
# Not NameError: the rules about names are silent in a module that has it.
ERRORS = {"Exception", "BaseException"}


@lru_cache(maxsize=64)
def unsure_code(module: Module) -> frozenset[ast.AST]:
    """Return what may never run, and what a `try` only runs to see whether it fails."""
    parts = (part for node in module.nodes for part in (*_dead(node), *_tried(node)))
    return frozenset(node for part in parts for node in ast.walk(part))


def _dead(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what is inside of a node and runs nowhere, or not on Linux with a new Python."""
    if isinstance(node, ast.If):
        yield from (*node.body, *node.orelse) if _is_of_elsewhere(node.test) else ()
        yield from node.body if _is_false(node.test) else ()
    elif isinstance(node, ast.IfExp):
        yield from (node.body, node.orelse) if _is_of_elsewhere(node.test) else ()
    for field in BLOCKS.get(type(node), ()):
        block = getattr(node, field)
        end = next((i for i, one in enumerate(block) if isinstance(one, ENDS)), len(block))
        yield from block[end + 1 :]


def _is_of_elsewhere(test: ast.expr) -> bool:
    return ELSEWHERE.search(ast.unparse(test)) is not None


def _is_false(test: ast.expr) -> bool:
    """Whether a condition is never true when the app runs."""
    if isinstance(test, ast.Constant):
        return not test.value
    return "TYPE_CHECKING" in ast.unparse(test)


def _tried(node: ast.AST) -> Iterator[ast.stmt]:
    """Yield the only statement of a `try` whose handlers take every error, or of a `with` that hides it."""
    match node:
        case ast.Try(body=[only], handlers=handlers) if not has_statements(only):
            if any(catches(handler, ERRORS) for handler in handlers):
                yield only
        case ast.With(body=[only]) if not has_statements(only) and suppresses(node):
            yield only
