"""The app as the worker finds it when it imports the entry point: AF101 to AF109, AF116, AF117."""

from __future__ import annotations

import ast
import difflib
import sys
from collections.abc import Iterator

from ..decorators import DECORATORS
from ..findings import Place, Problem, Severity, rule
from ..indexing import Failure
from ..project import Project
from ..sources import APP, SETTING_DECORATORS, Function, Module

# Mistakes in the code itself, which no setting would mend.
OWN_MISTAKES = ("NameError", "UnboundLocalError", "AttributeError", "TypeError")
STANDARD_LIBRARY = sys.stdlib_module_names
METHODS = (*DECORATORS, *SETTING_DECORATORS, "mcp_tool")
TWO_TRIGGERS = "trigger was already registered"


def own_failure(project: Project) -> Failure | None:
    """Return why the app cannot be imported, if that is the app's own fault.

    It is not if a package is not installed here, if there is no network while the app is indexed,
    or if it may be for want of settings that no local file has; a note says so.
    """
    failure = project.index.failure if project.index else None
    if failure is None or failure.kind == "setting":
        return None
    why = _not_its_fault(project, failure)
    if why:
        project.note(f"{why}, so the app is judged by its sources alone.")
    return None if why else failure


def _not_its_fault(project: Project, failure: Failure) -> str | None:
    if failure.kind == "no-library":
        return "azure-functions is not installed for the Python that was asked"
    if failure.kind != "import" or failure.type in ("SyntaxError", "IndentationError", "TabError"):
        return None
    if failure.network:
        return "Importing the app reaches for the network"
    if failure.type in ("ImportError", "ModuleNotFoundError"):
        return _missing_package(project, failure)
    if failure.raised_in == "azure.functions":
        return None
    if failure.raised_in == "a package":
        return f"Importing the app fails in a package that it uses ({failure.type})"
    if failure.type in OWN_MISTAKES and "NoneType" not in failure.message:
        return None
    has_settings = any(file.path == "local.settings.json" for file in project.settings.files)
    return None if has_settings else f"Importing the app fails ({failure.type}) without settings"


def _missing_package(project: Project, failure: Failure) -> str | None:
    name = failure.name
    if failure.type == "ModuleNotFoundError":
        if project.sources.is_local(name):
            return None
        return f'"{name}" is not installed for the Python that was asked'
    is_known = name.startswith(("azure.functions", "azure.durable_functions"))
    if not name and failure.raised_in == "a package":
        return "A package that the app uses lacks another one"
    if (
        not name
        or is_known
        or project.sources.is_local(name)
        or name.partition(".")[0] in STANDARD_LIBRARY
    ):
        return None
    return f"What the app imports from {name} is not installed"


def entry_place(project: Project) -> Place:
    """Return the start of function_app.py."""
    return Place(project.entry)


@rule("AF101", Severity.ERROR, "The app cannot be imported")
def import_error(project: Project) -> Iterator[Problem]:
    """The worker imports `function_app.py`. If that fails, the host shows no function at all, and
    says so only in its own log: Application Insights has nothing.

    Mend what the line does, or the module that it imports.
    """
    failure = own_failure(project)
    if failure and failure.kind == "import" and TWO_TRIGGERS not in failure.message:
        place = failure.places[-1] if failure.places else entry_place(project)
        sentence = f"Importing the app fails with {failure.type}: {failure.message}"
        yield Problem(place, sentence.rstrip(".") + ".", "Mend this line or what it imports.")
    if project.index is None or project.index.failure:
        indexed = failure.places[-1].path if failure and failure.places else ""
        for module in project.sources.modules.values():
            if module.error and module.relative != indexed:
                message, place = module.error
                yield Problem(place, f"Python cannot read the file: {message}.", "Mend this line.")
    if by_sources(project):
        yield from _missing_imports(project)
        yield from _misspelt_decorators(project)


def _missing_imports(project: Project) -> Iterator[Problem]:
    for imported, name in project.sources.missing_imports():
        sentence = f"The project has no {name}, which is imported here."
        yield Problem(imported.place, sentence, "Correct the name, or add what is missing.")


def _misspelt_decorators(project: Project) -> Iterator[Problem]:
    for module in project.sources.modules.values():
        for decorator in _decorators(module):
            method = decorator.func if isinstance(decorator, ast.Call) else decorator
            if not isinstance(method, ast.Attribute) or method.attr in METHODS:
                continue
            similar = difflib.get_close_matches(method.attr.lower(), METHODS, n=1, cutoff=0.85)
            if similar and project.sources.container(module, method.value):
                sentence = f'There is no decorator "{method.attr}".'
                yield Problem(module.place(decorator), sentence, f"Write {similar[0]}.")


def _decorators(module: Module) -> Iterator[ast.expr]:
    for definition in module.definitions:
        yield from definition.decorator_list


@rule("AF102", Severity.ERROR, "Importing the app ends its process")
def import_exits(project: Project) -> Iterator[Problem]:
    """The worker's process ends with the app's: `sys.exit()` or a crash while `function_app.py` is
    imported leaves the host without a worker, which it starts again and again.

    Raise an exception that tells what is wrong, or do the work in a function.
    """
    failure = own_failure(project)
    if failure and failure.kind in ("exit", "crash"):
        place = failure.places[-1] if failure.places else entry_place(project)
        how = "calls sys.exit()" if failure.kind == "exit" else "ends the process"
        mend = "Do it in a function, or raise an exception that says what is wrong."
        yield Problem(place, f"Importing the app {how}.", mend)


@rule("AF103", Severity.ERROR, "Importing the app takes too long")
def import_hangs(project: Project) -> Iterator[Problem]:
    """The host waits about a minute for the worker to index the app. A module that waits, loops or
    serves while it is imported keeps all functions from starting.

    Do the work in a function, on first use.
    """
    failure = own_failure(project)
    if failure and failure.kind == "time":
        sentence = f"Importing the app did not end within {failure.message} seconds."
        yield Problem(entry_place(project), sentence, "Do in a function what takes so long.")


@rule("AF104", Severity.ERROR, "There is no app")
def no_app(project: Project) -> Iterator[Problem]:
    """The worker looks in `function_app.py` for a `FunctionApp` under a name of the module.

    Add `app = func.FunctionApp()` and register the blueprints with it.
    """
    entry = project.sources.entry
    if entry is None or entry.error:
        return
    if _indexed(project):
        missing = project.index is not None and not project.index.apps
    else:
        missing = by_sources(project) and not _may_have_app(project, entry)
    if missing:
        sentence = f"{project.entry} has no function app."
        yield Problem(entry_place(project), sentence, "Add `app = func.FunctionApp()`.")


def by_sources(project: Project) -> bool:
    """Whether the sources alone are to be judged: there is no index, by no fault of the app."""
    return not _indexed(project) and own_failure(project) is None


def _indexed(project: Project) -> bool:
    return project.index is not None and project.index.failure is None


def _may_have_app(project: Project, entry: Module) -> bool:
    """Whether the sources show an app, or something that may be one."""
    for node in entry.nodes:
        value = getattr(node, "value", None)
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr):
            if isinstance(value, ast.Call) and _makes_no_app(entry, value):
                continue
            if isinstance(value, ast.Call | ast.Await | ast.Name | ast.Attribute | ast.Subscript):
                return True
        elif isinstance(node, ast.ImportFrom | ast.Import):
            imported = [i for i in entry.imports if i.place == entry.place(node)]
            if any(project.sources.imported(i) for i in imported):
                return True
    return project.sources.is_dynamic


def _makes_no_app(entry: Module, call: ast.Call) -> bool:
    """Whether a call is one of a library that is known to make no function app."""
    top = entry.dotted(call.func).partition(".")[0]
    is_imported = top in {name.partition(".")[0] for name in entry.aliases.values()}
    known = top in STANDARD_LIBRARY or top in ("fastapi", "flask")
    if top == "azure":
        known = entry.container_kind(call) != APP
    return is_imported and known


@rule("AF105", Severity.ERROR, "There are several apps")
def several_apps(project: Project) -> Iterator[Problem]:
    """The worker takes the app from the names of `function_app.py`, and rejects the project if it
    finds two, even the same one under another name.

    Keep one `FunctionApp`; make blueprints of the others, and register them.
    """
    entry = project.sources.entry
    if entry is None:
        return
    if _indexed(project) and project.index is not None:
        names = list(project.index.apps)
    else:
        names = [
            target.id
            for node in entry.tree.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
            if entry.container_kind(node.value) == APP
            for target in node.targets
            if isinstance(target, ast.Name)
        ]
    names = list(dict.fromkeys(names))
    if len(names) > 1:
        last = entry.containers.get(names[-1])
        sentence = f"{project.entry} has the apps {', '.join(names)}; the worker takes only one."
        mend = "Make blueprints of the others, and register them with the first."
        yield Problem(last.place if last else entry_place(project), sentence, mend)


@rule("AF106", Severity.ERROR, "The app has no functions")
def no_functions(project: Project) -> Iterator[Problem]:
    """An app without functions starts and does nothing; the host says "0 functions found".

    Register the blueprints that define functions, or decorate some.
    """
    index = project.index
    if index and not index.failure and index.apps:
        none = not index.functions and not index.rejections
    else:
        none = by_sources(project) and _shows_no_function(project)
    if none:
        mend = "Decorate a function, or register a blueprint that has some."
        yield Problem(entry_place(project), "The app has no functions.", mend)


def _shows_no_function(project: Project) -> bool:
    sources = project.sources
    entry = sources.entry
    if entry is None or sources.functions or sources.is_dynamic:
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


@rule("AF107", Severity.ERROR, "A function has no trigger")
def no_trigger(project: Project) -> Iterator[Problem]:
    """A function starts by exactly one trigger. Without one, the worker rejects the whole app.

    Add a trigger, such as `@bp.route(...)` or `@bp.queue_trigger(...)`.
    """
    for function in _complete_functions(project):
        if not function.triggers and function.bindings:
            yield _trigger_problem(function, "has no trigger", "Add a trigger's decorator.")
    for rejection in project.index.rejections if project.index else ():
        if rejection.kind == "no-trigger":
            sentence = f"The function {rejection.function} has no trigger."
            yield Problem(rejection.place, sentence, "Add a trigger's decorator.")


@rule("AF108", Severity.ERROR, "A function has two triggers")
def two_triggers(project: Project) -> Iterator[Problem]:
    """A function starts by exactly one trigger. The second decorator raises while the app is
    imported, so that the host shows no function at all.

    Write a function for each trigger, and let both call the same code.
    """
    mend = "Write a function for each, and let both call the same code."
    written = [f for f in _complete_functions(project) if len(f.triggers) > 1]
    for function in written:
        yield _trigger_problem(function, "has two triggers", mend)
    failure = own_failure(project)
    if failure and TWO_TRIGGERS in failure.message and not written:
        place = failure.places[-1] if failure.places else entry_place(project)
        yield Problem(place, "A function has two triggers.", mend)


def _complete_functions(project: Project) -> list[Function]:
    """Return the functions as written, without those that only the running app would show."""
    return [f for f in project.sources.functions if f.certain] if not _indexed(project) else []


def _trigger_problem(function: Function, what: str, mend: str) -> Problem:
    return Problem(function.place, f"The function {function.label} {what}.", mend)


@rule("AF109", Severity.ERROR, "Two functions have the same name")
def duplicate_names(project: Project) -> Iterator[Problem]:
    """A function's name is unique in the app, over all blueprints and whatever the case of its
    letters; otherwise the worker or the host rejects the app.

    Rename one of them, or give it another name with `@bp.function_name("...")`.
    """
    first: dict[str, Function] = {}
    for function in project.functions:
        if not isinstance(function.name, str) or not function.certain:
            continue
        other = first.setdefault(function.name.lower(), function)
        if other is not function:
            where = f"{other.place.path}:{other.place.line}"
            sentence = f'The name "{function.name}" is that of the function in {where} too.'
            yield Problem(function.place, sentence, "Rename one of the two.")


@rule("AF117", Severity.ERROR, "A decorator is not called")
def uncalled_decorator(project: Project) -> Iterator[Problem]:
    """`@app.route` without its parentheses takes the function for the route: nothing fails, but the app
    has no such function.

    Call the decorator: `@app.route()`.
    """
    for module in project.sources.modules.values():
        for decorator in _decorators(module):
            if not isinstance(decorator, ast.Attribute) or decorator.attr not in METHODS:
                continue
            if project.sources.container(module, decorator.value):
                name = ast.unparse(decorator)
                sentence = f"The decorator {name} is not called, so the function is not in the app."
                yield Problem(module.place(decorator), sentence, f"Write @{name}(...).")


@rule("AF116", Severity.WARNING, "Importing the app writes into its own folder")
def writes_at_import(project: Project) -> Iterator[Problem]:
    """In Azure an app mostly runs from a package, whose folder cannot be written: then the import
    fails, and with it every function.

    Write to `tempfile.gettempdir()`, and do it in a function.
    """
    for path in dict.fromkeys(project.index.written if project.index else ()):
        sentence = f"Importing the app writes {path}, which fails where it runs from a package."
        yield Problem(entry_place(project), sentence, "Write to tempfile.gettempdir() instead.")
