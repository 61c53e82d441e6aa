"""What entities return, which nobody gets: an orchestrator gets what they give to set_result."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache

from ..functions.functions import Function, has_other_decorators
from ..model import Problem
from ..sources.nodes import (
    Definition,
    is_none,
    method_of,
    own_nodes,
    reads_of,
    text_of,
    value_meant,
    walk,
)
from ..sources.python_source import Module
from .durable import ENTITY, ENTITY_IDS, ORCHESTRATOR, durable_name, is_second_version
from .durable_parameters import durable_parameters
from .project import Project

CALL_ENTITY, SET_RESULT = "call_entity", "set_result"


def ignored_results(
    project: Project, function: Function, module: Module, definition: Definition
) -> Iterator[Problem]:
    """Yield what an entity returns, if an orchestrator uses what it gets for a call of the entity."""
    if str(durable_name(function, ENTITY)).lower() not in _used_entities(project):
        return
    if has_other_decorators(function) or is_second_version(project) is not False:
        return
    context = str(function.triggers[0].name)
    if _is_passed_on(definition, context) or reads_of(module.tree, definition.name):
        return
    for node in own_nodes(definition):
        match node:
            case ast.Return(value=ast.expr() as value) if not _may_be_none(value):
                message = f"{CALL_ENTITY} does not get what {function.label} returns."
                fix = f"Write {context}.{SET_RESULT}({ast.unparse(value)})."
                yield Problem(module.place(node), message, fix)


def _is_passed_on(definition: Definition, context: str) -> bool:
    """Whether an entity gives its context to something else, which may set the result."""
    nodes = walk(definition)
    own = {node.value for node in nodes if isinstance(node, ast.Attribute)}
    return not own.issuperset(reads_of(definition, context))


@lru_cache(maxsize=1)
def _used_entities(project: Project) -> set[str]:
    """Return the names, in lower case, of the entities whose results an orchestrator certainly uses.

    There are none if an entity may set its result, in whatever module.
    """
    texts = [one.text for one in project.sources.modules.values()]
    if not any(CALL_ENTITY in text for text in texts) or any(SET_RESULT in text for text in texts):
        return set()
    return {
        name.lower()
        for module in project.sources.modules.values()
        for definition, context in durable_parameters(project, module, ORCHESTRATOR).items()
        for name in _used(module, definition, context)
    }


def _used(module: Module, definition: Definition, context: str) -> Iterator[str]:
    """Yield the names of the entities whose results an orchestrator uses."""
    nodes = own_nodes(definition)
    dropped = {node.value for node in nodes if isinstance(node, ast.Expr)}
    for node in nodes:
        call = node.value if isinstance(node, ast.Yield) and node not in dropped else None
        if not isinstance(call, ast.Call) or method_of(call, context) != CALL_ENTITY:
            continue
        entity = value_meant(definition, call.args[0]) if call.args else None
        if isinstance(entity, ast.Call) and module.dotted(entity.func) in ENTITY_IDS:
            name = text_of(entity.args[0]) if entity.args else None
            if name is not None:
                yield name


def _may_be_none(value: ast.expr) -> bool:
    """Whether a value is None, or that of a call, which may be None."""
    return isinstance(value, ast.Call) or is_none(value)
