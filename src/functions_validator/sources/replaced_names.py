"""Names of modules and apps that a function of the same name takes over."""

from __future__ import annotations

import ast
import builtins
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ..model import Problem
from .import_graph import Sources
from .import_time import annotations_at_import, nodes_at_import
from .library_names import LIBRARY
from .nodes import Definition, callee, position, times_bound
from .python_source import Module
from .scopes import bound_at_top
from .unbound_names import read_in_functions, stored_in_modules


class Replaced(NamedTuple):
    """A name that stands for a module or an app, up to the function that takes it."""

    name: str
    first: ast.stmt
    function: Definition


def replaced_names(sources: Sources, module: Module) -> Sequence[Replaced]:
    """Return the imported modules and the apps of a module whose names one of its functions takes for good."""
    named = module.aliases.keys() | module.containers.keys()
    if named.isdisjoint(one.name for one in module.definitions):
        return []
    top: dict[str, ast.stmt] = {}
    found: list[Replaced] = []
    for statement in module.tree.body:
        if isinstance(statement, ast.Import | ast.ImportFrom | ast.Assign | ast.AnnAssign):
            top.update(dict.fromkeys(bound_at_top(statement), statement))
        elif isinstance(statement, Definition) and statement.name in top:
            found.append(Replaced(statement.name, top[statement.name], statement))
    return [one for one in found if _is_for_good(sources, module, one)]


def _is_for_good(sources: Sources, module: Module, replaced: Replaced) -> bool:
    """Whether nothing else binds a name, and no decorator of another library may return what it was."""
    name, first, function = replaced
    if isinstance(first, ast.ImportFrom) and module.aliases.get(name) != LIBRARY:
        return False  # It may be a function, which may have the same attributes.
    if isinstance(first, ast.Assign | ast.AnnAssign) and name not in module.containers:
        return False
    if function.decorator_list and not has_decorator_of_app(sources, module, function):
        return False
    if module.bound_names is None:
        return False
    return times_bound(module.tree, name) == 2


def has_decorator_of_app(sources: Sources, module: Module, function: Definition) -> bool:
    """Whether the first decorator of a function is a method of an app or a blueprint."""
    for node in function.decorator_list[:1]:
        method = callee(node)
        if isinstance(method, ast.Attribute) and sources.container(module, method.value):
            return True
    return False


def replaced_at_import(sources: Sources, *, are_late: bool) -> Iterator[Problem]:
    """Yield the first line of each module that takes something from a name which a function has taken."""
    for module in sources.modules.values():
        for replaced in replaced_names(sources, module):
            last = replaced.function.end_lineno or 0
            annotations = annotations_at_import(module, sys.maxsize, are_late=are_late)
            nodes = (*nodes_at_import(module), *annotations)
            late = [one for one in taken_from(sources, nodes, replaced) if one.lineno > last]
            if late:
                first = min(late, key=position)
                yield Problem(module.place(first), *why_taken(replaced))
                break


def taken_from(
    sources: Sources, nodes: Iterable[ast.AST], replaced: Replaced
) -> Iterator[ast.Attribute]:
    """Yield the nodes that take from a name what the function of that name does not have."""
    for node in nodes:
        match node:
            case ast.Attribute(value=ast.Name(id=replaced.name), attr=attribute):
                if attribute[0] != "_" and attribute not in sources.stored_attributes:
                    yield node


def called_builtins(sources: Sources, module: Module) -> Iterator[Problem]:
    """Yield the first call in a function of each name of Python, such as `list`, that a function with a trigger takes."""
    for function in module.tree.body:
        if not isinstance(function, Definition) or not hasattr(builtins, function.name):
            continue
        name = function.name
        is_taken = times_bound(module.tree, name) == 1 and module.bound_names is not None
        if not is_taken or not has_decorator_of_app(sources, module, function):
            continue
        calls = [
            node
            for node in read_in_functions(module)
            if isinstance(node, ast.Call) and _is_name(node.func, name)
        ]
        wrong = [one for one in calls if not _passes_request(one)]
        if wrong and name not in stored_in_modules(sources):
            first = min(wrong, key=position)
            _, fix = why_taken(Replaced(name, function, function))
            message = (
                f"{name} is the function of line {function.lineno} here, and not that of Python."
            )
            yield Problem(module.place(first), message, fix)


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _passes_request(call: ast.Call) -> bool:
    """Whether a call may be one of the function itself, which gets a request or a message."""
    given = [*call.args, *(one.value for one in call.keywords)]
    return all(isinstance(one, ast.Name) for one in given)


def why_taken(replaced: Replaced) -> tuple[str, str]:
    """Return what is wrong with a line that uses a name which a function has taken, and what to do."""
    name, _, function = replaced
    message = f"{name} is the function of line {function.lineno} here, so this line fails."
    return message, f"Give the function of line {function.lineno} another name."
