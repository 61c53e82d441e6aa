"""What functions get from other calls, and is neither text nor a response: parsed JSON, dicts, tables and answers."""

from __future__ import annotations

import ast

from ..sources.import_graph import Sources
from ..sources.nodes import Definition, value_meant, walk
from ..sources.python_source import Module

PARSED, DICT = "parsed JSON, such as a dict", "a dict"
ANSWER, TABLE = "the response of another server", "a DataFrame"
LOADS = {"json.load", "json.loads", "orjson.loads"}
CLIENTS = ("httpx", "requests")
VERBS = ("delete", "get", "patch", "post", "put", "request")
# Methods of pydantic, pandas, namedtuple and others that make a dict.
DICT_METHODS = ("_asdict", "model_dump", "to_dict")
# Functions of pandas that make a DataFrame, all with this beginning or this name.
READERS, FRAME = "pandas.read_", "pandas.DataFrame"
# A reader that makes a list of them, and one that may make one.
OTHER_READERS = ("pandas.read_html", "pandas.read_excel")


def unlike_text(
    sources: Sources, module: Module, definition: Definition, node: ast.expr
) -> str | None:
    """Return what a value of a function certainly is, unless the function looks at its type."""
    if isinstance(node, ast.Name) and _is_looked_at(definition, node.id):
        return None
    value = value_meant(definition, node)
    if is_parsed(module, definition, value):
        return PARSED
    if not isinstance(value, ast.Call):
        return None
    if isinstance(value.func, ast.Attribute) and value.func.attr in DICT_METHODS:
        is_own = value.func.attr in sources.defined_names
        return DICT if not (is_own or value.args or value.keywords) else None
    if _is_table(module, value):
        return TABLE
    return ANSWER if _is_answer(module, value) else None


def is_parsed(module: Module, definition: Definition, value: ast.expr) -> bool:
    """Whether a value of a function is what a call reads from JSON, without arguments that make other objects."""
    if not isinstance(value, ast.Call) or value.keywords:
        return False
    if module.dotted(value.func) in LOADS:
        return True
    match value.func:
        case ast.Attribute(attr="get_json"):
            return True
        case ast.Attribute(attr="json", value=owner):
            return _is_answer(module, value_meant(definition, owner))
    return False


def _is_answer(module: Module, value: ast.expr) -> bool:
    """Whether a value is what a function of requests or httpx returns."""
    if not isinstance(value, ast.Call):
        return False
    library, _, verb = module.dotted(value.func).rpartition(".")
    return library in CLIENTS and verb in VERBS


def _is_table(module: Module, call: ast.Call) -> bool:
    """Whether a call makes a DataFrame: with some arguments, readers make a list or an iterator of them."""
    name = module.dotted(call.func)
    if name == FRAME:
        return True
    return name.startswith(READERS) and name not in OTHER_READERS and not call.keywords


def _is_looked_at(definition: Definition, name: str) -> bool:
    """Whether a function asks of which type a variable is."""
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("isinstance", "type")
        and [ast.unparse(one) for one in node.args[:1]] == [name]
        for node in walk(definition)
    )
