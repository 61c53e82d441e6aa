"""Blueprints whose functions the app does not have."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from ...functions.registrations import calls_at_top
from ...model import Place, Problem, Severity
from ...project.import_failures import by_sources, own_failure
from ...project.project import Project
from ...sources.elsewhere import is_aside
from ...sources.list_loops import looped_lists
from ...sources.nodes import children, walk
from ...sources.python_source import BLUEPRINT, NO_REGISTERING, REGISTERING, Container, Module
from ..rule import rule

if TYPE_CHECKING:
    from ...indexing.index import Index


class RegisterCall(NamedTuple):
    """A call that registers a blueprint, and whether a condition decides about it."""

    call: ast.Call
    is_conditional: bool


@rule("AF110", Severity.ERROR, "A blueprint is not registered")
def not_registered(project: Project) -> Iterator[Problem]:
    """Yield imported blueprints with functions that the app never registers."""
    index = project.index
    if index and not index.failure:
        found = list(_indexed_not_registered(project, index))
    else:
        found = list(_written_not_registered(project)) if by_sources(project) else []
    for place, names in found:
        if place:
            message = f"The blueprint with {', '.join(names)} is not registered with the app."
            yield Problem(place, message, "Add app.register_functions(...) for it.")


def _indexed_not_registered(
    project: Project, index: Index
) -> Iterator[tuple[Place | None, list[str]]]:
    """Yield blueprints with functions that no app has, unless a condition decides about that."""
    sources = project.sources
    maybe: set[tuple[str, int]] = set()
    for module in sources.modules.values():
        for call, is_conditional in _register_calls(module):
            if not is_conditional and not _is_called_elsewhere(project, module, call):
                continue
            known = [sources.container(module, node) for node in _arguments(module, call)]
            if not known or None in known:
                return
            places = [found.container.place for found in known if found]
            maybe.update(place.path_and_line for place in places)
    for container in index.containers:
        if container.is_app or not container.missing or container.is_registered:
            continue
        if container.place and container.place.path_and_line not in maybe:
            yield container.place, list(container.missing)


def _is_called_elsewhere(project: Project, module: Module, call: ast.Call) -> bool:
    """Whether a call is in a function that something of the app names: perhaps it calls it on a condition."""
    around = [d for d in module.definitions if d.lineno <= call.lineno <= (d.end_lineno or 0)]
    if not around:
        return False
    name = re.compile(rf"\b{re.escape(around[0].name)}\b")
    texts = (other.text for other in project.sources.modules.values())
    return sum(len(name.findall(text)) for text in texts) > 1


def _written_not_registered(project: Project) -> Iterator[tuple[Place, list[str]]]:
    """Yield blueprints with functions, if the sources show all that is registered."""
    sources = project.sources
    registered: set[Place] = set()
    for module in sources.modules.values():
        if module.error or _passes_registering(module):
            return
        for call, _ in _register_calls(module):
            known = [sources.container(module, node) for node in _arguments(module, call)]
            if not known or None in known:
                return
            registered.update(found.container.place for found in known if found)
        registered.update(_meant_to_register(project, module))
    if sources.is_dynamic:
        return
    for module in sources.modules.values():
        for container in module.containers.values():
            names = [f.label for f in project.functions_of(module, container)]
            is_free = container.place not in registered and container in _top_level(module)
            if container.kind == BLUEPRINT and names and is_free:
                yield container.place, names


def _meant_to_register(project: Project, module: Module) -> Iterator[Place]:
    """Yield the blueprints that are given to a method which does not exist: AF101 reports it."""
    for call, _ in calls_at_top(module, NO_REGISTERING):
        given = call.args[0] if len(call.args) == 1 else None
        items = given.elts if isinstance(given, ast.List | ast.Tuple) else [given]
        for item in filter(None, items):
            if found := project.sources.container(module, item):
                yield found.container.place


@lru_cache(maxsize=256)
def _register_calls(module: Module) -> Sequence[RegisterCall]:
    return list(_calls_below(module.tree)) if _mentions_registering(module) else []


def _calls_below(node: ast.AST, *, is_conditional: bool = False) -> Iterator[RegisterCall]:
    for child in children(node):
        method = child.func if isinstance(child, ast.Call) else None
        if isinstance(method, ast.Attribute) and method.attr in REGISTERING:
            assert isinstance(child, ast.Call)
            yield RegisterCall(child, is_conditional)
        yield from _calls_below(child, is_conditional=is_conditional or _may_skip(child))


def _may_skip(node: ast.AST) -> bool:
    """Whether a node may skip what is in it, or some items of a list."""
    if isinstance(node, ast.For):
        return any(map(_filters, walk(node.iter)))
    if isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp):
        return any(generator.ifs for generator in node.generators)
    kinds = (ast.If, ast.IfExp, ast.BoolOp, ast.Try, ast.While)
    return isinstance(node, kinds) or type(node).__name__ in ("Match", "TryStar")


def _filters(node: ast.AST) -> bool:
    """Whether a node takes up only some items of a list."""
    if isinstance(node, ast.comprehension):
        return bool(node.ifs)
    return isinstance(node, ast.Name) and node.id == "filter"


def _mentions_registering(module: Module) -> bool:
    return any(method in module.text for method in REGISTERING)


def _arguments(module: Module, call: ast.Call) -> list[ast.expr]:
    """Return what a call registers: its argument, or the items of the list that it loops over."""
    if len(call.args) != 1:
        return []
    [argument] = call.args
    # In a loop over modules, the blueprint is an attribute of the item.
    item = argument.value if isinstance(argument, ast.Attribute) else argument
    for items in looped_lists(module, item):
        if isinstance(argument, ast.Attribute):
            return [ast.Attribute(one, argument.attr, ast.Load()) for one in items or ()]
        return list(items or ())
    return [argument]


def _passes_registering(module: Module) -> bool:
    """Whether the method is used as a value, such as in `map(app.register_functions, ...)`."""
    if not _mentions_registering(module):
        return False
    used = sum(node.attr in REGISTERING for node in module.all(ast.Attribute))
    return used > len(_register_calls(module))


def _top_level(module: Module) -> list[Container]:
    starts = {module.place(node) for node in module.tree.body}
    return [container for container in module.containers.values() if container.place in starts]


@rule("AF111", Severity.ERROR, "A blueprint's module is never imported")
def never_imported(project: Project) -> Iterator[Problem]:
    """Yield blueprints with functions in modules that the app never imports."""
    entry = project.sources.entry
    if entry is None or entry.error or project.sources.is_dynamic or own_failure(project):
        return
    for module in _unimported(project):
        for container in _top_level(module):
            names = [f.label for f in project.functions_of(module, container)]
            if container.kind == BLUEPRINT and names:
                missing = ", ".join(names)
                message = f"Nothing imports this module, so the app does not have {missing}."
                fix = f"Import it in {project.entry} and register its blueprint, or delete it."
                yield Problem(container.place, message, fix)


def _unimported(project: Project) -> Iterator[Module]:
    """Yield the modules that may have a blueprint and that nothing imports."""
    index, sources = project.index, project.sources
    known = {module.relative for module in sources.modules.values()}
    known.update(index.modules if index and not index.failure else ())
    # A module that an import means, but does not find, is not one that nothing imports.
    known.update(place for places in project.own_elsewhere.values() for place in places)
    for path in project.files:
        if not path.endswith(".py") or path in known or _is_aside(project, path):
            continue
        if "Blueprint" in (project.text(path) or ""):
            yield sources.load(project.root / path, path[:-3].replace("/", "."))


def _is_aside(project: Project, path: str) -> bool:
    """Whether a file belongs to tests, to samples or to another function app."""
    parents = PurePosixPath(path).parents
    if is_aside(path):
        return True
    return any((project.root / parent / "host.json").exists() for parent in list(parents)[:-1])


@rule("AF112", Severity.ERROR, "A function is added to a blueprint after it was registered")
def added_late(project: Project) -> Iterator[Problem]:
    """Yield functions that a blueprint gets after it was registered."""
    index = project.index
    if index and not index.failure:
        yield from _indexed_late(project, index)
    else:
        yield from _written_late(project)


def _indexed_late(project: Project, index: Index) -> Iterator[Problem]:
    for container in index.containers:
        if container.is_registered:
            for name, place in zip(container.missing, container.missing_places, strict=True):
                written = project.written_at(place)
                yield _late(name, written.place if written else place)


def _written_late(project: Project) -> Iterator[Problem]:
    for module in project.sources.modules.values():
        for call, _ in _register_calls(module):
            known = project.sources.container(module, call.args[0]) if call.args else None
            if known is None or known.container not in _top_level(known.module):
                continue
            if known.module is module and call.lineno < known.container.place.line:
                continue  # AF101 reports it.
            for function in project.functions_of(module, known.container):
                if function.place.line > call.lineno and _at_top(module, call):
                    yield _late(function.label, function.place)


def _at_top(module: Module, call: ast.Call) -> bool:
    return any(isinstance(node, ast.Expr) and node.value is call for node in module.tree.body)


def _late(name: str, place: Place) -> Problem:
    message = f"The function {name} is lost: it is added after its blueprint was registered."
    return Problem(place, message, "Register the blueprint below its last function.")


RULES = (not_registered, never_imported, added_late)
