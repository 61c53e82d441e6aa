"""What gives another result each time, or acts outside of the process: an orchestrator must not do it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ..data import read_table
from ..functions.functions import Function
from ..functions.named_functions import function_meant
from ..model import Place
from ..sources.classes import made_by_call
from ..sources.import_graph import Sources
from ..sources.nodes import Definition, first_name, targets, walk
from ..sources.python_source import ENVIRON, Module
from ..sources.scopes import bound_in, hidden_in
from .project import Project

# How far calls of the app's own functions are followed.
DEEPEST = 4
PATH = "pathlib.Path"
# Functions of Python that need no import.
BUILTINS = ("open", "input")


class Impurity(NamedTuple):
    """A call or an expression that an orchestrator must not have: what it does, and what to do instead."""

    text: str
    place: Place
    what: str
    fix: str


def impurities(project: Project, orchestrator: Function) -> Iterator[Impurity]:
    """Yield what is not deterministic in an orchestrator, and in the functions of the app that it calls."""
    if orchestrator.definition and orchestrator.module:
        yield from _Calls(project).body(orchestrator.module, orchestrator.definition, 0)


class _Calls:
    """Follows the calls of an orchestrator, and looks at each function once."""

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
            for part in walk(definition)
            if isinstance(part, ast.FunctionDef) and part is not definition
        }
        bound, hidden = bound_in(definition), hidden_in(definition)
        for node in _nodes(definition.body, Replaying.of(definition)):
            names = bound | hidden.get(node, set())
            found = _impurity(self.project.sources, module, node, names)
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
            if meant and _is_plain(meant.definition):
                yield from self.body(*meant, depth + 1)


def _is_plain(definition: Definition) -> bool:
    """Whether a call runs the function as it is written: it is not a coroutine, and nothing wraps it."""
    return isinstance(definition, ast.FunctionDef) and not definition.decorator_list


def _nodes(body: Sequence[ast.AST], replaying: Replaying) -> Iterator[ast.AST]:
    """Yield what runs in a replay, without functions that are only defined."""
    for node in body:
        if isinstance(node, Definition | ast.ClassDef | ast.Lambda):
            continue
        yield node
        for part in replaying.run(node):
            yield from _nodes(part, replaying)
        if replaying.ends(node):
            return


class Replaying(NamedTuple):
    """What a function runs while it is replayed.

    `names` has its variables that say whether it is, with what they are in a replay.
    """

    names: Mapping[str, bool] = {}

    @classmethod
    def of(cls, definition: Definition) -> Replaying:
        """Return what is known of a function: a variable counts if it has one value, with `is_replaying` in it."""
        stored = [
            node.id
            for node in walk(definition)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        ]
        names: dict[str, bool] = {}
        known = cls(names)
        for node in walk(definition):
            if not isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr) or not node.value:
                continue
            value = known.value(node.value) if known.is_in(node.value) else None
            for target in targets(node):
                if (
                    value is not None
                    and isinstance(target, ast.Name)
                    and stored.count(target.id) == 1
                ):
                    names[target.id] = value
        return known

    def is_in(self, expression: ast.expr) -> bool:
        """Whether an expression asks if the function is replayed; others have nothing to do with it."""
        return any(
            (isinstance(part, ast.Attribute) and part.attr == "is_replaying")
            or (isinstance(part, ast.Name) and part.id in self.names)
            for part in walk(expression)
        )

    def value(self, test: ast.expr) -> bool | None:
        """Return what a condition is in a replay; None if that depends on something else."""
        match test:
            case ast.Constant(value=bool(value)):
                return value
            case ast.Attribute(attr="is_replaying"):
                return True
            case ast.Name(id=name):
                return self.names.get(name)
            case ast.NamedExpr(value=inner):
                return self.value(inner)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return _negated(self.value(operand))
            case ast.BoolOp(op=op, values=parts):
                values, ending = [self.value(part) for part in parts], isinstance(op, ast.Or)
                if ending in values:
                    return ending
                return None if None in values else not ending
            case ast.Compare(left=left, ops=[ast.Is() | ast.Eq()], comparators=[right]):
                return self._are_equal(left, right)
            case ast.Compare(left=left, ops=[ast.IsNot() | ast.NotEq()], comparators=[right]):
                return _negated(self._are_equal(left, right))
        return None

    def _are_equal(self, left: ast.expr, right: ast.expr) -> bool | None:
        values = self.value(left), self.value(right)
        return None if None in values else values[0] == values[1]

    def run(self, node: ast.AST) -> Iterator[Sequence[ast.AST]]:
        """Yield the parts of a node that run, each a sequence of nodes that follow each other."""
        if isinstance(node, ast.BoolOp):
            ending = isinstance(node.op, ast.Or)
            ends = (i for i, part in enumerate(node.values) if self.value(part) is ending)
            yield node.values[: next(ends, len(node.values)) + 1]
            return
        chosen = self.value(node.test) if isinstance(node, ast.If | ast.IfExp | ast.While) else None
        skipped = None if chosen is None else "orelse" if chosen else "body"
        for name, value in ast.iter_fields(node):
            if name == skipped:
                continue
            if isinstance(value, list):
                yield [part for part in value if isinstance(part, ast.AST)]
            elif isinstance(value, ast.AST):
                yield [value]

    def ends(self, node: ast.AST) -> bool:
        """Whether a condition leaves a block in a replay, so that nothing after it runs."""
        if not isinstance(node, ast.If):
            return False
        chosen = self.value(node.test)
        block = node.body if chosen else node.orelse
        leaves = (ast.Return, ast.Raise, ast.Continue, ast.Break)
        return chosen is not None and any(isinstance(part, leaves) for part in block)


def _negated(value: bool | None) -> bool | None:
    return None if value is None else not value


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
    match node:
        case ast.Attribute(value=ast.Call(func=maker), attr=method):
            return f"{PATH}.{method}" if module.dotted(maker) == PATH else ""
    first, name = first_name(node), module.dotted(node)
    if first is None or first.id in bound:
        return ""
    is_builtin = name in BUILTINS and not _defines(module, name)
    return name if first.id in module.aliases or is_builtin else ""


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
    found = made_by_call(sources, module, root)
    if found is None:
        return None
    owner, made = found
    name = owner.dotted(made.func)
    return "io" if _kind(name, made) == "io" and name not in BUILTINS else None


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
        harmless = (*row.get("but", ()), *row.get("without_arguments", ()))
        if owner in row.get("modules", ()) and name not in harmless:
            # A class, such as an exception, only describes something.
            return kind if method[:1].islower() else None
        prefixes = tuple(row.get("clients_of", ()))
        if prefixes and name.startswith(prefixes) and _is_client(name):
            return kind
    return None


def _is_client(name: str) -> bool:
    """Whether a name stands for a client of an Azure SDK, or for what makes one: `BlobClient.from_blob_url`."""
    if name.startswith("azure.durable_functions"):
        return False
    return any(part.endswith("Client") for part in name.split(".")[-2:])
