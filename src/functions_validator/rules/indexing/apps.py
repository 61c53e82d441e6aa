"""The app that the entry point makes."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from itertools import pairwise

from ...model import Place, Problem, Severity
from ...project.import_failures import by_sources
from ...project.project import DEFAULT_ENTRY, Project
from ...project.pythons import are_annotations_late
from ...sources.elsewhere import is_aside
from ...sources.nodes import Definition, callee, children, imported_name, targets, walk
from ...sources.python_source import APP, REGISTERING, Container, Module, enclosing
from ...sources.replaced_names import Replaced, replaced_at_import, replaced_names
from ...sources.scopes import times_given
from ..rule import rule

# What a function uses to give names to a module.
FILLING = ("globals(", "locals(", "vars(", "setattr(", "sys.modules")
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
    return Problem(project.entry_place, message, f"Add {_app_to_add(entry)}.")


def _app_to_add(entry: Module) -> str:
    """Return the app that an entry point needs, and what else it needs then."""
    for name, call, node in entry.named_calls:
        if node in entry.tree.body and (kind := WEB.get(entry.dotted(call.func))):
            new = "web" if name == "app" else name
            added = f"`app = func.{kind}(app={new})`"
            return added if new == name else f"{added}, and rename {name} to {new} above it"
    for node in entry.tree.body:
        if isinstance(node, Definition) and not node.decorator_list and node.name == OF_FIRST_MODEL:
            return f"`app = func.FunctionApp()`, and decorate {node.name} with its trigger, as with @app.route(...)"
    return "`app = func.FunctionApp()`"


def _lost_apps(project: Project, entry: Module) -> list[Replaced]:
    """Return the apps of the entry point whose names functions take."""
    found = replaced_names(project.sources, entry)
    return [one for one in found if _is_app(project, entry, ast.Name(one.name))]


def _lacks_app(project: Project, entry: Module) -> bool:
    if project.is_indexed:
        return project.index is not None and not project.index.apps
    return by_sources(project) and (_loses_app(project, entry) or not _may_have_app(project, entry))


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


def _may_have_app(project: Project, entry: Module) -> bool:
    """Whether the sources show an app, or something that may be one."""
    if project.sources.is_dynamic or any(word in entry.text for word in FILLING):
        return True
    if any(entry.container_kind(call) == APP for call in entry.all(ast.Call)):
        return True
    return (
        _may_import_app(project, entry) or _may_take_app(project, entry) or _may_assign_app(entry)
    )


def _may_import_app(project: Project, entry: Module) -> bool:
    """Whether a module of the project may give the entry point its app, as one of its names."""
    for node in entry.all(ast.ImportFrom):
        module = project.sources.find(entry.import_base(node))
        names = [alias.name for alias in node.names] if module else []
        if module and any(_may_name_app(module, name) for name in names):
            return True
    return False


def _may_name_app(module: Module, name: str) -> bool:
    """Whether a name of a module may stand for an app."""
    if module.error or name == "*":
        return True
    if name in module.constants:
        return _may_be_app(module, module.constants[name])
    if times_given(module, name) == 0:
        return not module.has_submodule(name)
    plain = [
        node.name
        for node in module.tree.body
        if isinstance(node, Definition | ast.ClassDef) and not node.decorator_list
    ]
    return name not in plain or times_given(module, name) > 1


def _may_take_app(project: Project, entry: Module) -> bool:
    """Whether a library may give the entry point its app: as one of its names, or with a decorator."""
    decorators = (one for definition in entry.definitions for one in definition.decorator_list)
    called = map(callee, decorators)
    if any(_is_imported(entry, name) and not _is_known(name) for name in map(entry.dotted, called)):
        return True
    return any(
        alias.name == "*" or "app" in imported_name(alias).lower()
        for node in entry.all(ast.ImportFrom)
        for alias in node.names
        if not _is_known(node.module or "") and not project.sources.find(entry.import_base(node))
    )


def _may_assign_app(entry: Module) -> bool:
    """Whether the module may get an app from an assignment."""
    has_global = bool(entry.all(ast.Global))
    return any(
        node.value is not None and _may_be_app(entry, node.value)
        for node in (*entry.assignments, *entry.all(ast.NamedExpr))
        if has_global or _may_be_of_module(entry, node)
    )


def _may_be_of_module(entry: Module, node: ast.Assign | ast.AnnAssign | ast.NamedExpr) -> bool:
    """Whether an assignment may give the module a name: the variables of a function are its own."""
    parts = (part for target in targets(node) for part in walk(target))
    is_of_object = any(isinstance(part, ast.Attribute | ast.Subscript) for part in parts)
    return is_of_object or not enclosing(entry, node)


def _may_be_app(entry: Module, value: ast.expr) -> bool:
    """Whether a value or a part of it may be an app."""
    if isinstance(value, ast.Call):
        return not _makes_no_app(entry, value)
    if isinstance(value, ast.Tuple | ast.List | ast.IfExp | ast.BoolOp | ast.Starred):
        parts = (part for part in children(value) if isinstance(part, ast.expr))
        return any(_may_be_app(entry, part) for part in parts)
    return isinstance(value, ast.Await | ast.Name | ast.Attribute | ast.Subscript)


def _makes_no_app(entry: Module, call: ast.Call) -> bool:
    """Whether a call belongs to a library that is known not to make function apps."""
    name = entry.dotted(call.func)
    return _is_imported(entry, name) and _is_known(name) and entry.container_kind(call) != APP


def _is_imported(entry: Module, name: str) -> bool:
    top = name.partition(".")[0]
    return top in {imported.partition(".")[0] for imported in entry.aliases.values()}


def _is_known(name: str) -> bool:
    """Whether a name is of a library that is known not to make function apps, but for FunctionApp."""
    top = name.partition(".")[0]
    return top in sys.stdlib_module_names or top in ("azure", "fastapi", "flask")


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
    calls = [node.value for node in entry.tree.body if isinstance(node, ast.Expr)]
    methods = [one.func for one in calls if isinstance(one, ast.Call) and one.lineno in lines]
    return any(
        method.attr in REGISTERING and _name_of(method) == name
        for method in methods
        if isinstance(method, ast.Attribute)
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
