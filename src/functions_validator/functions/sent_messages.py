"""Messages that the app itself sends to queues of Azure Storage, with the library for them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from ..model import Place
from ..pattern import Pattern
from ..sources.import_graph import Sources
from ..sources.nodes import (
    COLLECTIONS,
    Definition,
    calls_of,
    entered_values,
    named_arguments,
    shows_arguments,
    value_meant,
    walk,
)
from ..sources.python_source import Module, last_name
from ..sources.scopes import is_local
from .setting_values import setting_read

LIBRARY = "azure.storage.queue"
CLIENTS = (f"{LIBRARY}.QueueClient", f"{LIBRARY}.aio.QueueClient")
FROM_STRING, SENDING, POLICY = "from_connection_string", "send_message", "message_encode_policy"
ENCODER = "base64.b64encode"
# How a module encodes messages itself, or chooses an encoding.
ENCODING = Pattern(r"base64", re.IGNORECASE)
# The text of base64: its characters in groups of four.
BASE64 = Pattern(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
OTHER_CHARACTER = Pattern(r"[^A-Za-z0-9+/=]")


class Sent(NamedTuple):
    """What the app sends to a queue and is not in base64, with the setting that the client connects with."""

    queue: str
    connection: str
    place: Place
    # Whether it is the text of bytes in base64, such as b'e30='.
    is_text_of_bytes: bool


def plain_messages(sources: Sources, module: Module) -> Iterator[Sent]:
    """Yield what the functions of a module certainly send as plain text, and not in base64."""
    if LIBRARY not in module.text or SENDING not in module.text:
        return
    if any(one.endswith(POLICY) for one in sources.stored_attributes):
        return
    encodes = bool(ENCODING.search(module.text))
    is_wrong = _is_text_of_bytes if encodes else _is_plain
    for definition in module.definitions:
        for call in calls_of(definition):
            if not isinstance(call.func, ast.Attribute) or call.func.attr != SENDING:
                continue
            text = named_arguments(call, ("content",)).get("content")
            made = _made(module, definition, call.func.value)
            if text and made and is_wrong(module, definition, text):
                for queue, connection in _queue(sources, module, definition, made):
                    yield Sent(queue, connection, module.place(call), encodes)


def _made(module: Module, definition: Definition, client: ast.expr) -> ast.Call | None:
    """Return the call that makes a client, if the function or its module shows it."""
    meant = value_meant(definition, client)
    if isinstance(meant, ast.Name) and not is_local(module, meant):
        meant = module.constants.get(meant.id, meant)
    if meant is client and isinstance(client, ast.Name):
        entered = entered_values(definition, client.id)
        meant = entered[0] if len(entered) == 1 else client
    return meant if isinstance(meant, ast.Call) else None


def _queue(
    sources: Sources, module: Module, definition: Definition, made: ast.Call
) -> Iterator[tuple[str, str]]:
    """Yield the queue of a client without an encoding, and the setting that it connects with."""
    name, _, method = module.dotted(made.func).rpartition(".")
    if name not in CLIENTS or method != FROM_STRING or not shows_arguments(made):
        return
    given = named_arguments(made, ("conn_str", "queue_name"))
    if POLICY in given or not {"conn_str", "queue_name"} <= given.keys():
        return
    # The names of a client at the top of the module are those of the module.
    conn_str, queue_name = (
        value_meant(definition, given[one]) if is_local(module, given[one]) else given[one]
        for one in ("conn_str", "queue_name")
    )
    names = (one for one in (*walk(conn_str), *walk(queue_name)) if isinstance(one, ast.Name))
    if any(is_local(module, name) for name in names):
        return
    queue = sources.evaluate(module, queue_name)
    if setting := setting_read(sources, module, queue_name):
        queue = f"%{setting}%"
    connection = setting_read(sources, module, conn_str)
    if isinstance(queue, str) and connection:
        yield queue, connection


def _is_plain(module: Module, definition: Definition, text: ast.expr) -> bool:
    """Whether a text certainly is not base64."""
    match value_meant(definition, text):
        case ast.Constant(value=str(given)):
            return not BASE64.fullmatch(given)
        case ast.JoinedStr(values=parts):
            given = "".join(str(one.value) for one in parts if isinstance(one, ast.Constant))
            return bool(OTHER_CHARACTER.search(given))
        case ast.Call(func=called, args=[value, *_]) if module.dotted(called) == "json.dumps":
            return _is_collection(module, value_meant(definition, value))
        case ast.Call(func=ast.Attribute(attr="model_dump_json")):
            return True
    return False


def _is_text_of_bytes(module: Module, definition: Definition, text: ast.expr) -> bool:
    """Whether a text is the one of bytes in base64, such as b'e30='."""
    match value_meant(definition, text):
        case ast.Call(func=ast.Name(id="str"), args=[value], keywords=[]):
            meant = value_meant(definition, value)
            return isinstance(meant, ast.Call) and module.dotted(meant.func) == ENCODER
    return False


def _is_collection(module: Module, value: ast.expr) -> bool:
    """Whether a value most likely is a dict or a list; json.dumps writes some others in the characters of base64."""
    if isinstance(value, ast.Call):
        return last_name(module, value.func) in ("asdict", "get_json", "model_dump", "to_dict")
    return type(value) in COLLECTIONS
