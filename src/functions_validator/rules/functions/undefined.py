"""Names that functions use, and that have no value there."""

from __future__ import annotations

import ast
import datetime
from collections.abc import Collection, Iterator

from ...model import Problem, Severity
from ...pattern import Pattern
from ...project.project import Project
from ...sources.error_names import late_reads
from ...sources.hidden_names import may_name_in_others
from ...sources.import_graph import Sources
from ...sources.library_names import LIBRARY, may_be_wrong
from ...sources.nodes import Definition, own_nodes, position, times_bound
from ...sources.python_source import Module, enclosing, parameters
from ...sources.replaced_names import (
    called_builtins,
    has_decorator_of_app,
    replaced_names,
    taken_from,
    why_taken,
)
from ...sources.same_names import may_differ, misused_environment, misused_modules
from ...sources.unbound_names import (
    bare_methods,
    defined_nowhere,
    early_reads,
    foreign_reads,
    read_in_functions,
    stored_in_modules,
)
from ...sources.undefined_names import undefined_name
from ...sources.unsure_code import unsure_code
from ..rule import rule

# The names by which nearly all code knows them.
MODULES = (
    *("asyncio", "base64", "collections", "contextlib", "csv", "datetime", "functools", "hashlib"),
    *("hmac", "itertools", "json", "logging", "math", "np", "os", "pathlib", "pd", "random"),
    *("requests", "shutil", "subprocess", "sys", "tempfile", "time", "traceback", "urllib", "uuid"),
)
AS_NAMES = {"np": "numpy", "pd": "pandas"}
DATETIME = "datetime"
OF_CLASS = {name for name in set(dir(datetime.datetime)) - set(dir(datetime)) if name[0] != "_"}
OF_MODULE = {"datetime", "timedelta", "timezone", "UTC"}
# What expects that a name or a variable has no value, as `if "total" in locals()`.
EXPECTING = ("NameError", "UnboundLocalError")
ASKED = Pattern(
    r"""["'](\w+)["'] (?:not )?in (?:locals|vars|dir)\(\)""", parts=("locals()", "vars()", "dir()")
)


@rule("AF250", Severity.ERROR, "A function uses a name that has no value")
def without_value(project: Project) -> Iterator[Problem]:
    """Yield names that functions use and nothing defines, and variables that have no value yet."""
    sources = project.sources
    modules = sources.modules.values()
    may_name_elsewhere = any("builtins" in m.text or may_name_in_others(m.text) for m in modules)
    for module in modules:
        yield from _other_datetime(sources, module)
        yield from misused_modules(sources, module)
        yield from misused_environment(sources, module)
        yield from _replaced(sources, module)
        if _expects(module):
            continue
        asked = {*ASKED.findall(module.text)}
        yield from _only_changed(module, asked)
        yield from _early(module, asked)
        yield from _late(module, asked)
        if not may_name_elsewhere:
            yield from _of_others(sources, module, asked)
            yield from _of_library(sources, module)
            yield from _nowhere(sources, module, asked)


def _only_changed(module: Module, asked: Collection[str]) -> Iterator[Problem]:
    """Yield the first `name += ...` of each variable that a function does not set otherwise."""
    for definition in module.definitions if module.all(ast.AugAssign) else ():
        changed: dict[str, list[ast.Name]] = {}
        stored: list[str] = []
        for node in own_nodes(definition):
            if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
                changed.setdefault(node.target.id, []).append(node.target)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                stored.append(node.id)
        for name, targets in changed.items():
            if name in asked or stored.count(name) > len(targets):
                continue  # It takes longer to look for all that may bind it.
            if targets[0] in unsure_code(module):
                continue
            if times_bound(definition, name) == len(targets):
                message = f"{name} has no value in {definition.name} yet, so this line fails."
                fix = f'Write "global {name}" above it, or give it a value first.'
                yield Problem(module.place(targets[0]), message, fix)


def _expects(module: Module) -> bool:
    """Whether a module expects that a name has no value."""
    return any(word in module.text for word in EXPECTING)


def _other_datetime(sources: Sources, module: Module) -> Iterator[Problem]:
    """Yield the first use of each attribute of the module datetime that its class has, and the reverse."""
    meant = module.aliases.get(DATETIME)
    if meant not in (DATETIME, f"{DATETIME}.{DATETIME}"):
        return
    is_module = meant == DATETIME
    wrong = OF_CLASS if is_module else OF_MODULE
    if not any(f"{DATETIME}.{attribute}" in module.text for attribute in wrong):
        return
    if times_bound(module.tree, DATETIME) > 1:
        return
    reported: set[str] = set()
    for use in read_in_functions(module):
        if not (isinstance(use, ast.Attribute) and isinstance(use.value, ast.Name)):
            continue
        if use.value.id == DATETIME and use.attr in wrong and use.attr not in reported:
            if not reported and may_differ(sources, module, DATETIME):
                return
            reported.add(use.attr)
            what = "the module" if is_module else "the class"
            message = (
                f"datetime is {what} in this file, which has no {use.attr}, so this line fails."
            )
            fix = f"Write datetime.datetime.{use.attr}."
            if not is_module:
                fix = f"Import {use.attr} from datetime, and write it without datetime before it."
            yield Problem(module.place(use), message, fix)


def _replaced(sources: Sources, module: Module) -> Iterator[Problem]:
    """Yield the first use of each module or app in a function, if another function has taken its name.

    Functions above that one may run before it takes the name, unless a trigger runs them.
    """
    for replaced in replaced_names(sources, module):
        line = replaced.function.lineno
        uses = [
            use
            for use in taken_from(sources, read_in_functions(module), replaced)
            if any(
                one.lineno >= line or has_decorator_of_app(sources, module, one)
                for one in enclosing(module, use)
            )
        ]
        if uses:
            first = min(uses, key=position)
            yield Problem(module.place(first), *why_taken(replaced))
    yield from called_builtins(sources, module)


def _nowhere(sources: Sources, module: Module, asked: Collection[str]) -> Iterator[Problem]:
    """Yield the first use in a function of each name that nothing in its file defines, or only as a method."""
    methods = bare_methods(sources, module)
    names = (defined_nowhere(sources, module) | methods.keys()).difference(asked)
    nodes = [*read_in_functions(module)] if names else []
    owners = {node.value: node for node in nodes if isinstance(node, ast.Attribute)}
    uses = [node for node in nodes if isinstance(node, ast.Name) and node.id in names]
    first: dict[str, ast.Name] = {}
    for use in sorted(uses, key=position):
        first.setdefault(use.id, use)
    for name, use in first.items():
        if name in methods:
            yield Problem(module.place(use), *_why_bare(module, use, methods[name]))
        else:
            yield Problem(module.place(use), *_why_nowhere(module, use, owners.get(use)))


def _why_bare(module: Module, use: ast.Name, owner: ast.ClassDef) -> tuple[str, str]:
    """Return what is wrong with the name of a method alone, and what to do."""
    message = (
        f"{use.id} is a method of {owner.name}, so a function cannot use it by its name alone."
    )
    methods = [one for one in enclosing(module, use) if one in owner.body and not _is_static(one)]
    own = next((one.arg for method in methods for one in parameters(method)[:1]), None)
    return message, f"Write {own}.{use.id}." if own else f"Call it on an object of {owner.name}."


def _is_static(method: Definition) -> bool:
    return any(ast.unparse(one) == "staticmethod" for one in method.decorator_list)


def _of_others(sources: Sources, module: Module, asked: Collection[str]) -> Iterator[Problem]:
    """Yield the first read in a function of each variable that only other functions have."""
    found = foreign_reads(module)
    if not found:
        return
    certain = set(read_in_functions(module))
    seen = stored_in_modules(sources).union(asked)
    for name, reader, owner in found:
        if name in certain and name.id not in seen and not module.has_submodule(name.id):
            seen.add(name.id)
            message = f"{name.id} has no value in {reader.name}, so this line fails: it is only a variable of other functions, such as {owner.name}."
            fix = f"Give it a value in {reader.name} first, or take it as a parameter."
            yield Problem(module.place(name), message, fix)


def _of_library(sources: Sources, module: Module) -> Iterator[Problem]:
    """Yield the first use in a function of each module of Python that is taken from azure.functions."""
    if LIBRARY not in module.text or not may_be_wrong(module):
        return
    for alias in [name for name, full in module.aliases.items() if full == LIBRARY]:
        wrong = {name for name in MODULES if f"{alias}.{name}." in module.text}
        if not wrong or may_differ(sources, module, alias):
            continue
        wrong -= stored_in_modules(sources)
        if times_bound(module.tree, alias) > 1:
            continue
        for node in read_in_functions(module):
            match node:
                case ast.Attribute(ast.Attribute(ast.Name(id=owner), name), attribute) if (
                    owner == alias and name in wrong
                ):
                    wrong.remove(name)
                    message = f"{LIBRARY} has no {name}, so this line fails."
                    fix = _instead(module, name, attribute)
                    yield Problem(module.place(node), message, fix)


def _instead(module: Module, name: str, attribute: str) -> str:
    """Return how to take something from a module of Python."""
    has = module.aliases.get(name)
    of_class = name == DATETIME and attribute in OF_CLASS
    if of_class and has == DATETIME:
        return f"Write datetime.datetime.{attribute} instead."
    fix = f"Write {name}.{attribute} instead"
    if has == AS_NAMES.get(name, name) or (of_class and has == f"{DATETIME}.{DATETIME}"):
        return f"{fix}."
    return f'{fix}, and "{_statement(name, attribute)}" at the top.'


def _why_nowhere(module: Module, use: ast.Name, of: ast.Attribute | None) -> tuple[str, str]:
    """Return what is wrong with a name that nothing defines, and what to do; `of` takes something from it."""
    if of and use.id in MODULES:
        message = f"This file does not import {use.id}, so this line fails."
        return message, f'Write "{_statement(use.id, of.attr)}" at its top.'
    found = undefined_name(module, use)
    fix = found[1] if found else "Import it, or correct the name."
    return f"Nothing in this file defines {use.id}, so this line fails.", fix


def _early(module: Module, asked: Collection[str]) -> Iterator[Problem]:
    """Yield the variables of functions that are read above all lines which give them a value."""
    for definition in module.definitions:
        for name, line in early_reads(module, definition):
            if name.id in asked:
                continue
            message = f"{name.id} has no value in {definition.name} yet, so this line fails."
            fix = f"Move line {line} above this line, or use another name there."
            yield Problem(module.place(name), message, fix)


def _late(module: Module, asked: Collection[str]) -> Iterator[Problem]:
    """Yield the variables of `except ... as name` that are read where they are deleted."""
    for name, around in late_reads(module):
        if name.id not in asked:
            message = f"{name.id} has a value only in the block of its except, so this line fails."
            yield Problem(module.place(name), message, _how_to_keep(name.id, around))


def _how_to_keep(name: str, around: ast.ExceptHandler | None) -> str:
    """Return how to have the error where it is read, which is in the block of another `except` or of none."""
    if around is None:
        return "Use it in that block, or assign it to another variable there."
    if around.name:
        return f"Write {around.name} instead."
    caught = ast.unparse(around.type) if around.type else "Exception"
    return f'Write "except {caught} as {name}".'


def _statement(name: str, attribute: str) -> str:
    """Return the import that gives a name the attribute."""
    if name == "datetime" and hasattr(datetime.datetime, attribute):
        return "from datetime import datetime"
    if name == "urllib":
        return f"import urllib.{attribute}"
    full = AS_NAMES.get(name)
    return f"import {full} as {name}" if full else f"import {name}"


RULES = (without_value,)
