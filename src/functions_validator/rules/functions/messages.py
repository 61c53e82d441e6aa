"""Batches of events, and the messages that a function receives and sends."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from ...functions.functions import Binding, Function
from ...model import Problem, Severity
from ...pattern import Pattern
from ...project.project import Project
from ...sources.nodes import walk
from ..rule import rule

SDK_TYPES = "azurefunctions.extensions.bindings."
DEAD_LETTERS = Pattern(r"/\$DeadLetterQueue/*", re.IGNORECASE)
# Bindings that pass text unless data_type says otherwise.
TEXTS = {("blob", "in"), ("rabbitmqtrigger", "in")}


@rule("AF215", Severity.WARNING, "One invalid event loses the whole batch")
def batches(project: Project) -> Iterator[Problem]:
    """Yield batches of Event Hubs or Service Bus that the host reads as JSON or text."""
    for function in project.functions:
        for binding in function.triggers:
            if binding.type.lower() not in ("eventhubtrigger", "servicebustrigger"):
                continue
            data_type = (binding.text("dataType") or "").lower()
            is_other = data_type in ("string", "undefined", "stream")
            if not _is_batch(binding) or not (is_other or binding.lacks("dataType")):
                continue
            if _takes_sdk_type(function, binding):
                continue
            body = "empty" if data_type == "string" else "not JSON"
            message = f"One event whose body is {body} makes {function.label} lose the whole batch."
            field = "cardinality" if binding.lacks("dataType") else "dataType"
            verb = "Add" if field == "cardinality" else "Write"
            yield Problem(binding.place_of(field), message, f'{verb} data_type="binary".')


def _is_batch(binding: Binding) -> bool:
    return (binding.text("cardinality") or "").upper() == "MANY"


def _takes_sdk_type(function: Function, binding: Binding) -> bool:
    """Whether the worker reads the events itself; so it may if the sources do not show the function."""
    if function.module is None or function.definition is None:
        return True
    annotation = function.annotation(binding)
    nodes = walk(annotation) if annotation else ()
    names = [function.module.dotted(n) for n in nodes if isinstance(n, ast.Name | ast.Attribute)]
    return any(name.startswith(SDK_TYPES) for name in names)


@rule("AF216", Severity.ERROR, "A Kafka trigger stops the host")
def kafka(project: Project) -> Iterator[Problem]:
    """Yield triggers of Kafka without what the host needs to start."""
    for function in project.functions:
        for binding in function.triggers:
            if binding.type.lower() != "kafkatrigger":
                continue
            # An empty one is reported as such.
            if binding.lacks("consumerGroup") and "consumerGroup" not in binding.fields:
                message = f"The Kafka trigger of {function.label} has no consumer group"
                fix = 'Add one, such as consumer_group="functions".'
                yield Problem(binding.place, f"{message}, so the whole host stops.", fix)
            if _is_batch(binding) and binding.lacks("dataType"):
                message = f"The Kafka trigger of {function.label} has batches, but no data_type"
                fix = 'Add data_type="string" or data_type="binary".'
                place = binding.place_of("cardinality")
                yield Problem(place, f"{message}, so the whole host stops.", fix)


@rule("AF217", Severity.ERROR, "A message is sent to a dead-letter queue")
def dead_letters(project: Project) -> Iterator[Problem]:
    """Yield outputs to a dead-letter queue of Service Bus, which takes no messages from senders."""
    for function in project.functions:
        for binding in function.bindings:
            if binding.type.lower() != "servicebus":
                continue
            for field in ("queueName", "topicName", "subscriptionName"):
                name = project.settings.resolve(binding.text(field) or "") or ""
                if DEAD_LETTERS.search(name):
                    message = f"{function.label} sends to {name}, but only Service Bus itself can."
                    fix = "Send to a queue or topic, or raise an exception in a trigger's function."
                    yield Problem(binding.place_of(field), message, fix)


@rule("AF218", Severity.WARNING, "A parameter annotated as bytes gets text")
def texts(project: Project) -> Iterator[Problem]:
    """Yield parameters annotated as bytes whose binding has no data type."""
    for function in project.functions:
        for binding in function.bindings:
            annotation = function.annotation(binding)
            if (binding.type.lower(), binding.direction) not in TEXTS or annotation is None:
                continue
            is_text = (binding.text("dataType") or "").lower() in ("string", "undefined")
            if not (is_text or binding.lacks("dataType")) or not function.module:
                continue
            if function.module.dotted(annotation) in ("bytes", "builtins.bytes"):
                message = (
                    f"{binding.name!r} of {function.label} is annotated as bytes, but gets str."
                )
                fix = 'Add data_type="binary" to its decorator.'
                yield Problem(function.module.place(annotation), message, fix)


RULES = (batches, kafka, dead_letters, texts)
