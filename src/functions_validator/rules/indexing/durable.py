"""Durable functions that fail each time they run, or never run."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from ...functions.functions import Function
from ...functions.named_functions import names_meant
from ...model import Problem, Severity
from ...project.durable import (
    ENTITY,
    NOUNS,
    OF_CLIENT,
    ORCHESTRATOR,
    Call,
    all_is_known,
    calls,
    is_second_version,
    names_of,
    passed_function,
    uses_durable,
)
from ...project.project import Project
from ...project.wrappers import renaming_wrappers
from ...sources.nodes import Definition
from ...sources.python_source import Module, enclosing
from ...typos import similar_name
from ..rule import rule

# Functions of the library itself.
BUILT_IN = "builtin"


@rule("AF120", Severity.ERROR, "A function with a durable client is not asynchronous")
def synchronous_client(project: Project) -> Iterator[Problem]:
    """Yield functions that have a durable client of the library's first version and are not coroutines."""
    for function in _written(project, "durableClient"):
        is_sync = isinstance(function.definition, ast.FunctionDef)
        if {ORCHESTRATOR, ENTITY} & {binding.type for binding in function.bindings}:
            continue  # AF113 reports the client.
        if is_sync and is_second_version(project) is False:
            message = f"The function {function.label} has a durable client, but is not async."
            fix = "Write async def, and await the client's methods."
            yield Problem(function.place, message, fix)


@rule("AF121", Severity.ERROR, "An orchestrator or entity is asynchronous")
def asynchronous_orchestrator(project: Project) -> Iterator[Problem]:
    """Yield orchestrators and entities that are coroutines."""
    for trigger, fix in (
        (ORCHESTRATOR, "Write def instead of async def, and yield instead of await."),
        (ENTITY, "Write def instead of async def."),
    ):
        for function in _written(project, trigger):
            if isinstance(function.definition, ast.AsyncFunctionDef):
                message = f"The {NOUNS[trigger]} {function.label} is async, so it never runs."
                yield Problem(function.place, message, fix)


def _written(project: Project, binding_type: str) -> Iterator[Function]:
    """Yield the functions with a binding of a type, unless another decorator may wrap them."""
    for function in project.written_functions:
        has_binding = any(binding.type == binding_type for binding in function.bindings)
        if has_binding and function.definition and not _is_wrapped(function):
            yield function


def _is_wrapped(function: Function) -> bool:
    assert function.definition
    return any(
        not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute)
        for node in function.definition.decorator_list
    )


@rule("AF122", Severity.ERROR, "The app calls a durable function that it does not have")
def missing_durable_function(project: Project) -> Iterator[Problem]:
    """Yield calls of activities, orchestrators and entities that the app does not have, by name or by function."""
    if not uses_durable(project) or not all_is_known(project):
        return
    names = {trigger: names_of(project, trigger) for trigger in NOUNS}
    has_other_hub = any(
        binding.type == "durableClient" and {"taskHub", "connectionName"} & set(binding.fields)
        for function in project.written_functions
        for binding in function.bindings
    )
    for call in calls(project):
        if call.method in OF_CLIENT and has_other_hub:
            continue
        problem = (
            _wrong_function(project, call)
            or _renamed(project, call, names)
            or _wrong_name(project, call, names)
        )
        if problem:
            yield problem


def _wrong_function(project: Project, call: Call) -> Problem | None:
    """Return a problem if a call takes a function of another kind."""
    passed = passed_function(project, call)
    if passed is None or call.trigger == ENTITY:
        return None
    definition, function = passed
    if function is None and definition.decorator_list:
        return None
    triggers = {binding.type for binding in function.triggers} if function else set()
    if call.trigger in triggers or (function and (not function.is_fully_known or not triggers)):
        return None
    noun = NOUNS[call.trigger]
    kind = next((f"{_a(NOUNS[trigger])}, not" for trigger in triggers if trigger in NOUNS), "not")
    message = f"{definition.name} is {kind} {_a(noun)}."
    return Problem(call.place, message, f"Call {_a(noun)}, or decorate {definition.name} as one.")


def _renamed(project: Project, call: Call, names: dict[str, set[str] | None]) -> Problem | None:
    """Return a problem if a call names a function that has the name of its wrapper in Azure."""
    known = {name.lower() for name in names[call.trigger] or ()}
    meant = {name.lower() for name in names_meant(project.sources, call.module, call.named)} - known
    renamed = renaming_wrappers(project) if meant else {}
    for function in project.written_functions:
        wrapper = renamed.get(function.definition)
        has_trigger = any(binding.type == call.trigger for binding in function.bindings)
        if wrapper and has_trigger and str(function.name).lower() in meant:
            message = (
                f"In Azure, {function.label} is named {wrapper}, like the function that wraps it."
            )
            return Problem(call.place, message, f"Write @functools.wraps(...) above {wrapper}.")
    return None


def _wrong_name(project: Project, call: Call, names: dict[str, set[str] | None]) -> Problem | None:
    known = names[call.trigger]
    if known is None:
        return None
    noun = NOUNS[call.trigger]
    lower = {name.lower(): name for name in sorted(known)}
    for name in names_meant(project.sources, call.module, call.named):
        if name.lower() in lower or name.lower().startswith(BUILT_IN):
            continue
        similar = lower.get(similar_name(name.lower(), lower) or "") or _one_like(name, lower)
        others = [
            NOUNS[trigger]
            for trigger, found in names.items()
            if name.lower() in {one.lower() for one in found or ()}
        ]
        if others:
            message = f'"{name}" is {_a(others[0])}, not {_a(noun)}.'
            fix = f"Call it as {_a(others[0])}, or correct the name."
        else:
            message = f'The app has no {noun} "{name}".'
            fix = f"Add {_a(noun)} with this name, or correct the name."
        return Problem(call.place, message, f'Write "{similar}" instead.' if similar else fix)
    return None


def _one_like(name: str, lower: dict[str, str]) -> str | None:
    """Return the name that is the same but for underscores, or the only one that is somewhat alike."""
    plain = {key.replace("_", ""): value for key, value in lower.items()}
    same = plain.get(name.lower().replace("_", ""))
    return same or lower.get(similar_name(name.lower(), lower, 0.7) or "")


def _a(noun: str) -> str:
    return f"an {noun}"


@rule("AF123", Severity.ERROR, "A function is decorated too late, or never")
def decorated_late(project: Project) -> Iterator[Problem]:
    """Yield functions that are decorated in a function which does not run while the app is imported."""
    if project.sources.is_dynamic:
        return
    for function in project.written_functions:
        definition, module = function.definition, function.module
        if definition is None or module is None or definition in module.tree.body:
            continue
        around = enclosing(module, definition)
        if not around or _is_made_inside(module, around[-1], function):
            continue
        why = _why_late(project, module, around)
        if why:
            message = f"The app does not have {function.label}: {why}."
            fix = f"Move {function.label} and its decorators to the top of the module."
            yield Problem(function.place, message, fix)


def _is_made_inside(module: Module, outermost: Definition, function: Function) -> bool:
    """Whether the function around makes the container too, so that its caller may register it."""
    first, last = outermost.lineno, outermost.end_lineno or 0
    containers = [decoration.container for decoration in function.decorations]
    return any(
        container.place.path == module.relative and first <= container.place.line <= last
        for container in containers
    )


def _why_late(project: Project, module: Module, around: list[Definition]) -> str | None:
    """Return why functions in others are not decorated while the app is imported, as far as it is certain."""
    decorated = {f.definition: f for f in project.written_functions if f.definition}
    for definition in around:
        if definition in decorated:
            return f"it is decorated when {decorated[definition].label} runs, not when the app is imported"
    outermost = around[-1]
    if outermost.decorator_list or outermost.name.startswith("__"):
        return None
    word = re.compile(rf"\b{re.escape(outermost.name)}\b")
    modules = list(project.sources.modules.values())
    if sum(len(word.findall(other.text)) for other in modules) == 1:
        return f"it is decorated in {outermost.name}, which nothing calls"
    uses = list(_uses(modules, outermost.name))
    # A name in a comment or a text does not count.
    if uses and not any(decorated.keys().isdisjoint(enclosing(*use)) for use in uses):
        return f"it is decorated in {outermost.name}, which only functions call"
    return None


def _uses(modules: list[Module], name: str) -> Iterator[tuple[Module, ast.expr]]:
    """Yield where code has a name or an attribute of a name, with the modules."""
    for module in modules:
        if name in module.text:
            yield from ((module, node) for node in module.all(ast.Name) if node.id == name)
            yield from ((module, node) for node in module.all(ast.Attribute) if node.attr == name)


RULES = (
    synchronous_client,
    asynchronous_orchestrator,
    missing_durable_function,
    decorated_late,
)
