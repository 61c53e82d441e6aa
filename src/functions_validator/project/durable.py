"""The durable functions of an app, and the calls of them by name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from ..functions.decorators import DECORATORS
from ..functions.functions import Function
from ..functions.named_functions import function_meant
from ..model import Place
from ..sources.import_graph import UNKNOWN
from ..sources.list_loops import looped_lists
from ..sources.nodes import Definition, named_arguments, targets
from ..sources.python_source import APP, REGISTERING, Module, parameters
from ..sources.typing_names import bare_annotation
from .project import Project
from .wrappers import renaming_wrappers

LIBRARY = "azure-functions-durable"
ACTIVITY, ORCHESTRATOR, ENTITY = "activityTrigger", "orchestrationTrigger", "entityTrigger"
# The field of a binding that gives the function another name, by the type of the binding.
NAMING = {ACTIVITY: "activity", ORCHESTRATOR: "orchestration", ENTITY: "entityName"}
NOUNS = {ACTIVITY: "activity", ORCHESTRATOR: "orchestrator", ENTITY: "entity"}
# Methods of an orchestrator's context, and of a client, whose first argument names a function.
OF_CONTEXT = {
    "call_activity": ACTIVITY,
    "call_activity_with_retry": ACTIVITY,
    "call_sub_orchestrator": ORCHESTRATOR,
    "call_sub_orchestrator_with_retry": ORCHESTRATOR,
}
OF_CLIENT = {"start_new": ORCHESTRATOR, "schedule_new_orchestration": ORCHESTRATOR}
ENTITY_IDS = ("azure.durable_functions.EntityId", "durabletask.entities.EntityInstanceId")
# What the decorator with a client is called, whatever it belongs to.
CLIENT_INPUT = ".durable_client_input"
KEYWORDS = ("name", "activity", "orchestrator", "orchestration_function_name", "entity")
# What the decorator of an entity takes, in order.
ENTITY_ARGUMENTS = ("context_name", "entity_name")
# Methods that add functions which no source shows.
ADDING = ("configure_scheduled_tasks", "configure_history_export", "_setup_durable_openai_agent")


class Call(NamedTuple):
    """A call of a durable function: the type of its trigger, and what names it."""

    trigger: str
    module: Module
    named: ast.expr
    method: str

    @property
    def place(self) -> Place:
        """Return the place of the name."""
        return self.module.place(self.named)


def is_second_version(project: Project) -> bool | None:
    """Whether the app has version 2 of the library, which has other rules; None if nothing tells."""
    installed = project.index.durable if project.index else ""
    requirement = project.requirements.get(LIBRARY)
    if requirement is None:
        return _is_two(installed)
    if requirement.url or not requirement.is_readable:
        return _is_two(installed) if installed else None
    named = [v for sign, v in requirement.versions.conditions if sign not in ("<", "<=", "!=")]
    if any(map(_is_two, named)):
        return True
    if not requirement.versions.contains("2.99", prereleases=True):
        return False
    if installed:
        return _is_two(installed)
    options = project.text("requirements.txt") or ""
    return None if "--pre" in options.split() else False


def _is_two(version: str) -> bool:
    # Imported here because few apps have durable functions.
    from packaging.version import InvalidVersion, Version

    try:
        return Version(version.removesuffix(".*")).major >= 2
    except InvalidVersion:
        return False


def durable_name(function: Function, trigger: str) -> object:
    """Return the name by which a function is called, if it has the trigger; UNKNOWN if only the app knows it."""
    return _given_name(function, trigger) or function.name


def _given_name(function: Function, trigger: str) -> object:
    """Return the name that a trigger gives to a function, if it gives one."""
    binding = function.binding_of_type(trigger)
    return binding.fields.get(NAMING[trigger]) if binding else None


def names_of(project: Project, trigger: str) -> set[str] | None:
    """Return the names of the functions with a trigger; None if they are not all known."""
    renamed = renaming_wrappers(project)
    names: list[object] = []
    for function in (*project.written_functions, *project.functions):
        if any(binding.type == trigger for binding in function.bindings):
            own = renamed.get(function.definition, function.name)
            names.append(_given_name(function, trigger) or own)
    for module in project.sources.modules.values():
        names += _names_of_others(project, module, trigger)
    texts = [name for name in names if isinstance(name, str)]
    return {*texts} if len(texts) == len(names) or project.is_indexed else None


def _names_of_others(project: Project, module: Module, trigger: str) -> Iterator[object]:
    """Yield the names of classes with a trigger, and UNKNOWN for a trigger that is not a decorator of an app."""
    method = next(name for name, one in DECORATORS.items() if one.type == trigger)
    if method not in module.text:
        return
    used = sum(node.attr == method for node in module.all(ast.Attribute))
    functions = project.functions_in(module)
    read = sum(one.name == method for function in functions for one in function.decorations)
    for class_ in module.all(ast.ClassDef):
        for decorator in class_.decorator_list:
            match decorator:
                case ast.Call(func=ast.Attribute(attr=name)) if name == method:
                    read += 1
                    given = named_arguments(decorator, ENTITY_ARGUMENTS).get("entity_name")
                    yield project.sources.evaluate(module, given) if given else class_.name
    if used > read:
        yield UNKNOWN


def all_is_known(project: Project) -> bool:
    """Whether the sources show all functions that the app has, or it was indexed."""
    sources = project.sources
    modules = sources.modules.values()
    if any(module.error for module in modules):
        return False
    if project.is_indexed:
        return True
    if any(word in module.text for module in modules for word in ADDING):
        return False
    if sources.is_dynamic or sources.entry is None:
        return False
    has_app = any(container.kind == APP for _, container in sources.containers)
    return has_app and all(_registers_only_known(project, module) for module in modules)


def _registers_only_known(project: Project, module: Module) -> bool:
    """Whether a module registers nothing with an app but blueprints that are known."""
    if not any(method in module.text for method in REGISTERING):
        return True
    return all(
        None not in [project.sources.container(module, argument) for argument in call.args]
        or _is_loop_over_own(project, module, call)
        for call in module.all(ast.Call)
        if isinstance(call.func, ast.Attribute) and call.func.attr in REGISTERING
    )


def _is_loop_over_own(project: Project, module: Module, call: ast.Call) -> bool:
    """Whether a call registers the items of a list in the loop around it, which are all known."""
    known = (items for items in looped_lists(module, call.args[0]) if items is not None)
    items = next(known, None)
    if items is None:
        return False
    return None not in [project.sources.container(module, item) for item in items]


def uses_durable(project: Project) -> bool:
    """Whether the app imports the library or has an orchestrator."""
    imported = any(
        found.name.startswith(("azure.durable_functions", "durabletask"))
        for found in project.sources.imports
    )
    return imported or any(
        binding.type == ORCHESTRATOR
        for function in project.written_functions
        for binding in function.bindings
    )


def calls(project: Project) -> Iterator[Call]:
    """Yield the calls of durable functions in all modules that the app imports."""
    words = (*OF_CONTEXT, *OF_CLIENT, *(name.rpartition(".")[2] for name in ENTITY_IDS))
    for module in project.sources.modules.values():
        if not any(word in module.text for word in words):
            continue
        clients = _clients(module)
        for node in module.all(ast.Call):
            trigger = _trigger_of(module, node, clients)
            named = _first(node)
            if trigger and named is not None:
                method = node.func.attr if isinstance(node.func, ast.Attribute) else "EntityId"
                yield Call(trigger, module, named, method)


def _trigger_of(module: Module, node: ast.Call, clients: set[str]) -> str | None:
    if module.dotted(node.func) in ENTITY_IDS:
        return ENTITY
    if not isinstance(node.func, ast.Attribute):
        return None
    if node.func.attr in OF_CONTEXT:
        return OF_CONTEXT[node.func.attr]
    is_client = isinstance(node.func.value, ast.Name) and node.func.value.id in clients
    return OF_CLIENT.get(node.func.attr) if is_client else None


def _clients(module: Module) -> set[str]:
    """Return the names of parameters and variables that are durable clients."""
    found = {"client", "starter", "durable_client"}
    for decorator in module.decorators:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func).endswith(CLIENT_INPUT):
            match named_arguments(decorator, ("client_name",)).get("client_name"):
                case ast.Constant(value=str(name)):
                    found.add(name)
    for definition in module.definitions:
        for parameter in parameters(definition):
            annotation = parameter.annotation
            if annotation and _is_client_type(bare_annotation(module, annotation)):
                found.add(parameter.arg)
    for assignment in module.assignments:
        if isinstance(assignment.value, ast.Call) and _is_client_type(assignment.value.func):
            names = (one for one in targets(assignment) if isinstance(one, ast.Name))
            found.update(name.id for name in names)
    return found


def _is_client_type(node: ast.expr) -> bool:
    return ast.unparse(node).endswith(("DurableOrchestrationClient", "DurableFunctionsClient"))


def _first(call: ast.Call) -> ast.expr | None:
    if call.args:
        return None if isinstance(call.args[0], ast.Starred) else call.args[0]
    return next((k.value for k in call.keywords if k.arg in KEYWORDS), None)


def passed_function(project: Project, call: Call) -> tuple[Definition, Function | None] | None:
    """Return the function of the app that a call takes instead of a name, if it takes one."""
    if not isinstance(call.named, ast.Name | ast.Attribute):
        return None
    found = function_meant(project.sources, call.module, call.named)
    if found is None:
        return None
    module, definition = found
    functions = (f for f in project.functions_in(module) if f.definition is definition)
    return definition, next(functions, None)
