"""Loops that the import of a module starts, which fails: the worker imports the app in an event loop that is running."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache

from ..model import Problem
from .import_graph import Sources
from .import_time import nodes_at_import
from .python_source import Module

RUNNING, UNTIL = "asyncio.run", "run_until_complete"
LOOPS = ("asyncio.get_event_loop", "asyncio.new_event_loop")
# Packages whose names begin like this let a loop run inside of another.
NESTING = "nest_asyncio"


@lru_cache(maxsize=8)
def allows_nesting(sources: Sources) -> bool:
    """Whether the app may let a loop run inside of another."""
    return any(imported.name.startswith(NESTING) for imported in sources.imports)


def loops_at_import(sources: Sources) -> Iterator[Problem]:
    """Yield where the import of the app certainly starts a loop."""
    if allows_nesting(sources):
        return
    for module in sources.imported_at_start:
        if "asyncio" not in module.text:
            continue
        for node in nodes_at_import(module):
            if isinstance(node, ast.Call) and _starts_loop(module, node.func):
                message = f"{ast.unparse(node.func)} fails here: the worker imports the app in an event loop that is running."
                fix = "Await the coroutine in an async function, when it is first needed."
                yield Problem(module.place(node), message, fix)


def _starts_loop(module: Module, called: ast.expr) -> bool:
    if isinstance(called, ast.Attribute) and called.attr == UNTIL:
        loop = called.value
        made = module.constants.get(loop.id) if isinstance(loop, ast.Name) else loop
        return isinstance(made, ast.Call) and module.dotted(made.func) in LOOPS
    return module.dotted(called) == RUNNING
