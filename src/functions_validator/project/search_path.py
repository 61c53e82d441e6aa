"""The folders where an app lets Python look for modules, and the files that it reads, as far as its code shows them."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from ..model import Place
from .import_graph import Sources
from .nodes import suppresses
from .python_source import Module, last_name

SEARCH_PATH = "sys.path"
# The methods that add a folder, or several, and the position of the argument.
ADDING = {"sys.path.append": 0, "sys.path.extend": 0, "sys.path.insert": 1, "site.addsitedir": 0}
UNCHANGED = {
    "str",
    "os.fspath",
    "os.path.abspath",
    "os.path.realpath",
    "os.path.normpath",
    "os.path.expanduser",
    "pathlib.PurePath",
    "pathlib.Path",
    "resolve",
    "absolute",
    "as_posix",
    "expanduser",
}
# How a module asks whether a file is there.
ASKING = ("exists(", "is_file(", "isfile(")
READING = ("read_text", "read_bytes")
WRITING = ("write_text", "write_bytes", "touch")
# What makes the file that their last argument names.
MAKING = ("copy", "copy2", "copyfile", "move", "rename", "replace")
# What makes relative paths those of another folder.
LEAVING = "chdir("
JOINING = {"os.path.join", "pathlib.Path", "pathlib.PurePath", "joinpath"}
HERE = {"os.getcwd", "pathlib.Path.cwd"}
DEEPEST = 20


class Added(NamedTuple):
    """A folder that is added to sys.path, and the place of the expression that names it."""

    folder: str
    place: Place


def added_folders(sources: Sources) -> Iterator[Added]:
    """Yield the folders that the modules of an app add to sys.path."""
    for module in sources.modules.values():
        if SEARCH_PATH not in module.text and "addsitedir" not in module.text:
            continue
        for written in _written(module):
            folder = _Evaluator(sources, module).path(written)
            if folder is not None:
                found = os.path.normpath(os.path.join(sources.root, folder))
                yield Added(found, module.place(written))


def files_of(folder: Path, name: str) -> Iterator[str]:
    """Yield the module or the package of a name in a folder, such as `shared/orders.py`."""
    top = folder / name
    if top.with_name(f"{name}.py").is_file():
        yield f"{folder.name}/{name}.py"
    elif top.is_dir() and any(top.rglob("*.py")):
        yield f"{folder.name}/{name}/__init__.py"


class Opened(NamedTuple):
    """A path in the app's folder that a module opens to read, relative to the app, and the place of the call."""

    path: str
    place: Place


def opened_paths(sources: Sources, to_write: bool = False) -> Iterator[Opened]:
    """Yield the paths that the modules of an app open to read, or to write, as far as the code shows them.

    There may be no such file.
    """
    if any(LEAVING in module.text for module in sources.modules.values()):
        return
    names = ("open", *WRITING, *MAKING) if to_write else ("open", *READING)
    for module in sources.modules.values():
        if not any(name in module.text for name in names):
            continue
        if not to_write and any(question in module.text for question in ASKING):
            continue
        evaluator, guarded = _Evaluator(sources, module), set() if to_write else _guarded(module)
        for call in module.all(ast.Call):
            written = None if call in guarded else _opened(module, call, to_write)
            path = evaluator.path(written) if written else None
            if path:
                found = os.path.normpath(os.path.join(sources.root, path))
                if found.startswith(os.path.join(sources.root, "")):
                    relative = os.path.relpath(found, sources.root).replace(os.sep, "/")
                    yield Opened(relative, module.place(call))


def _guarded(module: Module) -> set[ast.AST]:
    """Return what is in a block that goes on after an error, or under a condition."""
    hiding = [node for node in module.all(ast.With) if suppresses(node)]
    blocks = [*module.all(ast.Try), *module.all(ast.If), *hiding]
    return {node for block in blocks for node in ast.walk(block)}


def _opened(module: Module, call: ast.Call, to_write: bool) -> ast.expr | None:
    """Return the path that a call certainly reads, or that it may write."""
    modes = [keyword.value for keyword in call.keywords if keyword.arg == "mode"]
    if module.dotted(call.func) in ("open", "io.open"):
        is_read = all(map(_is_reading, [*call.args[1:2], *modes]))
        return call.args[0] if call.args and is_read != to_write else None
    method = last_name(module, call.func)
    if to_write and method in MAKING and call.args:
        return call.args[-1]
    if not isinstance(call.func, ast.Attribute):
        return None
    if to_write and method == "open" and not all(map(_is_reading, [*call.args[:1], *modes])):
        return call.func.value
    return call.func.value if method in (WRITING if to_write else READING) else None


def _is_reading(mode: ast.expr) -> bool:
    return isinstance(mode, ast.Constant) and str(mode.value).startswith("r")


def _written(module: Module) -> Iterator[ast.expr]:
    """Yield the expressions for folders that a module adds."""
    for call in module.all(ast.Call):
        name = module.dotted(call.func)
        position = ADDING.get(name)
        if position is not None and len(call.args) > position:
            yield from _items(call.args[position])
    for assignment in module.all(ast.AugAssign):
        if module.dotted(assignment.target) == SEARCH_PATH:
            yield from _items(assignment.value)


def _items(node: ast.expr) -> Sequence[ast.expr]:
    return node.elts if isinstance(node, ast.List | ast.Tuple) else [node]


class _Evaluator:
    """Evaluates the path that an expression of a module gives."""

    def __init__(self, sources: Sources, module: Module) -> None:
        self.module = module
        self.names: Mapping[str, ast.expr] = module.constants
        self.sources = sources

    def path(self, node: ast.expr, depth: int = 0) -> str | None:
        """Return the path, or None if only the running app knows it."""
        if depth > DEEPEST:
            return None
        below = depth + 1
        match node:
            case ast.Constant(value=str(text)):
                return text
            case ast.Name(id="__file__"):
                return str(self.module.path)
            case ast.Name(id=name) if name in self.names:
                return self.path(self.names[name], below)
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                return self._joined([left, right], below)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return self._glued([left, right], below)
            case ast.JoinedStr(values=values):
                return self._glued(values, below)
            case ast.FormattedValue(value=value, format_spec=None):
                return self.path(value, below)
            case ast.Attribute(value=value, attr="parent"):
                return self._above(value, 1, below)
            case ast.Subscript(
                value=ast.Attribute(value=value, attr="parents"),
                slice=ast.Constant(value=int(number)),
            ):
                return self._above(value, number + 1, below)
            case ast.Attribute():
                known = {"os.pardir": "..", "os.curdir": ".", "os.sep": os.sep}
                return known.get(self.module.dotted(node))
            case ast.Call():
                return self._called(node, below)
        return None

    def _called(self, call: ast.Call, depth: int) -> str | None:
        name = self.module.dotted(call.func)
        if name in HERE:
            return str(self.sources.root)
        if name == "os.path.dirname" and len(call.args) == 1:
            return self._above(call.args[0], 1, depth)
        arguments = call.args
        if not name or name.split(".")[0] not in ("os", "pathlib", "str"):
            # A method of a path.
            if not isinstance(call.func, ast.Attribute):
                return None
            name, arguments = call.func.attr, [call.func.value, *call.args]
        if name == "with_name" and len(arguments) == 2:
            beside = self.path(arguments[1], depth)
            folder = self._above(arguments[0], 1, depth)
            return os.path.join(folder, beside) if folder and beside else None
        if name in JOINING and len(arguments) > 1:
            return self._joined(arguments, depth)
        if name in UNCHANGED and len(arguments) == 1:
            return self.path(arguments[0], depth)
        return None

    def _joined(self, nodes: list[ast.expr], depth: int) -> str | None:
        parts = [self.path(node, depth) for node in nodes]
        known = [part for part in parts if part is not None]
        return os.path.join(*known) if len(known) == len(parts) else None

    def _glued(self, nodes: list[ast.expr], depth: int) -> str | None:
        parts = [self.path(node, depth) for node in nodes]
        known = [part for part in parts if part is not None]
        return "".join(known) if len(known) == len(parts) else None

    def _above(self, node: ast.expr, count: int, depth: int) -> str | None:
        path = self.path(node, depth)
        if path is None:
            return None
        path = os.path.normpath(os.path.join(self.sources.root, path))
        for _ in range(count):
            path = os.path.dirname(path)
        return path
