"""The objects of Azure's asynchronous libraries, such as a client of azure.cosmos.aio."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from ..data import read_table
from .durable_names import is_local
from .nodes import Definition, binds, only_value
from .python_source import Module, parameters
from .typing_names import plain

# Each library with those of its methods that are coroutines, and those that return another object of it.
LIBRARIES: Mapping[str, Mapping[str, list[str]]] = read_table("async_clients")
# How many objects may be made of each other: a database of a client, a container of the database.
DEEPEST = 6


def is_client_coroutine(module: Module, definition: Definition, call: ast.Call) -> bool:
    """Whether a call in a function certainly is that of a coroutine method of such an object."""
    if not isinstance(call.func, ast.Attribute):
        return False
    library = _library(module, definition, call.func.value, DEEPEST)
    return bool(library) and call.func.attr in LIBRARIES[library]["coroutines"]


def coroutine_names(module: Module) -> set[str]:
    """Return the names of the coroutine methods of the libraries that a module mentions."""
    return {
        name
        for library, methods in LIBRARIES.items()
        if library in module.text
        for name in methods["coroutines"]
    }


def _library(module: Module, definition: Definition, node: ast.expr | None, deepest: int) -> str:
    """Return the library of an object, or "" if it may be another one."""
    if not deepest:
        return ""
    match node:
        case ast.Name(id=name) if is_local(module, node):
            value = only_value(definition, name) or _entered(definition, name)
            if value is None:
                return _of_parameter(module, definition, name)
            return _library(module, definition, value, deepest - 1)
        case ast.Name(id=name):
            return _library(module, definition, module.constants.get(name), deepest - 1)
        case ast.Await(value=ast.Call(func=ast.Attribute() as called) as call):
            made = _made(module, definition, called, deepest)
            return made if made and _is_coroutine(made, call) else ""
        case ast.Call(func=ast.Attribute(value=owner, attr=name)) if name.startswith("from_"):
            return _of_class(module, owner)
        case ast.Call(func=ast.Attribute() as called):
            made = _made(module, definition, called, deepest)
            if made:
                return "" if _is_coroutine(made, node) else made
            return _of_class(module, called)
        case ast.Call(func=called):
            return _of_class(module, called)
    return ""


def _made(module: Module, definition: Definition, called: ast.Attribute, deepest: int) -> str:
    """Return the library of the object that a method of another one returns."""
    library = _library(module, definition, called.value, deepest - 1)
    return library if library and called.attr in LIBRARIES[library]["makers"] else ""


def _is_coroutine(library: str, call: ast.Call) -> bool:
    assert isinstance(call.func, ast.Attribute)
    return call.func.attr in LIBRARIES[library]["coroutines"]


def _entered(definition: Definition, name: str) -> ast.expr | None:
    """Return what `async with` binds to a name, if nothing else binds it: these objects return themselves."""
    found = [
        item.context_expr
        for node in ast.walk(definition)
        if isinstance(node, ast.AsyncWith)
        for item in node.items
        if isinstance(item.optional_vars, ast.Name) and item.optional_vars.id == name
    ]
    return found[0] if len(found) == 1 == _times_bound(definition, name) else None


def _of_parameter(module: Module, definition: Definition, name: str) -> str:
    annotations = [p.annotation for p in parameters(definition) if p.arg == name]
    if _times_bound(definition, name) != 1 or not annotations or annotations[0] is None:
        return ""
    return _of_class(module, plain(module, annotations[0]))


def _times_bound(definition: Definition, name: str) -> int:
    return sum(binds(node, name) for node in ast.walk(definition))


def _of_class(module: Module, node: ast.expr) -> str:
    """Return the library of a class, or "" if its name may be that of another one."""
    library, _, name = module.dotted(node).rpartition(".")
    first = ast.unparse(node).partition(".")[0]
    if library not in LIBRARIES or not name[:1].isupper():
        return ""
    return library if sum(binds(part, first) for part in module.nodes) == 1 else ""
