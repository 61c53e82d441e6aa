"""Imports of a name from a module that is still being imported itself and has not defined the name yet."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from ..model import Place, Problem
from .always_run import MAYBE
from .import_graph import Sources
from .imports import Import
from .nodes import Definition, bound_name, children, walk
from .python_source import Module

SIMPLE = ast.Expr | ast.Assign | ast.AnnAssign | ast.AugAssign
CERTAIN = Definition | ast.ClassDef | SIMPLE


def circular_imports(sources: Sources) -> Iterator[Problem]:
    """Yield the first import that fails because it leads back to a module that is still being imported."""
    if sources.entry is None or not _has_circle(sources) or _may_be_changed(sources):
        return
    imports = _Imports(sources)
    try:
        imports.run(sources.entry)
    except _Fails as failure:
        if failure.problem:
            yield failure.problem


def not_defined_yet(sources: Sources, place: Place, source: Module, name: str) -> Problem:
    """Return a problem with a place that reads a name too soon: the module with the name leads there first."""
    message = f"{source.relative} has not defined {name} yet when it imports this module, so the import fails."
    fix = f"Move {name} to a module that both import."
    if source is sources.entry and name in source.containers:
        fix = f"Write a blueprint here, and register it in {source.relative}."
    return Problem(place, message, fix)


def _at_import(module: Module) -> list[Import]:
    """Return the imports of a module that certainly run when it is imported."""
    return [one for one in module.imports if one.is_certain]


def _has_circle(sources: Sources) -> bool:
    """Whether modules of the app import each other when they are imported."""
    edges: Mapping[Module, Sequence[Module]] = {
        module: [other for one in _at_import(module) for other in sources.imported(one)]
        for module in sources.modules.values()
    }
    left = dict(edges)
    while done := [module for module, others in left.items() if not any(o in left for o in others)]:
        for module in done:
            del left[module]
    return bool(left)


def _may_be_changed(sources: Sources) -> bool:
    """Whether the app may import modules in an order that its import statements do not show."""
    return sources.is_dynamic or any("sys.modules" in m.text for m in sources.modules.values())


class _Fails(Exception):
    """An import fails, or may fail if there is no problem to report."""

    def __init__(self, problem: Problem | None) -> None:
        super().__init__()
        self.problem = problem


class _Imports:
    """Follows the import of an app, statement by statement."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        # The names that the modules which have begun, but not ended, have bound so far.
        self.begun: dict[Module, set[str]] = {}
        self.ended: set[Module] = set()
        self.imported_later = {
            other
            for one in sources.imports
            if one.deferred or one.guarded
            for other in sources.imported(one)
        }

    def run(self, module: Module) -> None:
        """Import a module. Raises _Fails."""
        if module in self.begun or module in self.ended:
            return
        names = self.begun[module] = _of_functions(module)
        by_place: dict[object, list[Import]] = {}
        for one in _at_import(module):
            by_place.setdefault(one.place, []).append(one)
        for statement in module.tree.body:
            if isinstance(statement, ast.Import | ast.ImportFrom):
                for one in by_place.get(module.place(statement), ()):
                    self._import(module, one)
            elif not isinstance(statement, CERTAIN) and not _is_for_types(statement):
                self._leave_out(statement, module)
            for node in _running(statement):
                self._read(module, node)
            names |= _bound(statement)
        del self.begun[module]
        self.ended.add(module)

    def _import(self, module: Module, imported: Import) -> None:
        parts = imported.name.split(".")
        for count in range(len(parts)):
            if found := self.sources.find(".".join(parts[: count + 1])):
                self.run(found)
        source = self.sources.find(imported.name)
        for name in imported.names:
            if source and self._has(source, name):
                continue
            if found := self.sources.find(f"{imported.name}.{name}"):
                self.run(found)
            elif source and self._lacks(module, source, name):
                raise _Fails(not_defined_yet(self.sources, imported.place, source, name))

    def _has(self, source: Module, name: str) -> bool:
        """Whether a module has bound a name, or may have."""
        known = source.bound_names
        bound = self.begun.get(source, known)
        return known is None or bound is None or name in bound

    def _lacks(self, module: Module, source: Module, name: str) -> bool:
        """Whether a module certainly has not bound a name yet that it binds later."""
        if source not in self.begun or name in self.begun[source]:
            return False
        if source is not self.sources.entry and {module, source} & self.imported_later:
            raise _Fails(None)  # A function may have imported them before, in another order.
        known = source.bound_names
        return known is not None and name in known

    def _read(self, module: Module, node: ast.Attribute) -> None:
        """Read an attribute of a module, as in `function_app.app`."""
        source = self.sources.find(module.dotted(node.value))
        if source and isinstance(node.ctx, ast.Load) and self._lacks(module, source, node.attr):
            raise _Fails(not_defined_yet(self.sources, module.place(node), source, node.attr))

    def _leave_out(self, statement: ast.stmt, module: Module) -> None:
        """Take all that a statement may import as imported."""
        last = statement.end_lineno or statement.lineno
        waiting = [
            other
            for one in module.imports
            if statement.lineno <= one.place.line <= last
            for other in self.sources.imported(one)
        ]
        while waiting:
            other = waiting.pop()
            if other not in self.ended and other not in self.begun:
                self.ended.add(other)
                waiting += [m for one in other.imports for m in self.sources.imported(one)]


def _is_for_types(statement: ast.stmt) -> bool:
    """Whether only a type checker reads a statement."""
    if not isinstance(statement, ast.If) or statement.orelse:
        return False
    return ast.unparse(statement.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING")


def _of_functions(module: Module) -> set[str]:
    """Return the names that functions of a module bind, which may run at any time."""
    return {name for node in module.all(ast.Global) for name in node.names}


def _bound(statement: ast.stmt) -> set[str]:
    """Return the names that a statement binds; too many rather than too few."""
    if isinstance(statement, Definition | ast.ClassDef):
        return {statement.name}
    inside = (node for node in walk(statement) if not isinstance(node, ast.arg))
    return {name for node in inside if (name := bound_name(node))}


def _running(statement: ast.stmt) -> Iterator[ast.Attribute]:
    """Yield the attributes that a statement certainly reads when it runs at the top of a module."""
    waiting: list[ast.AST] = []
    if isinstance(statement, Definition | ast.ClassDef):
        waiting = [*statement.decorator_list]
    elif isinstance(statement, SIMPLE) and statement.value:
        waiting = [statement.value]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Attribute):
            yield node
        if not isinstance(node, MAYBE):
            waiting += children(node)
