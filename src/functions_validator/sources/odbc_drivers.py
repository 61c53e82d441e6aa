"""The ODBC drivers for SQL Server that the modules of an app name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from ..pattern import Pattern
from .lost_results import LOGGING
from .nodes import walk
from .python_source import Module, last_name

# Drivers of Windows, and those of Microsoft for all systems.
NAME = r"SQL Server(?: Native Client [\d.]+)?|ODBC Driver 1[1378](?:\.\d)? for SQL Server"
# One of them in `Driver={SQL Server};Server=...`, one that is a text alone, and any driver for SQL Server.
NAMED = Pattern(rf"\bdriver *= *\{{?({NAME})(?:\}}| *(?:[;&]|$))", re.IGNORECASE)
ALONE = Pattern(rf"(?:^\{{|^(?=ODBC))({NAME})\}}?$", re.IGNORECASE)
DRIVER = Pattern(
    r"ODBC Driver [\d.]+ for SQL Server|\{SQL Server[^}]*\}|driver *= *SQL Server", re.IGNORECASE
)
# How an address writes a space.
SPACES = Pattern(r"\+|%20")
# How a module chooses a driver when it runs.
CHOOSING = ".drivers("
# Calls whose texts are no connections: what a setting may replace, what is looked for, and messages.
OTHER_CALLS = {
    *("get", "getenv", "setdefault", "replace", "sub", "startswith", "endswith"),
    *("print", *LOGGING),
}


def named_drivers(module: Module) -> Sequence[tuple[ast.Constant, str]]:
    """Return the texts that name the module's driver, with its name; none if the module may use another."""
    if "driver" not in module.text.lower() or CHOOSING in module.text:
        return []
    texts = list(_texts(module))
    if len({found.lower() for _, text in texts for found in DRIVER.findall(text)}) > 1:
        return []
    alone, others = _alone(module), _others(module)
    return [
        (node, found[1])
        for node, text in texts
        if node not in others
        if (found := NAMED.search(text) or (ALONE.search(text) if node in alone else None))
    ]


def _texts(module: Module) -> Iterator[tuple[ast.Constant, str]]:
    """Yield the texts of a module, without its comments."""
    comments = {one.value for one in module.all(ast.Expr)}
    named = {*_named(module)}
    for node in module.all(ast.Constant):
        if isinstance(node.value, str) and node not in comments:
            text = SPACES.sub(" ", node.value)
            yield node, f"driver={text}" if node in named else text


def _named(module: Module) -> Iterator[ast.AST]:
    """Yield what calls get as their driver, or in their query, as URLs of SQLAlchemy do."""
    for keyword in module.all(ast.keyword):
        if (keyword.arg or "").lower() == "driver":
            yield keyword.value
        elif keyword.arg == "query" and isinstance(keyword.value, ast.Dict):
            for key, value in zip(keyword.value.keys, keyword.value.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == "driver":
                    yield value


def _alone(module: Module) -> set[ast.AST]:
    """Return what a text may be that has nothing but the driver: the value of a variable, or what a `%` fills in."""
    filled = [one.right for one in module.all(ast.BinOp) if isinstance(one.op, ast.Mod)]
    inside = [part for one in filled if isinstance(one, ast.Tuple) for part in one.elts]
    return {*(one.value for one in module.assignments if one.value), *filled, *inside}


def _others(module: Module) -> set[ast.AST]:
    """Return what is in conditions, in messages, and in what something else may replace."""
    found: list[ast.AST] = [
        *module.all(ast.BoolOp),
        *module.all(ast.Compare),
        *module.all(ast.Raise),
    ]
    for call in module.all(ast.Call):
        found += call.args if last_name(module, call.func) in OTHER_CALLS else []
    # Settings may replace the defaults of fields.
    fields = (one for node in module.all(ast.ClassDef) for one in node.body)
    found += [one.value for one in fields if isinstance(one, ast.AnnAssign) and one.value]
    for given in module.all(ast.arguments):
        found += filter(None, (*given.defaults, *given.kw_defaults))
    return {node for one in found for node in walk(one)}
