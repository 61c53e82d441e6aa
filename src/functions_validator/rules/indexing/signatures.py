"""Parameters and annotations that the worker rejects."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...functions.annotations import IN as IN_ROW
from ...functions.annotations import OUT as OUT_ROW
from ...functions.annotations import RESULT as RESULT_ROW
from ...functions.annotations import (
    followed,
    is_no_class,
    is_other_context,
    unsupported,
)
from ...functions.decorator_calls import unnamed
from ...functions.functions import Binding, Function, has_other_decorators, lacks_trigger
from ...model import Place, Problem, Severity
from ...project.annotation_advice import advice
from ...project.durable_parameters import CLIENT
from ...project.parameters import CONTEXT, WRAPPED, is_wrapped
from ...project.project import Project
from ...project.pythons import are_annotations_late
from ...project.rejections import place_of, rejections
from ...project.streams import imports_streams
from ...sources.import_graph import Sources
from ...sources.nodes import Definition, callee, is_none, times_bound
from ...sources.python_source import Module, unquoted
from ...sources.python_source import parameters as parameters_of
from ...sources.typing_names import typing_name
from ...sources.undefined_names import annotations_of, only_checked, unreadable
from ..rule import rule

if TYPE_CHECKING:
    from ...indexing.index import Rejection

BUILTIN_GENERICS = {"list", "dict", "tuple", "set", "frozenset", "type"}
UNIONS = {"typing.Optional", "typing.Union"}
HTTP_TRIGGER, HTTP = "httpTrigger", "http"
# What worker_signatures.py says of an object that can be called.
NO_FUNCTION = "and not a function"
# Decorators that do not return a function, and what to do.
CACHED = "Remove it, and let the function call another one that is cached."
OBJECTS = {
    "functools.cache": CACHED,
    "functools.lru_cache": CACHED,
    "staticmethod": "Move the function out of its class, and remove @staticmethod.",
}
READABLE = "Import what the annotation names, or remove it."
OUT = {"azure.functions.Out", "azure.functions._abc.Out"}


@rule("AF114", Severity.ERROR, "The worker rejects an annotation")
def rejected_annotation(project: Project) -> Iterator[Problem]:
    """Yield annotations that the worker does not accept."""
    yield from _rejected_by_worker(project) if project.is_indexed else _written(project)


def _rejected_by_worker(project: Project) -> Iterator[Problem]:
    for rejection, function in rejections(project, "annotation"):
        known = list(_unreadable(project, function)) if not rejection.parameter else []
        if known:
            yield from known
            continue
        if rejection.parameter == CONTEXT and is_wrapped(project, function):
            continue  # AF113 reports the name that makes the worker read it.
        where = f'the parameter "{rejection.parameter}"'
        place = _annotation_place(function, rejection)
        fix = advice(project.sources, function, rejection.parameter)
        if rejection.parameter == "return":
            where = "the return value"
        elif not rejection.parameter:
            where = "a parameter"
            place, fix = _named_annotation(function, rejection) or (place, READABLE)
        message = f"The worker rejects the annotation of {where} of {rejection.function}:"
        yield Problem(place, f"{message} {rejection.message.rstrip('.')}.", fix)


def _written(project: Project) -> Iterator[Problem]:
    """Yield annotations that the worker would not accept, as far as the sources show them."""
    streams = any(map(imports_streams, project.sources.imports))
    for function in project.written_functions:
        if not function.is_fully_known or lacks_trigger(function):
            continue
        if function.definition and function.module:
            yield from list(_unreadable(project, function)) or _written_annotations(
                project.sources, function, function.definition, function.module, streams
            )


def _unreadable(project: Project, function: Function | None) -> Iterator[Problem]:
    """Yield annotations with a name that nothing defines: the worker reads those of all parameters."""
    if function is None or function.definition is None or function.module is None:
        return
    has_client = CLIENT in {binding.type for binding in function.bindings}
    if has_client or has_other_decorators(function) or not _shows_bindings(function):
        return  # The worker may get another function.
    are_late = are_annotations_late(project)
    for annotation in annotations_of(function.definition):
        if found := unreadable(function.module, annotation, are_late=are_late):
            why, fix = found
            message = f"The worker cannot read this annotation of {function.label}: {why}."
            yield Problem(function.module.place(annotation), message, fix)


def _written_annotations(
    sources: Sources,
    function: Function,
    definition: Definition,
    module: Module,
    streams: bool,
) -> Iterator[Problem]:
    for argument in parameters_of(definition):
        binding = function.binding(argument.arg)
        if argument.annotation is None:
            continue
        if binding is not None:
            why = _rejected_parameter(sources, module, argument.annotation, binding, streams)
        elif argument.arg == CONTEXT and _shows_bindings(function):
            why = _rejected_context(sources, module, argument.annotation)
        else:
            continue
        if why:
            where = f'the parameter "{argument.arg}" of {function.label}'
            message = f"The worker rejects the annotation of {where}: {why}."
            fix = advice(sources, function, argument.arg)
            yield Problem(module.place(argument.annotation), message, fix)
    returned = definition.returns
    result = function.binding("$return")
    if returned is not None and result is not None:
        why = _rejected_result(sources, module, returned, result, streams)
        if why:
            where = f"the return value of {function.label}"
            message = f"The worker rejects the annotation of {where}: {why}."
            yield Problem(module.place(returned), message, advice(sources, function, "return"))


def _shows_bindings(function: Function) -> bool:
    """Whether the names of all bindings are known, and the worker gets the function itself."""
    types = {binding.type for binding in function.bindings}
    return types.isdisjoint(WRAPPED) and all(isinstance(b.name, str) for b in function.bindings)


def _rejected_context(sources: Sources, module: Module, written: ast.expr) -> str | None:
    module, annotation = followed(sources, module, written)
    if why := _rejected(sources, module, annotation):
        return why
    is_other = is_other_context(sources, module, annotation)
    return "it must be azure.functions.Context" if is_other else None


def _rejected_parameter(
    sources: Sources, module: Module, written: ast.expr, binding: Binding, streams: bool
) -> str | None:
    module, annotation = followed(sources, module, written)
    is_out = _is_out(module, annotation)
    if why := _rejected(sources, module, annotation):
        return why
    if binding.direction == "out" and not is_out:
        return None if _may_be_any(module, annotation) else "an output must be func.Out[...]"
    if binding.direction == "in" and is_out:
        return "an input must not be func.Out"
    if is_out and not isinstance(annotation, ast.Subscript):
        return "Out needs one type, such as Out[str]"
    if streams and binding.type == HTTP_TRIGGER:
        return None
    inner = annotation.slice if is_out and isinstance(annotation, ast.Subscript) else annotation
    return unsupported(sources, module, inner, binding, OUT_ROW if is_out else IN_ROW)


def _may_be_any(module: Module, annotation: ast.expr) -> bool:
    """Whether an annotation is a name from a library, which may stand for any type."""
    name = module.dotted(annotation)
    is_imported = name.partition(".")[0] in {v.partition(".")[0] for v in module.aliases.values()}
    return is_imported and not name.startswith(("azure.functions.", "typing."))


def _rejected_result(
    sources: Sources, module: Module, written: ast.expr, binding: Binding, streams: bool
) -> str | None:
    """Return why the worker rejects the annotation of a result, which must be a class."""
    if is_none(written):
        return "None is not supported"
    module, annotation = followed(sources, module, written)
    if why := _rejected(sources, module, annotation):
        return why
    if isinstance(annotation, ast.Subscript) and typing_name(module, annotation.value):
        return f"{ast.unparse(annotation)} is not supported"
    if streams and binding.type == HTTP:
        return None
    return unsupported(sources, module, annotation, binding, RESULT_ROW)


def _rejected(sources: Sources, module: Module, annotation: ast.expr) -> str | None:
    """Return why the worker rejects an annotation, whatever its binding is."""
    if is_no_class(sources, module, annotation):
        return f"{ast.unparse(annotation)} is not supported"
    if checked := only_checked(module, annotation):
        return checked[0]
    if isinstance(annotation, ast.BinOp) and isinstance(annotation.op, ast.BitOr):
        return f"{ast.unparse(annotation)} is not supported"
    if not isinstance(annotation, ast.Subscript):
        return None
    name = module.dotted(annotation.value)
    if _is_out(module, annotation):
        return _rejected(sources, *followed(sources, module, annotation.slice))
    if name in BUILTIN_GENERICS or name in UNIONS:
        return f"{ast.unparse(annotation)} is not supported"
    return None


def _is_out(module: Module, annotation: ast.expr) -> bool:
    node = annotation.value if isinstance(annotation, ast.Subscript) else annotation
    return module.dotted(node) in OUT


@rule("AF115", Severity.ERROR, "The worker rejects a function")
def rejected(project: Project) -> Iterator[Problem]:
    """Yield functions that the worker or azure.functions rejects for another reason."""
    places: set[Place] = set()
    for function in project.written_functions:
        if name := _made_object(function):
            places.add(function.place)
            message = f"The worker rejects {function.label}, since @{name.rpartition('.')[2]} is below its trigger."
            yield Problem(function.place, message, OBJECTS[name])
    for kind in ("worker", "build"):
        for rejection, written in rejections(project, kind):
            decorated = {one.place for one in written.decorations} if written else set()
            if any(place in decorated for place, _, _ in unnamed(project.sources)):
                continue  # AF113 reports it.
            if written and written.place in places:
                continue
            message = rejection.message.strip().rstrip(".")
            message = f"The worker rejects the function {rejection.function}: {message}."
            fix = "Fix the cause that this message names."
            if message.endswith(f"{NO_FUNCTION}."):
                fix = "Decorate a function, which calls it."
            yield Problem(place_of(written, rejection), message, fix)


def _made_object(function: Function) -> str | None:
    """Return the decorator from which a trigger gets an object that is not a function."""
    decorators = function.definition.decorator_list if function.definition else []
    # Those of the app or the blueprint come first; another one below them may return a function again.
    below = decorators[len(function.decorations) :]
    if function.module is None or not function.triggers or not below:
        return None
    if {function.module.place(node) for node in below} & {d.place for d in function.decorations}:
        return None
    first = callee(below[0])
    name = function.module.dotted(first)
    if name not in OBJECTS:
        return None
    written = ast.unparse(first).partition(".")[0]
    times = times_bound(function.module.tree, written)
    return name if times == (written in function.module.aliases) else None


def _named_annotation(function: Function | None, rejection: Rejection) -> tuple[Place, str] | None:
    """Return the place of the annotation whose name is only there for type checkers, and what to do about it."""
    if function is None or function.module is None or function.definition is None:
        return None
    for annotation in annotations_of(function.definition):
        checked = only_checked(function.module, unquoted(annotation))
        if checked and f"'{checked[0].partition(' ')[0]}'" in rejection.message:
            return function.module.place(annotation), checked[1]
    return None


def _annotation_place(function: Function | None, rejection: Rejection) -> Place:
    definition = function.definition if function else None
    if function is None or function.module is None or definition is None:
        return rejection.place
    if rejection.parameter == "return" and definition.returns:
        return function.module.place(definition.returns)
    argument = function.argument(rejection.parameter)
    if argument is None:
        return function.place
    return function.module.place(argument.annotation or argument)


RULES = (rejected_annotation, rejected)
