"""The parameters that hold an object of azure-functions-durable: a client, or the context of an orchestrator or entity."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import lru_cache

from ..functions.functions import Function, has_other_decorators
from ..sources.nodes import Definition, walk
from ..sources.python_source import Module, parameters
from ..sources.typing_names import bare_annotation
from .durable import ENTITY, ORCHESTRATOR, is_second_version
from .project import Project

CLIENT = "durableClient"
LIBRARY = "azure.durable_functions"
TYPES = {
    CLIENT: "DurableOrchestrationClient",
    ORCHESTRATOR: "DurableOrchestrationContext",
    ENTITY: "DurableEntityContext",
}
# What the v1 programming model makes a client with.
CLIENT_CLASS = f"{LIBRARY}.{TYPES[CLIENT]}"


@lru_cache(maxsize=1024)
def durable_parameters(
    project: Project, module: Module, binding_type: str
) -> Mapping[Definition, str]:
    """Return the functions of a module with a parameter for such a binding, and its name.

    Those of the library's second version are other objects.
    """
    found: dict[Definition, str] = {}
    if TYPES[binding_type] in module.text:
        for definition in module.definitions:
            if name := _annotated(module, definition, TYPES[binding_type]):
                found[definition] = name
    for function in project.functions_in(module):
        name = _bound(function, binding_type)
        if function.definition and name:
            found[function.definition] = name
    # Asked last, since it takes a library that most apps need not load.
    if not found or is_second_version(project) is not False:
        return {}
    return {d: name for d, name in found.items() if name not in _bound_again(d)}


def _annotated(module: Module, definition: Definition, type_: str) -> str:
    for parameter in parameters(definition):
        if parameter.annotation:
            name = module.dotted(bare_annotation(module, parameter.annotation))
            if name.startswith(LIBRARY) and name.endswith(f".{type_}"):
                return parameter.arg
    return ""


def _bound(function: Function, binding_type: str) -> str:
    binding = function.binding_of_type(binding_type)
    # A decorator of the app's own may pass another object.
    if binding is None or has_other_decorators(function):
        return ""
    if binding_type != CLIENT:
        return function.parameters[0].arg if function.parameters else ""
    return binding.name if isinstance(binding.name, str) else ""


def _bound_again(definition: Definition) -> set[str]:
    return {
        node.id
        for node in walk(definition)
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)
    }
