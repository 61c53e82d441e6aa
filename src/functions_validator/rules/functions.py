"""Names, batches and retries that the host refuses: AF201 to AF208."""

from __future__ import annotations

import ast
import difflib
import re
from collections.abc import Iterator

from ..decorators import DECORATORS
from ..findings import Problem, Severity, rule
from ..project import Project
from ..sources import Binding, Function

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,127}")
STORAGE_NAME = re.compile(r"(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*")
SPECIAL_CONTAINERS = {"$root", "$logs", "$web"}
BATCHES = {"eventhubtrigger", "kafkatrigger", "servicebustrigger"}
RETRY_ARGUMENTS = (
    "strategy",
    "max_retry_count",
    "delay_interval",
    "minimum_interval",
    "maximum_interval",
)
INTERVAL = re.compile(r"([01]?\d|2[0-3]):[0-5]?\d:[0-5]?\d")
SOURCES = (
    "queueName",
    "path",
    "eventHubName",
    "topicName",
    "subscriptionName",
    "tableName",
    "databaseName",
    "containerName",
    "schedule",
)
NOT_RETRIED = {
    "httptrigger",
    "queuetrigger",
    "blobtrigger",
    "servicebustrigger",
    "eventgridtrigger",
}
# Types that only generic triggers and bindings name, besides those of the decorators.
OTHER_TYPES = """
rabbitMQTrigger rabbitMQ redisListTrigger redisPubSubTrigger redisStreamTrigger redis signalRTrigger
signalRConnectionInfo signalR signalREndpoints signalRNegotiation webPubSubTrigger webPubSubConnection webPubSubContext
webPubSub socketIOTrigger socketIONegotiation socketIO sendGrid twilioSms kusto cosmosDBMongoTrigger cosmosDBMongo
http manualTrigger authenticationEventsTrigger durableClient orchestrationClient sqlTrigger mysql sql apiHubFile
"""
KNOWN_TYPES = {
    name.lower(): name
    for name in (*(decorator.type for decorator in DECORATORS.values()), *OTHER_TYPES.split())
}
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
            if name.isupper() or name in SPECIAL_CONTAINERS:
                continue
            if not STORAGE_NAME.fullmatch(name):
                sentence = f"Azure Storage has no queue or container of the name {name!r}."
                mend = "Use 3 to 63 lower-case letters, digits and single hyphens."
                yield Problem(binding.place_of(field), sentence, mend)


@rule("AF203", Severity.ERROR, "The cardinality and the annotation do not match")
def cardinality(project: Project) -> Iterator[Problem]:
    """With the cardinality MANY, the function gets a list, and with ONE a single event, whatever its
    parameter is annotated with; code that is written for the other fails with every event.

    Annotate the parameter with `typing.List` for MANY, and without it for ONE.
    """
    for function in project.functions:
        for binding in function.triggers:
            chosen = (binding.text("cardinality") or "").upper()
            argument = _argument(function, binding)
            if binding.type.lower() not in BATCHES or argument is None or not function.module:
                continue
            annotation = argument.annotation
            is_list = isinstance(annotation, ast.Subscript) and function.module.dotted(
                annotation.value
            ) in ("typing.List", "list")
            is_item = annotation is not None and function.module.dotted(annotation) in ITEMS
            place = function.module.place(argument)
            if chosen == "MANY" and is_item:
                mend = "Annotate it with typing.List, or choose the cardinality ONE."
                yield Problem(place, f"{argument.arg!r} is a list of events, not one event.", mend)
            elif chosen == "ONE" and is_list:
                mend = "Choose the cardinality MANY, or annotate it without List."
                yield Problem(place, f"{argument.arg!r} is one event, not a list of events.", mend)


def _argument(function: Function, binding: Binding) -> ast.arg | None:
    """Return the parameter of a binding."""
    if function.definition is None:
        return None
    arguments = function.definition.args
    every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    return next((argument for argument in every if argument.arg == binding.name), None)


@rule("AF208", Severity.ERROR, "A binding does not say what it is bound to")
def empty_names(project: Project) -> Iterator[Problem]:
    """A queue, a container, a hub or a table without a name cannot be followed, read or written: the host does not
    start the function.

    Write its name, or a setting that has it, as `%ORDERS_QUEUE%`.
    """
    for function in project.functions:
        for binding in function.bindings:
            for field in SOURCES:
                if binding.fields.get(field) == "":
                    sentence = f"The {binding.type} of {function.label} has an empty {field}."
                    yield Problem(binding.place_of(field), sentence, "Write its name.")


@rule("AF204", Severity.ERROR, "There is no such type of binding")
def binding_types(project: Project) -> Iterator[Problem]:
    """A generic trigger or binding names its type, which an extension must know. The host does not start
    a function with a type that none knows.

    Correct the type.
    """
    for function in project.functions:
        for binding in function.bindings:
            wanted = binding.type.lower()
            if not wanted or wanted in KNOWN_TYPES:
                continue
            similar = difflib.get_close_matches(wanted, KNOWN_TYPES, n=1, cutoff=0.8)
            if similar:
                sentence = f"No extension has a binding of the type {binding.type!r}."
                mend = f"Write {KNOWN_TYPES[similar[0]]}."
                yield Problem(binding.place_of("type"), sentence, mend)


@rule("AF205", Severity.ERROR, "Two bindings of a function have the same name")
def binding_names(project: Project) -> Iterator[Problem]:
    """Each binding of a function has a parameter of its own, by whose name the host tells them apart.

    Name another parameter in one of the decorators.
    """
    for function in project.functions:
        seen: set[str] = set()
        for binding in function.bindings:
            if not isinstance(binding.name, str) or binding.name == "$return":
                continue
            if binding.name in seen:
                sentence = f"{function.label} has two bindings of the name {binding.name!r}."
                yield Problem(binding.place, sentence, "Name another parameter in one of them.")
            seen.add(binding.name)


@rule("AF206", Severity.ERROR, "A retry policy is refused")
def retry_policies(project: Project) -> Iterator[Problem]:
    """The worker reads a function's retry policy while it indexes the app: the strategy is `fixed_delay`,
    with a `delay_interval`, or `exponential_backoff`; intervals are `HH:MM:SS`, of less than a day, and the number
    of retries is a number. Otherwise it rejects the app.

    Correct the arguments of `retry`.
    """
    for function, call, given in _retries(project):
        why = _retry_fault(given)
        if why and function.module:
            sentence = f"The retry policy of {function.label} is refused: {why}."
            yield Problem(function.module.place(call), sentence, "Correct its arguments.")


@rule("AF207", Severity.WARNING, "A retry policy has no effect")
def idle_retries(project: Project) -> Iterator[Problem]:
    """The host follows a function's retry policy for the triggers of timers, Event Hubs, Kafka and Cosmos
    DB. Queues, blobs and Service Bus try again by settings of their own, in host.json or at the queue, and HTTP
    callers do so themselves.

    Delete the decorator, and set the retries of the trigger's service.
    """
    for function, call, _ in _retries(project):
        types = {trigger.type.lower() for trigger in function.triggers}
        if types and types <= NOT_RETRIED and function.module:
            sentence = f"The host does not follow the retry policy of {function.label}."
            mend = "Delete it, and set the retries of the trigger's service."
            yield Problem(function.module.place(call), sentence, mend)


def _retries(project: Project) -> Iterator[tuple[Function, ast.Call, dict[str, object]]]:
    """Yield the functions with a retry decorator, and its arguments."""
    for function in project.functions:
        decorators = function.definition.decorator_list if function.definition else ()
        for call in decorators:
            method = call.func if isinstance(call, ast.Call) else None
            if not isinstance(method, ast.Attribute) or method.attr != "retry":
                continue
            assert isinstance(call, ast.Call)
            if function.module and project.sources.container(function.module, method.value):
                pairs = list(zip(RETRY_ARGUMENTS, call.args, strict=False))
                pairs += [(keyword.arg, keyword.value) for keyword in call.keywords if keyword.arg]
                evaluate = project.sources.evaluate
                yield function, call, {n: evaluate(function.module, v) for n, v in pairs}


def _retry_fault(given: dict[str, object]) -> str | None:
    strategy = given.get("strategy")
    if isinstance(strategy, str) and strategy not in ("fixed_delay", "exponential_backoff"):
        return f"there is no strategy {strategy!r}"
    if strategy == "fixed_delay" and given.get("delay_interval") is None:
        return "fixed_delay needs a delay_interval"
    count = given.get("max_retry_count")
    if isinstance(count, str) and not re.fullmatch(r"-?\d+", count):
        return f"{count!r} is no number of retries"
    for name in ("delay_interval", "minimum_interval", "maximum_interval"):
        interval = given.get(name)
        if isinstance(interval, str) and not INTERVAL.fullmatch(interval):
            return f"the {name} {interval!r} is no time of the form HH:MM:SS"
    return None
