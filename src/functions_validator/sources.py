"""What the app's Python sources tell without running: modules, imports, apps, blueprints, functions."""

from __future__ import annotations

import ast
import io
import tokenize
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

from .decorators import DECORATORS, field_name
from .findings import Place

LARGEST_SOURCE = 2_000_000


class Unknown:
    """A value that only the running app knows."""


UNKNOWN: Final = Unknown()

APP, BLUEPRINT = "app", "blueprint"
CONTAINERS = {
    "azure.functions.FunctionApp": APP,
    "azure.functions.AsgiFunctionApp": APP,
    "azure.functions.WsgiFunctionApp": APP,
    "azure.functions.Blueprint": BLUEPRINT,
    "azure.durable_functions.DFApp": APP,
    "azure.durable_functions.Blueprint": BLUEPRINT,
}
REGISTERING = ("register_functions", "register_blueprint")
SETTING_DECORATORS = ("function_name", "retry", "http_type", "mcp_tool_property")


@dataclass(frozen=True)
class Binding:
    """A trigger or a binding as the host gets it: the fields are those of function.json.

    A field that only the running app knows is UNKNOWN. `places` has the fields' own places.
    """

    type: str
    name: str | Unknown
    direction: str
    fields: Mapping[str, object]
    place: Place
    places: Mapping[str, Place] = field(default_factory=dict)

    @property
    def is_trigger(self) -> bool:
        """Whether it starts the function."""
        return self.type.lower().endswith("trigger")

    def text(self, name: str) -> str | None:
        """Return a field's text; None if it is missing, unknown or no text."""
        value = self.fields.get(name)
        return value if isinstance(value, str) else None

    def place_of(self, name: str) -> Place:
        """Return where a field is given."""
        return self.places.get(name, self.place)


@dataclass(frozen=True)
class Function:
    """A function of the app. It is certain if nothing but its text decides that it exists so.

    The definition is None for one that the sources do not show, as one that a library defines.
    """

    name: str | Unknown
    place: Place
    bindings: Sequence[Binding]
    certain: bool = True
    definition: ast.FunctionDef | ast.AsyncFunctionDef | None = None
    module: Module | None = None

    @property
    def triggers(self) -> list[Binding]:
        """Return the bindings that start the function."""
        return [binding for binding in self.bindings if binding.is_trigger]

    @property
    def label(self) -> str:
        """Return the name for a sentence."""
        if isinstance(self.name, str):
            return self.name
        return self.definition.name if self.definition else "a function"


@dataclass(frozen=True)
class Import:
    """An import of a module by its full name.

    It is guarded if the app can live without it, and deferred if a function runs it.
    """

    name: str
    place: Place
    guarded: bool
    names: Sequence[str] = ()
    deferred: bool = False


@dataclass(frozen=True)
class Container:
    """An app or a blueprint that a module makes, under a name of the module."""

    kind: str
    name: str
    place: Place


class Module:
    """A Python file of the project, read but not run."""

    def __init__(self, path: Path, relative: str, name: str) -> None:
        self.path, self.relative, self.name = path, relative, name
        self.text = ""
        self.tree = ast.Module(body=[], type_ignores=[])
        self.error: tuple[str, Place] | None = None
        try:
            if path.stat().st_size > LARGEST_SOURCE:
                return
            content = path.read_bytes()
            encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
            self.text = content.decode(encoding)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self.tree = ast.parse(content)
        except SyntaxError as error:
            place = Place(relative, error.lineno or 1, error.offset or 1)
            self.error = (error.msg, place)
        except (OSError, LookupError, RecursionError, MemoryError, ValueError) as error:
            self.error = (str(error), Place(relative))

    def place(self, node: ast.expr | ast.stmt | ast.arg | ast.keyword) -> Place:
        """Return where a node stands; ast counts columns in bytes, from 0."""
        line = self._lines[node.lineno - 1] if node.lineno <= len(self._lines) else ""
        column = len(line.encode()[: node.col_offset].decode(errors="ignore"))
        return Place(self.relative, node.lineno, column + 1)

    @cached_property
    def _lines(self) -> list[str]:
        return self.text.split("\n")

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """Return every node of the tree."""
        return list(ast.walk(self.tree))

    @cached_property
    def definitions(self) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Return every function that the module defines, inside of others too."""
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
        return [node for node in self.nodes if isinstance(node, kinds)]

    @cached_property
    def imports(self) -> list[Import]:
        """Return every import, those inside of functions too."""
        return list(self._imports(self.tree, False, False))

    def _imports(self, node: ast.AST, guarded: bool, deferred: bool) -> Iterator[Import]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Import):
                for alias in child.names:
                    yield Import(alias.name, self.place(child), guarded, (), deferred)
            elif isinstance(child, ast.ImportFrom):
                names = [alias.name for alias in child.names]
                name, place = self._absolute(child), self.place(child)
                yield Import(name, place, guarded, names, deferred)
            elif isinstance(child, ast.Try):
                survives = any(map(_catches_import_error, child.handlers))
                for part in (*child.body, *child.orelse, *child.finalbody):
                    yield from self._imports(_wrapped(part), guarded or survives, deferred)
                for handler in child.handlers:
                    yield from self._imports(handler, True, deferred)
            elif isinstance(child, ast.If):
                yield from self._imports(child, True, deferred)
            elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                yield from self._imports(child, guarded, True)
            elif not isinstance(child, ast.expr):
                yield from self._imports(child, guarded, deferred)

    def _absolute(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        package = self.name.split(".")
        keep = len(package) - node.level + (self.path.name == "__init__.py")
        return ".".join([*package[: max(keep, 0)], *(node.module or "").split(".")]).strip(".")

    @cached_property
    def aliases(self) -> dict[str, str]:
        """Return what imported names stand for, as `func` for azure.functions."""
        found = {}
        for node in self.nodes:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    name = alias.asname or alias.name.partition(".")[0]
                    found[name] = alias.name if alias.asname else name
            elif isinstance(node, ast.ImportFrom):
                base = self._absolute(node)
                for alias in node.names:
                    found[alias.asname or alias.name] = f"{base}.{alias.name}".strip(".")
        return found

    @cached_property
    def checking_only(self) -> set[str]:
        """Return the names that are imported under TYPE_CHECKING, and nowhere else."""
        under: set[str] = set()
        for node in self.tree.body:
            if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
                under.update(_imported_names(node.body))
                others = (*self.tree.body, *node.orelse)
                under -= _imported_names([other for other in others if other is not node])
        return under

    @cached_property
    def bound_names(self) -> set[str] | None:
        """Return every name that the module binds; None if only the running app would tell.

        That is also so for a module that a tool generates: it may do so again before publishing.
        """
        names = set(self.aliases)
        for node in self.nodes:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                names.add(node.name)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names.add(node.id)
            elif isinstance(node, ast.ExceptHandler) and node.name:
                names.add(node.name)
        dynamic = {"*", "__getattr__"} & names or "globals()" in self.text
        generated = "generated by" in self.text[:500].lower()
        return None if self.error or dynamic or generated else names

    def lacks(self, names: Sequence[str]) -> list[str]:
        """Return those of the names that the module certainly does not bind."""
        bound = self.bound_names
        if bound is None:
            return []
        return [n for n in names if n not in bound and n != "*" and not n.startswith("__")]

    def dotted(self, node: ast.expr) -> str:
        """Return the full name that an expression such as `func.Blueprint` stands for, or ""."""
        if isinstance(node, ast.Name):
            return self.aliases.get(node.id, node.id)
        if isinstance(node, ast.Attribute):
            base = self.dotted(node.value)
            return f"{base}.{node.attr}" if base else ""
        return ""

    @cached_property
    def constants(self) -> dict[str, ast.expr]:
        """Return the module's names that are bound once, to what they are bound to."""
        bound: dict[str, list[ast.expr]] = {}
        for node in self.nodes:
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    if isinstance(target, ast.Name):
                        bound.setdefault(target.id, []).append(node.value)
            elif isinstance(node, ast.AnnAssign | ast.NamedExpr):
                if isinstance(node.target, ast.Name) and node.value:
                    bound.setdefault(node.target.id, []).append(node.value)
            elif isinstance(node, ast.AugAssign | ast.For) and isinstance(node.target, ast.Name):
                bound.setdefault(node.target.id, []).extend([node.target, node.target])
        at_top = {
            target.id
            for node in self.tree.body
            if isinstance(node, ast.Assign | ast.AnnAssign)
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            if isinstance(target, ast.Name)
        }
        return {
            name: values[0] for name, values in bound.items() if len(values) == 1 and name in at_top
        }

    @cached_property
    def containers(self) -> dict[str, Container]:
        """Return the apps and blueprints that the module makes, also inside of its functions."""
        found = {}
        for node in self.nodes:
            if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Call):
                kind = self.container_kind(node.value)
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                for target in targets:
                    if kind and isinstance(target, ast.Name):
                        found[target.id] = Container(kind, target.id, self.place(node))
        return found

    def container_kind(self, node: ast.Call) -> str | None:
        """Return whether a call makes an app or a blueprint."""
        name = self.dotted(node.func)
        if name.startswith("azure.functions.decorators."):
            name = f"azure.functions.{name.rpartition('.')[2]}"
        return CONTAINERS.get(name)


def _imported_names(statements: Sequence[ast.stmt]) -> set[str]:
    return {
        (alias.asname or alias.name).partition(".")[0]
        for node in statements
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }


def _wrapped(statement: ast.stmt) -> ast.Module:
    return ast.Module(body=[statement], type_ignores=[])


def _catches_import_error(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    names = {ast.unparse(node) for node in caught}
    return bool(names & {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})


class Sources:
    """The modules that the app's entry point imports, directly or through others."""

    def __init__(self, root: Path, entry: str) -> None:
        self.root, self.entry_name = root, entry
        self._loaded: dict[Path, Module] = {}
        self._found: dict[str, Module | None] = {}

    @cached_property
    def entry(self) -> Module | None:
        """Return function_app.py, or None if there is none."""
        path = self.root / self.entry_name
        return self.load(path, path.stem) if path.is_file() else None

    def load(self, path: Path, name: str) -> Module:
        """Return the module in a file, read once."""
        if path not in self._loaded:
            relative = path.relative_to(self.root).as_posix()
            self._loaded[path] = Module(path, relative, name)
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

    def imported(self, imported: Import) -> list[Module]:
        """Return the project's own modules that an import brings in."""
        parts = imported.name.split(".")
        names = [".".join(parts[: count + 1]) for count in range(len(parts))]
        names += [f"{imported.name}.{name}".strip(".") for name in imported.names]
        found = (self.find(name) for name in names)
        return [module for module in found if module]

    def find(self, name: str) -> Module | None:
        """Return the project's own module of a full name."""
        if name not in self._found:
            self._found[name] = self._look_for(name)
        return self._found[name]

    def _look_for(self, name: str) -> Module | None:
        if not name or not name.replace(".", "").isidentifier():
            return None
        for folder in self.import_roots:
            base = folder.joinpath(*name.split("."))
            for path in (base / "__init__.py", base.with_name(f"{base.name}.py")):
                if path.is_file():
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

    def _is_folder(self, name: str) -> bool:
        return any(folder.joinpath(*name.split(".")).is_dir() for folder in self.import_roots)

    def is_local(self, name: str) -> bool:
        """Whether the first part of a module's name is a file or a folder of the project."""
        top = name.partition(".")[0]
        return any(
            (folder / f"{top}.py").is_file() or (folder / top).is_dir()
            for folder in self.import_roots
        )

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
    def functions(self) -> list[Function]:
        """Return the functions of all modules that the app imports, as their decorators define them."""
        return [
            function
            for module in self.modules.values()
            for function in FunctionReader(self, module).functions()
        ]

    def container(self, module: Module, node: ast.expr) -> tuple[Module, Container] | None:
        """Return the app or blueprint that an expression stands for, with the module that makes it."""
        if isinstance(node, ast.Name) and node.id in module.containers:
            return module, module.containers[node.id]
        name = module.dotted(node)
        owner, _, last = name.rpartition(".")
        other = self.find(owner) if owner else None
        if not other or other is module:
            return None
        if last in other.containers:
            return other, other.containers[last]
        if last in other.aliases:
            return self.container(other, ast.Name(last))
        return None

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
        return UNKNOWN

    def _evaluate_name(self, module: Module, node: ast.expr, depth: int) -> object:
        if isinstance(node, ast.Name) and node.id in module.constants:
            return self.evaluate(module, module.constants[node.id], depth + 1)
        name = module.dotted(node)
        owner, _, last = name.rpartition(".")
        if owner.startswith("azure.functions."):
            return last
        other = self.find(owner) if owner else None
        if other and other is not module and last in other.constants:
            return self.evaluate(other, other.constants[last], depth + 1)
        return UNKNOWN


class FunctionReader:
    """Reads the decorated functions of a module."""

    def __init__(self, sources: Sources, module: Module) -> None:
        self.sources, self.module = sources, module

    def functions(self) -> Iterator[Function]:
        """Yield the functions that a decorator of an app or a blueprint makes."""
        yield from self._functions(self.module.tree, True)

    def _functions(self, node: ast.AST, certain: bool) -> Iterator[Function]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                if function := self._function(child, certain):
                    yield function
                yield from self._functions(child, False)
            elif isinstance(child, ast.stmt | ast.ExceptHandler):
                yield from self._functions(child, certain and not _decides(child))

    def _function(
        self, definition: ast.FunctionDef | ast.AsyncFunctionDef, certain: bool
    ) -> Function | None:
        bindings: list[Binding] = []
        name: object = definition.name
        is_function = False
        for decorator in definition.decorator_list:
            call = decorator if isinstance(decorator, ast.Call) else None
            if not call or not isinstance(call.func, ast.Attribute):
                certain = False
                continue
            if not self.sources.container(self.module, call.func.value):
                certain = False
                continue
            method = call.func.attr
            is_function = True
            if method == "function_name":
                name = self._argument(call, "name", 0)
            elif method in DECORATORS:
                bindings.extend(self._bindings(call, method))
            elif method not in SETTING_DECORATORS:
                certain = False
        if not is_function:
            return None
        return Function(
            name if isinstance(name, str) else UNKNOWN,
            self.module.place(definition),
            bindings,
            certain,
            definition,
            self.module,
        )

    def _argument(self, call: ast.Call, name: str, position: int) -> object:
        for keyword in call.keywords:
            if keyword.arg == name:
                return self.sources.evaluate(self.module, keyword.value)
        if position < len(call.args):
            return self.sources.evaluate(self.module, call.args[position])
        return UNKNOWN

    def _bindings(self, call: ast.Call, method: str) -> Iterator[Binding]:
        decorator = DECORATORS[method]
        values: dict[str, object] = {}
        places: dict[str, Place] = {}
        given: list[tuple[str, ast.expr]] = list(zip(decorator.arguments, call.args, strict=False))
        given += [(keyword.arg, keyword.value) for keyword in call.keywords if keyword.arg]
        for argument, value in given:
            values[argument] = self.sources.evaluate(self.module, value)
            places[field_name(argument)] = self.module.place(value)
        place = self.module.place(call)
        if method == "route":
            yield from self._route_bindings(values, places, place)
            return
        parameter = values.pop(decorator.arguments[0], UNKNOWN)
        type_ = decorator.type
        if type_ == "customType":
            given_type = values.pop("type", UNKNOWN)
            type_ = given_type if isinstance(given_type, str) else ""
        fields = {field_name(name): value for name, value in values.items()}
        name = parameter if isinstance(parameter, str) else UNKNOWN
        yield Binding(type_, name, decorator.direction, fields, place, places)

    def _route_bindings(
        self, values: dict[str, object], places: dict[str, Place], place: Place
    ) -> Iterator[Binding]:
        request = values.pop("trigger_arg_name", "req")
        answer = values.pop("binding_arg_name", "$return")
        fields = {field_name(name): value for name, value in values.items()}
        name = request if isinstance(request, str) else UNKNOWN
        yield Binding("httpTrigger", name, "in", fields, place, places)
        yield Binding("http", answer if isinstance(answer, str) else UNKNOWN, "out", {}, place)


def _decides(statement: ast.AST) -> bool:
    kinds = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.ExceptHandler, ast.With)
    return isinstance(statement, kinds) or type(statement).__name__ in ("Match", "TryStar")


def _may_hold_modules(path: Path) -> bool:
    return path.is_dir() and not path.name.startswith((".", "__")) and path.name != "node_modules"
