"""Calls that register something other than a blueprint, as the sources show them."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

from ..model import Problem
from ..sources.import_graph import NamedContainer, Sources
from ..sources.nodes import callee, first_name
from ..sources.python_source import BLUEPRINT, CONTAINERS, NO_REGISTERING, REGISTERING, Module
from .annotations import followed
from .named_functions import function_meant

WITH_APP = "Register each blueprint with the app."
# Where the routes of a web framework belong if an app only hands requests to it.
WEB_METHODS = {
    "AsgiFunctionApp": "Call include_router of the FastAPI app instead.",
    "WsgiFunctionApp": "Call register_blueprint of the Flask app instead.",
}
ROUTERS = ("fastapi.APIRouter", "fastapi.routing.APIRouter")
OF_ROUTER = (
    "Include the router in a FastAPI app, and pass that app to func.AsgiFunctionApp(app=...)."
)


def wrong_registrations(sources: Sources) -> Iterator[Problem]:
    """Yield calls with something else in the place of a blueprint, or with a blueprint that a module lacks."""
    for module in sources.modules.values():
        for call, method in calls_at_top(module, (*REGISTERING, *NO_REGISTERING)):
            found = sources.container(module, method.value)
            if found and not _is_added(sources, method, found):
                yield from _in_registration(sources, module, method, call, found)


def calls_at_top(
    module: Module, methods: Collection[str]
) -> Iterator[tuple[ast.Call, ast.Attribute]]:
    """Yield the statements at the top of a module that call one of some methods, each with the method."""
    for statement in module.tree.body:
        match statement:
            case ast.Expr(value=ast.Call(func=ast.Attribute(attr=name) as method) as call):
                if name in methods:
                    yield call, method


def _in_registration(
    sources: Sources, module: Module, method: ast.Attribute, call: ast.Call, found: NamedContainer
) -> Iterator[Problem]:
    """Yield what is wrong with a call that registers something with an app or a blueprint."""
    # Other libraries have other names for the parameter.
    given = call.args or [keyword.value for keyword in call.keywords if keyword.arg]
    if not given:
        return
    first, *others = given
    if lacking := _lacking(sources, module, method, first, found):
        yield Problem(module.place(method), *lacking)
        return
    wrong = _wrong_number(ast.unparse(method), first, others) or _wrong(sources, module, first)
    if wrong:
        yield Problem(module.place(first), *wrong)


def _is_added(sources: Sources, method: ast.Attribute, found: NamedContainer) -> bool:
    """Whether the app itself gives an app or a blueprint a method that it does not have otherwise."""
    if method.attr in REGISTERING and found.container.kind != BLUEPRINT:
        return False
    return method.attr in sources.stored_attributes


def _lacking(
    sources: Sources, module: Module, method: ast.Attribute, first: ast.expr, found: NamedContainer
) -> tuple[str, str] | None:
    """Return what is wrong with a method that an app or a blueprint does not have, and what to do."""
    attribute, owner = method.attr, ast.unparse(method.value)
    is_blueprint = found.container.kind == BLUEPRINT
    if attribute in REGISTERING:
        why = f"A blueprint has no {attribute}, so this line fails."
        return (why, WITH_APP) if is_blueprint else None
    message = f"{owner} has no {attribute}, so this line fails."
    made = found.module.dotted(found.container.call.func).rpartition(".")[2]
    if made in WEB_METHODS and not sources.container(module, first):
        return message, WEB_METHODS[made]
    other, value = followed(sources, module, first)
    if isinstance(value, ast.Call) and other.dotted(value.func) in ROUTERS:
        return message, OF_ROUTER
    return message, WITH_APP if is_blueprint else f"Write {owner}.register_functions instead."


def uncalled_containers(sources: Sources) -> Iterator[Problem]:
    """Yield the first decorator of each app or blueprint that is a class, without parentheses."""
    for module in sources.modules.values():
        classes = {
            name: value
            for name, value in module.constants.items()
            if isinstance(value, ast.Name | ast.Attribute) and module.dotted(value) in CONTAINERS
        }
        for decorator in module.decorators if classes else ():
            match callee(decorator):
                case ast.Attribute(value=ast.Name(id=name)) if name in classes:
                    text = ast.unparse(classes.pop(name))
                    message = f"{name} is the class {text}, and not an object of it."
                    yield Problem(module.place(decorator), message, f"Write {name} = {text}().")


def registered_twice(sources: Sources) -> Iterator[Problem]:
    """Yield calls that register a blueprint which the same app has already."""
    for module in sources.modules.values():
        lines: dict[tuple[str, str], int] = {}
        for method, first in _registrations(sources, module):
            key = ast.unparse(method.value), module.dotted(first)
            if line := lines.get(key):
                message = f"Line {line} registers this blueprint already, so the app has its functions twice."
                yield Problem(module.place(first), message, "Delete one of the lines.")
            lines.setdefault(key, first.lineno)


def _registrations(sources: Sources, module: Module) -> Iterator[tuple[ast.Attribute, ast.expr]]:
    """Yield the methods and arguments of the calls at the top of a module that register what it imports."""
    for call, method in calls_at_top(module, REGISTERING):
        is_known = len(call.args) == 1 and _is_imported(module, call.args[0])
        if is_known and sources.container(module, method.value):
            yield method, call.args[0]


def _wrong_number(
    method: str, first: ast.expr, others: Sequence[ast.expr]
) -> tuple[str, str] | None:
    """Return what is wrong with several blueprints in one call."""
    fix = f"Call {method} once for each blueprint."
    if isinstance(first, ast.List | ast.Tuple):
        return f"{method} takes a blueprint, not a list of them.", fix
    if others and not any(isinstance(one, ast.Starred) for one in (first, *others)):
        return f"{method} takes one blueprint.", fix
    return None


def _wrong(sources: Sources, module: Module, given: ast.expr) -> tuple[str, str] | None:
    """Return what is wrong with what is registered, if it certainly is not a blueprint, and what to do."""
    if not _is_imported(module, given):
        return None
    name, written = module.dotted(given), ast.unparse(given)
    owner, _, last = name.rpartition(".")
    written_owner = written.rpartition(".")[0]
    # The module that has the name, and the module that is the name.
    parent, meant = sources.find(owner), sources.find(name)
    if parent is not None and _is_function(sources, module, given):
        return f"{name} is a function, not a blueprint.", _instead(written_owner, parent)
    if (parent is not None and last in parent.containers) or last in sources.stored_attributes:
        return None
    if meant is not None:
        is_module = parent is None or _binds_nothing(parent, last)
        wrong = f"{name} is a module, not a blueprint."
        return (wrong, _instead(written, meant)) if is_module else None
    if parent is not None and parent.lacks([last]):
        return f"{owner} has no {last}.", _instead(written_owner, parent)
    return None


def _binds_nothing(module: Module, name: str) -> bool:
    """Whether a package certainly gives the name of a module in it to nothing else."""
    return module.bound_names is not None and name not in module.bound_names


def _is_function(sources: Sources, module: Module, given: ast.expr) -> bool:
    """Whether a name stands for a function of the app that has no decorators but those of containers."""
    found = function_meant(sources, module, given)
    if found is None:
        return False
    decorators = found.definition.decorator_list
    return all(
        isinstance(method, ast.Attribute) and sources.container(found.module, method.value)
        for method in map(callee, decorators)
    )


def _is_imported(module: Module, given: ast.expr) -> bool:
    """Whether a name comes from an import, and from nothing else."""
    name = first_name(given)
    if name is None or name.id not in module.aliases:
        return False
    return name.id not in _bound_again(module)


@lru_cache(maxsize=64)
def _bound_again(module: Module) -> set[str]:
    """Return the names that something other than an import binds, or all if an import may not run."""
    if any(imported.guarded for imported in module.imports):
        return {*module.aliases}
    return {node.id for node in module.all(ast.Name) if isinstance(node.ctx, ast.Store)}


def _instead(name: str, module: Module) -> str:
    found = [one.name for one in module.containers.values() if one.kind == BLUEPRINT]
    if len(found) == 1:
        return f"Write {name}.{found[0]} instead." if name else f"Write {found[0]} instead."
    return "Name the blueprint in it."
