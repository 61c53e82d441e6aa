"""The paths that expressions give, such as `Path(__file__).parent / "data"`, as far as the sources show them."""

from __future__ import annotations

import ast
import os
from collections.abc import Mapping
from pathlib import Path

from .import_graph import Sources
from .python_source import Module

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
JOINING = {"os.path.join", "pathlib.Path", "pathlib.PurePath", "joinpath"}
HERE = {"os.getcwd", "pathlib.Path.cwd"}
# How deeply expressions may be nested.
DEEPEST = 20


def path_in_app(root: Path, path: str) -> str | None:
    """Return a path below the folder of the app, relative to it and with `/`; None if it is elsewhere."""
    found = os.path.normpath(os.path.join(root, path))
    if not found.startswith(os.path.join(root, "")):
        return None
    return os.path.relpath(found, root).replace(os.sep, "/")


class PathExpressions:
    """Evaluates the paths that expressions of a module give."""

    def __init__(self, sources: Sources, module: Module) -> None:
        self.module = module
        self.names: Mapping[str, ast.expr] = module.constants
        self.sources = sources
        # The texts that were read on the way.
        self.texts: list[str] = []

    def path(self, node: ast.expr, depth: int = 0) -> str | None:
        """Return the path, or None if only the running app knows it."""
        if depth > DEEPEST:
            return None
        below = depth + 1
        match node:
            case ast.Constant(value=str(text)):
                self.texts.append(text)
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
        parts = self._parts(nodes, depth)
        return os.path.join(*parts) if parts else None

    def _glued(self, nodes: list[ast.expr], depth: int) -> str | None:
        parts = self._parts(nodes, depth)
        return None if parts is None else "".join(parts)

    def _parts(self, nodes: list[ast.expr], depth: int) -> list[str] | None:
        """Return the text of each part, or None if one is not known."""
        parts = [self.path(node, depth) for node in nodes]
        known = [part for part in parts if part is not None]
        return known if len(known) == len(parts) else None

    def _above(self, node: ast.expr, count: int, depth: int) -> str | None:
        path = self.path(node, depth)
        if path is None:
            return None
        path = os.path.normpath(os.path.join(self.sources.root, path))
        for _ in range(count):
            path = os.path.dirname(path)
        return path
