"""Whether a function writes to an output each time that it runs, as far as the sources show it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeGuard

from ..pattern import Pattern
from .durable_names import function_meant
from .functions import Binding, Function
from .import_graph import Sources
from .nodes import Definition, own_nodes
from .python_source import Module, parameters, unquoted

ENDS = (ast.Return, ast.Continue, ast.Break)
# A condition with such a word ends a loop with an exception.
COUNTS = Pattern(r"count|attempt|retr(?:y|ies)|tries|hop|depth|round|loop", re.IGNORECASE)
DEEPEST = 5


def always_writes(sources: Sources, function: Function, binding: Binding) -> bool:
    """Whether a function certainly writes to an output, and no condition leaves that out."""
    definition, module = function.definition, function.module
    if definition is None or module is None or not isinstance(binding.name, str):
        return False
    if len(definition.decorator_list) > len(function.decorations):
        return False  # A decorator of the app's own decides.
    body = Body(sources, module, definition)
    return body.returns() if binding.name == "$return" else body.sets(binding.name)


class _Stop(Exception):
    """Something may end the function before it writes."""


class Body(NamedTuple):
    """The body of a function."""

    sources: Sources
    module: Module
    definition: Definition

    def returns(self, depth: int = 0) -> bool:
        """Whether it always returns something."""
        nodes = list(own_nodes(self.definition))
        found = [node for node in nodes if isinstance(node, ast.Return)]
        annotation = self.definition.returns
        if annotation and re.search(r"Optional|None|\|", ast.unparse(unquoted(annotation))):
            return False
        if not found or any(isinstance(node, ast.Yield | ast.YieldFrom) for node in nodes):
            return False
        if not isinstance(self.definition.body[-1], ast.Return | ast.With | ast.Try | ast.Raise):
            return False
        if any(map(_gives_up, nodes)):
            return False
        return not any(self._may_be_nothing(node.value, depth) for node in found)

    def sets(self, name: str, methods: Sequence[str] = ("set",)) -> bool:
        """Whether it always calls one of the methods of a parameter or a variable, with a value."""
        try:
            return self._do(self.definition.body, name, methods)
        except _Stop:
            return False

    def _do(self, statements: Sequence[ast.stmt], name: str, methods: Sequence[str]) -> bool:
        """Whether one of the statements calls a method. Raises _Stop."""
        return any(self._does(statement, name, methods) for statement in statements)

    def _does(self, statement: ast.stmt, name: str, methods: Sequence[str]) -> bool:
        match statement:
            case ast.If(body=body, orelse=orelse):
                if _may_end(statement):
                    raise _Stop
                ways = [
                    way for way in (body, orelse) if not way or not isinstance(way[-1], ast.Raise)
                ]
                return bool(ways) and all(self._do(way, name, methods) for way in ways)
            case ast.For(iter=ast.Name(id=over), body=body) if over in self._parameters:
                return self._do(body, name, methods)
            case ast.With(body=body) | ast.AsyncWith(body=body):
                return self._do(body, name, methods)
            case ast.Try(body=body, orelse=orelse, finalbody=last):
                return self._do([*body, *orelse, *last], name, methods)
            case ast.Expr(value=ast.Call() as call) if _is_method(call, name, methods):
                if not call.args or self._may_be_nothing(call.args[0]):
                    raise _Stop
                return True
            case ast.Return() | ast.Raise() | ast.Continue() | ast.Break():
                raise _Stop
        if type(statement).__name__ in ("While", "Match", "TryStar"):
            raise _Stop
        return False

    @property
    def _parameters(self) -> set[str]:
        return {argument.arg for argument in parameters(self.definition)}

    def _may_be_nothing(self, node: ast.expr | None, depth: int = 0) -> bool:
        """Whether a value may be None or an empty list, so that nothing is written."""
        match node:
            case None | ast.Constant(value=None) | ast.IfExp() | ast.BoolOp():
                return True
            case ast.Await(value=value):
                return self._may_be_nothing(value, depth)
            case ast.ListComp(generators=generators) | ast.GeneratorExp(generators=generators):
                return any(one.ifs for one in generators)
            case ast.List(elts=items):
                return not items
            case ast.Name(id=name):
                return self._variable_may_be_nothing(name, depth)
            case ast.Call():
                return self._call_may_be_nothing(node, depth)
        return False

    def _variable_may_be_nothing(self, name: str, depth: int) -> bool:
        if name in self._parameters:
            return False
        values = list(self._assigned(name))
        if len(values) == 1 and values[0] is not None and _is_empty_list(values[0]):
            return not self.sets(name, ("append", "extend"))
        return len(values) != 1 or self._may_be_nothing(values[0], depth)

    def _call_may_be_nothing(self, call: ast.Call, depth: int) -> bool:
        found = function_meant(self.sources, self.module, call.func)
        if found:
            return depth > DEEPEST or not Body(self.sources, *found).returns(depth + 1)
        owner = self.module.dotted(call.func).rpartition(".")[0]
        if _is_empty_list(call) or (owner and self.sources.is_local(owner)):
            return True
        # A list of azure.functions has what it is made of.
        lists = [one for one in call.args if isinstance(one, ast.List | ast.ListComp | ast.Name)]
        is_list = isinstance(call.func, ast.Attribute | ast.Name) and _is_list_type(call.func)
        return is_list and any(self._may_be_nothing(one, depth) for one in lists)

    def _assigned(self, name: str) -> Iterator[ast.expr | None]:
        """Yield what is assigned to a name; None if that is not shown."""
        nodes = list(own_nodes(self.definition))
        for node in nodes:
            if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store):
                if any(_is_item(one, node) for one in nodes):
                    yield ast.Constant(name)
                else:
                    yield next((one.value for one in nodes if _assigns(one, node)), None)


def _is_item(node: ast.AST, target: ast.Name) -> bool:
    """Whether a name is the variable of a loop."""
    return isinstance(node, ast.For | ast.AsyncFor) and node.target is target


def _assigns(node: ast.AST, target: ast.Name) -> TypeGuard[ast.Assign | ast.AnnAssign]:
    if isinstance(node, ast.Assign):
        return target in node.targets
    return isinstance(node, ast.AnnAssign) and node.target is target


def _is_list_type(node: ast.Attribute | ast.Name) -> bool:
    name = node.attr if isinstance(node, ast.Attribute) else node.id
    return name == "list" or name.endswith("List")


def _is_empty_list(node: ast.expr) -> bool:
    """Whether a value is an empty list, such as `[]` or `func.DocumentList()`."""
    match node:
        case ast.List(elts=[]):
            return True
        case ast.Call(func=ast.Attribute() | ast.Name() as called, args=[], keywords=[]):
            return _is_list_type(called)
    return False


def _is_method(call: ast.Call, name: str, methods: Sequence[str]) -> bool:
    match call.func:
        case ast.Attribute(value=ast.Name(id=owner), attr=method):
            return owner == name and method in methods
    return False


def _may_end(statement: ast.If) -> bool:
    """Whether a condition may end a function, or an iteration, without an error."""
    nodes = [node for part in (*statement.body, *statement.orelse) for node in ast.walk(part)]
    return any(isinstance(node, ENDS) for node in nodes) or _gives_up(statement)


def _gives_up(node: ast.AST) -> bool:
    """Whether a condition raises an exception after a number of attempts."""
    if not isinstance(node, ast.If) or not COUNTS.search(ast.unparse(node.test)):
        return False
    return any(isinstance(part, ast.Raise) for part in ast.walk(node))
