"""Names that nothing defines, in annotations and in what the import of a module runs."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Sequence

from ..model import Problem
from .import_graph import Sources
from .import_time import run_at_import
from .library_names import LIBRARY, NAMES, name_meant
from .nodes import Definition, position, text_of, walk
from .python_source import Module, all_parameters, unquoted
from .scopes import type_parameters

# Also those of newer versions of Python than the one that runs this, and the one that gettext.install adds.
BUILTIN = {*dir(builtins), "ExceptionGroup", "BaseExceptionGroup", "PythonFinalizationError", "_"}


def undefined_names(sources: Sources, *, are_late: bool) -> Iterator[Problem]:
    """Yield the first name of each module that its import reads, and nothing defines."""
    if any("builtins" in module.text for module in sources.modules.values()):
        return  # They may get more names.
    for module in sources.modules.values():
        top = [node for node in module.tree.body if isinstance(node, Definition)]
        top = [] if module.reads_annotations_late(are_late=are_late) else top
        read: list[ast.expr] = [one for node in top for one in annotations_of(node)]
        read += _read_at_import(module)
        for one in sorted(read, key=position):
            if checked := only_checked(module, one):
                yield Problem(module.place(one), f"{checked[0]}.", checked[1])
                break
            if found := undefined_name(module, one):
                name, fix = found
                yield Problem(module.place(one), f"{name} is not defined.", fix)
                break


def _read_at_import(module: Module) -> list[ast.expr]:
    """Return the names that a module reads when it is imported, without those that it certainly has."""
    names = [one for one in run_at_import(module, are_late=True) if isinstance(one, ast.Name)]
    has = {one.id for one in names if isinstance(one.ctx, ast.Store)}
    has |= BUILTIN | module.aliases.keys() | {one.name for one in module.definitions}
    return [one for one in names if one.id not in has]


def annotations_of(definition: Definition) -> Sequence[ast.expr]:
    """Return the annotations of all parameters of a function, and of its result; none if it has types of its own."""
    if getattr(definition, "type_params", ()):
        return []  # As `def first[T](items: List[T]) -> T`, which only Python 3.12 and newer can read.
    found = [parameter.annotation for parameter in all_parameters(definition)]
    return [one for one in (*found, definition.returns) if one]


def unreadable(module: Module, annotation: ast.expr, *, are_late: bool) -> tuple[str, str] | None:
    """Return why the worker cannot read an annotation that the import did not read, and what to do."""
    is_text = text_of(annotation) is not None
    if not is_text and not module.reads_annotations_late(are_late=are_late):
        return None
    meant = unquoted(annotation)
    if is_text and meant is annotation:
        return f"{ast.unparse(annotation)} is not an annotation", "Correct it."
    for node in walk(meant):
        is_of_library = isinstance(node, ast.Attribute) and module.dotted(node.value) == LIBRARY
        if isinstance(node, ast.Attribute) and is_of_library and (similar := name_meant(node.attr)):
            fix = f"Write {ast.unparse(node.value)}.{similar} instead."
            return f"there is no {LIBRARY}.{node.attr}", fix
    if checked := only_checked(module, meant):
        return checked
    if found := undefined_name(module, meant):
        name, fix = found
        return f"{name} is not defined", fix
    return None


def only_checked(module: Module, annotation: ast.expr) -> tuple[str, str] | None:
    """Return why an annotation cannot be read that has a name only for type checkers, and what to do."""
    if not module.checking_only:
        return None
    names = [node.id for node in walk(annotation) if isinstance(node, ast.Name)]
    name = next((one for one in names if one in module.checking_only), None)
    if name is None:
        return None
    why = f"{name} is imported only under TYPE_CHECKING, not when the app runs"
    return why, f"Import {name} outside of the block under TYPE_CHECKING."


def undefined_name(module: Module, expression: ast.expr) -> tuple[str, str] | None:
    """Return a name that nothing defines, and what to write instead."""
    used = {node.id for node in walk(expression) if isinstance(node, ast.Name)}
    # Looking at all names of a module is slow, and nearly all are one of these.
    unknown = used - BUILTIN - module.aliases.keys() - module.constants.keys()
    unknown -= {node.name for node in module.all(ast.ClassDef)}
    if unknown:
        # The parameters of a lambda, as of one that a library calls to validate a value.
        unknown -= {node.arg for node in walk(expression) if isinstance(node, ast.arg)}
        unknown -= type_parameters(module)
    for name in module.lacks(sorted(unknown)) if unknown else ():
        library = next((alias for alias, full in module.aliases.items() if full == LIBRARY), None)
        similar = name if name in NAMES else name_meant(name)
        if library and similar:
            return name, f"Write {library}.{similar} instead."
        return name, "Import it, or correct the name."
    return None
