"""What annotations with names of typing mean when the app runs."""

from __future__ import annotations

import ast

from .python_source import Module, unquoted


def typing_name(module: Module, node: ast.expr) -> str:
    """Return the name of something from typing or typing_extensions, or ""."""
    library, _, name = module.dotted(node).rpartition(".")
    return name if library in ("typing", "typing_extensions") else ""


def without_note(module: Module, node: ast.expr) -> ast.expr | None:
    """Return X of `Annotated[X, ...]` and `Union[X]`, which are X when the app runs, or None."""
    match node:
        case ast.Subscript(slice=ast.Tuple(elts=[first, _, *_])):
            return first if typing_name(module, node.value) == "Annotated" else None
        case ast.Subscript(slice=only) if not isinstance(only, ast.Tuple):
            return only if typing_name(module, node.value) == "Union" else None
    return None


def bare_annotation(module: Module, annotation: ast.expr) -> ast.expr:
    """Return an annotation without quotation marks and notes, as the worker reads it."""
    annotation = unquoted(annotation)
    inner = without_note(module, annotation)
    return bare_annotation(module, inner) if inner else annotation
