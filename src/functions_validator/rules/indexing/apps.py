"""The app that the entry point makes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise

from ...functions.registrations import calls_at_top
from ...model import Place, Problem, Severity
from ...project.import_failures import by_sources, goes_without
from ...project.project import DEFAULT_ENTRY, Project
from ...project.pythons import are_annotations_late
from ...sources.elsewhere import is_aside
from ...sources.nodes import Definition, imported_name, targets
from ...sources.possible_apps import may_have_app
from ...sources.python_source import APP, REGISTERING, Container, Module
from ...sources.replaced_names import Replaced, replaced_at_import, replaced_names
from ..rule import rule

# The name of a function in the v1 programming model, and the apps for what makes the app of a web framework.
OF_FIRST_MODEL = "main"
WEB = {"fastapi.FastAPI": "AsgiFunctionApp", "flask.Flask": "WsgiFunctionApp"}


@rule("AF105", Severity.ERROR, "There is no function app")
def no_app(project: Project) -> Iterator[Problem]:
    """Yield an entry point in which the worker finds no app."""
    entry = project.sources.entry
    if written := project.written_otherwise(project.entry):
        message = f"The app has {written}, but Azure only finds {project.entry}."
        yield Problem(Place(written), message, f"Rename {written} to {project.entry}.")
    elif entry is None:
        for path in _entries_elsewhere(project):
            message = f"{path} is not beside host.json, so the worker does not find it."
            yield Problem(Place(path), message, "Put both, and requirements.txt, in one folder.")
    elif entry.error is None and _lacks_app(project, entry):
        yield _lacking(project, entry)


def _lacking(project: Project, entry: Module) -> Problem:
    message = f"{project.entry} has no function app."
    for replaced in _lost_apps(project, entry):
        message = f"{project.entry} has no function app: this function takes the name {replaced.name} from it."
        return Problem(entry.place(replaced.function), message, "Give the function another name.")
    return Problem(project.entry_place, message, f"Add {_app_to_add(project, entry)}.")


def _app_to_add(project: Project, entry: Module) -> str:
    """Return the app that an entry point needs, and what else it needs then."""
    for name, kind, naming in _web_apps(project, entry):
        new = "web" if name == "app" else name
        added = f"`app = func.{kind}(app={new})`"
        return added if new == name else f"{added}, and {naming} {new} above it"
    for node in entry.tree.body:
        if isinstance(node, Definition) and _is_of_first_model(node):
            return f"`app = func.FunctionApp()`, and decorate {node.name} with its trigger, such as @app.route(...)"
    return "`app = func.FunctionApp()`"


def _web_apps(project: Project, entry: Module) -> Iterator[tuple[str, str, str]]:
    """Yield the apps of web frameworks: their names, the function apps for them, and how to name one otherwise."""
    for name, call, node in entry.named_calls:
        if node in entry.tree.body and (kind := WEB.get(entry.dotted(call.func))):
            yield name, kind, f"rename {name} to"
    for taking in [node for node in entry.tree.body if isinstance(node, ast.ImportFrom)]:
        module = project.sources.find(entry.import_base(taking))
        if module is None:
            continue
        for alias in taking.names:
            value = module.constants.get(alias.name)
            if isinstance(value, ast.Call) and (kind := WEB.get(module.dotted(value.func))):
                yield imported_name(alias), kind, f"import {alias.name} as"


def _is_of_first_model(definition: Definition) -> bool:
    """Whether a function looks like one of the v1 programming model, which gets what starts it."""
    is_plain = not definition.decorator_list and bool(definition.args.args)
    return is_plain and definition.name == OF_FIRST_MODEL


def _lost_apps(project: Project, entry: Module) -> list[Replaced]:
    """Return the apps of the entry point whose names functions take."""
    found = replaced_names(project.sources, entry)
    return [one for one in found if _is_app(project, entry, ast.Name(one.name))]


def _lacks_app(project: Project, entry: Module) -> bool:
    if project.is_indexed:
        return project.index is not None and not project.index.apps and not goes_without(project)
    return by_sources(project) and (
        _loses_app(project, entry) or not may_have_app(project.sources, entry)
    )


def _loses_app(project: Project, entry: Module) -> bool:
    """Whether a function takes the name of the only app, and nothing fails before the worker looks for it."""
    lost = _lost_apps(project, entry)
    apps = [name for name, call, _ in entry.named_calls if entry.container_kind(call) == APP]
    if not lost or apps != [lost[0].name] or _is_kept(entry, apps[0]):
        return False
    are_late = are_annotations_late(project)
    return not any(True for _ in replaced_at_import(project.sources, are_late=are_late))


def _entries_elsewhere(project: Project) -> list[str]:
    """Return the entry points in folders below, unless a Dockerfile may copy one to host.json."""
    found = [path for path in project.files if path.endswith(f"/{DEFAULT_ENTRY}")]
    may_be_copied = any("Dockerfile" in path for path in project.files)
    return [] if may_be_copied else [path for path in found if not is_aside(path)]


@rule("AF106", Severity.ERROR, "There are several function apps")
def several_apps(project: Project) -> Iterator[Problem]:
    """Yield an entry point in which the worker finds more than one app."""
    entry = project.sources.entry
    if entry is None:
        return
    yield from _replaced_apps(project, entry)
    if project.is_indexed and project.index is not None:
        names = list(project.index.apps)
    else:
        names = _written_apps(project, entry)
    names = list(dict.fromkeys(names))
    if len(names) > 1:
        last = _binding(entry, names[-1])
        message = f"{project.entry} has the apps {', '.join(names)}; the worker accepts only one."
        fix = "Keep one app under one name, and turn the others into blueprints."
        yield Problem(entry.place(last) if last else project.entry_place, message, fix)


def _replaced_apps(project: Project, entry: Module) -> Iterator[Problem]:
    """Yield apps that take the name of another app that already has functions: the worker does not find the first."""
    made = [(name, node) for name, node, value in _bindings(entry) if _makes_app(entry, value)]
    names = [name for name, _ in made]
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        starts = [node for other, node in made if other == name]
        for first, second in pairwise(starts):
            between = range(first.lineno, second.lineno)
            lost = [
                function.label
                for function in project.functions_in(entry)
                if function.definition in entry.tree.body and function.place.line in between
                if any(_name_of(d.method) == name for d in function.decorations)
            ]
            if _registers(entry, name, between):
                lost.append("the blueprints that are registered above")
            if lost and not _is_kept(entry, name, between):
                message = f"This line replaces {name}, so the app does not have {', '.join(lost)}."
                yield Problem(entry.place(second), message, "Keep one of the two apps.")


def _makes_app(entry: Module, value: ast.expr | None) -> bool:
    return isinstance(value, ast.Call) and entry.container_kind(value) == APP


def _registers(entry: Module, name: str, lines: range) -> bool:
    """Whether one of the lines certainly registers a blueprint with an app."""
    return any(
        _name_of(method) == name
        for call, method in calls_at_top(entry, REGISTERING)
        if call.lineno in lines
    )


def _name_of(method: ast.Attribute) -> str:
    return method.value.id if isinstance(method.value, ast.Name) else ""


def _is_kept(entry: Module, name: str, lines: range | None = None) -> bool:
    """Whether an app may have another name, too: something but a method takes it, in some lines or anywhere."""
    methods = {id(node.value) for node in entry.all(ast.Attribute)}
    return any(
        node.id == name and isinstance(node.ctx, ast.Load)
        for node in entry.all(ast.Name)
        if id(node) not in methods and (lines is None or node.lineno in lines)
    )


def _bindings(entry: Module) -> Iterator[tuple[str, ast.stmt, ast.expr | None]]:
    """Yield the names that the entry point certainly binds to objects, with the statements and what they mean."""
    for node in entry.tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign):
            for target in targets(node):
                if isinstance(target, ast.Name):
                    yield target.id, node, node.value
        elif isinstance(node, ast.ImportFrom):
            for name in map(imported_name, node.names):
                yield name, node, ast.Name(name)


def _binding(entry: Module, name: str) -> ast.stmt | None:
    return next((node for bound, node, _ in _bindings(entry) if bound == name), None)


def _written_apps(project: Project, entry: Module) -> list[str]:
    """Return the names of the entry point that certainly are apps: what it makes, imports or names again."""
    bound = list(_bindings(entry))
    times = [name for name, _, _ in bound]
    times += [name.id for name in entry.all(ast.Name) if isinstance(name.ctx, ast.Del)]
    return [
        name
        for name, _, value in bound
        if times.count(name) == 1 and _is_app(project, entry, value)
    ]


def _is_app(project: Project, entry: Module, value: ast.expr | None) -> bool:
    if isinstance(value, ast.Call):
        return entry.container_kind(value) == APP
    found = project.sources.container(entry, value) if isinstance(value, ast.Name) else None
    if found is None:
        return False
    module, container = found
    at_top = {module.place(node) for node in module.tree.body}
    is_once = container.name in module.constants
    return container.kind == APP and is_once and container.place in at_top


@rule("AF107", Severity.ERROR, "The app has no functions")
def no_functions(project: Project) -> Iterator[Problem]:
    """Yield an entry point whose app has no functions."""
    index = project.index
    if index and not index.failure and index.apps:
        # Of several, AF106 reports that none is taken.
        is_one = len(set(index.apps)) == 1
        none = is_one and not index.functions and not index.rejections
        # What `try` or `if` left out here may be there in Azure, such as modules with a package that is not installed.
        none = none and all(f.place.path in index.modules for f in project.written_functions)
    else:
        none = by_sources(project) and _shows_no_function(project)
    if none:
        fix = "Decorate a function, or register a blueprint that has some."
        yield Problem(project.entry_place, "The app has no functions.", fix)


def _shows_no_function(project: Project) -> bool:
    sources = project.sources
    entry = sources.entry
    if entry is None or project.written_functions or sources.is_dynamic:
        return False
    if any(module.error for module in sources.modules.values()):
        return False
    if APP not in {container.kind for container in entry.containers.values()}:
        return False
    return all(
        not isinstance(node, ast.Call | ast.FunctionDef | ast.AsyncFunctionDef)
        or (isinstance(node, ast.Call) and entry.dotted(node.func) == "azure.functions.FunctionApp")
        for node in entry.nodes
    )


@rule("AF108", Severity.ERROR, "A module has a function app of its own")
def second_app(project: Project) -> Iterator[Problem]:
    """Yield apps with functions in other modules, which the worker does not look for."""
    sources = project.sources
    entry = sources.entry
    if entry is None or entry.error or sources.is_dynamic:
        return
    others = [
        module
        for module in sources.modules.values()
        if module is not entry and any(c.kind == APP for c in module.containers.values())
    ]
    known = _apps_of_entry(project, entry) if others else []
    if not any(container.kind == APP for container in known):
        return
    for module in others:
        if any("*" in one.names for one in entry.imports if one.name == module.name):
            continue
        starts = {module.place(node) for node in module.tree.body}
        for container in module.containers.values():
            is_app = container.kind == APP and container.place in starts
            names = [f.label for f in project.functions_of(module, container)] if is_app else []
            if names and container not in known:
                message = (
                    f"The app does not have {', '.join(names)}: the worker looks for a function app in "
                    f"{project.entry} alone."
                )
                fix = f"Write func.Blueprint() instead, and register it in {project.entry}."
                yield Problem(container.place, message, fix)


def _apps_of_entry(project: Project, entry: Module) -> list[Container]:
    """Return the apps and blueprints that the names of the entry point stand for."""
    names = {*entry.containers, *entry.aliases}
    nodes: list[ast.expr] = [ast.Name(name) for name in sorted(names)]
    nodes += [value for value in entry.constants.values() if not isinstance(value, ast.Call)]
    known = (project.sources.container(entry, node) for node in nodes)
    return [found.container for found in known if found]


@rule("AF109", Severity.ERROR, "A function has decorators of two apps or blueprints")
def mixed_decorators(project: Project) -> Iterator[Problem]:
    """Yield decorators of another app or blueprint than the one that has the function."""
    for function in project.mixed_functions:
        triggers = [decoration for decoration in function.decorations if decoration.is_trigger]
        own = (triggers or [*function.decorations])[-1]
        for decoration in function.decorations:
            if decoration.container != own.container:
                message = (
                    f"@{decoration.text} belongs to a different app or blueprint than @{own.text}, so "
                    f"{function.label} does not get it."
                )
                fix = f"Take all decorators of {function.label} from one app or blueprint."
                yield Problem(decoration.place, message, fix)


RULES = (no_app, several_apps, no_functions, second_app, mixed_decorators)
