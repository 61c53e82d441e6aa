"""The folders where an app lets Python look for modules, as far as its code shows them."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from ..model import Place
from .import_graph import Sources
from .path_expressions import PathExpressions
from .python_source import Module

SEARCH_PATH = "sys.path"
# The methods that add a folder, or several, and the position of the argument.
ADDING = {"sys.path.append": 0, "sys.path.extend": 0, "sys.path.insert": 1, "site.addsitedir": 0}


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
            folder = PathExpressions(sources, module).path(written)
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
