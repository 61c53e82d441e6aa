"""Whether a function writes to an output each time that it runs, as far as the sources show it."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, TypeGuard

from ..sources.import_graph import Sources
from ..sources.nodes import (
    INNER,
    Definition,
    is_generator,
    named_arguments,
    own_nodes,
    statements,
    suppresses,
    walk,
)
from ..sources.python_source import Module, unquoted
from .functions import Binding, Function, has_other_decorators
from .named_functions import function_meant

# Methods of a message, or of its text, whose result is something.
KEEPING = {"decode", "encode", "get_body", "lower", "read", "strip", "to_json", "upper"}
# Methods after which a list may be empty.
SHRINKING = ("clear", "pop", "popitem", "popleft", "remove")
# Functions and methods whose result may be an empty list, or something like it.
LISTING = {"filter", "get", "items", "keys", "map", "pop", "reversed", "set", "sorted", "split"}
LISTING |= {"tuple", "values"}
# How far variables and calls of the app's own functions are followed.
DEEPEST = 4
# How many functions one may call, directly or through others; of more, nothing is certain.
MOST = 50


def always_writes(sources: Sources, function: Function, binding: Binding) -> bool:
    """Whether a function certainly writes to an output, and nothing leaves that out."""
    definition, module = function.definition, function.module
    if definition is None or module is None or not isinstance(binding.name, str):
        return False
    if has_other_decorators(function):
        return False  # A decorator of the app's own decides.
    messages = {one.name for one in function.triggers if isinstance(one.name, str)}
    body = Body(sources, module, definition, frozenset(messages))
    return body.returns() if binding.name == "$return" else body.sets(binding.name)


class _Stop(Exception):
    """Something may end the function before it writes."""


class Body(NamedTuple):
    """The body of a function, with the names of the parameters that are certainly something."""

    sources: Sources
    module: Module
    definition: Definition
    given: frozenset[str]
    depth: int = 0

    def returns(self) -> bool:
        """Whether it always returns something."""
        nodes = own_nodes(self.definition)
        annotation = self.definition.returns
        if annotation and re.search(r"Optional|None|\|", ast.unparse(unquoted(annotation))):
            return False
        if is_generator(self.definition):
            return False
        values = [node.value for node in nodes if isinstance(node, ast.Return)]
        if not _always_returns(self.definition.body) or not all(map(self._is_something, values)):
            return False
        # What a helper may raise is known from the function that calls it.
        return self.depth > 0 or not self._may_raise()

    def sets(self, name: str) -> bool:
        """Whether it always sets an output, and never to nothing."""
        calls = [
            node
            for node in walk(self.definition)
            if isinstance(node, ast.Call) and _is_method(node, name, ("set",))
        ]
        if not all(map(self._has_argument, calls)):
            return False
        does = self._does_in(self.definition.body, self._calls(name, "set"))
        return does and not self._may_raise()

    def _calls(self, name: str, *methods: str) -> Callable[[ast.stmt], bool]:
        """Return a check of a statement: whether it calls a method with something."""

        def check(statement: ast.stmt) -> bool:
            call = statement.value if isinstance(statement, ast.Expr) else None
            if not isinstance(call, ast.Call) or not _is_method(call, name, methods):
                return False
            return _is_method(call, name, ("append",)) or self._has_argument(call)

        return check

    def _has_argument(self, call: ast.Call) -> bool:
        return bool(call.args) and self._is_something(call.args[0])

    def _may_raise(self) -> bool:
        """Whether it may end with an exception of the app's own, which may end a loop."""
        seen: list[Definition] = []
        ahead = [(self.module, self.definition)]
        while ahead:
            module, definition = ahead.pop()
            if definition in seen:
                continue
            seen.append(definition)
            nodes = list(walk(definition))
            if len(seen) > MOST or any(isinstance(one, ast.Raise | ast.Assert) for one in nodes):
                return True
            for node in nodes:
                if isinstance(node, ast.Call):
                    found = function_meant(self.sources, module, node.func)
                    ahead += [found] if found else []
        return False

    def _does_in(self, block: Sequence[ast.stmt], check: Callable[[ast.stmt], bool]) -> bool:
        """Whether one of the statements certainly runs and passes a check."""
        try:
            return self._runs(block, check)
        except _Stop:
            return False

    def _runs(self, block: Sequence[ast.stmt], check: Callable[[ast.stmt], bool]) -> bool:
        """Whether one of the statements passes a check. Raises _Stop."""
        return any(self._does(statement, check) for statement in block)

    def _does(self, statement: ast.stmt, check: Callable[[ast.stmt], bool]) -> bool:
        """Whether a statement passes a check, or one in it that certainly runs. Raises _Stop."""
        if check(statement):
            return True
        match statement:
            case ast.With(body=body) | ast.AsyncWith(body=body):
                return self._runs(body, check) and not suppresses(statement)
            case ast.Try():
                return self._tries(statement, check)
        if _may_leave(statement):
            raise _Stop
        match statement:
            case ast.If(body=body, orelse=orelse):
                return all(self._does_in(way, check) for way in (body, orelse))
            case ast.For(iter=over, body=body):
                return self._does_in(body, check) and self._is_something(over)
        return False

    def _tries(self, statement: ast.Try, check: Callable[[ast.stmt], bool]) -> bool:
        """Whether a `try` passes a check, also if an exception ends its body. Raises _Stop."""
        first = statement.body[0]
        handlers = [handler.body for handler in statement.handlers]
        ways = [[*statement.body, *statement.orelse], *handlers]
        done = [self._runs(way, check) for way in ways]
        if all(done) or (check(first) and _cannot_fail(first)):
            return True
        return self._runs(statement.finalbody, check)

    def _is_something(self, node: ast.expr | None) -> bool:
        """Whether a value is certainly something: not None, and no empty text or list."""
        match node:
            case ast.Constant(value=value):
                return value not in (None, "", b"")
            case ast.JoinedStr(values=parts):
                return bool(parts)
            case ast.Dict():
                return True
            case ast.BinOp(op=ast.Add(), left=left, right=right):
                return self._is_something(left) or self._is_something(right)
            case ast.List(elts=items):
                return any(
                    not isinstance(item, ast.Starred) or self._is_something(item.value)
                    for item in items
                )
            case ast.ListComp(generators=generators) | ast.GeneratorExp(generators=generators):
                return all(not one.ifs and self._is_something(one.iter) for one in generators)
            case ast.Await(value=value):
                return self._is_something(value)
            case ast.Name(id=name):
                return self._is_variable_something(name)
            case ast.Call():
                return self._is_result_something(node)
        return False

    def _is_variable_something(self, name: str) -> bool:
        if name in self.given:
            return not self._shrinks(name) and not list(self._assigned(name))
        value = self._only_value(name)
        if value is None:
            return False
        deeper = self._replace(depth=self.depth + 1)
        if _is_empty_list(value):
            return deeper._does_in(self.definition.body, deeper._calls(name, "append", "extend"))
        return deeper._is_something(value)

    def _only_value(self, name: str) -> ast.expr | None:
        """Return what is assigned to a variable once; None if that is not certain."""
        values = list(self._assigned(name))
        if self.depth >= DEEPEST or len(values) != 1 or self._shrinks(name):
            return None
        return values[0]

    def _is_result_something(self, call: ast.Call) -> bool:
        first = call.args[0] if call.args else None
        if found := function_meant(self.sources, self.module, call.func):
            return self.depth < DEEPEST and self._called(call, *found).returns()
        name = self.module.dotted(call.func)
        if name == "json.dumps":
            return first is not None and self._is_json_something(first)
        if name in ("bytes", "str") or _is_list_type(name):
            return self._is_something(first)
        if name.startswith("azure.functions."):
            return True
        if isinstance(call.func, ast.Attribute) and call.func.attr in KEEPING:
            fixed = all(isinstance(argument, ast.Constant) for argument in call.args)
            return fixed and self._is_something(call.func.value)
        return False

    def _called(self, call: ast.Call, module: Module, definition: Definition) -> Body:
        """Return a function of the app, with the parameters for which a call has something."""
        names = [one.arg for one in (*definition.args.posonlyargs, *definition.args.args)]
        is_starred = any(isinstance(value, ast.Starred) for value in call.args)
        passed = {} if is_starred else named_arguments(call, names)
        given = frozenset(name for name, value in passed.items() if self._is_something(value))
        return Body(self.sources, module, definition, given, self.depth + 1)

    def _is_json_something(self, node: ast.expr) -> bool:
        """Whether the JSON of a value is something; the host takes `[]` as no messages."""
        if self._is_something(node):
            return True
        match node:
            case ast.DictComp():
                return True
            case ast.Await(value=value):
                return self._is_json_something(value)
            case ast.Name(id=name):
                value_of = self._only_value(name)
                deeper = self._replace(depth=self.depth + 1)
                return value_of is not None and deeper._is_json_something(value_of)
            case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)):
                known = function_meant(self.sources, self.module, node.func)
                return not known and name not in LISTING and not _is_list_type(name)
        return False

    def _shrinks(self, name: str) -> bool:
        """Whether items are removed from a variable."""
        return any(_removes(node, name) for node in own_nodes(self.definition))

    def _assigned(self, name: str) -> Iterator[ast.expr | None]:
        """Yield what is assigned to a name; None if that is not shown."""
        nodes = own_nodes(self.definition)
        for node in nodes:
            if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store):
                loop = next((one for one in nodes if _is_loop_over(one, node)), None)
                if loop is not None:
                    yield loop.iter if _is_one_of(loop.iter, self.given) else None
                else:
                    yield next((one.value for one in nodes if _assigns(one, node)), None)


def _always_returns(block: Sequence[ast.stmt]) -> bool:
    """Whether a block ends with `return` in each way through it."""
    match block[-1] if block else None:
        case ast.Return():
            return True
        case ast.If(body=body, orelse=orelse):
            return _always_returns(body) and _always_returns(orelse)
        case (ast.With(body=body) | ast.AsyncWith(body=body)) as statement:
            return _always_returns(body) and not suppresses(statement)
        case ast.Try(body=body, handlers=handlers, orelse=orelse):
            ways = [orelse or body, *(handler.body for handler in handlers)]
            return all(map(_always_returns, ways))
    return False


def _may_leave(node: ast.AST, *, in_loop: bool = False) -> bool:
    """Whether a statement may end its function, or the iteration of a loop around it."""
    match node:
        case ast.Return() | ast.Raise():
            return True
        case ast.Continue() | ast.Break():
            return not in_loop
        case ast.For() | ast.AsyncFor() | ast.While():
            # A `continue` after `else` belongs to the loop around this one.
            return any(_may_leave(child, in_loop=True) for child in node.body) or any(
                _may_leave(child, in_loop=in_loop) for child in node.orelse
            )
    if type(node) in INNER:
        return False
    return any(_may_leave(child, in_loop=in_loop) for child in statements(node))


def _cannot_fail(statement: ast.stmt) -> bool:
    """Whether the arguments of a call have nothing that may raise an exception."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(call, ast.Call) and not any(
        isinstance(node, ast.Call | ast.Subscript | ast.Await)
        for argument in call.args
        for node in walk(argument)
    )


def _removes(node: ast.AST, name: str) -> bool:
    match node:
        case ast.Call():
            return _is_method(node, name, SHRINKING)
        case ast.Subscript(value=ast.Name(id=owner), ctx=ast.Del()):
            return owner == name
        case ast.Subscript(value=ast.Name(id=owner), ctx=ast.Store(), slice=ast.Slice()):
            return owner == name
    return False


def _is_one_of(node: ast.expr, names: frozenset[str]) -> bool:
    return isinstance(node, ast.Name) and node.id in names


def _is_loop_over(node: ast.AST, target: ast.Name) -> TypeGuard[ast.For | ast.AsyncFor]:
    """Whether a name is the variable of a loop."""
    return isinstance(node, ast.For | ast.AsyncFor) and node.target is target


def _assigns(node: ast.AST, target: ast.Name) -> TypeGuard[ast.Assign | ast.AnnAssign]:
    if isinstance(node, ast.Assign):
        return target in node.targets
    return isinstance(node, ast.AnnAssign) and node.target is target


def _is_list_type(name: str) -> bool:
    return name == "list" or name.endswith("List")


def _is_empty_list(node: ast.expr) -> bool:
    """Whether a value is an empty list, such as `[]` or `func.DocumentList()`."""
    match node:
        case ast.List(elts=[]):
            return True
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name), args=[], keywords=[]):
            return _is_list_type(name)
    return False


def _is_method(call: ast.Call, name: str, methods: Sequence[str]) -> bool:
    match call.func:
        case ast.Attribute(value=ast.Name(id=owner), attr=method):
            return owner == name and method in methods
    return False
