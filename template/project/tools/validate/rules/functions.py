"""Names that the host refuses: AF201 and AF202; batches: AF203."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from ..findings import Problem, Severity, rule
from ..project import Project

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,127}")
STORAGE_NAME = re.compile(r"(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*")
SPECIAL_CONTAINERS = {"$root", "$logs", "$web"}
BATCHES = {"eventhubtrigger", "kafkatrigger", "servicebustrigger"}
ITEMS = {f"azure.functions.{name}" for name in ("EventHubEvent", "KafkaEvent", "ServiceBusMessage")}


@rule("AF201", Severity.ERROR, "A function's name is refused")
def names(project: Project) -> Iterator[Problem]:
    """The host takes names that begin with a letter and go on with letters, digits, `-` and `_`, up to
    128 in all; `host` is its own. It leaves out a function with another name.

    Give the function another name, or one by `function_name`.
    """
    for function in project.functions:
        name = function.name
        if isinstance(name, str) and (not NAME.fullmatch(name) or name.lower() == "host"):
            sentence = f"The host takes no function of the name {name!r}."
            mend = "Begin with a letter, and use letters, digits, `-` and `_` only."
            yield Problem(function.place, sentence, mend)


@rule("AF202", Severity.ERROR, "A queue or container cannot have such a name")
def storage_names(project: Project) -> Iterator[Problem]:
    """Queues and containers of Azure Storage have names of 3 to 63 lower-case letters, digits and single
    hyphens. A function with another name does not start or fails with each call.

    Choose a name that Azure Storage takes.
    """
    for function in project.functions:
        for binding in function.bindings:
            kind = binding.type.lower()
            if kind in ("queuetrigger", "queue"):
                field, name = "queueName", (binding.text("queueName") or "").lower()
            elif kind in ("blobtrigger", "blob"):
                field, name = "path", (binding.text("path") or "").partition("/")[0]
            else:
                continue
            if not binding.text(field) or re.search("[{}%:]", name):
                continue
            if not STORAGE_NAME.fullmatch(name) and name not in SPECIAL_CONTAINERS:
                sentence = f"Azure Storage has no queue or container of the name {name!r}."
                mend = "Use 3 to 63 lower-case letters, digits and single hyphens."
                yield Problem(binding.place_of(field), sentence, mend)


@rule("AF203", Severity.ERROR, "The cardinality and the annotation do not match")
def cardinality(project: Project) -> Iterator[Problem]:
    """With the cardinality MANY, the function gets a list, whatever its parameter is annotated with; code
    that is written for one event then fails with every batch.

    Annotate the parameter with `typing.List`, or choose the cardinality ONE.
    """
    for function in project.functions:
        if function.definition is None or function.module is None:
            continue
        arguments = function.definition.args
        for binding in function.triggers:
            many = (binding.text("cardinality") or "").upper() == "MANY"
            if binding.type.lower() not in BATCHES or not many:
                continue
            for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
                annotation = argument.annotation
                if argument.arg != binding.name or not isinstance(
                    annotation, ast.Name | ast.Attribute
                ):
                    continue
                if function.module.dotted(annotation) in ITEMS:
                    sentence = f"{argument.arg!r} is a list of events, not one event."
                    mend = "Annotate it with typing.List, or choose the cardinality ONE."
                    yield Problem(function.module.place(argument), sentence, mend)
