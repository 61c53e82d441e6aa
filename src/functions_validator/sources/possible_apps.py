"""Whether an entry point may have a function app, in all ways that its sources do not rule out."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator

from .import_graph import Sources
from .nodes import Definition, callee, children, imported_name, targets, walk
from .python_source import APP, Module, enclosing
from .scopes import times_given

# What gives names to a module from elsewhere.
FILLING = ("globals(", "locals(", "vars(", "setattr(", "sys.modules")
# What returns what it is given, or what that returns.
PASSING = ("asyncio.run", "copy.copy", "copy.deepcopy", "functools.reduce", "typing.cast")


def may_have_app(sources: Sources, entry: Module) -> bool:
    """Whether the sources show an app, or something that may be one."""
    if any(entry.container_kind(call) == APP for call in entry.all(ast.Call)):
        return True
    texts = [module.text for module in sources.modules.values()]
    if sources.is_dynamic or any(word in text for text in texts for word in FILLING):
        return True
    return (
        _may_import_app(sources, entry)
        or _may_take_app(sources, entry)
        or _may_assign_app(entry)
        or _may_bind_app(entry)
    )


def _may_import_app(sources: Sources, entry: Module) -> bool:
    """Whether a module of the project may give the entry point its app, as one of its names."""
    return any(
        (module := sources.find(base)) and _may_name_app(sources, module, name)
        for base, name in _names_taken(entry)
    )


def _names_taken(entry: Module) -> Iterator[tuple[str, str]]:
    """Yield the names that a module takes from others, with the full names of these."""
    for taking in entry.all(ast.ImportFrom):
        for alias in taking.names:
            yield entry.import_base(taking), alias.name
    for node in entry.all(ast.Import):
        # `import shop.app as app` takes the name app of shop, which may be another thing than the module.
        for alias in node.names:
            base, _, name = alias.name.rpartition(".")
            if base and alias.asname:
                yield base, name


def _may_name_app(sources: Sources, module: Module, name: str) -> bool:
    """Whether a name of a module may stand for an app."""
    takes_all = any(
        alias.name == "*" for node in module.all(ast.ImportFrom) for alias in node.names
    )
    if module.error or name == "*" or takes_all or name in sources.stored_attributes:
        return True
    if name in module.constants:
        return _may_be_app(module, module.constants[name])
    if times_given(module, name) == 0:
        return not module.has_submodule(name)
    plain = [
        node.name
        for node in module.tree.body
        if isinstance(node, Definition | ast.ClassDef) and not node.decorator_list
    ]
    return name not in plain or times_given(module, name) > 1


def _may_take_app(sources: Sources, entry: Module) -> bool:
    """Whether a library may give the entry point its app: as one of its names, or with a decorator."""
    decorators = (one for definition in entry.definitions for one in definition.decorator_list)
    called = map(callee, decorators)
    if any(_is_imported(entry, name) and not _is_known(name) for name in map(entry.dotted, called)):
        return True
    return any(
        alias.name == "*" or "app" in imported_name(alias).lower()
        for node in entry.all(ast.ImportFrom)
        for alias in node.names
        if not _is_known(node.module or "") and not sources.find(entry.import_base(node))
    )


def _may_assign_app(entry: Module) -> bool:
    """Whether the module may get an app from an assignment."""
    has_global = bool(entry.all(ast.Global))
    return any(
        _may_be_app(entry, node.value)
        for node in (*entry.assignments, *entry.all(ast.NamedExpr))
        if has_global or _may_be_of_module(entry, node)
    )


def _may_be_of_module(entry: Module, node: ast.Assign | ast.AnnAssign | ast.NamedExpr) -> bool:
    """Whether an assignment may give the module a name: the variables of a function are its own."""
    parts = (part for target in targets(node) for part in walk(target))
    is_of_object = any(isinstance(part, ast.Attribute | ast.Subscript) for part in parts)
    return is_of_object or not enclosing(entry, node)


def _may_bind_app(entry: Module) -> bool:
    """Whether the module itself gives names to values with `for`, `with` or `match`."""
    withs: list[ast.With | ast.AsyncWith] = [*entry.all(ast.With), *entry.all(ast.AsyncWith)]
    found: list[ast.stmt] = [*entry.all(ast.For), *entry.all(ast.AsyncFor), *entry.all(ast.Match)]
    found += [node for node in withs if any(item.optional_vars for item in node.items)]
    return any(not enclosing(entry, node) for node in found)


def _may_be_app(module: Module, value: ast.AST | None) -> bool:
    """Whether a value or a part of it may be an app."""
    if isinstance(value, ast.Call):
        return not _makes_no_app(module, value)
    if isinstance(value, ast.Tuple | ast.List | ast.IfExp | ast.BoolOp | ast.Starred):
        return any(_may_be_app(module, part) for part in children(value))
    if isinstance(value, ast.NamedExpr):
        return _may_be_app(module, value.value)
    return isinstance(value, ast.Await | ast.Name | ast.Attribute | ast.Subscript)


def _makes_no_app(module: Module, call: ast.Call) -> bool:
    """Whether a call belongs to a library that is known not to make function apps."""
    name = module.dotted(call.func)
    is_known = _is_imported(module, name) and _is_known(name) and name not in PASSING
    return is_known and module.container_kind(call) != APP


def _is_imported(module: Module, name: str) -> bool:
    top = name.partition(".")[0]
    return top in {imported.partition(".")[0] for imported in module.aliases.values()}


def _is_known(name: str) -> bool:
    """Whether a name is of a library that is known not to make function apps, but for FunctionApp."""
    top = name.partition(".")[0]
    return top in sys.stdlib_module_names or top in ("azure", "fastapi", "flask")
