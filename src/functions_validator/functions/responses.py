"""Responses of azure.functions that cannot be made, and what they do not have."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from ..data import read_table
from ..model import Problem
from ..sources.import_graph import Sources
from ..sources.nodes import (
    COLLECTIONS,
    Definition,
    is_generator,
    named_arguments,
    only_value,
    own_nodes,
    value_meant,
    walk,
)
from ..sources.python_source import Module, enclosing, parameters
from ..sources.uncertain_names import uncertain_names
from .json_values import collection_made, collection_of_call, own_object
from .other_names import instead
from .unlike_text import ANSWER, TABLE, unlike_text

ARGUMENTS: Sequence[str] = read_table("objects")["response"]
REQUEST, RESPONSE = "azure.functions.HttpRequest", "azure.functions.HttpResponse"
# What only responses have.
OF_RESPONSES = ("mimetype", "status_code")
# All but the method are values, which cannot be replaced.
ATTRIBUTES = ("charset", "get_body", "headers", "mimetype", "status_code")
COOKIE, WRITERS = "set_cookie", ("set_body", "set_data", "write")
ANNOTATED = {"dict": "a dict", "list": "a list", "typing.Dict": "a dict", "typing.List": "a list"}
# The error of a model, whose errors() are a list.
INVALID = "pydantic.ValidationError"
AS_JSON = "Write json.dumps(...) around it."
AS_TEXT = "Write str(...) around it."
AS_CONTENT = "Read it, and give it what is in it."
AS_OTHERS = {ANSWER: "Give it the text of that response.", TABLE: "Write .to_json() after it."}
# What makes no text, with what it makes and what to do.
MAKES_OTHERS: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(("bool", "float", "int", "len", "round", "sum"), ("a number", AS_TEXT)),
    **dict.fromkeys(("io.BytesIO", "io.StringIO", "open"), ("a file", AS_CONTENT)),
}


def wrong_responses(sources: Sources, module: Module) -> Iterator[Problem]:
    """Yield arguments that HttpResponse does not take, and what a response does not have."""
    if "HttpRe" not in module.text:
        return
    calls = [(module.dotted(call.func), call) for call in module.all(ast.Call)]
    for call in (call for name, call in calls if name == REQUEST):
        for keyword in [one for one in call.keywords if one.arg in OF_RESPONSES][:1]:
            message = f"func.HttpRequest has no argument {keyword.arg!r}, so this line fails."
            yield Problem(module.place(keyword.value), message, "Write func.HttpResponse instead.")
    responses = [call for name, call in calls if name == RESPONSE]
    for call in responses:
        yield from _arguments(module, call)
        yield from _body(sources, module, call)
    if responses:
        yield from _wrong_attributes(sources, module, responses)


def _wrong_attributes(
    sources: Sources, module: Module, responses: Sequence[ast.Call]
) -> Iterator[Problem]:
    """Yield what functions do with the attributes of variables that hold one of the responses."""
    for definition in module.definitions:
        for node in own_nodes(definition):
            if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name):
                continue
            if only_value(definition, node.value.id) in responses:
                yield from _attribute(sources, module, node)


def _attribute(sources: Sources, module: Module, node: ast.Attribute) -> Iterator[Problem]:
    """Yield an attribute that cannot be changed, or that only the app itself could have added."""
    text, owner = ast.unparse(node), ast.unparse(node.value)
    if isinstance(node.ctx, ast.Store):
        if node.attr in ATTRIBUTES:
            argument = "body" if node.attr == "get_body" else node.attr
            message = f"{text} cannot be changed, so this line fails."
            fix = f"Write {argument}= in func.HttpResponse(...)."
            yield Problem(module.place(node), message, fix)
        return
    if node.attr in ATTRIBUTES or node.attr.startswith("_"):
        return
    if node.attr not in sources.stored_attributes:
        message = f"{owner} is a func.HttpResponse, which has no attribute {node.attr!r}."
        fix = instead(node.attr, ATTRIBUTES)
        if node.attr in WRITERS:
            fix = "Give the body to func.HttpResponse(...) itself."
        if node.attr == COOKIE:
            fix = f'Write {owner}.headers.add("Set-Cookie", ...).'
        yield Problem(module.place(node), message, fix)


def _arguments(module: Module, call: ast.Call) -> Iterator[Problem]:
    for keyword in call.keywords:
        if keyword.arg and keyword.arg not in ARGUMENTS:
            message = f"func.HttpResponse has no argument {keyword.arg!r}, so this line fails."
            yield Problem(module.place(keyword.value), message, instead(keyword.arg, ARGUMENTS))
    if len(call.args) > 1 and not any(isinstance(one, ast.Starred) for one in call.args):
        message = "func.HttpResponse takes only the body without a name, so this line fails."
        fix = f"Write status_code=, headers= or mimetype= before {ast.unparse(call.args[1])}."
        yield Problem(module.place(call.args[1]), message, fix)
    headers = named_arguments(call, ()).get("headers")
    kind = COLLECTIONS.get(type(headers), "a dict")
    if headers is not None and kind != "a dict":
        message = f"The headers of this response are {kind}, so this line fails."
        yield Problem(module.place(headers), message, 'Write a dict, such as {"Name": "value"}.')


def _body(sources: Sources, module: Module, call: ast.Call) -> Iterator[Problem]:
    given = named_arguments(call, ("body",)).get("body")
    match given:
        case ast.Constant(value=int() | float() as value):
            message = f"The body of this response is {value!r}, so this line fails."
            fix = "Write it as text, or status_code= before it."
            yield Problem(module.place(given), message, fix)
        case ast.expr():
            if wrong := _wrong_body(sources, module, given):
                what, fix = wrong
                message = f"The body of this response is {what}, so this line fails."
                yield Problem(module.place(given), message, fix)


def _wrong_body(sources: Sources, module: Module, given: ast.expr) -> tuple[str, str] | None:
    """Return what a body certainly is, if it is neither text nor bytes, and what to do."""
    if isinstance(given, ast.Name) and _is_exception(module, given):
        return "an exception", AS_TEXT
    match given:
        case ast.Call(func=ast.Attribute(value=ast.Name() as error, attr="errors"), args=[]):
            if _is_exception(module, error, INVALID):
                return "a list", f"Write {error.id}.json()."
    around = enclosing(module, given)
    if around and (what := _annotated(module, around[0], given)):
        return what, AS_JSON
    if around and (what := unlike_text(sources, module, around[0], given)):
        return what, AS_OTHERS.get(what, AS_JSON)
    body = value_meant(around[0], given) if around else given
    if collection := collection_of_call(sources, module, body):
        return collection, AS_JSON
    if isinstance(body, ast.GeneratorExp):
        return "a generator", "Join its parts to one text."
    if isinstance(body, ast.Call):
        made = collection_made(module, body)
        return (made, AS_JSON) if made else _made(sources, module, body.func)
    collection = COLLECTIONS.get(type(body))
    return (collection, AS_JSON) if collection else None


def _annotated(module: Module, definition: Definition, given: ast.expr) -> str | None:
    """Return which collection a parameter is, as its annotation says, unless the function asks or changes what it is."""
    if not isinstance(given, ast.Name) or given.id in uncertain_names(definition):
        return None
    for parameter in parameters(definition):
        annotation = parameter.annotation
        if parameter.arg == given.id and annotation is not None:
            inside = annotation.value if isinstance(annotation, ast.Subscript) else annotation
            return ANNOTATED.get(module.dotted(inside))
    return None


def _made(sources: Sources, module: Module, called: ast.expr) -> tuple[str, str] | None:
    """Return what a call makes, if it certainly is neither text nor bytes, and what to do."""
    name = module.dotted(called)
    if name in MAKES_OTHERS and not module.redefines(name):
        return MAKES_OTHERS[name]
    if _is_own_generator(module, called):
        return "a generator", "Join its parts to one text, or use HTTP streams."
    own = own_object(sources, module, called)
    return (own, "Give it text, such as JSON.") if own else None


def _is_own_generator(module: Module, called: ast.expr) -> bool:
    """Whether a name certainly stands for a generator of the module, also inside of a function."""
    if not isinstance(called, ast.Name):
        return False
    found = [one for one in module.definitions if one.name == called.id]
    if len(found) != 1 or found[0].decorator_list or called.id in module.constants:
        return False
    return is_generator(found[0])


def _is_exception(module: Module, name: ast.Name, error: str = "") -> bool:
    """Whether a name certainly stands for the exception that is handled, or for one of a class."""
    for handler in module.all(ast.ExceptHandler):
        caught = module.dotted(handler.type) if handler.type else ""
        if handler.name == name.id and error in ("", caught):
            inside = [node for part in handler.body for node in walk(part)]
            same = [n for n in inside if isinstance(n, ast.Name) and n.id == name.id]
            if name in same:
                return all(isinstance(node.ctx, ast.Load) for node in same)
    return False
