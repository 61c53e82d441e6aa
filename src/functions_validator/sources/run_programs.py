"""The programs that the modules of an app run."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator

from ..pattern import Pattern
from .nodes import Definition, only_value, walk
from .python_source import Module, enclosing, innermost
from .unsure_code import ENDS, optional_code

# What runs a program, which is the first of a list, or the first argument.
WITH_LIST = {
    f"subprocess.{name}" for name in ("Popen", "call", "check_call", "check_output", "run")
}
WITH_ARGUMENTS = "asyncio.create_subprocess_exec"
# What a condition has that asks where the app runs, or what is there.
ASKS = Pattern(r"env|exists|is_?file|is_?dir|platform|debug", re.IGNORECASE)


def run_programs(
    module: Module, names: Collection[str], modules: Collection[Module]
) -> Iterator[tuple[ast.Call, str]]:
    """Yield the calls that certainly run one of some programs, with its name; `modules` are all of the app."""
    if "subprocess" not in module.text or not any(name in module.text for name in names):
        return  # Looking at all calls is slower.
    guarded = optional_code(module)
    for call in module.all(ast.Call):
        name = _program(module, call)
        if name not in names or call in guarded:
            continue
        if not any(_may_not_reach(one, call, modules) for one in enclosing(module, call)):
            yield call, name


def _may_not_reach(definition: Definition, call: ast.Call, modules: Collection[Module]) -> bool:
    """Whether a function may end before a call in it, or is used nowhere, or where its errors are expected."""
    before = (
        one for one in walk(definition) if isinstance(one, ast.If) and one.lineno < call.lineno
    )
    if any(isinstance(one.body[-1], ENDS) and ASKS.search(ast.unparse(one.test)) for one in before):
        return True
    if definition.decorator_list:
        return False  # The host calls it.
    uses = [
        node in optional_code(module)
        for module in modules
        if definition.name in module.text
        for node in (
            *(one for one in module.all(ast.Name) if one.id == definition.name),
            *(one for one in module.all(ast.Attribute) if one.attr == definition.name),
        )
    ]
    return not uses or any(uses)


def _program(module: Module, call: ast.Call) -> str:
    """Return the name of the program that a call runs; "" if it is not known."""
    called = module.dotted(call.func)
    if not call.args or any(
        one.arg in ("env", "executable", "shell", None) for one in call.keywords
    ):
        return ""
    first = call.args[0] if called == WITH_ARGUMENTS else None
    if called in WITH_LIST:
        first = _first(module, call.args[0])
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""


def _first(module: Module, node: ast.expr) -> ast.expr | None:
    """Return the first item of a list, which may be in a variable of the same function."""
    definition = innermost(module, node)
    if isinstance(node, ast.Name) and definition:
        node = only_value(definition, node.id) or node
    return node.elts[0] if isinstance(node, ast.List | ast.Tuple) and node.elts else None
