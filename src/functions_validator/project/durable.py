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
from ..sources.nodes import Definition, targets
from ..sources.python_source import REGISTERING, Container, Module, parameters
from ..sources.typing_names import bare_annotation
from .project import Project

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
KEYWORDS = ("name", "activity", "orchestrator", "orchestration_function_name", "entity")
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
    binding = next((b for b in function.bindings if b.type == trigger), None)
    given = binding.fields.get(NAMING[trigger]) if binding else None
    return given or function.name


def names_of(project: Project, trigger: str) -> set[str] | None:
    """Return the names of the functions with a trigger, in lower case; None if they are not all known."""
    found: set[str] = set()
    for function in (*project.written_functions, *project.functions):
        if any(binding.type == trigger for binding in function.bindings):
            name = durable_name(function, trigger)
            if isinstance(name, str):
                found.add(name)
            elif not project.is_indexed:
                return None
    for module in project.sources.modules.values():
        for name in _names_of_others(project, module, trigger):
            if isinstance(name, str):
                found.add(name)
            elif not project.is_indexed:
                return None
    return found


def _names_of_others(project: Project, module: Module, trigger: str) -> Iterator[object]:
    """Yield the names of classes with a trigger, and UNKNOWN for a trigger that is not a decorator of an app."""
    method = next(name for name, one in DECORATORS.items() if one.type == trigger)
    if method not in module.text:
        return
    used = sum(node.attr == method for node in module.all(ast.Attribute))
    read = sum(
        isinstance(decorator, ast.Call)
        and isinstance(decorator.func, ast.Attribute)
        and decorator.func.attr == method
        and project.sources.container(module, decorator.func.value) is not None
        for decorator in module.decorators
    )
    for node in module.all(ast.ClassDef):
        for decorator in node.decorator_list:
            call = decorator if isinstance(decorator, ast.Call) else None
            if call and isinstance(call.func, ast.Attribute) and call.func.attr == method:
                read += 1
                given = [k.value for k in call.keywords if k.arg == "entity_name"] or call.args[1:2]
                yield project.sources.evaluate(module, given[0]) if given else node.name
    if used > read:
        yield UNKNOWN


def all_is_known(project: Project) -> bool:
    """Whether the sources show all functions that the app has, or it was indexed."""
    sources = project.sources
    if any(module.error for module in sources.modules.values()):
        return False
    if any(word in module.text for module in sources.modules.values() for word in ADDING):
        return project.is_indexed
    if project.is_indexed:
        return True
    if sources.is_dynamic or sources.entry is None:
        return False
    if not any(container.kind == "app" for container in _own_containers(project)):
        return False
    for module in sources.modules.values():
        if not any(method in module.text for method in REGISTERING):
            continue
        for call in module.all(ast.Call):
            if isinstance(call.func, ast.Attribute) and call.func.attr in REGISTERING:
                arguments = [sources.container(module, argument) for argument in call.args]
                if None in arguments and not _is_loop_over_own(project, module, call):
                    return False
    return True


def _own_containers(project: Project) -> Iterator[Container]:
    for module in project.sources.modules.values():
        yield from module.containers.values()


def _is_loop_over_own(project: Project, module: Module, call: ast.Call) -> bool:
    """Whether a call registers the items of a list in the loop around it, which are all known."""
    for loop in module.all(ast.For):
        if call.args and ast.unparse(loop.target) == ast.unparse(call.args[0]):
            items = loop.iter
            if isinstance(items, ast.Name):
                items = module.constants.get(items.id, items)
            if isinstance(items, ast.List | ast.Tuple):
                return None not in [project.sources.container(module, item) for item in items.elts]
    return False


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
    for module in project.sources.modules.values():
        methods = [*OF_CONTEXT, *OF_CLIENT, "EntityId", "EntityInstanceId"]
        if not any(method in module.text for method in methods):
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
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func).endswith(
            ".durable_client_input"
        ):
            given = [k.value for k in decorator.keywords if k.arg == "client_name"]
            for value in given or decorator.args[:1]:
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    found.add(value.value)
    for definition in module.definitions:
        for argument in parameters(definition):
            if argument.annotation is None:
                continue
            if _is_client_type(ast.unparse(bare_annotation(module, argument.annotation))):
                found.add(argument.arg)
    for assignment in module.assignments:
        if isinstance(assignment.value, ast.Call) and _is_client_type(
            ast.unparse(assignment.value.func)
        ):
            names = (one for one in targets(assignment) if isinstance(one, ast.Name))
            found.update(name.id for name in names)
    return found


def _is_client_type(text: str) -> bool:
    return text.endswith(("DurableOrchestrationClient", "DurableFunctionsClient"))


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
