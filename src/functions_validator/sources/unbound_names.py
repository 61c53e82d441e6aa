"""Names that have no value where a function reads them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from .import_graph import Sources
from .library_names import TYPE_PARAMETERS
from .nodes import Definition, binds, children, own_nodes, targets
from .python_source import Module, all_parameters
from .undefined_names import BUILTIN
from .unsure_code import unsure_code

# What Python 2, notebooks and type checkers have: code that asks for them may expect that they are missing.
ELSEWHERE = {
    *("StandardError", "apply", "basestring", "buffer", "cmp", "coerce", "execfile", "file"),
    *("intern", "long", "raw_input", "reduce", "reload", "unichr", "unicode", "xrange"),
    *("dbutils", "display", "get_ipython", "mssparkutils", "notebookutils", "sc", "spark"),
    "sqlContext",
    *("WindowsError", "reveal_type"),
}


class EarlyRead(NamedTuple):
    """A variable that a function reads above the first line that binds it."""

    name: ast.Name
    line: int


def defined_nowhere(sources: Sources, module: Module) -> set[str]:
    """Return the names that a module reads and nothing in it binds, unless only the running app would tell."""
    # To look at all names of a module takes long, and nearly none lacks one.
    bound = module.bound_names if _may_lack(module) else None
    if bound is None:
        return set()
    unknown = {node.id for node in module.all(ast.Name)} - bound - BUILTIN - ELSEWHERE
    unknown -= {node.arg for node in module.all(ast.arg)}
    unknown -= {node.name for kind in TYPE_PARAMETERS for node in module.all(kind)}
    return {*module.lacks(sorted(unknown - _stored_in_modules(sources)))} if unknown else unknown


def _may_lack(module: Module) -> bool:
    """Whether functions read a name that is neither one of Python nor bound in a usual way."""
    has = {*module.aliases, *(node.name for node in module.all(ast.ClassDef))}
    has.update(node.name for node in module.all(ast.ExceptHandler) if node.name)
    bound = (node for one in module.assignments for node in targets(one))
    has.update(node.id for node in bound if isinstance(node, ast.Name))
    read: set[str] = set()
    for definition in module.definitions:
        has.update((definition.name, *(one.arg for one in all_parameters(definition))))
        lines, reads = _lines(definition)
        has.update(lines)
        read.update(one.id for one in reads)
    return not read <= has | BUILTIN


@lru_cache(maxsize=8)
def _stored_in_modules(sources: Sources) -> set[str]:
    """Return the attributes that the app gives to something else than `self` or `cls`, such as a module."""
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
    for name in sorted(early, key=lambda one: (one.lineno, one.col_offset)):
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
        # These questions take half as long as isinstance, and there are many nodes.
        if type(node) is ast.Name:
            if type(node.ctx) is ast.Load:
                reads.append(node)
            elif node.lineno < lines.get(node.id, node.lineno + 1):
                lines[node.id] = node.lineno
        elif type(node) is ast.alias:
            name = node.asname or node.name.partition(".")[0]
            lines[name] = min(node.lineno, lines.get(name, node.lineno))
        elif type(node) is ast.AnnAssign:
            annotations.update(ast.walk(node.annotation))
    return lines, [one for one in reads if one not in annotations] if annotations else reads


def _is_unbound(definition: Definition, name: ast.Name, line: int) -> bool:
    """Whether a name is read where nothing in the function may have bound it yet."""
    return not any(
        _may_bind(node, name, line) for node in ast.walk(definition) if node is not definition
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
            return any(binds(part, name.id) for part in ast.walk(target))
        case ast.For() | ast.AsyncFor() | ast.While():
            return node.lineno <= name.lineno and line <= (node.end_lineno or 0)
        case ast.GeneratorExp():
            return name in ast.walk(node)
        case ast.Try(body=body, handlers=handlers):
            # A handler that binds the name expects that its body may fail without it.
            return any(binds(part, name.id) for one in handlers for part in ast.walk(one)) and any(
                name in ast.walk(one) for one in body
            )
        case ast.Global(names=names) | ast.Nonlocal(names=names):
            return name.id in names
    return binds(node, name.id) and getattr(node, "lineno", 0) <= name.lineno


def reads(definition: Definition) -> Sequence[ast.Name]:
    """Return all names that a function itself reads."""
    return _lines(definition)[1]
