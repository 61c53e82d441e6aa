"""What gives another result each time, or acts outside of the process: an orchestrator must not do it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ..data import read_table
from ..model import Place
from .durable_names import function_meant
from .functions import Function
from .import_graph import Sources
from .project import Project
from .python_source import Definition, Module, bound_in

ENVIRON = "os.environ"
# How far calls of the app's own functions are followed.
DEEPEST = 4


@dataclass(frozen=True)
class Impurity:
    """A call or an expression that an orchestrator must not have: what it does, and what to do instead."""

    text: str
    place: Place
    what: str
    fix: str


def impurities(project: Project, orchestrator: Function) -> Iterator[Impurity]:
    """Yield what is not deterministic in an orchestrator, and in the functions of the app that it calls."""
    if orchestrator.definition and orchestrator.module:
        walk = _Walk(project)
        yield from walk.body(orchestrator.module, orchestrator.definition, 0)


class _Walk:
    def __init__(self, project: Project) -> None:
        self.project = project
        self.seen: set[ast.AST] = set()
        self.decorated = {f.definition for f in project.written_functions if f.definition}

    def body(self, module: Module, definition: Definition, depth: int) -> Iterator[Impurity]:
        if definition in self.seen or depth > DEEPEST:
            return
        self.seen.add(definition)
        inner = {
            part.name: part
            for part in ast.walk(definition)
            if isinstance(part, ast.FunctionDef) and part is not definition
        }
        bound = bound_in(definition)
        for node in _nodes(definition.body):
            found = _impurity(self.project.sources, module, node, bound)
            if found:
                yield found
            elif isinstance(node, ast.Call):
                yield from self._called(module, node, inner, depth)

    def _called(
        self, module: Module, node: ast.Call, inner: dict[str, ast.FunctionDef], depth: int
    ) -> Iterator[Impurity]:
        if isinstance(node.func, ast.Name) and node.func.id in inner:
            called = inner[node.func.id]
            if called not in self.decorated:
                yield from self.body(module, called, depth + 1)
        elif isinstance(node.func, ast.Name | ast.Attribute):
            meant = function_meant(self.project.sources, module, node.func)
            # A coroutine does nothing before it is awaited, which an orchestrator cannot do.
            if meant and isinstance(meant[1], ast.FunctionDef) and not meant[1].decorator_list:
                yield from self.body(*meant, depth + 1)


def _nodes(body: Sequence[ast.AST]) -> Iterator[ast.AST]:
    """Yield what runs, without functions that are only defined and what does not run in a replay."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            continue
        yield node
        if isinstance(node, ast.If | ast.IfExp) and _asks_for_replay(node.test):
            negated = isinstance(node.test, ast.UnaryOp)
            rest = node.orelse if negated else node.body
            yield from _nodes(rest if isinstance(rest, list) else [rest])
        else:
            yield from _nodes(list(ast.iter_child_nodes(node)))


def _asks_for_replay(test: ast.expr) -> bool:
    node = test.operand if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) else test
    return isinstance(node, ast.Attribute) and node.attr == "is_replaying"


def _impurity(sources: Sources, module: Module, node: ast.AST, bound: set[str]) -> Impurity | None:
    if isinstance(node, ast.Subscript) and module.dotted(node.value) == ENVIRON:
        return _made(module, node, ast.unparse(node), "environment")
    if not isinstance(node, ast.Call):
        return None
    name = _name_of(module, node.func, bound)
    kind = _kind(name, node) if name else None
    if kind is None and isinstance(node.func, ast.Attribute):
        kind = _kind_of_client(sources, module, node.func, bound)
    if kind is None:
        return None
    return _made(module, node, f"{ast.unparse(node.func)}()", kind)


def _made(module: Module, node: ast.expr, text: str, kind: str) -> Impurity:
    row = read_table("nondeterministic")[kind]
    short = text if len(text) < 60 else f"{text[:57]}..."
    return Impurity(short, module.place(node), row["what"], row["fix"])


def _name_of(module: Module, node: ast.expr, bound: set[str]) -> str:
    """Return the full name of what is called, also of a method of a path that is just made; else ""."""
    root: ast.expr = node
    while isinstance(root, ast.Attribute):
        root = root.value
    if isinstance(root, ast.Call) and isinstance(node, ast.Attribute) and node.value is root:
        made = module.dotted(root.func)
        return f"{made}.{node.attr}" if made == "pathlib.Path" else ""
    if not isinstance(root, ast.Name) or root.id in bound:
        return ""
    name = module.dotted(node)
    top = name.partition(".")[0]
    if root.id not in module.aliases:
        return name if name in ("open", "input") and not _defines(module, name) else ""
    return name if top else ""


def _defines(module: Module, name: str) -> bool:
    return any(definition.name == name for definition in module.definitions)


def _kind_of_client(
    sources: Sources, module: Module, node: ast.Attribute, bound: set[str]
) -> str | None:
    """Return "io" for a method of a client that a module makes once, such as `session.get`."""
    root: ast.expr = node
    while isinstance(root, ast.Attribute | ast.Call):
        root = root.value if isinstance(root, ast.Attribute) else root.func
    if not isinstance(root, ast.Name) or root.id in bound:
        return None
    owner, made = module, module.constants.get(root.id)
    if made is None and root.id in module.aliases:
        above, _, last = module.aliases[root.id].rpartition(".")
        other = sources.find(above) if above else None
        if other:
            owner, made = other, other.constants.get(last)
    if not isinstance(made, ast.Call):
        return None
    name = owner.dotted(made.func)
    return "io" if _kind(name, made) == "io" and name not in ("open", "input") else None


def _kind(name: str, call: ast.Call) -> str | None:
    """Return which kind of call it is, if it is one that an orchestrator must not make."""
    owner, _, method = name.rpartition(".")
    has_arguments = bool(call.args or call.keywords)
    table: dict[str, Any] = read_table("nondeterministic")
    for kind, row in table.items():
        if name in row.get("without_arguments", ()) and not has_arguments:
            return kind
        if name in row.get("calls", ()) or method in row.get("methods_of", {}).get(owner, ()):
            return kind
        if owner in row.get("modules", ()) and name not in (
            *row.get("but", ()),
            *row.get("without_arguments", ()),
        ):
            return kind if method[:1].islower() or kind != "random" else None
        prefixes = tuple(row.get("clients_of", ()))
        if prefixes and name.startswith(prefixes) and _is_client(name):
            return kind
    return None


def _is_client(name: str) -> bool:
    """Whether a name is that of a client of an Azure SDK, or makes one: `BlobClient.from_blob_url`."""
    if name.startswith("azure.durable_functions"):
        return False
    last, before = name.rpartition(".")[2], name.split(".")[-2]
    return last.endswith("Client") or (before.endswith("Client") and last.startswith("from_"))
