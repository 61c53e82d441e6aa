"""Calls that stop all functions of the app."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from ...data import read_table
from ...functions.functions import Function
from ...functions.named_functions import function_meant
from ...model import Problem, Severity
from ...project.durable import ENTITY, ORCHESTRATOR
from ...project.project import Project
from ...sources.always_run import always_run
from ...sources.nodes import Definition, first_name, is_generator, own_nodes
from ...sources.python_source import Module, last_name, parameters
from ...sources.scopes import bound_in, hidden_in
from ..rule import rule

TABLE = read_table("services")["blocking"]
CALLS: dict[str, str] = TABLE["calls"]
SESSIONS: list[str] = TABLE["sessions"]
VERBS: list[str] = TABLE["verbs"]
LIBRARIES = ("time", "requests", "urllib", "urllib3", "httpx")


@rule("AF237", Severity.WARNING, "An asynchronous function blocks all others")
def blocking(project: Project) -> Iterator[Problem]:
    """Yield calls in `async def` that wait without `await`."""
    durable = {f.definition for f in project.written_functions if _is_replayed(f)}
    waiting = _waiting(project)
    for module in project.sources.modules.values():
        may_wait = _may_wait(module)
        if not may_wait and not waiting:
            continue
        for definition in module.all(ast.AsyncFunctionDef):
            if definition in durable:
                continue
            if may_wait:
                yield from _in_function(module, definition)
            yield from _through_others(project, module, definition, waiting)


def _waiting(project: Project) -> dict[ast.stmt, str]:
    """Return the plain functions of the app that wait whenever they are called, with what they wait in."""
    found: dict[ast.stmt, str] = {}
    for module in project.sources.modules.values():
        for one in module.tree.body if _may_wait(module) else ():
            if isinstance(one, ast.FunctionDef) and not one.decorator_list:
                found.update((one, name) for name in _always_called(module, one))
    return found


def _may_wait(module: Module) -> bool:
    imported = {name.partition(".")[0] for name in module.aliases.values()}
    return not imported.isdisjoint(LIBRARIES)


def _always_called(module: Module, definition: ast.FunctionDef) -> Iterator[str]:
    """Yield what a function waits in whenever it is called; a call that a cache may save does not count."""
    if is_generator(definition):
        return
    found = list(_calls(module, definition))
    always = {*always_run(definition.body)} if found else set()
    yield from (name for node, name in found if node in always)


def _through_others(
    project: Project,
    module: Module,
    definition: ast.AsyncFunctionDef,
    waiting: Mapping[ast.stmt, str],
) -> Iterator[Problem]:
    """Yield calls of plain functions of the app that wait."""
    names = {one.name for one in waiting if isinstance(one, ast.FunctionDef)}
    for node in own_nodes(definition) if names else ():
        if not isinstance(node, ast.Call) or last_name(module, node.func) not in names:
            continue
        found = function_meant(project.sources, module, node.func)
        if found and found.definition in waiting:
            name = found.definition.name
            message = (
                f"While {definition.name} waits in {name}, which calls "
                f"{waiting[found.definition]}, no other function runs."
            )
            called = ast.unparse(node.func)
            fix = f"Await asyncio.to_thread({called}, ...), or make {definition.name} synchronous."
            yield Problem(module.place(node), message, fix)


def _is_replayed(function: Function) -> bool:
    """Whether a function is an orchestrator or an entity, of which AF121 reports that it is asynchronous."""
    return any(binding.type in (ORCHESTRATOR, ENTITY) for binding in function.triggers)


def _in_function(module: Module, definition: ast.AsyncFunctionDef) -> Iterator[Problem]:
    for node, name in _calls(module, definition):
        message = f"{definition.name} waits in {name}, and all other functions with it."
        fix = f"{CALLS.get(name, TABLE['request'])} or make the function synchronous."
        yield Problem(module.place(node), message, fix)


def _calls(module: Module, definition: Definition) -> Iterator[tuple[ast.Call, str]]:
    """Yield the calls of a function that block, with their names."""
    hidden, inside = bound_in(definition), hidden_in(definition)
    own = list(own_nodes(definition))
    sessions = _sessions(module, module.tree.body) - hidden
    sessions |= _sessions(module, own) - {one.arg for one in parameters(definition)}
    awaited = {id(node) for one in own for node in _awaited(one)}
    for node in own:
        if not isinstance(node, ast.Call):
            continue
        inner = inside.get(node, set())
        known = set() if id(node) in awaited else sessions - inner
        if name := _blocking(module, node, hidden | inner, known):
            yield node, name


def _awaited(node: ast.AST) -> list[ast.expr]:
    """Return what a node waits for without blocking: a session that it comes from is not a blocking one."""
    if isinstance(node, ast.Await):
        return [node.value]
    if isinstance(node, ast.AsyncWith):
        return [item.context_expr for item in node.items]
    return [node.iter] if isinstance(node, ast.AsyncFor) else []


def _sessions(module: Module, nodes: Sequence[ast.AST]) -> set[str]:
    """Return the names that a session of a blocking library is bound to."""
    return {
        target.id
        for node in nodes
        for target, value in _bound(node)
        if isinstance(target, ast.Name) and _is_session(module, value)
    }


def _bound(node: ast.AST) -> Sequence[tuple[ast.expr | None, ast.expr]]:
    """Return what an assignment or a `with` binds, and to which values."""
    if isinstance(node, ast.Assign):
        return [(node.targets[0], node.value)]
    if isinstance(node, ast.AnnAssign) and node.value:
        return [(node.target, node.value)]
    if isinstance(node, ast.With):
        return [(item.optional_vars, item.context_expr) for item in node.items]
    return []


def _is_session(module: Module, node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and _imported(module, node.func) in SESSIONS


def _imported(module: Module, node: ast.expr) -> str:
    """Return the full name of an expression if it comes from an import, else ""."""
    first = first_name(node)
    return module.dotted(node) if first and first.id in module.aliases else ""


def _blocking(module: Module, call: ast.Call, hidden: set[str], sessions: set[str]) -> str | None:
    """Return the name of a blocking function that is called."""
    called = call.func
    if isinstance(called, ast.Attribute) and called.attr in VERBS:
        owner = called.value
        is_session = isinstance(owner, ast.Name) and owner.id in sessions
        if is_session or _is_session(module, owner):
            return ast.unparse(called)
    first, name = first_name(called), _imported(module, called)
    if first is None or not name or first.id in hidden:
        return None
    if name == "time.sleep" and [ast.unparse(one) for one in call.args] == ["0"]:
        return None  # It lets other threads run, and does not wait.
    library, _, verb = name.rpartition(".")
    is_request = library in TABLE["libraries"] and verb in VERBS
    return name if name in CALLS or is_request else None


RULES = (blocking,)
