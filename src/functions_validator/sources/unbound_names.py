"""Names that have no value where a function reads them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from .import_graph import Sources
from .nodes import (
    Definition,
    binds,
    children,
    imported_name,
    own_nodes,
    position,
    targets,
    times_bound,
    walk,
)
from .python_source import Module, all_parameters, enclosing
from .scopes import type_parameters
from .undefined_names import BUILTIN
from .unsure_code import unsure_code

# What Python 2, notebooks and type checkers have: code that asks for them may expect that they are missing.
ELSEWHERE = {
    *("StandardError", "apply", "basestring", "buffer", "cmp", "coerce", "execfile", "file"),
    *("intern", "long", "raw_input", "reduce", "reload", "unichr", "unicode", "xrange"),
    *("dbutils", "display", "get_ipython", "mssparkutils", "notebookutils", "sc", "spark"),
    "sqlContext",
    *("WindowsError", "reveal_type"),
    # What gettext.install may add.
    *("gettext", "ngettext", "npgettext", "pgettext"),
}

# How Python's tables call what is part of the function around it.
COMPREHENSIONS = ("listcomp", "setcomp", "dictcomp", "genexpr")


class EarlyRead(NamedTuple):
    """A variable that a function reads above the first line that binds it."""

    name: ast.Name
    line: int


def defined_nowhere(sources: Sources, module: Module) -> set[str]:
    """Return the names that a module reads and nothing in it binds, unless only the running app would tell."""
    # Looking at all names of a module is slow, and hardly any module lacks one.
    bound = module.bound_names if _may_lack(module) else None
    if bound is None:
        return set()
    unknown = {node.id for node in module.all(ast.Name)} - bound
    unknown -= {node.arg for node in module.all(ast.arg)}
    unknown = _may_miss(unknown) - type_parameters(module)
    return {*module.lacks(sorted(unknown - stored_in_modules(sources)))} if unknown else unknown


def bare_methods(sources: Sources, module: Module) -> dict[str, ast.ClassDef]:
    """Return the names that functions read and only methods of one class have, with the class."""
    owners = {
        node.name: one
        for one in module.all(ast.ClassDef)
        for node in one.body
        if isinstance(node, Definition)
    }
    if not owners:
        return {}
    read = {name.id for definition in module.definitions for name in reads(definition)}
    found = {name: owners[name] for name in _may_miss(read & owners.keys())}
    if not found or module.bound_names is None:
        return {}
    has = stored_in_modules(sources) | type_parameters(module)
    found = {n: one for n, one in found.items() if n not in has and not module.has_submodule(n)}
    return {
        name: owner
        for name, owner in found.items()
        if times_bound(module.tree, name) == sum(binds(node, name) for node in owner.body)
    }


def _may_miss(names: Iterable[str]) -> set[str]:
    """Return the names that Python does not give to every module, and that no code expects to be missing."""
    return {one for one in names if one[:2] != "__"} - BUILTIN - ELSEWHERE


def _may_lack(module: Module) -> bool:
    """Whether functions read a name that is neither one of Python nor bound in a usual way."""
    has = {*module.aliases, *(node.name for node in module.all(ast.ClassDef))}
    has.update(node.name for node in module.all(ast.ExceptHandler) if node.name)
    bound = (node for one in module.assignments for node in targets(one))
    has.update(node.id for node in bound if isinstance(node, ast.Name))
    read: set[str] = set()
    for definition in module.definitions:
        has.add(definition.name)
        has |= _own(definition)
        read |= _free(definition)
    for node in module.all(ast.Lambda) if "lambda" in module.text else ():
        parts = list(walk(node))
        has.update(one.arg for one in parts if isinstance(one, ast.arg))
        read.update(one.id for one in parts if isinstance(one, ast.Name))
    return not read <= has | BUILTIN


@lru_cache(maxsize=8)
def stored_in_modules(sources: Sources) -> set[str]:
    """Return the attributes that the app gives to something other than `self` or `cls`, such as a module."""
    return {
        node.attr
        for module in sources.modules.values()
        for node in module.all(ast.Attribute)
        if isinstance(node.ctx, ast.Store) and ast.unparse(node.value) not in ("self", "cls")
    }


def read_in_functions(module: Module) -> Iterator[ast.AST]:
    """Yield what the bodies of functions surely run, without the annotations of variables, which nothing reads."""
    unsure = unsure_code(module)
    for definition in module.definitions:
        waiting: list[ast.AST] = [node for node in definition.body if node not in unsure]
        for node in waiting:
            yield node
            if isinstance(node, ast.AnnAssign):
                waiting += [node.value] if node.value else []
            elif not isinstance(node, Definition):
                waiting += [child for child in children(node) if child not in unsure]


def early_reads(module: Module, definition: Definition) -> Iterator[EarlyRead]:
    """Yield the first read of each variable of a function that is above all that binds it."""
    lines, reads = _lines(definition)
    early = [one for one in reads if one.lineno < lines.get(one.id, 0)]
    early = [one for one in early if one not in unsure_code(module)]
    seen: set[str] = set()
    for name in sorted(early, key=position):
        if name.id not in seen and _is_unbound(definition, name, lines[name.id]):
            seen.add(name.id)
            yield EarlyRead(name, lines[name.id])


@lru_cache(maxsize=1024)
def _lines(definition: Definition) -> tuple[Mapping[str, int], Sequence[ast.Name]]:
    """Return the first lines in which a function binds its variables, and all names that it reads.

    Nothing reads the annotations of variables.
    """
    lines: dict[str, int] = {}
    reads: list[ast.Name] = []
    annotations: set[ast.AST] = set()
    for node in own_nodes(definition):
        # These comparisons take half as long as isinstance, and there are many nodes.
        if type(node) is ast.Name:
            if type(node.ctx) is ast.Load:
                reads.append(node)
            elif node.lineno < lines.get(node.id, node.lineno + 1):
                lines[node.id] = node.lineno
        elif type(node) is ast.alias:
            name = imported_name(node)
            lines[name] = min(node.lineno, lines.get(name, node.lineno))
        elif type(node) is ast.AnnAssign:
            annotations.update(walk(node.annotation))
    return lines, [one for one in reads if one not in annotations] if annotations else reads


@lru_cache(maxsize=1024)
def _free(definition: Definition) -> set[str]:
    """Return the names that a function reads and does not bind."""
    return {one.id for one in _lines(definition)[1]} - _own(definition)


@lru_cache(maxsize=1024)
def _own(definition: Definition) -> set[str]:
    """Return the parameters and variables of a function."""
    return {*_lines(definition)[0], *(one.arg for one in all_parameters(definition))}


def foreign_reads(module: Module) -> list[tuple[ast.Name, Definition, Definition]]:
    """Return reads of names that are only variables of other functions, with the reader and one of the others."""
    owners: dict[str, Definition] = {}
    for definition in reversed(module.definitions):
        owners.update(dict.fromkeys(_may_miss(_own(definition)), definition))
    readers = [one for one in module.definitions if not owners.keys().isdisjoint(_free(one))]
    at_top = {node.id for one in module.tree.body for node in _stored(one)} if readers else set()
    found = []
    for reader in readers:
        lacks = _free(reader) & owners.keys() - at_top
        for around in enclosing(module, reader) if lacks else ():
            lacks -= _own(around)
        found += [(one, reader, owners[one.id]) for one in reads(reader) if one.id in lacks]
    # Asking Python's own symbol tables is slow.
    if not found or module.bound_names is None:
        return []
    missing = _missing(module, {name.id for name, _, _ in found})
    return [one for one in found if (one[1].name, one[1].lineno, one[0].id) in missing]


def _stored(statement: ast.stmt) -> Iterator[ast.Name]:
    """Yield the names that an assignment gives a value."""
    if isinstance(statement, ast.Assign | ast.AnnAssign):
        yield from (target for target in targets(statement) if isinstance(target, ast.Name))


def _missing(module: Module, names: set[str]) -> set[tuple[str, int, str]]:
    """Return which of some names a module never has although functions read them from it.

    The functions are given as their names and lines.
    """
    # Imported here because it is slow to import, and few apps need it.
    import symtable

    try:
        top = symtable.symtable(module.text, module.relative, "exec")
    except SyntaxError:  # Such as `global total` below `total = 1`, which ast takes.
        return set()
    # The tables of Python 3.12 and newer do not show what `:=` in a comprehension binds.
    has = {one.target.id for one in module.all(ast.NamedExpr)}
    read = []
    waiting = [(top, ("", 0))]
    for table, function in waiting:
        for name in names & {*table.get_identifiers()}:
            one = table.lookup(name)
            is_bound = one.is_assigned() or one.is_imported() or one.is_namespace()
            if is_bound and (table is top or one.is_declared_global()):
                has.add(name)
            elif one.is_global():
                read.append((*function, name))
        waiting += [
            (
                child,
                function
                if child.get_name() in COMPREHENSIONS
                else (child.get_name(), child.get_lineno()),
            )
            for child in table.get_children()
        ]
    return {one for one in read if one[-1] not in has}


def _is_unbound(definition: Definition, name: ast.Name, line: int) -> bool:
    """Whether a name is read where nothing in the function may have bound it yet."""
    return not any(
        _may_bind(node, name, line) for node in walk(definition) if node is not definition
    )


def _may_bind(node: ast.AST, name: ast.Name, line: int) -> bool:
    """Whether a node may give a name a value before it is read, though the function binds it in a line below."""
    match node:
        case (
            ast.comprehension(target=target)
            | ast.AugAssign(target=target)
            | ast.NamedExpr(target=target)
        ):
            # A comprehension has names of its own, another finding names what is only added to, and
            # in `m[1] if (m := ...) else ""` what comes last runs first.
            return any(binds(part, name.id) for part in walk(target))
        case ast.For() | ast.AsyncFor() | ast.While():
            return node.lineno <= name.lineno and line <= (node.end_lineno or 0)
        case ast.GeneratorExp():
            return name in walk(node)
        case ast.Try(body=body, handlers=handlers):
            # A handler that binds the name expects that its body may fail without it.
            return any(binds(part, name.id) for one in handlers for part in walk(one)) and any(
                name in walk(one) for one in body
            )
        case ast.Global(names=names) | ast.Nonlocal(names=names):
            return name.id in names
    return binds(node, name.id) and getattr(node, "lineno", 0) <= name.lineno


def reads(definition: Definition) -> Sequence[ast.Name]:
    """Return all names that a function itself reads."""
    return _lines(definition)[1]
