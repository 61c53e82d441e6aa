"""Names that a module reads before it binds them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..model import Problem
from .import_graph import Sources
from .import_time import annotations_at_import, nodes_at_import, run_at_import
from .nodes import Definition, binds, position, walk
from .python_source import Module
from .scopes import bound_at_top, type_parameters
from .undefined_names import BUILTIN


def read_too_soon(sources: Sources, *, are_late: bool) -> Iterator[Problem]:
    """Yield the first name of each module that its import reads before a line below binds it."""
    for module in sources.modules.values():
        lines = _first_lines(module)
        last = max(lines.values(), default=0)
        names = _above(lines, annotations_at_import(module, last, are_late=are_late))
        if _above(lines, run_at_import(module, are_late=True)):
            names += _above(lines, nodes_at_import(module))
        for name in sorted(names, key=position):
            if not _may_have(module, name):
                message = f"{name.id} is not defined yet: line {lines[name.id]} defines it."
                yield Problem(module.place(name), message, f"Define {name.id} above this line.")
                break


def _above(lines: Mapping[str, int], nodes: Iterable[ast.AST]) -> list[ast.Name]:
    """Return the names that are above the first lines which bind them."""
    return [
        node for node in nodes if isinstance(node, ast.Name) and node.lineno < lines.get(node.id, 0)
    ]


def _first_lines(module: Module) -> Mapping[str, int]:
    """Return the names that simple statements at the top of a module bind, with the first lines that do."""
    found: dict[str, int] = {}
    for statement in module.tree.body:
        for name in bound_at_top(statement):
            found.setdefault(name, statement.lineno)
    return found


def _may_have(module: Module, name: ast.Name) -> bool:
    """Whether a name may have a value where it is read."""
    if name.id in BUILTIN or module.bound_names is None or name.id.startswith("__"):
        return True
    if any(name.id in node.names for node in module.all(ast.Global)):
        return True
    if module.has_submodule(name.id):
        return True  # An import of the submodule, or of something from it, binds it too.
    if name.id in type_parameters(module):
        return True
    before = [one for one in module.tree.body if _first_line(one) <= name.lineno]
    return any(_may_bind(statement, name) for statement in before)


def _first_line(statement: ast.stmt) -> int:
    decorators: Sequence[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(node.lineno for node in decorators)])


def _may_bind(statement: ast.stmt, name: ast.Name) -> bool:
    """Whether a statement binds a name before the name is read, or one of the same name in a part of its own."""
    nodes: Sequence[ast.AST] = [statement]
    if isinstance(statement, Definition):
        if statement.name == name.id and statement.lineno < name.lineno:
            return True
        arguments = statement.args
        nodes = [
            *statement.decorator_list,
            *arguments.defaults,
            *filter(None, arguments.kw_defaults),
        ]
    return any(binds(part, name.id) for node in nodes for part in walk(node))
