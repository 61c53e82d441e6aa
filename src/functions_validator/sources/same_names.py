"""What Python has under almost the same name, where one is used as the other: modules, functions and variables."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from ..model import Problem
from .environment_reads import GETTERS
from .import_graph import Sources
from .nodes import shows_arguments, times_bound
from .python_source import ENVIRON, Module
from .unbound_names import read_in_functions, stored_in_modules

# The modules, with what they have and the function or the class of their name does not.
MODULES = {
    "copy": {"copy", "deepcopy"},
    "datetime": set[str](),
    "glob": {"glob", "iglob"},
    "pprint": {"pformat", "pprint"},
    "random": {
        "choice",
        "choices",
        "randint",
        "random",
        "randrange",
        "sample",
        "shuffle",
        "uniform",
    },
    "time": {"monotonic", "perf_counter", "sleep", "strftime", "time", "time_ns"},
}

MISUSES = ("environ(", "getenv[", "environ.get[")


def may_differ(sources: Sources, module: Module, name: str) -> bool:
    """Whether an imported name may stand for something else: the module asks what it is, or something hidden binds it."""
    if "AttributeError" in module.text or module.bound_names is None:
        return True
    asks = re.search(rf"\w\({name}\s*[,)]", module.text) is not None
    return asks or name in stored_in_modules(sources)


def misused_modules(sources: Sources, module: Module) -> Iterator[Problem]:
    """Yield the first call of each such module in a function, and the first use of the function as the module."""
    if "TypeError" in module.text:
        return
    for name, members in MODULES.items():
        meant = module.aliases.get(name)
        if meant == name and re.search(rf"(?<![\w.]){name}\(", module.text):
            message = f"{name} is the module in this file, so it cannot be called."
            fix = f"Write {name}.{name}(...)."
        elif meant == f"{name}.{name}" and any(f"{name}.{one}" in module.text for one in members):
            message = f"{name} is not the module in this file, so this line fails."
            fix = f'Write "import {name}" at the top, and {name}.{name}() for {name}().'
        else:
            continue
        nodes = (one for one in read_in_functions(module) if isinstance(one, ast.expr))
        use = next((one for one in nodes if _misuses(one, name, meant)), None)
        is_bound_once = use and times_bound(module.tree, name) == 1
        if use and is_bound_once and not may_differ(sources, module, name):
            yield Problem(module.place(use), message, fix)


def _misuses(node: ast.expr, name: str, meant: str) -> bool:
    """Whether a node calls the module of a name, or takes something of the module from the function."""
    match node:
        case ast.Call(func=ast.Name(id=called)):
            return called == name == meant
        case ast.Attribute(value=ast.Name(id=owner), attr=member):
            return owner == name != meant and member in MODULES[name]
    return False


def misused_environment(sources: Sources, module: Module) -> Iterator[Problem]:
    """Yield where a function calls os.environ, or takes an item of a function that reads a variable."""
    if "TypeError" in module.text or not any(one in module.text for one in MISUSES):
        return
    for node in read_in_functions(module):
        match node:
            case ast.Call(func=used, args=[key, *others]) if module.dotted(
                used
            ) == ENVIRON and shows_arguments(node):
                message = f"{ENVIRON} cannot be called, so this line fails."
                others += [keyword.value for keyword in node.keywords]
                given = ", ".join(map(ast.unparse, (key, *others)))
                fix = f".get({given})" if others else f"[{given}]"
            case ast.Subscript(value=used, slice=key, ctx=ast.Load()) if module.dotted(
                used
            ) in GETTERS and not isinstance(key, ast.Slice):
                message = f"{module.dotted(used)} is a function, so this line fails."
                keys = key.elts if isinstance(key, ast.Tuple) else [key]
                fix = f"({', '.join(map(ast.unparse, keys))})"
            case _:
                continue
        names = ast.unparse(used).split(".")
        is_bound_once = times_bound(module.tree, names[0]) == 1
        if is_bound_once and not any(may_differ(sources, module, one) for one in names):
            yield Problem(module.place(node), message, f"Write {ast.unparse(used)}{fix}.")
