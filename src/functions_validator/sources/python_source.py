"""What a Python file tells without running: its imports, names, apps and blueprints."""

from __future__ import annotations

import ast
import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, TypeVar, cast

from ..files.text_files import reason
from ..model import Fault, Place
from .hidden_names import may_have_hidden_names
from .imports import Import, ImportReader, imported_names
from .nodes import Definition, imported_name, statements, targets, text_of, walk
from .source_text import decoded

Node = TypeVar("Node", bound=ast.AST)

LARGEST_SOURCE = 2_000_000
APP, BLUEPRINT = "app", "blueprint"
REGISTERING = ("register_functions", "register_blueprint")
# What other libraries call them, and how they are misspelled: azure.functions has none of these.
NO_REGISTERING = (
    *("add_blueprint", "include_blueprint", "include_router", "register", "register_blueprints"),
    "register_function",
)
# The apps that hand all requests to a web framework.
WEB_APPS = ("azure.functions.AsgiFunctionApp", "azure.functions.WsgiFunctionApp")
ENVIRON = "os.environ"
LISTS = ("list", "typing.List")
IMPORTS = (ast.Import, ast.ImportFrom)
STATEMENTS = (ast.stmt, ast.ExceptHandler)
CONTAINERS = {
    "azure.functions.FunctionApp": APP,
    **dict.fromkeys(WEB_APPS, APP),
    "azure.functions.Blueprint": BLUEPRINT,
    "azure.durable_functions.DFApp": APP,
    "azure.durable_functions.Blueprint": BLUEPRINT,
}


class Container(NamedTuple):
    """An app or a blueprint that a module makes, under a name of the module, and the call that makes it."""

    kind: str
    name: str
    place: Place
    call: ast.Call


class _Meaning(NamedTuple):
    """An import, and what a name stands for after it."""

    node: ast.Import | ast.ImportFrom
    full: str


class Module:
    """A Python file of the project, read but not run."""

    def __init__(self, path: Path, relative: str, name: str) -> None:
        self.path, self.relative, self.name = path, relative, name
        self.text = ""
        self.tree = ast.Module(body=[], type_ignores=[])
        self.error: Fault | None = None
        self.is_too_large = False
        try:
            if os.path.getsize(path) > LARGEST_SOURCE:
                raise MemoryError
            with open(path, "rb") as file:
                content = file.read()
            self.text = decoded(content)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self.tree = ast.parse(content)
        except SyntaxError as error:
            place = Place(relative, error.lineno or 1, error.offset or 1)
            self.error = Fault(error.msg, place)
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            why = f"this line is not {error.encoding.upper()}"
            self.error = Fault(why, Place(relative, line))
        except (RecursionError, MemoryError):
            # The app's own Python may have a higher limit.
            self.is_too_large = True
            self.error = Fault("it is too large", Place(relative))
        except OSError as error:
            self.error = Fault(reason(error), Place(relative))
        except (LookupError, ValueError) as error:
            self.error = Fault(str(error), Place(relative))

    def place(self, node: ast.expr | ast.stmt | ast.arg | ast.keyword) -> Place:
        """Return the place of a node; ast counts columns in bytes, from 0."""
        line = self._lines[node.lineno - 1] if node.lineno <= len(self._lines) else ""
        column = node.col_offset
        if not line.isascii():
            column = len(line.encode()[:column].decode(errors="ignore"))
        return Place(self.relative, node.lineno, column + 1)

    @cached_property
    def _lines(self) -> list[str]:
        return self.text.split("\n")

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """Return every node of the tree but operators and contexts, in the order of ast.walk."""
        return walk(self.tree)

    @cached_property
    def _statements(self) -> Mapping[type[ast.AST], Sequence[ast.AST]]:
        """Return all statements and handlers by their types: most questions need no expressions."""
        found: dict[type[ast.AST], list[ast.AST]] = {}
        waiting: list[ast.AST] = [self.tree]
        for node in waiting:
            for child in statements(node):
                found.setdefault(type(child), []).append(child)
                waiting.append(child)
        return found

    @cached_property
    def _expressions(self) -> Mapping[type[ast.AST], Sequence[ast.AST]]:
        found: dict[type[ast.AST], list[ast.AST]] = {}
        for node in self.nodes:
            found.setdefault(type(node), []).append(node)
        return found

    def all(self, kind: type[Node]) -> list[Node]:
        """Return every node of a type."""
        is_statement = issubclass(kind, STATEMENTS)
        by_type = self._statements if is_statement else self._expressions
        return cast("list[Node]", by_type.get(kind, []))

    @property
    def definitions(self) -> list[Definition]:
        """Return every function that the module defines, inside of others too."""
        return [*self.all(ast.FunctionDef), *self.all(ast.AsyncFunctionDef)]

    @property
    def assignments(self) -> list[ast.Assign | ast.AnnAssign]:
        """Return every assignment of a value to names."""
        return [*self.all(ast.Assign), *self.all(ast.AnnAssign)]

    @cached_property
    def imports(self) -> list[Import]:
        """Return every import, those inside of functions too."""
        at_top = [node for node in self.tree.body if isinstance(node, IMPORTS)]
        all_are_there = len(at_top) == sum(len(self.all(kind)) for kind in IMPORTS)
        return list(self._import_reader.imports(at_top if all_are_there else self.tree.body))

    @cached_property
    def _import_reader(self) -> ImportReader:
        is_package = self.path.name == "__init__.py"
        return ImportReader(self.name, is_package=is_package, place=self.place)

    @cached_property
    def aliases(self) -> dict[str, str]:
        """Return what imported names stand for, as `func` for azure.functions."""
        return {name: meanings[-1].full for name, meanings in self._meanings.items()}

    @cached_property
    def _meanings(self) -> dict[str, list[_Meaning]]:
        """Return what each import of a name makes it stand for."""
        found: dict[str, list[_Meaning]] = {}
        for node in self.all(ast.Import):
            for alias in node.names:
                name = imported_name(alias)
                full = alias.name if alias.asname else name
                found.setdefault(name, []).append(_Meaning(node, full))
        for taking in self.all(ast.ImportFrom):
            base = self.import_base(taking)
            for alias in taking.names:
                full = f"{base}.{alias.name}".strip(".")
                found.setdefault(imported_name(alias), []).append(_Meaning(taking, full))
        return found

    def import_base(self, node: ast.ImportFrom) -> str:
        """Return the full name of the module that an import in this one takes names from."""
        return self._import_reader.absolute(node)

    @cached_property
    def _meanings_inside(self) -> Mapping[str, Mapping[Definition | None, str]]:
        """Return what names with several meanings stand for, by the functions that import them."""
        return {
            name: {innermost(self, one.node): one.full for one in meanings}
            for name, meanings in self._meanings.items()
            if len({meaning.full for meaning in meanings}) > 1
        }

    def _meaning(self, node: ast.Name) -> str:
        """Return what a name stands for where it is: functions may import different things under one name."""
        if (inside := self._meanings_inside.get(node.id)) and hasattr(node, "lineno"):
            around = (*enclosing(self, node), None)
            if importing := [one for one in around if one in inside]:
                return inside[importing[0]]
        return self.aliases.get(node.id, node.id)

    @cached_property
    def checking_only(self) -> set[str]:
        """Return the names that are imported under TYPE_CHECKING, and that nothing else binds."""
        under: set[str] = set()
        for node in self.tree.body:
            if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
                under.update(imported_names(node.body))
                others = (*self.tree.body, *node.orelse)
                under -= imported_names([other for other in others if other is not node])
                nodes = (inside for part in node.orelse for inside in walk(part))
                under -= {name.id for name in nodes if isinstance(name, ast.Name)}
        named = (*self.definitions, *self.all(ast.ClassDef)) if under else ()
        return under - {node.name for node in named}

    def reads_annotations_late(self, *, are_late: bool) -> bool:
        """Whether annotations are read only when they are asked for: here, or in every module if they `are_late`."""
        future = (one.names for one in self.imports if one.name == "__future__")
        return are_late or any("annotations" in names for names in future)

    @cached_property
    def bound_names(self) -> set[str] | None:
        """Return every name that the module binds; None if only the running app would tell."""
        names = set(self.aliases)
        names.update(node.name for node in (*self.definitions, *self.all(ast.ClassDef)))
        names.update(node.id for node in self.all(ast.Name) if isinstance(node.ctx, ast.Store))
        named: list[ast.ExceptHandler | ast.MatchAs | ast.MatchStar]
        named = [*self.all(ast.ExceptHandler), *self.all(ast.MatchAs), *self.all(ast.MatchStar)]
        names.update(node.name for node in named if node.name)
        names.update(node.rest for node in self.all(ast.MatchMapping) if node.rest)
        dynamic = {"*", "__getattr__"} & names or may_have_hidden_names(self.text)
        return None if self.error or dynamic else names

    def redefines(self, name: str) -> bool:
        """Whether the module certainly gives a name of Python, such as `len`, to something else."""
        return name in (self.bound_names or ())

    @cached_property
    def decorators(self) -> list[ast.expr]:
        """Return every decorator of the module's functions."""
        return [decorator for node in self.definitions for decorator in node.decorator_list]

    def lacks(self, names: Sequence[str]) -> list[str]:
        """Return those of the names that the module certainly does not bind."""
        bound = self.bound_names
        if bound is None:
            return []
        unbound = [n for n in names if n not in bound and n != "*" and not n.startswith("__")]
        return [name for name in unbound if not self.has_submodule(name)]

    def has_submodule(self, name: str) -> bool:
        """Whether the module is a package in which an import of a module, wherever it is, may bind this name."""
        if self.path.name != "__init__.py":
            return False
        return any(self.path.with_name(found).exists() for found in (f"{name}.py", name))

    def dotted(self, node: ast.expr) -> str:
        """Return the full name of an expression such as `func.Blueprint`, or ""."""
        if isinstance(node, ast.Name):
            return self._meaning(node)
        if isinstance(node, ast.Attribute):
            base = self.dotted(node.value)
            return f"{base}.{node.attr}" if base else ""
        return ""

    @cached_property
    def constants(self) -> dict[str, ast.expr]:
        """Return the module's names that are bound once, to what they are bound to."""
        bound: dict[str, list[ast.expr]] = {}
        for name, value in self._bindings():
            bound.setdefault(name, []).append(value)
        at_top = {
            target.id
            for node in self.tree.body
            if isinstance(node, ast.Assign | ast.AnnAssign)
            for target in targets(node)
            if isinstance(target, ast.Name)
        }
        return {
            name: values[0] for name, values in bound.items() if len(values) == 1 and name in at_top
        }

    def _bindings(self) -> Iterator[tuple[str, ast.expr]]:
        """Yield the names that statements and `:=` bind, with their values; a name that changes comes twice."""
        given: list[ast.Assign | ast.AnnAssign | ast.NamedExpr] = [*self.assignments]
        if ":=" in self.text:
            given += self.all(ast.NamedExpr)
        for binding in given:
            for target in targets(binding):
                if isinstance(target, ast.Name) and binding.value:
                    yield target.id, binding.value
        changes: list[ast.AugAssign | ast.For] = [*self.all(ast.AugAssign), *self.all(ast.For)]
        for change in changes:
            if isinstance(change.target, ast.Name):
                yield from [(change.target.id, change.target)] * 2

    @cached_property
    def type_statements(self) -> set[str]:
        """Return the names of `type Name = ...`, which only Python 3.12 and newer can read."""
        statements = [node for node in self.tree.body if type(node).__name__ == "TypeAlias"]
        return {vars(node)["name"].id for node in statements}

    @cached_property
    def containers(self) -> dict[str, Container]:
        """Return the apps and blueprints that the module makes, also inside of its functions."""
        found = {}
        for name, value, node in self.named_calls:
            if kind := self.container_kind(value):
                found[name] = Container(kind, name, self.place(node), value)
        return found

    @cached_property
    def named_calls(self) -> list[tuple[str, ast.Call, ast.stmt]]:
        """Return the names to which the module assigns what a call returns, with the assignments."""
        return [
            (target.id, value, node)
            for node in self.assignments
            for target, value in _pairs(node)
            if isinstance(value, ast.Call)
        ]

    def container_kind(self, node: ast.Call) -> str | None:
        """Return what a call makes: APP, BLUEPRINT, or None for anything else."""
        name = self.dotted(node.func)
        if name.startswith("azure.functions.decorators."):
            name = f"azure.functions.{name.rpartition('.')[2]}"
        return CONTAINERS.get(name)


def _pairs(node: ast.Assign | ast.AnnAssign) -> Iterator[tuple[ast.Name, ast.expr | None]]:
    """Yield the names that an assignment binds, with their values; `a, b = 1, 2` has two."""
    for target in targets(node):
        if isinstance(target, ast.Name):
            yield target, node.value
        elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            parts = (*target.elts, *node.value.elts)
            if not any(isinstance(part, ast.Starred) for part in parts):
                inner = zip(target.elts, node.value.elts, strict=False)
                yield from ((name, value) for name, value in inner if isinstance(name, ast.Name))


def enclosing(module: Module, node: ast.expr | ast.stmt) -> list[Definition]:
    """Return the functions around a node, the innermost first."""
    line = node.lineno
    found = [
        definition
        for definition in module.definitions
        if definition is not node
        and definition.body[0].lineno <= line <= (definition.end_lineno or 0)
    ]
    return sorted(found, key=lambda definition: -definition.lineno)


def innermost(module: Module, node: ast.expr | ast.stmt) -> Definition | None:
    """Return the function that a node is in itself; None at the top of a module or a class."""
    return next(iter(enclosing(module, node)), None)


def parameters(definition: Definition | ast.Lambda) -> list[ast.arg]:
    """Return the parameters of a function, without *args and **kwargs."""
    arguments = definition.args
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]


def all_parameters(definition: Definition) -> list[ast.arg]:
    """Return the parameters of a function, with *args and **kwargs."""
    arguments = definition.args
    starred = (arguments.vararg, arguments.kwarg)
    return [*parameters(definition), *filter(None, starred)]


def defaults(definition: Definition) -> Mapping[ast.arg, ast.expr]:
    """Return the parameters of a function that have a default, with the default."""
    arguments = definition.args
    positional = [*arguments.posonlyargs, *arguments.args]
    optional = positional[len(positional) - len(arguments.defaults) :]
    named = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    return {
        **dict(zip(optional, arguments.defaults, strict=True)),
        **{argument: default for argument, default in named if default},
    }


def last_name(module: Module, called: ast.expr) -> str:
    """Return the name of a function or method where it is defined."""
    if isinstance(called, ast.Attribute):
        return called.attr
    return module.dotted(called).rpartition(".")[2]


def unquoted(annotation: ast.expr) -> ast.expr:
    """Return the expression in an annotation that is text, or the annotation itself."""
    text = text_of(annotation)
    if text is None:
        return annotation
    try:
        return ast.copy_location(ast.parse(text, mode="eval").body, annotation)
    except (SyntaxError, ValueError):
        return annotation
