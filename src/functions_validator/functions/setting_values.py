"""Arguments of decorators that are the values of settings, read from the environment, and not their names."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from ..model import Place
from ..sources.environment_reads import GETTERS
from ..sources.import_graph import Sources, class_constant
from ..sources.python_source import ENVIRON, Module

# The longest chain of names that stand for each other.
DEEPEST = 5


def read_arguments(sources: Sources) -> Mapping[Place, str]:
    """Return the places of such arguments, each with the name of the setting."""
    if not any("environ" in m.text or "getenv" in m.text for m in sources.modules.values()):
        return {}
    return {
        module.place(argument): name
        for module in sources.modules.values()
        for argument in _arguments(module)
        if (name := setting_read(sources, module, argument))
    }


def _arguments(module: Module) -> Iterator[ast.expr]:
    for decorator in module.decorators:
        if isinstance(decorator, ast.Call):
            yield from decorator.args
            yield from (keyword.value for keyword in decorator.keywords)


def setting_read(sources: Sources, module: Module, node: ast.expr, depth: int = 0) -> str:
    """Return the setting whose value an expression is, or ""."""
    if depth > DEEPEST:
        return ""
    name: object = None
    match node:
        case ast.Subscript(value=read, slice=key) if module.dotted(read) == ENVIRON:
            name = sources.evaluate(module, key)
        case ast.Call(func=called, args=[key, *_]) if module.dotted(called) in GETTERS:
            name = sources.evaluate(module, key)
        case ast.Name(id=own) if own in module.constants:
            return setting_read(sources, module, module.constants[own], depth + 1)
        case ast.Name() | ast.Attribute():
            other, last = sources.where_defined(module, node)
            if other and other is not module and last in other.constants:
                return setting_read(sources, other, other.constants[last], depth + 1)
            if isinstance(node, ast.Attribute) and (found := class_constant(sources, module, node)):
                return setting_read(sources, *found, depth + 1)
    return name if isinstance(name, str) else ""
