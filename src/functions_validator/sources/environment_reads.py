"""Reads of environment variables in the sources of an app."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from ..data import read_table
from ..model import Place
from .import_graph import Sources
from .nodes import catches, suppresses, walk
from .python_source import ENVIRON, Module

SWALLOWING = {"KeyError", "LookupError", "Exception", "BaseException"}


class Read(NamedTuple):
    """A read of an environment variable.

    It fails without the variable if it is `os.environ[...]`. It is guarded if a condition can skip it, or
    something catches its failure.
    """

    name: str
    place: Place
    fails: bool
    at_import: bool
    guarded: bool


class Reader:
    """Finds the reads in a module."""

    def __init__(self, sources: Sources, module: Module) -> None:
        self.sources, self.module = sources, module
        self.handled: set[str] = set()

    def reads(self) -> list[Read]:
        """Return the reads; a read of a name that the module also tests or sets is guarded."""
        found = list(self._reads(self.module.tree, at_import=True, guarded=False))
        return [read._replace(guarded=read.guarded or read.name in self.handled) for read in found]

    def _reads(self, node: ast.AST, *, at_import: bool, guarded: bool) -> Iterator[Read]:
        yield from self._read(node, at_import=at_import, guarded=guarded)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            outside: list[ast.AST] = [node.args]
            if not isinstance(node, ast.Lambda):
                outside += node.decorator_list
            for child in outside:
                yield from self._reads(child, at_import=at_import, guarded=guarded)
            body = [node.body] if isinstance(node, ast.Lambda) else node.body
            for child in body:
                yield from self._reads(child, at_import=False, guarded=guarded)
            return
        if isinstance(node, ast.If | ast.IfExp | ast.While):
            yield from self._reads(node.test, at_import=at_import, guarded=guarded)
            rest = [child for child in ast.iter_child_nodes(node) if child is not node.test]
            for child in rest:
                yield from self._reads(child, at_import=at_import, guarded=True)
            return
        for child in ast.iter_child_nodes(node):
            yield from self._reads(child, at_import=at_import, guarded=guarded or _guards(node))

    def _read(self, node: ast.AST, *, at_import: bool, guarded: bool) -> Iterator[Read]:
        """Yield the read that a node is, if it is one; note a name that it tests or sets."""
        if isinstance(node, ast.Subscript) and self.module.dotted(node.value) == ENVIRON:
            name = self.sources.evaluate(self.module, node.slice)
            if not isinstance(name, str):
                return
            if isinstance(node.ctx, ast.Load):
                place = self.module.place(node)
                yield Read(name, place, fails=True, at_import=at_import, guarded=guarded)
            else:
                self.handled.add(name)
        elif isinstance(node, ast.Call) and node.args:
            called = self.module.dotted(node.func)
            name = self.sources.evaluate(self.module, node.args[0])
            if not isinstance(name, str):
                return
            if called in ("os.getenv", f"{ENVIRON}.get"):
                place = self.module.place(node)
                yield Read(name, place, fails=False, at_import=at_import, guarded=guarded)
            if called.startswith((ENVIRON, "os.getenv", "os.putenv")):
                self.handled.add(name)
        elif isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn):
            name = self.sources.evaluate(self.module, node.left)
            if isinstance(name, str) and self._is_environment(node.comparators[0]):
                self.handled.add(name)

    def _is_environment(self, searched: ast.expr) -> bool:
        """Whether a comparison asks if a variable is there, as `"NAME" in os.environ` does.

        It may also ask a copy, an alias or a parameter, which have such names.
        """
        is_named = isinstance(searched, ast.Name) and searched.id in self._environments
        return is_named or "env" in ast.unparse(searched).lower()

    @cached_property
    def _environments(self) -> set[str]:
        """Return the names to which the module assigns what may be its environment."""
        targets = (
            target
            for assignment in self.module.assignments
            if assignment.value and "env" in ast.unparse(assignment.value).lower()
            for target in getattr(assignment, "targets", [getattr(assignment, "target", None)])
        )
        return {
            node.id for target in targets for node in walk(target) if isinstance(node, ast.Name)
        }


def _guards(node: ast.AST) -> bool:
    """Whether the code inside a node may be skipped, or may fail without harm."""
    if isinstance(node, ast.Try):
        return any(catches(handler, SWALLOWING) for handler in node.handlers)
    if isinstance(node, ast.With | ast.AsyncWith):
        return suppresses(node)
    conditional = (ast.BoolOp, ast.For, ast.AsyncFor, ast.ExceptHandler)
    return isinstance(node, conditional) or type(node).__name__ in ("Match", "TryStar")


def read_all(sources: Sources) -> Iterator[Read]:
    """Yield the reads in all modules."""
    modules = [module for module in sources.modules.values() if "environ" in module.text]
    modules += [m for m in sources.modules.values() if "getenv" in m.text and m not in modules]
    for module in modules:
        yield from Reader(sources, module).reads()


def is_filled(sources: Sources) -> bool:
    """Whether the app loads settings from another source, such as a .env file."""
    return any(
        imported.name.startswith(tuple(read_table("settings")["filled_by"]))
        for module in sources.modules.values()
        for imported in module.imports
    )
