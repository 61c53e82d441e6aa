"""Names that functions use, and that have no value there."""

from __future__ import annotations

import ast
import datetime
import re
from collections.abc import Iterator, Sequence

from ...model import Problem, Severity
from ...project.project import Project
from ...sources.binding_order import replaced_names, taken_from, why_taken
from ...sources.import_graph import Sources
from ...sources.nodes import binds, own_nodes
from ...sources.python_source import Module
from ..rule import rule

# The names by which nearly all code knows them: to look at all names of a module takes longer.
MODULES = (
    *("asyncio", "base64", "collections", "contextlib", "csv", "datetime", "functools", "hashlib"),
    *("hmac", "itertools", "json", "logging", "math", "np", "os", "pathlib", "pd", "random"),
    *("requests", "shutil", "subprocess", "sys", "tempfile", "time", "traceback", "urllib", "uuid"),
)
AS_NAMES = {"np": "numpy", "pd": "pandas"}
DATETIME = "datetime"
OF_CLASS = {name for name in set(dir(datetime.datetime)) - set(dir(datetime)) if name[0] != "_"}
OF_MODULE = {"datetime", "timedelta", "timezone", "UTC"}
# What may give a module names that its text does not show, or expect that it lacks one.
OTHERS = ("NameError", "builtins")


@rule("AF250", Severity.ERROR, "A function uses a name that has no value")
def without_value(project: Project) -> Iterator[Problem]:
    """Yield modules that functions use and their file does not import, and variables that they only add to."""
    for module in project.sources.modules.values():
        yield from _only_changed(module)
        yield from _other_datetime(module)
        yield from _replaced(project.sources, module)
    yield from _not_imported(project)


def _only_changed(module: Module) -> Iterator[Problem]:
    """Yield the first `name += ...` of each variable that a function does not set otherwise."""
    if not module.all(ast.AugAssign) or "UnboundLocalError" in module.text:
        return
    for definition in module.definitions:
        changed: dict[str, list[ast.Name]] = {}
        for node in own_nodes(definition):
            if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
                changed.setdefault(node.target.id, []).append(node.target)
        for name, targets in changed.items():
            if sum(binds(node, name) for node in ast.walk(definition)) == len(targets):
                message = f"{name} has no value in {definition.name} yet, so this line fails."
                fix = f'Write "global {name}" above it, or give it a value first.'
                yield Problem(module.place(targets[0]), message, fix)


def _other_datetime(module: Module) -> Iterator[Problem]:
    """Yield the first use of each attribute of the module datetime that its class has, and the reverse."""
    meant = module.aliases.get(DATETIME)
    if meant not in (DATETIME, f"{DATETIME}.{DATETIME}") or "AttributeError" in module.text:
        return
    is_module = meant == DATETIME
    wrong = OF_CLASS if is_module else OF_MODULE
    if not any(f"{DATETIME}.{attribute}" in module.text for attribute in wrong):
        return
    if sum(binds(node, DATETIME) for node in module.nodes) > 1:
        return
    reported: set[str] = set()
    for use in _in_functions(module):
        if ast.unparse(use.value) == DATETIME and use.attr in wrong and use.attr not in reported:
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
    """Yield the first use of each module or app in a function, if another function has taken its name."""
    for replaced in replaced_names(sources, module):
        uses = list(taken_from(sources, _in_functions(module), replaced))
        if uses:
            first = min(uses, key=lambda use: (use.lineno, use.col_offset))
            yield Problem(module.place(first), *why_taken(replaced))


def _not_imported(project: Project) -> Iterator[Problem]:
    """Yield the first use of each module that the body of a function uses, and its file does not import."""
    modules = project.sources.modules.values()
    # To look for each name in each text takes longer.
    text = "\n".join(module.text for module in modules)
    names = [name for name in MODULES if f"{name}." in text]
    if any(name in text for name in OTHERS):
        return
    for module in modules:
        for name in _lacking(project.sources, module, names):
            uses = [use for use in _in_functions(module) if ast.unparse(use.value) == name]
            if uses:
                first = min(uses, key=lambda use: (use.lineno, use.col_offset))
                message = f"This file does not import {name}, so this line fails."
                fix = f'Write "{_statement(name, first.attr)}" at its top.'
                yield Problem(module.place(first), message, fix)


def _lacking(sources: Sources, module: Module, names: Sequence[str]) -> list[str]:
    """Return the names that a text has before a dot, and that nothing in it binds."""
    found = [name for name in names if name not in module.aliases and f"{name}." in module.text]
    found = [name for name in found if re.search(rf"(?<![\w.]){name}\.\w", module.text)]
    if not found:
        return []
    parameters = {node.arg for node in module.all(ast.arg)}
    return [n for n in module.lacks(found) if n not in {*parameters, *sources.stored_attributes}]


def _in_functions(module: Module) -> Iterator[ast.Attribute]:
    """Yield the attributes of names that the bodies of functions read."""
    for definition in module.definitions:
        waiting: list[ast.AST] = list(definition.body)
        for node in waiting:
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                yield node
            if isinstance(node, ast.AnnAssign):  # Nothing reads the annotation.
                waiting += [node.value] if node.value else []
            elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                waiting += ast.iter_child_nodes(node)


def _statement(name: str, attribute: str) -> str:
    """Return the import that gives a name the attribute."""
    if name == "datetime" and hasattr(datetime.datetime, attribute):
        return "from datetime import datetime"
    if name == "urllib":
        return f"import urllib.{attribute}"
    full = AS_NAMES.get(name)
    return f"import {full} as {name}" if full else f"import {name}"


RULES = (without_value,)
