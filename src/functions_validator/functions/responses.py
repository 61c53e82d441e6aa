"""Responses of azure.functions that cannot be made, and what they do not have."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from ..data import read_table
from ..model import Problem
from ..sources.import_graph import Sources
from ..sources.nodes import COLLECTIONS, MADE, is_generator, only_value, own_nodes, targets
from ..sources.python_source import Module, enclosing
from .json_values import collection_of_call, own_object
from .other_names import instead

ARGUMENTS: Sequence[str] = read_table("objects")["response"]
RESPONSE = "azure.functions.HttpResponse"
# All but the method are values, which cannot be replaced.
ATTRIBUTES = ("charset", "get_body", "headers", "mimetype", "status_code")
COOKIE = "set_cookie"
# What makes no text.
NUMBERS = dict.fromkeys(("bool", "float", "int", "len", "round", "sum"), "a number")
FILES = {"io.BytesIO": "a file", "io.StringIO": "a file", "open": "a file"}
AS_JSON = "Write json.dumps(...) around it."
AS_TEXT = "Write str(...) around it."


def wrong_responses(sources: Sources, module: Module) -> Iterator[Problem]:
    """Yield arguments that HttpResponse does not take, and what a response does not have."""
    if "HttpResponse" not in module.text:
        return
    responses = [call for call in module.all(ast.Call) if module.dotted(call.func) == RESPONSE]
    for call in responses:
        yield from _arguments(module, call)
        yield from _body(sources, module, call)
    bound = [one for one in module.assignments if one.value in responses] if responses else []
    names = {one.id for node in bound for one in targets(node) if isinstance(one, ast.Name)}
    for definition in module.definitions if names else ():
        own = {name for name in names if only_value(definition, name) in responses}
        for node in own_nodes(definition) if own else ():
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                is_stored = isinstance(node.ctx, ast.Store)
                if node.value.id in own and (
                    is_stored or node.attr not in sources.stored_attributes
                ):
                    yield from _attribute(module, node)


def _attribute(module: Module, node: ast.Attribute) -> Iterator[Problem]:
    text, owner = ast.unparse(node), ast.unparse(node.value)
    if isinstance(node.ctx, ast.Store):
        if node.attr in ATTRIBUTES:
            argument = "body" if node.attr == "get_body" else node.attr
            message = f"{text} cannot be changed, so this line fails."
            fix = f"Write {argument}= in func.HttpResponse(...)."
            yield Problem(module.place(node), message, fix)
    elif node.attr not in ATTRIBUTES and not node.attr.startswith("_"):
        message = f"{owner} is a func.HttpResponse, which has no attribute {node.attr!r}."
        fix = instead(node.attr, ATTRIBUTES)
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
    headers = next((keyword.value for keyword in call.keywords if keyword.arg == "headers"), None)
    kind = COLLECTIONS.get(type(headers), "a dict")
    if headers is not None and kind != "a dict":
        message = f"The headers of this response are {kind}, so this line fails."
        yield Problem(module.place(headers), message, 'Write a dict, such as {"Name": "value"}.')


def _body(sources: Sources, module: Module, call: ast.Call) -> Iterator[Problem]:
    bodies = [keyword.value for keyword in call.keywords if keyword.arg == "body"]
    given = next(iter((*call.args[:1], *bodies)), None)
    if given is None:
        return
    if isinstance(given, ast.Constant) and isinstance(given.value, int | float):
        message = f"The body of this response is {given.value!r}, so this line fails."
        yield Problem(module.place(given), message, "Write it as text, or status_code= before it.")
    elif wrong := _wrong_body(sources, module, given):
        what, fix = wrong
        message = f"The body of this response is {what}, so this line fails."
        yield Problem(module.place(given), message, fix)


def _wrong_body(sources: Sources, module: Module, given: ast.expr) -> tuple[str, str] | None:
    """Return what a body certainly is, if it is neither text nor bytes, and what to do."""
    if isinstance(given, ast.Name) and _is_exception(module, given):
        return "an exception", AS_TEXT
    around = enclosing(module, given) if isinstance(given, ast.Name) else []
    body = only_value(around[0], given.id) if isinstance(given, ast.Name) and around else given
    if body and (collection := collection_of_call(sources, module, body)):
        return collection, AS_JSON
    if isinstance(body, ast.GeneratorExp):
        return "a generator", "Join its parts to one text."
    if isinstance(body, ast.Call):
        name = module.dotted(body.func)
        if name.partition(".")[0] in (module.bound_names or ()) and "." not in name:
            name = ""
        if name in MADE:
            return MADE[name], AS_JSON
        if name in NUMBERS:
            return NUMBERS[name], AS_TEXT
        if name in FILES:
            return FILES[name], "Read it, and give it what is in it."
        if _is_own_generator(module, body.func):
            return "a generator", "Join its parts to one text, or use HTTP streams."
        own = own_object(sources, module, body.func)
        return (own, "Give it text, such as JSON.") if own else None
    kind = COLLECTIONS.get(type(body))
    return (kind, AS_JSON) if kind else None


def _is_own_generator(module: Module, called: ast.expr) -> bool:
    """Whether a name certainly stands for a generator of the module, also inside of a function."""
    if not isinstance(called, ast.Name):
        return False
    found = [one for one in module.definitions if one.name == called.id]
    if len(found) != 1 or found[0].decorator_list or called.id in module.constants:
        return False
    return is_generator(found[0])


def _is_exception(module: Module, name: ast.Name) -> bool:
    """Whether a name certainly stands for the exception that is handled."""
    for handler in module.all(ast.ExceptHandler):
        if handler.name == name.id:
            inside = [node for part in handler.body for node in ast.walk(part)]
            same = [n for n in inside if isinstance(n, ast.Name) and n.id == name.id]
            if name in same:
                return all(isinstance(node.ctx, ast.Load) for node in same)
    return False
