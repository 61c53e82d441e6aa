"""Settings that the app reads from its environment."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from ..data import read_table
from ..model import Place, Problem, Severity
from ..project.import_graph import Sources
from ..project.project import Project
from ..project.python_source import ENVIRON, Module
from ..project.settings import is_platform_name
from .rule import rule

SWALLOWING = {"KeyError", "LookupError", "Exception", "BaseException"}
# The one prefix of names that Azure does not write in capital letters.
HOST_PREFIX = "AzureWebJobs"


@dataclass(frozen=True)
class Read:
    """A read of an environment variable.

    It fails without the variable if it is `os.environ[...]`. It is free if no condition can skip it
    and nothing catches its failure.
    """

    name: str
    place: Place
    fails: bool
    at_import: bool
    free: bool


class Reader:
    """Finds the reads in a module."""

    def __init__(self, sources: Sources, module: Module) -> None:
        self.sources, self.module = sources, module
        self.handled: set[str] = set()

    def reads(self) -> list[Read]:
        """Return the reads; a read of a name that the module also tests or sets is not free."""
        found = list(self._reads(self.module.tree, True, True))
        return [
            Read(r.name, r.place, r.fails, r.at_import, r.free and r.name not in self.handled)
            for r in found
        ]

    def _reads(self, node: ast.AST, at_import: bool, free: bool) -> Iterator[Read]:
        yield from self._read(node, at_import, free)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            outside: list[ast.AST] = [node.args]
            if not isinstance(node, ast.Lambda):
                outside += node.decorator_list
            for child in outside:
                yield from self._reads(child, at_import, free)
            body = [node.body] if isinstance(node, ast.Lambda) else node.body
            for child in body:
                yield from self._reads(child, False, free)
            return
        if isinstance(node, ast.If | ast.IfExp | ast.While):
            yield from self._reads(node.test, at_import, free)
            rest = [child for child in ast.iter_child_nodes(node) if child is not node.test]
            for child in rest:
                yield from self._reads(child, at_import, False)
            return
        for child in ast.iter_child_nodes(node):
            yield from self._reads(child, at_import, free and not _guards(node))

    def _read(self, node: ast.AST, at_import: bool, free: bool) -> Iterator[Read]:
        if isinstance(node, ast.Subscript) and self.module.dotted(node.value) == ENVIRON:
            name = self.sources.evaluate(self.module, node.slice)
            if not isinstance(name, str):
                return
            if isinstance(node.ctx, ast.Load):
                yield Read(name, self.module.place(node), True, at_import, free)
            else:
                self.handled.add(name)
        elif isinstance(node, ast.Call) and node.args:
            called = self.module.dotted(node.func)
            name = self.sources.evaluate(self.module, node.args[0])
            if not isinstance(name, str):
                return
            if called in ("os.getenv", f"{ENVIRON}.get"):
                yield Read(name, self.module.place(node), False, at_import, free)
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
            node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)
        }


def _guards(node: ast.AST) -> bool:
    """Whether the code inside a node may be skipped, or may fail without harm."""
    if isinstance(node, ast.Try):
        return any(map(_catches_key_error, node.handlers))
    if isinstance(node, ast.With | ast.AsyncWith):
        return any("suppress" in ast.unparse(item.context_expr) for item in node.items)
    conditional = (ast.BoolOp, ast.For, ast.AsyncFor, ast.ExceptHandler)
    return isinstance(node, conditional) or type(node).__name__ in ("Match", "TryStar")


def _catches_key_error(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return bool({ast.unparse(node) for node in caught} & SWALLOWING)


@lru_cache(maxsize=1)
def _all_reads(project: Project) -> list[Read]:
    """Return the reads in all modules; three rules ask for them."""
    modules = [module for module in project.sources.modules.values() if "environ" in module.text]
    modules += [
        m for m in project.sources.modules.values() if "getenv" in m.text and m not in modules
    ]
    return [read for module in modules for read in Reader(project.sources, module).reads()]


def _is_filled(project: Project) -> bool:
    """Whether the app loads settings from another source, such as a .env file."""
    return any(
        imported.name.startswith(tuple(read_table("settings")["filled_by"]))
        for module in project.sources.modules.values()
        for imported in module.imports
    )


def _is_missing(project: Project, name: str) -> bool:
    """Whether no file has a variable, whatever the case of its letters."""
    if not project.settings.is_known or is_platform_name(name) or _is_filled(project):
        return False
    if project.settings.has(name) or "__" in name:
        return False
    return name.lower() not in project.mentioned


def _missing_reads(project: Project, at_import: bool) -> list[Read]:
    return [
        read
        for read in _all_reads(project)
        if read.fails and read.free and read.at_import is at_import
        if _is_missing(project, read.name)
    ]


def _problem(project: Project, name: str, place: Place, needing: str) -> Problem:
    file = project.settings.used[0].path
    message = f'{needing} needs the setting "{name}", which is not in {file}.'
    return Problem(place, message, f'Add "{name}" to {file}, or read it with a default.')


@rule("AF302", Severity.ERROR, "A setting that the app reads at import is missing")
def missing_at_import(project: Project) -> Iterator[Problem]:
    """Yield reads of missing settings that fail while the app is imported."""
    reads = _missing_reads(project, True)
    for read in reads:
        yield _problem(project, read.name, read.place, "Importing the app")
    failure = project.index.failure if project.index else None
    if failure is None or failure.kind != "setting" or not failure.places:
        return
    place = failure.places[-1]
    if any((read.place.path, read.place.line) == (place.path, place.line) for read in reads):
        return
    if _is_missing(project, failure.name):
        yield _problem(project, failure.name, place, "Importing the app")


@rule("AF303", Severity.WARNING, "A setting that a function reads is missing")
def missing_in_function(project: Project) -> Iterator[Problem]:
    """Yield reads of missing settings that fail when a function runs."""
    failure = project.index.failure if project.index else None
    at_import = {(p.path, p.line) for p in failure.places} if failure else set()
    for read in _missing_reads(project, False):
        if (read.place.path, read.place.line) not in at_import:
            yield _problem(project, read.name, read.place, "The app")


@rule("AF304", Severity.ERROR, "A setting is read with the wrong letter case")
def letter_case(project: Project) -> Iterator[Problem]:
    """Yield reads whose name differs from that of a setting only in its letter case."""
    for read in _all_reads(project):
        if _is_set_as_read(read.name):
            continue
        other = _differs_in_case(project, read.name)
        if other:
            message = f'The app reads "{read.name}", but the name of the setting is "{other}".'
            yield Problem(read.place, message, f'Change the name to "{other}".')


def _is_set_as_read(name: str) -> bool:
    """Whether Azure or the operating system sets a variable under just this name."""
    if name.upper() in read_table("settings")["platform_names"]:
        return True
    is_host = name.upper().startswith(HOST_PREFIX.upper())
    return is_platform_name(name) and name.isupper() and not is_host


def _differs_in_case(project: Project, name: str) -> str | None:
    """Return the name of a setting that differs from a name only in its letter case."""
    if name in project.settings.values:
        return None
    return next((n for n in project.settings.values if n.lower() == name.lower()), None)


RULES = (missing_at_import, missing_in_function, letter_case)
