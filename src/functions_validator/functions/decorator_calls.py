"""Decorators that azure.functions does not have, and arguments that they do not take, as the sources show them."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from ..model import Place, Problem
from ..sources.import_graph import Sources
from ..sources.library_names import MEMBERS
from ..sources.nodes import callee, is_none, named_arguments, shows_arguments, text_of
from ..typos import similar_name
from .decorators import DECORATORS, Decorator
from .functions import METHODS

# How the names of decorators that make bindings end.
ENDINGS = ("_trigger", "_input", "_output")
HTTP_METHODS = ("delete", "get", "patch", "post", "put")
# What other libraries call them.
INSTEAD = {
    **dict.fromkeys((*HTTP_METHODS, "http", "http_trigger"), "route"),
    **dict.fromkeys(("cron", "timer"), "timer_trigger"),
    "activity": "activity_trigger",
    "blob": "blob_trigger",
    "entity": "entity_trigger",
    "orchestrator": "orchestration_trigger",
    "queue": "queue_trigger",
    # What the first preview of azure-functions called them.
    "on_blob_change": "blob_trigger",
    "on_cosmos_db_update": "cosmos_db_trigger",
    "on_event_hub_message": "event_hub_message_trigger",
    "on_queue_change": "queue_trigger",
    "on_service_bus_queue_change": "service_bus_queue_trigger",
    "on_service_bus_topic_change": "service_bus_topic_trigger",
    "read_blob": "blob_input",
    "read_cosmos_db_documents": "cosmos_db_input",
    "write_blob": "blob_output",
    "write_cosmos_db_documents": "cosmos_db_output",
    "write_event_hub_message": "event_hub_output",
    "write_queue": "queue_output",
    "write_service_bus_queue": "service_bus_queue_output",
    "write_service_bus_topic": "service_bus_topic_output",
}
# What decorators call the argument that names the parameter of the function.
PARAMETER = ("arg_name", "input_name", "context_name", "client_name", "name")
# The values of arguments that are members of an enumeration.
CHOICES: Mapping[str, Sequence[str]] = {
    "access_rights": MEMBERS["AccessRights"],
    "authentication_mode": ("NOTSET", "GSSAPI", "PLAIN", "SCRAMSHA256", "SCRAMSHA512"),
    "cardinality": MEMBERS["Cardinality"],
    "data_type": MEMBERS["DataType"],
    "key_data_type": ("INT", "LONG", "STRING", "BINARY"),
    "o_auth_bearer_method": ("DEFAULT", "OIDC"),
    "protocol": ("NOTSET", "PLAINTEXT", "SSL", "SASLPLAINTEXT", "SASLSSL"),
}
# The arguments of "route" that name parameters.
OF_ROUTE = ("trigger_arg_name", "binding_arg_name")
# What is not text, as the sources show it.
OTHERS = (ast.List, ast.Tuple, ast.Dict, ast.Set)
# The two ways to name a topic of Event Grid.
CONNECTION = "connection"
TOPIC = ("topic_endpoint_uri", "topic_key_setting")
# How alike an argument is to the one that was meant, if that is missing or nothing else can be meant.
ALIKE = 0.6
# How alike the services in the names of two decorators must be, such as cosmosdb and cosmos_db.
ALIKE_SERVICE = 0.7


class UnreadArgument(NamedTuple):
    """An argument of a decorator that makes a field of another name than the one that is meant."""

    place: Place
    decorator: str
    argument: str
    meant: str


class UnnamedParameter(NamedTuple):
    """An argument that should name a parameter of the function, and is a list or the like; the place of its decorator."""

    place: Place
    argument: str
    value: ast.expr


class _Decoration(NamedTuple):
    """A decorator of an app or a blueprint; the call is None if it is not called."""

    name: str
    place: Place
    call: ast.Call | None


class _Given(NamedTuple):
    """The arguments of a call: those that are given by name, all that are given, and those that are missing."""

    by_name: Sequence[str]
    all: Collection[str]
    missing: list[str]


def mistakes(sources: Sources) -> Iterator[Problem]:
    """Yield decorators that raise an error, in all modules that the app imports."""
    for name, place, call in _of_containers(sources):
        if name in DECORATORS and call:
            for message, fix in _wrong_arguments(name, call):
                yield Problem(place, message, fix)
        else:
            yield _unknown(name, place)


def unread_arguments(sources: Sources) -> Iterator[UnreadArgument]:
    """Yield arguments that the host does not read under the name that they have."""
    for name, place, call in _of_containers(sources):
        if name in DECORATORS and call and not DECORATORS[name].is_closed:
            for argument, similar in _unread(DECORATORS[name], call):
                yield UnreadArgument(place, name, argument, similar)


def unnamed(sources: Sources) -> Iterator[UnnamedParameter]:
    """Yield arguments that should name a parameter, and do not."""
    for name, place, call in _of_containers(sources):
        if name in DECORATORS and call:
            known = DECORATORS[name].arguments
            values = named_arguments(call, known)
            for argument in OF_ROUTE if name == "route" else known[:1]:
                value = values.get(argument)
                if isinstance(value, OTHERS):
                    yield UnnamedParameter(place, argument, value)


@lru_cache(maxsize=1)
def _of_containers(sources: Sources) -> Sequence[_Decoration]:
    """Return the decorators of apps and blueprints that make bindings, and unknown ones that may be meant to."""
    found = []
    for module in sources.modules.values():
        for decorator in module.decorators:
            call = decorator if isinstance(decorator, ast.Call) else None
            method = callee(decorator)
            if not isinstance(method, ast.Attribute):
                continue
            name = method.attr
            is_known = name in DECORATORS and call is not None
            if not is_known and (name in METHODS or not _may_be_meant(sources, name)):
                continue
            if sources.container(module, method.value):
                found.append(_Decoration(name, module.place(decorator), call))
    return found


def _may_be_meant(sources: Sources, name: str) -> bool:
    is_like_one = name in INSTEAD or name.endswith(ENDINGS)
    if not is_like_one and not similar_name(name.lower(), METHODS):
        return False
    # The app may give the method to its FunctionApp.
    is_set = any("setattr(" in module.text for module in sources.modules.values())
    return not is_set and name not in sources.stored_attributes


def _unknown(name: str, place: Place) -> Problem:
    similar = INSTEAD.get(name.lower()) or _similar_decorator(name.lower())
    fix = f'Write "{similar}" instead.' if similar else "Use one that azure.functions has."
    if similar == "route" and name.lower() in HTTP_METHODS:
        fix = f'Write route(..., methods=["{name.upper()}"]) instead.'
    return Problem(place, f'There is no decorator "{name}".', fix)


def _similar_decorator(name: str) -> str | None:
    """Return the decorator that is meant: one that ends like it and names almost the same service, or a typing mistake."""
    ending = next((ending for ending in ENDINGS if name.endswith(ending)), "")
    service = name.removesuffix(ending)
    others = {m.removesuffix(ending): m for m in METHODS if ending and m.endswith(ending)}
    parts = (o for o in others if service.startswith(f"{o}_") or o.startswith(f"{service}_"))
    found = next(parts, None) or similar_name(service, others, ALIKE_SERVICE)
    return others[found] if found else similar_name(name, METHODS)


def _arguments(decorator: Decorator, call: ast.Call) -> _Given:
    by_name = [keyword.arg for keyword in call.keywords if keyword.arg]
    given = {*decorator.arguments[: len(call.args)], *by_name}
    missing = [a for a in decorator.arguments[: decorator.required] if a not in given]
    return _Given(by_name, given, missing)


def _wrong_arguments(name: str, call: ast.Call) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the arguments, and how to fix it."""
    if not shows_arguments(call):
        return
    decorator = DECORATORS[name]
    given = _arguments(decorator, call)
    for argument in given.by_name:
        if argument in decorator.arguments:
            continue
        similar = _similar(argument, decorator, given)
        if similar in given.missing:
            given.missing.remove(similar)
        elif not decorator.is_closed:
            continue  # It becomes a field of the binding, which the host may know.
        taken = ", ".join(decorator.arguments)
        fix = f'Write "{similar}" instead.' if similar else f"It takes {taken}."
        yield f'The decorator "{name}" has no argument "{argument}".', fix
    for argument in given.missing:
        yield f'The decorator "{name}" needs the argument "{argument}".', f'Add "{argument}".'
    yield from _wrong_choices(decorator, call)
    if name == "event_grid_output":
        yield from _wrong_topic(decorator, call)


def _unread(decorator: Decorator, call: ast.Call) -> Iterator[tuple[str, str]]:
    """Yield arguments of a decorator that takes all, with the one that each is meant to be."""
    given = _arguments(decorator, call)
    if not shows_arguments(call) or given.missing:
        return
    for argument in given.by_name:
        if argument in decorator.arguments:
            continue
        similar = _similar(argument, decorator, given)
        # The case of a field's name does not matter to the host.
        if similar and _plain(similar) != _plain(argument):
            yield argument, similar


def _plain(argument: str) -> str:
    return argument.replace("_", "").lower()


def _wrong_choices(decorator: Decorator, call: ast.Call) -> Iterator[tuple[str, str]]:
    """Yield texts that are none of the choices of their argument; their letter case does not count."""
    for argument, value in named_arguments(call, decorator.arguments).items():
        choices = CHOICES.get(argument) if argument in decorator.arguments else None
        match value:
            case ast.Constant(value=str(text)) if choices and text.upper() not in choices:
                fix = f"Choose one of {', '.join(choices)}."
                yield f'The argument "{argument}" cannot be {text!r}.', fix


def _wrong_topic(decorator: Decorator, call: ast.Call) -> Iterator[tuple[str, str]]:
    """Yield that an output to Event Grid has none of the two ways to name a topic, or both."""
    values = named_arguments(call, decorator.arguments)
    may_be = {name for name, value in values.items() if not is_none(value)}
    fix = f'Give it either "{CONNECTION}", or both "{TOPIC[0]}" and "{TOPIC[1]}".'
    if CONNECTION not in may_be and not may_be.issuperset(TOPIC):
        yield 'The decorator "event_grid_output" does not name its topic.', fix
    texts = {name for name, value in values.items() if text_of(value) is not None}
    if CONNECTION in texts and not texts.isdisjoint(TOPIC):
        yield 'The decorator "event_grid_output" names its topic twice.', fix


def _similar(argument: str, decorator: Decorator, given: _Given) -> str | None:
    """Return the argument that is meant: one that is missing, or else one that is written almost so."""
    written = re.sub(r"(?<=[a-z])([A-Z])", r"_\1", argument).lower()
    free = [name for name in decorator.arguments if name not in given.all]
    if written in free:
        return written
    if other := next((name for name in other_versions(written) if name in free), None):
        return other
    first = decorator.arguments[0]
    if argument in PARAMETER and first in PARAMETER and first in free:
        return first
    parts = [name for name in given.missing if name.startswith(written) or written.startswith(name)]
    if similar := next(iter(parts), None) or similar_name(written, given.missing, ALIKE):
        return similar
    return (
        similar_name(written, free, ALIKE) if decorator.is_closed else similar_name(written, free)
    )


def other_versions(argument: str) -> Iterator[str]:
    """Yield what an argument for Cosmos DB is called for another version of the extension."""
    yield argument.replace("collection", "container").replace("_string_setting", "")
    older = argument.replace("container", "collection")
    yield older
    yield f"{older}_string_setting"
