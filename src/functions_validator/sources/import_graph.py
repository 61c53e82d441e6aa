"""The modules that an app imports, and what their constants and names stand for."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Final, NamedTuple

from .import_time import run_at_import
from .imports import Import
from .nodes import first_name, targets
from .python_source import IMPORTS, Container, Module, enclosing, innermost
from .scopes import is_local


class Unknown:
    """A value that only the running app knows."""


UNKNOWN: Final = Unknown()
# The bases of classes whose constants are what the body says, and of those whose constants have it as their value.
PLAIN = {"object", "enum.StrEnum"}
ENUMERATIONS = {"enum.Enum", "enum.StrEnum", "str"}


class NamedContainer(NamedTuple):
    """The app or blueprint that an expression refers to, and the module that makes it."""

    module: Module
    container: Container


class NamedClass(NamedTuple):
    """The class of the app that an expression refers to, and its module."""

    module: Module
    definition: ast.ClassDef


class Sources:
    """The modules that the app's entry point imports, directly or through others."""

    def __init__(self, root: Path, entry: str) -> None:
        self.root, self.entry_name = root, entry
        self._loaded: dict[str, Module] = {}
        self._found: dict[str, Module | None] = {}

    @cached_property
    def entry(self) -> Module | None:
        """Return function_app.py, or None if there is none."""
        path = self.root / self.entry_name
        return self.load(path, path.stem) if path.is_file() else None

    def load(self, path: str | Path, name: str) -> Module:
        """Return the module in a file below the app's folder, read once."""
        path = os.fspath(path)
        if path not in self._loaded:
            relative = path[len(os.path.join(self.root, "")) :].replace(os.sep, "/")
            self._loaded[path] = Module(Path(path), relative, name)
        return self._loaded[path]

    @cached_property
    def modules(self) -> dict[str, Module]:
        """Return the modules that the app imports, the entry point first, by their names."""
        found: dict[str, Module] = {}
        waiting = [self.entry] if self.entry else []
        while waiting:
            module = waiting.pop(0)
            if module.name in found:
                continue
            found[module.name] = module
            for imported in module.imports:
                waiting.extend(self.imported(imported))
        return found

    @cached_property
    def imported_at_start(self) -> list[Module]:
        """Return the modules that the import of the entry point certainly imports, too."""
        found = [self.entry] if self.entry else []
        for module in found:
            nodes = run_at_import(module, are_late=True)
            run = {module.place(one) for one in nodes if isinstance(one, IMPORTS)}
            for imported in module.imports:
                others = self.imported(imported) if imported.place in run else []
                found += dict.fromkeys(one for one in others if one not in found)
        return found

    @property
    def imports(self) -> Iterator[Import]:
        """Yield every import of the modules."""
        for module in self.modules.values():
            yield from module.imports

    @property
    def containers(self) -> Iterator[NamedContainer]:
        """Yield every app and blueprint that the modules make."""
        for module in self.modules.values():
            yield from (NamedContainer(module, one) for one in module.containers.values())

    def imported(self, imported: Import) -> list[Module]:
        """Return the project's own modules that an import loads."""
        if imported.name and not self.is_local(imported.name):
            return []
        parts = imported.name.split(".")
        names = [".".join(parts[: count + 1]) for count in range(len(parts))]
        names += [f"{imported.name}.{name}".strip(".") for name in imported.names]
        found = (self.find(name) for name in names)
        return [module for module in found if module]

    def find(self, name: str) -> Module | None:
        """Return the project's own module of a full name."""
        if not self.is_local(name):
            return None
        if name not in self._found:
            self._found[name] = self._look_for(name)
        return self._found[name]

    def _look_for(self, name: str) -> Module | None:
        if not name or not name.replace(".", "").isidentifier():
            return None
        inside = name.replace(".", os.sep)
        for folder in self.import_roots:
            for file in (os.path.join(inside, "__init__.py"), f"{inside}.py"):
                path = os.path.join(folder, file)
                if os.path.isfile(path):
                    return self.load(path, name)
        return None

    def missing_imports(self) -> Iterator[tuple[Import, str]]:
        """Yield the imports of the project's own modules, or from them, with what they do not find."""
        for module in self.modules.values():
            for imported in module.imports:
                if imported.guarded or len(self.import_roots) > 1:
                    continue
                source = self.find(imported.name)
                if source is None:
                    if self.is_local(imported.name) and not self._is_folder(imported.name):
                        yield imported, imported.name
                    continue
                full = (f"{imported.name}.{name}" for name in source.lacks(imported.names))
                lacking = [n for n in full if not self.find(n) and not self._is_folder(n)]
                if lacking:
                    yield imported, ", ".join(lacking)

    def outside_imports(self) -> Iterator[Import]:
        """Yield the relative imports that lead out of the packages of their modules."""
        for imported in self.imports:
            if imported.outside and not imported.guarded and len(self.import_roots) == 1:
                yield imported

    def _is_folder(self, name: str) -> bool:
        return any(folder.joinpath(*name.split(".")).is_dir() for folder in self.import_roots)

    def is_local(self, name: str) -> bool:
        """Whether the first part of a module's name is a file or a folder of the project."""
        return name.partition(".")[0] in self._local_names

    @cached_property
    def _local_names(self) -> set[str]:
        """Return the names of all files and folders that a module may be."""
        return {
            path.name.removesuffix(".py")
            for folder in self.import_roots
            for path in folder.iterdir()
            if path.suffix == ".py" or path.is_dir()
        }

    @cached_property
    def import_roots(self) -> list[Path]:
        """Return the folders that modules are imported from; more than one if sys.path is changed."""
        if self.entry and "sys.path" in self.entry.text:
            folders = [path for path in self.root.iterdir() if _may_hold_modules(path)]
            return [self.root, *sorted(folders)]
        return [self.root]

    @cached_property
    def is_dynamic(self) -> bool:
        """Whether the app imports modules by names that only the running app knows."""
        words = ("importlib", "__import__", "pkgutil", "exec(", "runpy", "sys.path")
        return any(word in module.text for module in self.modules.values() for word in words)

    @cached_property
    def stored_attributes(self) -> set[str]:
        """Return the attributes that the app gives to objects, as in `repository.save = ...`."""
        return {
            node.attr
            for module in self.modules.values()
            for node in module.all(ast.Attribute)
            if isinstance(node.ctx, ast.Store)
        }

    @cached_property
    def defined_names(self) -> set[str]:
        """Return the names of all functions and methods that the app defines."""
        return {one.name for module in self.modules.values() for one in module.definitions}

    def where_defined(self, module: Module, node: ast.expr) -> tuple[Module | None, str]:
        """Return the project's module that may define what a name stands for, and the name there.

        It has no module for a name that a function around it has for something else.
        """
        owner, _, name = module.dotted(node).rpartition(".")
        other = self.find(owner) if owner else module
        return (None if owner and other and _is_hidden(module, node) else other), name

    def container(self, module: Module, node: ast.expr) -> NamedContainer | None:
        """Return the app or blueprint that an expression refers to."""
        if isinstance(node, ast.Name) and node.id in module.containers:
            container = module.containers[node.id]
            return None if _is_other(module, node) else NamedContainer(module, container)
        other, name = self.where_defined(module, node)
        if not other or other is module:
            return None
        if name in other.containers:
            return NamedContainer(other, other.containers[name])
        return self.container(other, ast.Name(name)) if name in other.aliases else None

    def evaluate(self, module: Module, node: ast.expr, depth: int = 0) -> object:
        """Return the value of an expression that is constant, else UNKNOWN.

        Members of the enumerations of azure.functions are their names, as "ANONYMOUS".
        """
        if depth > 20:
            return UNKNOWN
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            items = [self.evaluate(module, item, depth + 1) for item in node.elts]
            return UNKNOWN if UNKNOWN in items else items
        if isinstance(node, ast.JoinedStr):
            parts = [self.evaluate(module, part, depth + 1) for part in node.values]
            return UNKNOWN if UNKNOWN in parts else "".join(map(str, parts))
        if isinstance(node, ast.FormattedValue):
            plain = node.conversion == -1 and node.format_spec is None
            return self.evaluate(module, node.value, depth + 1) if plain else UNKNOWN
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            sides = [self.evaluate(module, side, depth + 1) for side in (node.left, node.right)]
            if all(isinstance(side, str) for side in sides):
                return "".join(map(str, sides))
            return UNKNOWN
        if isinstance(node, ast.Name | ast.Attribute):
            return self._evaluate_name(module, node, depth)
        match node:
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
                return -number
        return UNKNOWN

    def _evaluate_name(self, module: Module, node: ast.expr, depth: int) -> object:
        if isinstance(node, ast.Name) and node.id in module.constants:
            return self.evaluate(module, module.constants[node.id], depth + 1)
        owner, _, member = module.dotted(node).rpartition(".")
        if owner.startswith("azure.functions."):
            return member
        other, name = self.where_defined(module, node)
        if other and other is not module and name in other.constants:
            return self.evaluate(other, other.constants[name], depth + 1)
        found = _value_of_class(self, module, node) if isinstance(node, ast.Attribute) else None
        return self.evaluate(*found, depth + 1) if found else UNKNOWN


def class_meant(sources: Sources, module: Module, node: ast.expr) -> NamedClass | None:
    """Return the one class of the app that a name refers to."""
    other, name = sources.where_defined(module, node)
    found = [one for one in other.all(ast.ClassDef) if one.name == name] if other else []
    return NamedClass(other, found[0]) if other and len(found) == 1 else None


def class_constant(
    sources: Sources, module: Module, node: ast.Attribute
) -> tuple[Module, ast.expr] | None:
    """Return what `Class.NAME` stands for, if the body of the class says it once."""
    found = class_meant(sources, module, node.value)
    if found is None:
        return None
    other, definition = found
    values = [
        statement.value
        for statement in definition.body
        if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value
        if any(isinstance(t, ast.Name) and t.id == node.attr for t in targets(statement))
    ]
    return (other, values[0]) if len(values) == 1 else None


def _value_of_class(
    sources: Sources, module: Module, node: ast.Attribute
) -> tuple[Module, ast.expr] | None:
    """Return what `Class.NAME` or `Enumeration.NAME.value` stands for, if the body of the class alone says it."""
    match node:
        case ast.Attribute(attr="value", value=ast.Attribute() as member):
            return _value_in_class(sources, module, member, ENUMERATIONS)
    return _value_in_class(sources, module, node, PLAIN)


def _value_in_class(
    sources: Sources, module: Module, node: ast.Attribute, known: set[str]
) -> tuple[Module, ast.expr] | None:
    found = class_meant(sources, module, node.value)
    if found is None:
        return None
    bases = {found.module.dotted(base) for base in found.definition.bases} or {"object"}
    if not bases <= known or node.attr in sources.stored_attributes:
        return None
    return class_constant(sources, module, node)


def _is_hidden(module: Module, node: ast.expr) -> bool:
    """Whether a parameter or a variable has the name with which an expression of the app's code begins."""
    first = first_name(node)
    return first is not None and hasattr(first, "lineno") and is_local(module, first)


def _is_other(module: Module, node: ast.Name) -> bool:
    """Whether the name of an app or a blueprint stands for another object where the node is.

    So do the names of a Flask app before `app = func.WsgiFunctionApp(app=app.wsgi_app)`, and in a function.
    """
    calls = [(call, given) for name, call, given in module.named_calls if name == node.id]
    if all(module.container_kind(call) for call, _ in calls) or not hasattr(node, "lineno"):
        return False
    for around in (*enclosing(module, node), None):
        own = [
            (given.lineno, call)
            for call, given in calls
            if given.lineno < node.lineno and innermost(module, given) is around
        ]
        if own:
            _, last = max(own, key=lambda pair: pair[0])
            return module.container_kind(last) is None
    return False


def _may_hold_modules(path: Path) -> bool:
    return path.is_dir() and not path.name.startswith((".", "__")) and path.name != "node_modules"
