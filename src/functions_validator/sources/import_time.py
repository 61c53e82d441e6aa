"""What the import of a module runs, and the annotations that it reads."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import lru_cache

from .nodes import TYPE_PARAMETERS, children, may_skip, walk
from .python_source import Module

# What runs when it is called or asked for; before Python 3.12 there is no TypeAlias.
RUN_LATER = {ast.Lambda, getattr(ast, "TypeAlias", ast.Lambda), *TYPE_PARAMETERS}
ANNOTATED = {ast.arg, ast.AnnAssign, ast.FunctionDef, ast.AsyncFunctionDef}


@lru_cache(maxsize=1024)
def run_at_import(module: Module, *, are_late: bool) -> Sequence[ast.AST]:
    """Return the nodes outside of the bodies of functions, and of blocks that may not run."""
    is_late = module.reads_annotations_late(are_late=are_late)
    found: list[ast.AST] = []
    waiting: list[ast.AST] = [module.tree]
    for node in waiting:
        if may_skip(node) or type(node) in RUN_LATER:
            continue
        found.append(node)
        if type(node) is ast.FunctionDef or type(node) is ast.AsyncFunctionDef:
            waiting += [*node.decorator_list, node.args]
            waiting += [node.returns] if node.returns and not is_late else []
        elif is_late and (type(node) is ast.arg or type(node) is ast.AnnAssign):
            waiting += [child for child in children(node) if child is not node.annotation]
        else:
            waiting += children(node)
    return found


def nodes_at_import(module: Module) -> Sequence[ast.AST]:
    """Return what the import of a module certainly runs, without the annotations of functions."""
    # The others ask for just these, too: looking at all nodes again would be slower.
    nodes = run_at_import(module, are_late=True)
    generators = [node for node in nodes if isinstance(node, ast.GeneratorExp)]
    later = {part for generator in generators for part in _asked_for_later(generator)}
    return [node for node in nodes if node not in later]


def annotations_at_import(module: Module, end: int, *, are_late: bool) -> Iterator[ast.AST]:
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
