"""Code that may never run, or whose errors the app expects."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import lru_cache

from ..pattern import Pattern
from .nodes import BLOCKS, catches, has_statements, statements, suppresses, walk
from .python_source import Module

# What asks for the version of Python or for the system, on which another branch runs.
ELSEWHERE = Pattern(
    r"\bversion_info\b|\bsys\.(hexversion|platform)\b|\bplatform\.\w+\(|\bos\.name\b|\bPY[23]\b",
    parts=("version_info", "hexversion", "platform", "os.name", "PY2", "PY3"),
)
ENDS = (ast.Return, ast.Raise, ast.Continue, ast.Break)
LOOPS = (ast.For, ast.AsyncFor, ast.While)
CHOICES: tuple[type[ast.AST], ...] = (ast.IfExp, ast.BoolOp, ast.Match)
# Functions of itertools without an end.
ENDLESS = {"count", "cycle"}
# Not NameError: the rules about names are silent in a module that has it.
ERRORS = {"Exception", "BaseException"}


@lru_cache(maxsize=64)
def unsure_code(module: Module) -> frozenset[ast.AST]:
    """Return what may never run, and what a `try` only runs to see whether it fails."""
    parts = (part for node in module.nodes for part in _tried(node))
    return dead_code(module).union(node for part in parts for node in walk(part))


@lru_cache(maxsize=64)
def dead_code(module: Module) -> frozenset[ast.AST]:
    """Return what runs nowhere, or not on Linux with a new Python."""
    parts = (part for node in module.nodes for part in _dead(node))
    return frozenset(node for part in parts for node in walk(part))


@lru_cache(maxsize=64)
def guarded_code(module: Module) -> frozenset[ast.AST]:
    """Return what is in a statement with a condition, or in a block that goes on after an error."""
    withs: list[ast.With | ast.AsyncWith] = [*module.all(ast.With), *module.all(ast.AsyncWith)]
    hiding = [block for block in withs if suppresses(block)]
    blocks = [*module.all(ast.Try), *module.all(ast.If), *hiding]
    return frozenset(node for block in blocks for node in walk(block))


@lru_cache(maxsize=64)
def optional_code(module: Module) -> frozenset[ast.AST]:
    """Return guarded code, and what is in a `match` or in an expression with a condition."""
    choices = [one for kind in CHOICES for one in module.all(kind)]
    return guarded_code(module).union(node for one in choices for node in walk(one))


def _dead(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what is inside of a node and runs nowhere, or not on Linux with a new Python."""
    if isinstance(node, ast.If):
        yield from (*node.body, *node.orelse) if _is_of_elsewhere(node.test) else ()
        yield from node.body if _is_false(node.test) else ()
    elif isinstance(node, ast.While) and _is_false(node.test):
        yield from node.body
    elif isinstance(node, LOOPS) and (_is_endless(node) or _is_last_resort(node, node.orelse)):
        yield from node.orelse
    elif isinstance(node, ast.IfExp):
        yield from (node.body, node.orelse) if _is_of_elsewhere(node.test) else ()
    for field in BLOCKS.get(type(node), ()):
        yield from _after_end(getattr(node, field))


def _after_end(block: list[ast.stmt]) -> list[ast.stmt]:
    """Return the statements of a block that are below its end."""
    for i, one in enumerate(block):
        rest = block[i + 1 :]
        if _ends(one):
            return rest
        if isinstance(one, LOOPS) and not _has_break(one.body) and _is_last_resort(one, rest):
            return rest
    return []


def _ends(node: ast.AST) -> bool:
    """Whether what follows a statement in its block never runs."""
    match node:
        case ast.If():
            return any_ends(node.body) and any_ends(node.orelse)
        case ast.For() | ast.AsyncFor() | ast.While():
            return _is_endless(node) and not _has_break(node.body)
        case ast.Try():
            is_over = any_ends([*node.body, *node.orelse])
            are_over = is_over and all(any_ends(one.body) for one in node.handlers)
            return are_over or any_ends(node.finalbody)
        case ast.With() | ast.AsyncWith():
            return any_ends(node.body) and not suppresses(node)
    return isinstance(node, ENDS)


def any_ends(block: list[ast.stmt]) -> bool:
    """Whether what follows the statements of a block never runs after them."""
    return any(_ends(one) for one in block)


def _is_endless(loop: ast.AST) -> bool:
    """Whether nothing but a `break`, a `return` or an error ends a loop."""
    match loop:
        case ast.While(test=ast.Constant(value=value)):
            return bool(value)
        case ast.For(iter=ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name))):
            return name in ENDLESS
    return False


def _has_break(block: Sequence[ast.AST]) -> bool:
    """Whether statements in the body of a loop leave it with a `break`."""
    return any(
        isinstance(one, ast.Break)
        or _has_break(one.orelse if isinstance(one, LOOPS) else statements(one))
        for one in block
    )


def _is_last_resort(loop: ast.For | ast.AsyncFor | ast.While, rest: list[ast.stmt]) -> bool:
    """Whether a loop raises errors itself, and what follows it only raises another, as linters ask for."""
    inside = (node for one in loop.body for node in walk(one))
    is_raised = any(isinstance(one, ast.Raise) for one in rest)
    return is_raised and any(isinstance(node, ast.Raise) for node in inside)


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
