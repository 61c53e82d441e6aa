"""What functions get from other calls, and is neither text nor a response: parsed JSON, dicts, tables and answers."""

from __future__ import annotations

import ast

from ..pattern import Pattern
from ..sources.import_graph import Sources
from ..sources.nodes import (
    Definition,
    first_name,
    own_nodes,
    times_bound,
    value_meant,
    walk,
)
from ..sources.python_source import Module, parameters
from ..sources.scopes import is_local
from .async_clients import kind_of
from .named_functions import function_meant, results_meant

PARSED, DICT = "parsed JSON, such as a dict", "a dict"
ANSWER, TABLE = "the response of another server", "a DataFrame"
LOADS = {"json.load", "json.loads", "orjson.loads"}
CLIENTS = ("httpx", "requests")
VERBS = ("delete", "get", "patch", "post", "put", "request")
# Clients whose methods return such a response at once, and when they are awaited.
OBJECTS = ("httpx.Client", "httpx.AsyncClient")
# The class of a request, and what a parameter without an annotation is called that has one.
REQUEST, REQUESTS = "HttpRequest", ("req", "request")
TEXT = Pattern(r"\b(?:str|bytes)\b")
# How many functions may return what another one does.
DEEPEST = 3
# Methods of pydantic, pandas, namedtuple and others that make a dict.
DICT_METHODS = ("_asdict", "model_dump", "to_dict")
# Functions of pandas that make a DataFrame, all with this beginning or this name.
READERS, FRAME = "pandas.read_", "pandas.DataFrame"
# A reader that makes a list of them, and one that may make one.
OTHER_READERS = ("pandas.read_html", "pandas.read_excel")


def unlike_text(
    sources: Sources, module: Module, definition: Definition, node: ast.expr, depth: int = 0
) -> str | None:
    """Return what a value of a function certainly is, unless the function looks at its type."""
    if isinstance(node, ast.Name) and _is_looked_at(definition, node.id):
        return None
    value = value_meant(definition, node)
    if is_parsed(sources, module, definition, value):
        return PARSED
    if _is_answer(sources, module, definition, value):
        return ANSWER
    call = value.value if isinstance(value, ast.Await) else value
    if not isinstance(call, ast.Call):
        return None
    is_awaited = call is not value
    if isinstance(call.func, ast.Attribute) and call.func.attr in DICT_METHODS:
        is_other = call.func.attr in sources.defined_names or is_awaited
        return DICT if not (is_other or call.args or call.keywords) else None
    if _is_table(module, call):
        return None if is_awaited else TABLE
    return _result(sources, module, call, depth, is_awaited=is_awaited) if depth < DEEPEST else None


def _result(
    sources: Sources, module: Module, call: ast.Call, depth: int, *, is_awaited: bool
) -> str | None:
    """Return what a function of the app returns, if that is the same in all places."""
    meant = function_meant(sources, module, call.func)
    if not meant or not results_meant(sources, module, call.func, is_awaited=is_awaited):
        return None
    if meant.definition.returns and TEXT.search(ast.unparse(meant.definition.returns)):
        return None
    returns = [node for node in own_nodes(meant.definition) if isinstance(node, ast.Return)]
    found = {
        unlike_text(sources, *meant, one.value, depth + 1) if one.value else None for one in returns
    }
    return found.pop() if len(found) == 1 else None


def is_parsed(sources: Sources, module: Module, definition: Definition, value: ast.expr) -> bool:
    """Whether a value of a function is what a call reads from JSON, without arguments that make other objects."""
    if not isinstance(value, ast.Call) or value.keywords:
        return False
    if module.dotted(value.func) in LOADS and _is_of_library(sources, module, value.func):
        return True
    match value.func:
        case ast.Attribute(attr="get_json", value=ast.Name(id=name)):
            return "get_json" not in sources.defined_names and _is_request(definition, name)
        case ast.Attribute(attr="json", value=owner):
            return _is_answer(sources, module, definition, value_meant(definition, owner))
    return False


def _is_request(definition: Definition, name: str) -> bool:
    """Whether a name is a parameter with a request."""
    given = [one.annotation for one in parameters(definition) if one.arg == name]
    if times_bound(definition, name) != 1 or not given:
        return False
    return name in REQUESTS if given[0] is None else REQUEST in ast.unparse(given[0])


def _is_answer(sources: Sources, module: Module, definition: Definition, value: ast.expr) -> bool:
    """Whether a value is what a function of requests or httpx returns, or a client of httpx."""
    call = value.value if isinstance(value, ast.Await) else value
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute | ast.Name):
        return False
    library, _, verb = module.dotted(call.func).rpartition(".")
    if library in CLIENTS and verb in VERBS:
        return call is value and _is_of_library(sources, module, call.func)
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in VERBS:
        return False
    kind = OBJECTS[call is not value]
    return kind_of(sources, module, definition, call.func.value) == kind


def _is_of_library(sources: Sources, module: Module, called: ast.expr) -> bool:
    """Whether what is called is certainly of a library, and neither of the app nor of a parameter."""
    first = first_name(called)
    is_own = sources.is_local(module.dotted(called))
    return first is not None and not is_own and not is_local(module, first)


def _is_table(module: Module, call: ast.Call) -> bool:
    """Whether a call makes a DataFrame: with some arguments, readers make a list or an iterator of them."""
    name = module.dotted(call.func)
    if name == FRAME:
        return True
    return name.startswith(READERS) and name not in OTHER_READERS and not call.keywords


def _is_looked_at(definition: Definition, name: str) -> bool:
    """Whether a function asks of which type a variable is, or says that it is text."""
    return any(_looks_at(node, name) for node in walk(definition))


def _looks_at(node: ast.AST, name: str) -> bool:
    match node:
        case ast.Call(func=ast.Name(id="isinstance" | "type"), args=[ast.Name(id=other), *_]):
            return other == name
        case ast.Match(subject=ast.Name(id=other)):
            return other == name
        case ast.AnnAssign(target=ast.Name(id=other), annotation=annotation):
            return other == name and TEXT.search(ast.unparse(annotation)) is not None
    return False
