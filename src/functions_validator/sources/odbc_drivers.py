"""The ODBC drivers for SQL Server that the modules of an app name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from ..pattern import Pattern
from .nodes import walk
from .python_source import Module, last_name

# Drivers of Windows, and old ones that no image of Azure Functions has.
NAME = r"SQL Server(?: Native Client [\d.]+)?|ODBC Driver 1[13](?:\.\d)? for SQL Server"
UNAVAILABLE = Pattern(
    rf"(?:\bdriver *= *\{{?|^\{{|^(?=ODBC))({NAME})(?:\}}| *(?:[;&]|$))", re.IGNORECASE
)
DRIVER = Pattern(
    r"ODBC Driver [\d.]+ for SQL Server|\{SQL Server[^}]*\}|driver *= *SQL Server", re.IGNORECASE
)
# How an address writes a space.
SPACES = Pattern(r"\+|%20")
# How a module chooses a driver when it runs.
CHOOSING = ".drivers("
SETTING = ("getenv", "get")


def unavailable_drivers(module: Module) -> Sequence[tuple[ast.Constant, str]]:
    """Return the texts that name a driver which Azure does not have, with its name; none if the module may use another."""
    if "driver" not in module.text.lower() or CHOOSING in module.text:
        return []
    texts = list(_texts(module))
    if len({found.lower() for _, text in texts for found in DRIVER.findall(text)}) > 1:
        return []
    return [(node, found[1]) for node, text in texts if (found := UNAVAILABLE.search(text))]


def _texts(module: Module) -> Iterator[tuple[ast.Constant, str]]:
    """Yield the texts of a module, without its comments and what a setting may replace."""
    left_out: set[ast.AST] = {one.value for one in module.all(ast.Expr)}
    for call in module.all(ast.Call):
        if last_name(module, call.func) in SETTING:
            left_out.update(node for part in call.args for node in walk(part))
    named = {k.value for k in module.all(ast.keyword) if (k.arg or "").lower() == "driver"}
    for node in module.all(ast.Constant):
        if isinstance(node.value, str) and node not in left_out:
            text = SPACES.sub(" ", node.value)
            yield node, f"driver={text}" if node in named else text
