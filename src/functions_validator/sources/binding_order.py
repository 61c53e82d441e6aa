"""Names that a module reads before it binds them, and those that a function of the module takes away."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ..model import Problem
from .import_graph import Sources
from .imports import imported_names
from .library_names import LIBRARY, TYPE_PARAMETERS, run_at_import
from .nodes import Definition, binds, callee, targets, walk
from .python_source import Module
from .undefined_names import BUILTIN

ANNOTATED = {ast.arg, ast.AnnAssign, ast.FunctionDef, ast.AsyncFunctionDef}


class Replaced(NamedTuple):
    """A name that stands for a module or an app, up to the function that takes it."""

    name: str
    first: ast.stmt
    function: Definition


def read_too_soon(sources: Sources, *, are_late: bool) -> Iterator[Problem]:
    """Yield the first name of each module that its import reads before a line below binds it."""
    for module in sources.modules.values():
        lines = _first_lines(module)
        last = max(lines.values(), default=0)
        names = _above(lines, _in_annotations(module, last, are_late=are_late))
        if _above(lines, run_at_import(module, are_late=True)):
            names += _above(lines, _read_at_import(module))
        for name in sorted(names, key=lambda one: (one.lineno, one.col_offset)):
            if not _may_have(module, name):
                message = f"{name.id} is not defined yet: line {lines[name.id]} defines it."
                yield Problem(module.place(name), message, f"Define {name.id} above this line.")
                break


def _above(lines: Mapping[str, int], nodes: Iterable[ast.AST]) -> list[ast.Name]:
    """Return the names that are above the first lines which bind them."""
    return [
        node for node in nodes if isinstance(node, ast.Name) and node.lineno < lines.get(node.id, 0)
    ]


def _read_at_import(module: Module) -> Sequence[ast.AST]:
    """Return what the import of a module certainly runs, without the annotations of functions."""
    # What undefined_names asks for, too: to look at all nodes again takes longer.
    nodes = run_at_import(module, are_late=True)
    generators = [node for node in nodes if isinstance(node, ast.GeneratorExp)]
    later = {part for generator in generators for part in _asked_for_later(generator)}
    return [node for node in nodes if node not in later]


def _in_annotations(module: Module, end: int, *, are_late: bool) -> Iterator[ast.AST]:
    """Yield what is in the annotations that the import of a module reads, above a line."""
    if module.reads_annotations_late(are_late=are_late):
        return
    for node in run_at_import(module, are_late=True):
        if type(node) not in ANNOTATED:
            continue
        annotation: ast.expr | None = getattr(node, "annotation", getattr(node, "returns", None))
        if annotation and annotation.lineno < end:
            yield from walk(annotation)


def _asked_for_later(generator: ast.GeneratorExp) -> Iterator[ast.AST]:
    """Yield what a generator runs when something asks it for an item: all but what it goes through."""
    first, *others = generator.generators
    for part in (generator.elt, *first.ifs, *others):
        yield from walk(part)


def _first_lines(module: Module) -> Mapping[str, int]:
    """Return the names that simple statements at the top of a module bind, with the first lines that do."""
    found: dict[str, int] = {}
    for statement in module.tree.body:
        for name in _bound(statement):
            found.setdefault(name, statement.lineno)
    return found


def _bound(statement: ast.stmt) -> Sequence[str]:
    if isinstance(statement, Definition | ast.ClassDef):
        return [statement.name]
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return [*imported_names([statement])]
    if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value:
        return [target.id for target in targets(statement) if isinstance(target, ast.Name)]
    return []


def _may_have(module: Module, name: ast.Name) -> bool:
    """Whether a name may have a value where it is read."""
    if name.id in BUILTIN or module.bound_names is None or name.id.startswith("__"):
        return True
    if any(name.id in node.names for node in module.all(ast.Global)):
        return True
    if module.has_submodule(name.id):
        return True  # An import of the submodule, or of something from it, binds it too.
    if any(name.id == node.name for kind in TYPE_PARAMETERS for node in module.all(kind)):
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


def replaced_names(sources: Sources, module: Module) -> Sequence[Replaced]:
    """Return the imported modules and the apps of a module whose names one of its functions takes for good."""
    named = module.aliases.keys() | module.containers.keys()
    if named.isdisjoint(one.name for one in module.definitions):
        return []
    top: dict[str, ast.stmt] = {}
    found: list[Replaced] = []
    for statement in module.tree.body:
        if isinstance(statement, ast.Import | ast.ImportFrom | ast.Assign | ast.AnnAssign):
            top.update(dict.fromkeys(_bound(statement), statement))
        elif isinstance(statement, Definition) and statement.name in top:
            found.append(Replaced(statement.name, top[statement.name], statement))
    return [one for one in found if _is_for_good(sources, module, one)]


def _is_for_good(sources: Sources, module: Module, replaced: Replaced) -> bool:
    """Whether nothing else binds a name, and no decorator of another library may return what it was."""
    name, first, function = replaced
    if isinstance(first, ast.ImportFrom) and module.aliases.get(name) != LIBRARY:
        return False  # It may be a function, which may have the same attributes.
    if isinstance(first, ast.Assign | ast.AnnAssign) and name not in module.containers:
        return False
    if function.decorator_list and not has_decorator_of_app(sources, module, function):
        return False
    if module.bound_names is None:
        return False
    return sum(binds(node, name) for node in module.nodes) == 2


def has_decorator_of_app(sources: Sources, module: Module, function: Definition) -> bool:
    """Whether the first decorator of a function is a method of an app or a blueprint."""
    for node in function.decorator_list[:1]:
        method = callee(node)
        if isinstance(method, ast.Attribute) and sources.container(module, method.value):
            return True
    return False


def replaced_at_import(sources: Sources, *, are_late: bool) -> Iterator[Problem]:
    """Yield the first line of each module that takes something from a name which a function has taken."""
    for module in sources.modules.values():
        for replaced in replaced_names(sources, module):
            last = replaced.function.end_lineno or 0
            annotations = _in_annotations(module, sys.maxsize, are_late=are_late)
            nodes = (*_read_at_import(module), *annotations)
            late = [one for one in taken_from(sources, nodes, replaced) if one.lineno > last]
            if late:
                first = min(late, key=lambda one: (one.lineno, one.col_offset))
                yield Problem(module.place(first), *why_taken(replaced))
                break


def taken_from(
    sources: Sources, nodes: Iterable[ast.AST], replaced: Replaced
) -> Iterator[ast.Attribute]:
    """Yield the nodes that take from a name what the function of that name does not have."""
    for node in nodes:
        match node:
            case ast.Attribute(value=ast.Name(id=replaced.name), attr=attribute):
                if attribute[0] != "_" and attribute not in sources.stored_attributes:
                    yield node


def why_taken(replaced: Replaced) -> tuple[str, str]:
    """Return what is wrong with a line that uses a name which a function has taken, and what to do."""
    name, _, function = replaced
    message = f"{name} is the function of line {function.lineno} here, so this line fails."
    return message, f"Give the function of line {function.lineno} another name."
