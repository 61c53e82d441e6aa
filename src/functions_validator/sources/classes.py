"""The methods of the classes of an app."""

from __future__ import annotations

import ast

from .import_graph import Sources, class_meant
from .nodes import Definition, callee
from .python_source import Module


def own_method(module: Module, around: Definition, called: ast.Attribute) -> Definition | None:
    """Return the method of the same class that a method calls, as `self.save`."""
    owner = called.value
    first = around.args.args[:1]
    if not isinstance(owner, ast.Name) or not first or owner.id != first[0].arg:
        return None
    class_ = next((one for one in module.all(ast.ClassDef) if around in one.body), None)
    if class_ is None or not all(_keeps_methods(module, node) for node in class_.decorator_list):
        return None
    is_static = any(module.dotted(node) == "staticmethod" for node in around.decorator_list)
    return None if is_static else _method_of(class_, called.attr)


def _keeps_methods(module: Module, decorator: ast.expr) -> bool:
    return module.dotted(callee(decorator)) == "dataclasses.dataclass"


def method_meant(sources: Sources, module: Module, owner: ast.expr, name: str) -> Definition | None:
    """Return a method of an object which the app makes, as `save` of `repository` or of `Repository()`."""
    made = made_by_call(sources, module, owner)
    if made is None:
        return None
    maker, call = made
    found = class_meant(sources, maker, call.func)
    class_ = found.definition if found else None
    if class_ is None or class_.bases or class_.keywords or class_.decorator_list:
        return None
    return _method_of(class_, name)


def _method_of(class_: ast.ClassDef, name: str) -> Definition | None:
    methods = [node for node in class_.body if isinstance(node, Definition) and node.name == name]
    return methods[0] if len(methods) == 1 else None


def made_by_call(
    sources: Sources, module: Module, node: ast.expr
) -> tuple[Module, ast.Call] | None:
    """Return the call that makes an object, which may be a constant of a module."""
    if isinstance(node, ast.Call):
        return module, node
    value = module.constants.get(node.id) if isinstance(node, ast.Name) else None
    other, name = sources.where_defined(module, node)
    if value is None and other and other is not module:
        module, value = other, other.constants.get(name)
    return (module, value) if isinstance(value, ast.Call) else None
