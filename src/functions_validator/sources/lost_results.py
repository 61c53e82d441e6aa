"""Results of calls that nothing can await, yield or loop over, so that the code that they stand for never runs."""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from .nodes import Definition, children, own_nodes, walk
from .python_source import Module, parameters

# What only looks at its arguments.
TAKERS = {
    "azure.functions.HttpResponse",
    "bool",
    "float",
    "int",
    "json.dumps",
    "len",
    "print",
    "repr",
    "str",
}
# What fails for something that cannot be looped over, and otherwise keeps what is in it.
LOOPING = {"dict", "enumerate", "frozenset", "list", "max", "min", "set", "sorted", "sum", "tuple"}
# The methods of a logger that write a message.
LOGGING = {"debug", "info", "warning", "error", "exception", "critical"}
DISPLAYS = ast.Dict | ast.List | ast.Tuple | ast.Set


class Kind(NamedTuple):
    """A kind of result: attributes and methods that it has, and methods of what made it that only look at it."""

    attributes: Collection[str]
    takers: Collection[str] = ()
    is_iterable: bool = False
    is_lost_if_yielded: bool = False
    is_lost_if_returned: bool = False


class Results:
    """The results in a function; `source` is the parameter whose methods give them, if it is one."""

    def __init__(
        self, module: Module, definition: Definition, kind: Kind, source: str = ""
    ) -> None:
        self.module, self.definition, self.kind, self.source = module, definition, kind, source

    def is_lost(self, node: ast.expr) -> bool:
        """Whether a result certainly is not awaited, yielded or looped over."""
        parent = _parents(self.definition).get(node)
        match parent:
            case ast.Assign(targets=[ast.Tuple() | ast.List()]):
                return not self.kind.is_iterable
            case ast.Assign(targets=[ast.Name(id=name)]):
                return self._is_name_lost(name)
            case ast.AnnAssign(target=ast.Name(id=name)):
                return self._is_name_lost(name)
            case ast.Attribute(ctx=ast.Load(), attr=name):
                return name not in self.kind.attributes
            case ast.Subscript(value=value):
                return value is node
            case ast.For() | ast.AsyncFor() | ast.comprehension():
                return parent.iter is node and not self.kind.is_iterable
            case ast.If() | ast.While():
                return True
            case ast.Yield():
                return self.kind.is_lost_if_yielded
            case ast.Expr() | ast.FormattedValue() | ast.Compare() | ast.BinOp() | ast.AugAssign():
                return True
        return self._is_only_looked_at(node)

    def _is_only_looked_at(self, node: ast.AST, *, is_inside: bool = False) -> bool:
        """Whether a result is an argument, or inside of one, of a call that only looks at it."""
        parent = _parents(self.definition).get(node)
        if isinstance(parent, ast.Return):
            return self.kind.is_lost_if_returned
        if isinstance(parent, ast.keyword | DISPLAYS):
            return self._is_only_looked_at(parent, is_inside=True)
        if not isinstance(parent, ast.Call) or parent.func is node:
            return False
        name = self.module.dotted(parent.func)
        owner, _, method = name.rpartition(".")
        if self.source and owner == self.source:
            return method in self.kind.takers
        # `list([result])` and `dict(a=result)` keep what is inside of their arguments.
        takers = TAKERS if self.kind.is_iterable or is_inside else TAKERS | LOOPING
        if name in takers:
            return name not in (self.module.bound_names or ())
        return method in LOGGING and self._is_logger(owner)

    def _is_logger(self, name: str) -> bool:
        made = self.module.constants.get(name)
        is_made = (
            isinstance(made, ast.Call) and self.module.dotted(made.func) == "logging.getLogger"
        )
        return name == "logging" or is_made

    def _is_name_lost(self, name: str) -> bool:
        """Whether a variable has one value, and no use of it is more than a look."""
        used: list[ast.Name] = []
        stored = 0
        for node in walk(self.definition):
            if isinstance(node, ast.Global | ast.Nonlocal) and name in node.names:
                return False
            if isinstance(node, ast.Name) and node.id == name:
                if isinstance(node.ctx, ast.Load):
                    used.append(node)
                else:
                    stored += 1
        if stored != 1 or name in {parameter.arg for parameter in parameters(self.definition)}:
            return False
        return all(self._is_use_lost(use) for use in used)

    def _is_use_lost(self, use: ast.Name) -> bool:
        # Another name for it may have other uses.
        parent = _parents(self.definition).get(use)
        return not isinstance(parent, ast.Assign | ast.AnnAssign) and self.is_lost(use)


@lru_cache(maxsize=64)
def _parents(definition: Definition) -> Mapping[ast.AST, ast.AST]:
    """Return what each node of a function is in, without functions inside of it."""
    nodes: Sequence[ast.AST] = own_nodes(definition)
    return {child: node for node in nodes for child in children(node)}
