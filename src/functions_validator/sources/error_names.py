"""Variables of `except ... as name`, which Python deletes at the end of their block."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .nodes import Definition, binds, own_nodes, position, walk
from .python_source import Module
from .unbound_names import reads
from .unsure_code import unsure_code

# Python 3.10 has no `except*`.
GROUP_TRY = getattr(ast, "TryStar", None)


def late_reads(module: Module) -> Iterator[tuple[ast.Name, ast.ExceptHandler | None]]:
    """Yield the first read of each variable of an `except` outside of its block, and the `except` that lacks it."""
    named = [handler for handler in module.all(ast.ExceptHandler) if handler.name]
    for definition in module.definitions if named else ():
        start, end = definition.lineno, definition.end_lineno or 0
        inside = [one for one in named if start < one.lineno <= end]
        names = {one.name for one in inside}
        late: dict[str, ast.Name] = {}
        for read in reads(definition) if inside else ():
            if read.id not in names or any(one.name == read.id for one in _around(inside, read)):
                continue
            if read not in unsure_code(module):
                first = late.setdefault(read.id, read)
                late[read.id] = min(first, read, key=position)
        for name, read in late.items():
            if _is_only_error(definition, name):
                yield read, _meant(module, read)


def _meant(module: Module, read: ast.Name) -> ast.ExceptHandler | None:
    """Return the innermost `except` around a read, if a name of it would help there."""
    handlers = _around(module.all(ast.ExceptHandler), read)
    around = max(handlers, key=lambda one: one.lineno, default=None)
    if around is None or _deletes(around, read.id):
        return None
    groups = module.all(GROUP_TRY) if GROUP_TRY else []
    return None if any(around in group.handlers for group in groups) else around


def _deletes(handler: ast.ExceptHandler, name: str) -> bool:
    """Whether an `except` inside of another one deletes a name."""
    inside = (node for node in walk(handler) if isinstance(node, ast.ExceptHandler))
    return any(one.name == name for one in inside)


def _around(handlers: list[ast.ExceptHandler], read: ast.Name) -> list[ast.ExceptHandler]:
    return [one for one in handlers if one.lineno <= read.lineno <= (one.end_lineno or 0)]


def _is_only_error(definition: Definition, name: str) -> bool:
    """Whether a function has the name from an `except`, and from nothing else."""
    nodes = (node for node in walk(definition) if node is not definition)
    if any(binds(node, name) for node in nodes if not isinstance(node, ast.ExceptHandler)):
        return False
    own = own_nodes(definition)
    return any(isinstance(node, ast.ExceptHandler) and node.name == name for node in own)
