"""Reads of environment variables in the sources of an app."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import NamedTuple

from ..data import read_table
from ..model import Place
from .import_graph import Sources
from .nodes import catches, children, suppresses, walk
from .python_source import ENVIRON, Module

# The functions that return None without the variable, and how the names of those begin that set or test it.
GETTERS = ("os.getenv", f"{ENVIRON}.get")
# What fails if it gets None.
NEEDING_TEXT = {"base64.b64decode", "float", "int", "json.loads", "len", "pathlib.Path"}
HANDLING = (ENVIRON, "os.getenv", "os.putenv")
SETTING = (f"{ENVIRON}.setdefault", "os.putenv")
# What may set any variable.
FILLING = "environ.update("
SWALLOWING = {
    "KeyError",
    "LookupError",
    "TypeError",
    "AttributeError",
    "Exception",
    "BaseException",
}


class Read(NamedTuple):
    """A read of an environment variable.

    It fails without the variable if it is `os.environ[...]`, or if its value is used at once. It is guarded if a
    condition can skip it, or something catches its failure.
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
        self.given: set[str] = set()

    def reads(self) -> list[Read]:
        """Return the reads; a read of a name that the module also tests or sets is guarded."""
        found = list(self._reads(self.module.tree, at_import=True, guarded=False))
        return [read._replace(guarded=read.guarded or read.name in self.handled) for read in found]

    def _reads(self, node: ast.AST, *, at_import: bool, guarded: bool) -> Iterator[Read]:
        """Yield the reads in a node; note the names that it tests or sets."""
        if read := self._read(node):
            yield read._replace(at_import=at_import, guarded=guarded)
        if (name := self._handled_name(node)) is not None:
            self.handled.add(name)
            if self._gives(node):
                self.given.add(name)
        for child, runs_later, may_skip in _parts(node):
            yield from self._reads(
                child, at_import=at_import and not runs_later, guarded=guarded or may_skip
            )

    def _read(self, node: ast.AST) -> Read | None:
        """Return the read that a node is, if it is one, as if the import ran it."""
        match node:
            case ast.Subscript(ctx=ast.Load()) if self.module.dotted(node.value) == ENVIRON:
                name, fails = self._text(node.slice), True
            case ast.Call(args=[first, *_]) if self.module.dotted(node.func) in GETTERS:
                name, fails = self._text(first), node in self._needed
            case _:
                return None
        if name is None:
            return None
        return Read(name, self.module.place(node), fails, at_import=True, guarded=False)

    @cached_property
    def _needed(self) -> set[ast.expr]:
        """Return the calls that may give None where only a text will do, as in `int(os.getenv("SIZE"))`."""
        given = (value for node in self.module.nodes for value in self._needing_text(node))
        calls = (one for one in given if isinstance(one, ast.Call) and not one.keywords)
        return {
            one for one in calls if len(one.args) == 1 and self.module.dotted(one.func) in GETTERS
        }

    def _needing_text(self, node: ast.AST) -> Iterator[ast.expr]:
        match node:
            case ast.Attribute(value=value, attr=attr) if not hasattr(None, attr):
                yield value
            case ast.Subscript(value=value):
                yield value
            case ast.Call(func=called, args=[first, *_]):
                name = self.module.dotted(called)
                if name in NEEDING_TEXT and not self.module.redefines(name):
                    yield first
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                yield from (left, right)

    def _handled_name(self, node: ast.AST) -> str | None:
        """Return the name that a node tests or sets, if it does."""
        match node:
            case ast.Subscript(ctx=ast.Store() | ast.Del()):
                return self._text(node.slice) if self.module.dotted(node.value) == ENVIRON else None
            case ast.Call(args=[first, *_]) if node not in self._needed:
                is_handled = self.module.dotted(node.func).startswith(HANDLING)
                return self._text(first) if is_handled else None
            case ast.Compare(ops=[ast.In() | ast.NotIn(), *_], comparators=[searched, *_]):
                name = self._text(node.left)
                return name if name is not None and self._is_environment(searched) else None
        return None

    def _gives(self, node: ast.AST) -> bool:
        """Whether a node sets a variable."""
        match node:
            case ast.Subscript(ctx=ast.Store()):
                return True
            case ast.Call(func=called):
                return self.module.dotted(called) in SETTING
        return False

    def _text(self, node: ast.expr) -> str | None:
        """Return the text that an expression is, if the sources show it."""
        value = self.sources.evaluate(self.module, node)
        return value if isinstance(value, str) else None

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


def _parts(node: ast.AST) -> Iterator[tuple[ast.AST, bool, bool]]:
    """Yield what is directly in a node, and whether it runs later than the node, and whether it may be skipped or fail."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield from ((part, False, False) for part in (node.args, *node.decorator_list))
            yield from ((part, True, False) for part in node.body)
        case ast.Lambda():
            yield node.args, False, False
            yield node.body, True, False
        case ast.If() | ast.IfExp() | ast.While():
            yield node.test, False, False
            others = (part for part in children(node) if part is not node.test)
            yield from ((part, False, True) for part in others)
        case _:
            guards = _guards(node)
            yield from ((part, False, guards) for part in children(node))


def _guards(node: ast.AST) -> bool:
    """Whether the code inside a node may be skipped, or may fail without harm."""
    if isinstance(node, ast.Try):
        return any(catches(handler, SWALLOWING) for handler in node.handlers)
    if isinstance(node, ast.With | ast.AsyncWith):
        return suppresses(node)
    conditional = (ast.BoolOp, ast.For, ast.AsyncFor, ast.ExceptHandler)
    return isinstance(node, conditional) or type(node).__name__ in ("Match", "TryStar")


def read_all(sources: Sources) -> Iterator[Read]:
    """Yield the reads in all modules; a read of a variable that any of them sets is guarded."""
    readers = [
        Reader(sources, module)
        for module in sources.modules.values()
        if "environ" in module.text or "getenv" in module.text
    ]
    found = [read for reader in readers for read in reader.reads()]
    given = {name for reader in readers for name in reader.given}
    for read in found:
        yield read._replace(guarded=read.guarded or read.name in given)


@lru_cache(maxsize=8)
def is_filled(sources: Sources) -> bool:
    """Whether the app loads settings from another source, such as a .env file."""
    libraries = tuple(read_table("settings")["filled_by"])
    if any(FILLING in module.text for module in sources.modules.values()):
        return True
    return any(imported.name.startswith(libraries) for imported in sources.imports)
