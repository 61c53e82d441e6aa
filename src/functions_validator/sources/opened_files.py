"""The files that an app opens, as far as its code shows them."""

from __future__ import annotations

import ast
import os
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import NamedTuple

from ..model import Place
from ..pattern import Pattern
from .import_graph import Sources
from .path_expressions import PathExpressions, path_in_app
from .python_source import Module, last_name
from .unsure_code import guarded_code

# How a module asks whether a file is there.
ASKING = ("exists(", "is_file(", "isfile(")
OPEN = ("open", "io.open")
READING = ("read_text", "read_bytes")
# Functions of libraries whose first argument is a path that they read.
READERS = (
    "PIL.Image.open",
    "joblib.load",
    "numpy.load",
    "numpy.loadtxt",
    "pandas.read_csv",
    "pandas.read_excel",
    "pandas.read_json",
    "pandas.read_parquet",
    "pandas.read_pickle",
    "polars.read_csv",
    "polars.read_parquet",
)
# What a module that reads a file has in its text: the call, or the library that has it.
READING_WORDS = ("open(", *READING, *{one.partition(".")[0] for one in READERS})
# Absolute paths of Windows and macOS.
OF_A_MACHINE = Pattern(r"(?<![\w/])(?:[A-Za-z]:[\\/]+\w|/Users/\w)", parts=(":", "/Users/"))
BACKSLASH = "\\"
WRITING = ("write_text", "write_bytes", "touch")
# What makes the file that their last argument names.
MAKING = ("copy", "copy2", "copyfile", "move", "rename", "replace")
# What makes relative paths those of another folder.
LEAVING = "chdir("


class Opened(NamedTuple):
    """A path in the app's folder that a module opens, relative to the app, and the place of the call.

    `as_on_windows` says whether the code has it with backslashes, which only Windows takes for slashes.
    """

    path: str
    place: Place
    as_on_windows: bool = False


def stays_in_app(sources: Sources) -> bool:
    """Whether the current folder is always that of the app."""
    return not any(LEAVING in module.text for module in sources.modules.values())


def read_paths(sources: Sources) -> Iterator[Opened]:
    """Yield the paths that the modules of an app certainly open to read, whether or not there is such a file."""
    for module in _mentioning(sources, READING_WORDS):
        yield from _opened(sources, module, _reading_calls(module), _read_path)


def paths_of_other_machines(sources: Sources) -> Iterator[Opened]:
    """Yield the absolute paths of a developer's machine that the modules of an app certainly open to read."""
    for module in _mentioning(sources, READING_WORDS):
        if OF_A_MACHINE.search(module.text):
            for call in _reading_calls(module):
                written = _read_path(module, call)
                expressions = PathExpressions(sources, module)
                path = expressions.path(written) if written else None
                # There, the folder of the app is below such a path, too.
                if path and all(map(OF_A_MACHINE.match, (path, "".join(expressions.texts)))):
                    yield Opened(path, module.place(call))


def _reading_calls(module: Module) -> list[ast.Call]:
    """Return the calls of a module that may open a file to read, whatever is there."""
    if any(question in module.text for question in ASKING):
        return []
    guarded = guarded_code(module)
    return [call for call in module.all(ast.Call) if call not in guarded]


def written_paths(sources: Sources) -> Iterator[Opened]:
    """Yield the paths that the modules of an app may write."""
    for module in _mentioning(sources, ("open", *WRITING, *MAKING)):
        yield from _opened(sources, module, module.all(ast.Call), _written_path)


def _mentioning(sources: Sources, names: Collection[str]) -> Iterator[Module]:
    """Yield the modules whose text has one of the names, if all paths are relative to the folder of the app."""
    if stays_in_app(sources):
        modules = sources.modules.values()
        yield from (one for one in modules if any(name in one.text for name in names))


def _opened(
    sources: Sources,
    module: Module,
    calls: Iterable[ast.Call],
    path_of: Callable[[Module, ast.Call], ast.expr | None],
) -> Iterator[Opened]:
    """Yield the paths that calls open, without those that lead out of the app."""
    expressions = PathExpressions(sources, module)
    for call in calls:
        written = path_of(module, call)
        expressions.texts.clear()
        path = expressions.path(written) if written else None
        if not path:
            continue
        as_on_windows = any(BACKSLASH in text for text in expressions.texts)
        path = path.replace(BACKSLASH, os.sep) if as_on_windows else path
        if relative := path_in_app(sources.root, path):
            yield Opened(relative, module.place(call), as_on_windows)


def _read_path(module: Module, call: ast.Call) -> ast.expr | None:
    """Return the path that a call certainly reads."""
    name = module.dotted(call.func)
    if name in READERS:
        return call.args[0] if call.args else None
    if name in OPEN:
        return call.args[0] if call.args and _reads(call, call.args[1:2]) else None
    method = last_name(module, call.func)
    reads = method in READING or (method == "open" and _reads(call, call.args[:1]))
    return call.func.value if isinstance(call.func, ast.Attribute) and reads else None


def _written_path(module: Module, call: ast.Call) -> ast.expr | None:
    """Return the path that a call may write."""
    if module.dotted(call.func) in OPEN:
        return call.args[0] if call.args and not _reads(call, call.args[1:2]) else None
    method = last_name(module, call.func)
    if method in MAKING and call.args:
        return call.args[-1]
    if not isinstance(call.func, ast.Attribute):
        return None
    opens = method == "open" and not _reads(call, call.args[:1])
    return call.func.value if opens or method in WRITING else None


def _reads(call: ast.Call, modes: Iterable[ast.expr]) -> bool:
    """Whether a call opens a file to read: its mode says so, or it has none."""
    named = (keyword.value for keyword in call.keywords if keyword.arg == "mode")
    return all(
        isinstance(mode, ast.Constant) and str(mode.value).startswith("r")
        for mode in (*modes, *named)
    )
