"""The programs that the modules of an app run."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

from .nodes import only_value
from .python_source import Module, innermost
from .unsure_code import guarded_code

# What runs a program, which is the first of a list, or the first argument.
WITH_LIST = {
    f"subprocess.{name}" for name in ("Popen", "call", "check_call", "check_output", "run")
}
WITH_ARGUMENTS = "asyncio.create_subprocess_exec"


def run_programs(module: Module, names: Collection[str]) -> Iterator[tuple[ast.Call, str]]:
    """Yield the calls that certainly run one of some programs, with its name."""
    if "subprocess" not in module.text or not any(name in module.text for name in names):
        return  # Looking at all calls is slower.
    guarded = guarded_code(module)
    for call in module.all(ast.Call):
        name = _program(module, call)
        if name in names and call not in guarded:
            yield call, name


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
