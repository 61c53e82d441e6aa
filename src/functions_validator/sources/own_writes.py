"""What a function writes into the folder of the app, as far as its code shows it."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ..model import Place
from ..pattern import Pattern
from .always_run import always_run
from .import_graph import Sources
from .nodes import Definition, is_generator, named_arguments, only_value, value_meant, walk
from .path_expressions import DEEPEST, PathExpressions, path_in_app
from .python_source import Module, enclosing, last_name
from .scopes import bound_in

COPYING = ("copy", "copy2", "copyfile", "copytree", "move")
# The arguments that name what is written, and a mode that says whether it is written, of functions and of methods.
FUNCTIONS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "open": (("file", "mode"), "file"),
    "io.open": (("file", "mode"), "file"),
    "joblib.dump": (("value", "filename"), "filename"),
    "logging.FileHandler": (("filename",), "filename"),
    "logging.handlers.RotatingFileHandler": (("filename",), "filename"),
    "logging.handlers.TimedRotatingFileHandler": (("filename",), "filename"),
    "numpy.save": (("file",), "file"),
    "numpy.savetxt": (("fname",), "fname"),
    "os.makedirs": (("name",), "name"),
    "os.mkdir": (("path",), "path"),
    "os.rename": (("src", "dst"), "dst"),
    "os.replace": (("src", "dst"), "dst"),
    **dict.fromkeys((f"shutil.{name}" for name in COPYING), (("src", "dst"), "dst")),
    "sqlite3.connect": (("database",), "database"),
    "urllib.request.urlretrieve": (("url", "filename"), "filename"),
    "zipfile.ZipFile": (("file", "mode"), "file"),
}
METHODS: Mapping[str, str] = {
    "to_csv": "path_or_buf",
    "to_excel": "excel_writer",
    "to_parquet": "path",
    "to_pickle": "path",
    "savefig": "fname",
}
OPENING = ("open", "io.open", "zipfile.ZipFile")
WRITING = ("mkdir", "touch", "write_text", "write_bytes")
# What makes an object whose `save` writes a file, such as a workbook or an image.
SAVING = {"PIL.Image.new", "PIL.Image.open", "docx.Document", "openpyxl.Workbook"}
SAVING |= {"openpyxl.load_workbook", "pptx.Presentation"}
# What makes a folder or a database: one that the app has may be there already.
MAKING = ("connect", "makedirs", "mkdir")
# The arguments that say where a path is, if it is not in the current folder.
ELSEWHERE = {"filesystem", "opener"}
# What a condition has that depends on where the app runs, and not on what a function gets.
OF_MACHINE = Pattern(
    r"(?<![a-z])(?:azure|debug|dev|development|environ\w*|getenv|local\w*|prod|production|website)(?![a-z])",
    re.IGNORECASE,
)
# The first status of HTTP that tells of an error.
FIRST_OF_ERRORS = 400
# The start of a path in the current folder, and no address, drive or home.
RELATIVE = Pattern(r"(?![\w+.-]*:)[\w.-]")


class Written(NamedTuple):
    """A path in the app's folder that a function writes, and the place of the call."""

    path: str
    place: Place


def certain_calls(definition: Definition) -> list[ast.Call]:
    """Return the calls that a function always makes, unless it refuses what it gets."""
    own = bound_in(definition)

    def may_refuse(statement: ast.stmt) -> bool:
        """Whether a function may only end in a statement with an error or with a status for one."""
        nodes = walk(statement)
        tests = [node.test for node in nodes if isinstance(node, ast.If | ast.Assert)]
        ends = [node.value for node in nodes if isinstance(node, ast.Return)]
        refuses = all(isinstance(one, ast.Call) and _has_status(one) for one in ends)
        return refuses and all(_is_of_input(definition, own, test) for test in tests)

    nodes = always_run(definition.body, may_refuse)
    return [] if is_generator(definition) else [n for n in nodes if isinstance(n, ast.Call)]


def _is_of_input(definition: Definition, own: set[str], test: ast.expr) -> bool:
    """Whether a condition is about what a function gets, and not about where the app runs."""
    names = own & {node.id for node in walk(test) if isinstance(node, ast.Name)}
    values = (only_value(definition, name) for name in names)
    return bool(names) and not any(
        OF_MACHINE.search(ast.unparse(one)) for one in (test, *filter(None, values))
    )


def _has_status(call: ast.Call) -> bool:
    status = named_arguments(call, ("body", "status_code")).get("status_code")
    number = status.value if isinstance(status, ast.Constant) else None
    return isinstance(number, int) and number >= FIRST_OF_ERRORS


def depends_on_machine(module: Module, line: int) -> bool:
    """Whether a line is under a condition that depends on where the app runs."""
    return any(
        OF_MACHINE.search(ast.unparse(node.test))
        for node in module.all(ast.If)
        if node.test.lineno <= line <= (node.end_lineno or line)
    )


def own_writes(sources: Sources, module: Module, definition: Definition) -> Iterator[Written]:
    """Yield what a function itself always writes into the folder of the app."""
    calls = (
        (call, _written(sources, module, call) or _saved(module, definition, call))
        for call in certain_calls(definition)
    )
    found = [(call, written) for call, written in calls if written]
    if not found:
        return
    paths = _Paths(sources, module, definition)
    for call, written in found:
        path = paths.in_app(written)
        makes = last_name(module, call.func) in MAKING
        if path and not (makes and os.path.exists(os.path.join(sources.root, path))):
            yield Written(path, module.place(call))


def _written(sources: Sources, module: Module, call: ast.Call) -> ast.expr | None:
    """Return the path that a call certainly writes."""
    name = module.dotted(call.func)
    method = call.func.attr if isinstance(call.func, ast.Attribute) else name
    is_own = method in sources.defined_names and (method in METHODS or method == name)
    if is_own or any(keyword.arg in ELSEWHERE for keyword in call.keywords):
        return None
    if name in FUNCTIONS:
        names, written = FUNCTIONS[name]
        given = named_arguments(call, names)
        writes = name not in OPENING or _is_writing(given.get("mode"))
        return given.get(written) if writes else None
    if not isinstance(call.func, ast.Attribute):
        return None
    if method in METHODS:
        return named_arguments(call, (METHODS[method],)).get(METHODS[method])
    opens = method == "open" and _is_writing(named_arguments(call, ("mode",)).get("mode"))
    return call.func.value if opens or method in WRITING else None


def _saved(module: Module, definition: Definition, call: ast.Call) -> ast.expr | None:
    """Return the path of the file that a workbook, an image or a document is saved to."""
    match call:
        case ast.Call(func=ast.Attribute(value=owner, attr="save"), args=[path, *_]):
            made = value_meant(definition, owner)
            is_known = isinstance(made, ast.Call) and module.dotted(made.func) in SAVING
            return path if is_known else None
    return None


def _is_writing(mode: ast.expr | None) -> bool:
    text = mode.value if isinstance(mode, ast.Constant) else None
    return isinstance(text, str) and not {*"wax+"}.isdisjoint(text)


class _Paths:
    """The paths in the folder of the app that a function names."""

    def __init__(self, sources: Sources, module: Module, definition: Definition) -> None:
        self.root = sources.root
        self.expressions = PathExpressions(sources, module)
        around = (definition, *enclosing(module, definition))
        own = {name for one in around for name in bound_in(one)}
        values = {name: only_value(definition, name) for name in own}
        of_module = {name: one for name, one in module.constants.items() if name not in own}
        self.expressions.names = of_module | {n: one for n, one in values.items() if one}

    def in_app(self, node: ast.expr) -> str | None:
        """Return a path, relative to the app; None if it may be elsewhere."""
        self.expressions.texts.clear()
        path = self.expressions.path(node)
        if path is None:
            start = self._start(node)
            return f"{start}..." if start and ".." not in start else None
        if not os.path.isabs(path) and not RELATIVE.match(path):
            return None
        # The folder of the app is elsewhere in Azure: only what the code derives from it is there, too.
        if any(os.path.isabs(text) for text in self.expressions.texts):
            return None
        return path_in_app(self.root, path)

    def _start(self, node: ast.expr, depth: int = 0) -> str | None:
        """Return how a path in the current folder begins whose end only the running app knows."""
        if depth > DEEPEST:
            return None
        match node:
            case ast.Name(id=name) if name in self.expressions.names:
                return self._start(self.expressions.names[name], depth + 1)
            case ast.BinOp(left=first, op=ast.Add()) | ast.JoinedStr(values=[first, *_]):
                return self._start(first, depth + 1)
            case ast.Constant(value=str(text)) if RELATIVE.match(text):
                return text
        return None
