"""Operations that the objects of azure.functions, and the bytes in them, do not have."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..model import Problem
from ..sources.nodes import catches, keyed_values, own_nodes, suppresses, text_of, walk
from .received_objects import MAPPINGS, WITH_BYTES, ReceivedObjects
from .received_times import naive_time, time_in

# Their methods; all other attributes are values.
METHODS = {"get", "get_body", "get_json", "set", "to_dict", "to_json"}
# The attributes of a blob that are values: its other ones are those of a file.
VALUES_OF_BLOB = {"blob_properties", "closed", "length", "metadata", "name", "uri"}
# The values of a request that have a `get`.
WITH_GET = {*MAPPINGS, "form", "files"}
# What the parameters and headers of a request have.
OF_MAPPING = ("copy", "get", "items", "keys", "values")
# What the mappings of other libraries call the values of a name that is repeated.
ALL_VALUES = ("get_all", "get_list", "getall", "getlist", "multi_items")
# The methods of bytes that take no text.
OF_BYTES = {"count", "endswith", "find", "index", "lstrip", "partition", "removeprefix"}
OF_BYTES |= {"removesuffix", "replace", "rfind", "rindex", "rpartition", "rsplit", "rstrip"}
OF_BYTES |= {"split", "startswith", "strip"}
# The methods that take no arguments, and what takes nothing but text.
BODIES = ("get_body", "get_json")
LINE_READERS = {"csv.DictReader", "csv.reader"}
TEXT_READERS = {*LINE_READERS, "io.StringIO"}
# What turns a method into text instead of calling it.
WRITERS = {"azure.functions.HttpResponse", "json.dumps", "len", "print", "str"}
# What a blob cannot do, though it has the methods, and what needs that of the file that it gets.
OF_POSITIONS = ("seek", "tell")
NEEDING_POSITIONS = {"docx.Document", "openpyxl.load_workbook", "pandas.read_excel"}
NEEDING_POSITIONS |= {"pandas.read_parquet", "pypdf.PdfReader", "zipfile.ZipFile"}
# What takes a file, and no bytes.
FILE_READERS = NEEDING_POSITIONS - {"pandas.read_excel"} | {"PIL.Image.open"}
FILE_READERS |= {"pandas.read_csv", "pandas.read_json"}
# What shows that the app knows that.
AWARE = ("UnsupportedOperation", "seekable", "OSError")
# What that error is, too.
ERRORS = {"EnvironmentError", "IOError", "ValueError"}
# What takes nothing but numbers.
NUMERIC = {"abs", "asyncio.sleep", "datetime.timedelta", "range", "round", "time.sleep"}
RESULT = "result"
# What takes nothing but numbers in a slice.
WITH_SLICES = (ast.Constant, ast.JoinedStr, ast.List, ast.ListComp, ast.Tuple)
# Unlike the others, the headers of a request take arguments with names.
WITH_NAMES = "headers"
# What turns a text into a number.
NUMBERS = {"float", "int"}
# What has lines, and what has items, without being a list.
ITERABLE = ("InputStream",)
WITH_ITEMS = ("Out", "InputStream")
# What a trigger gives in lists, if its decorator says so.
OF_BATCHES = ("EventHubEvent", "KafkaEvent", "ServiceBusMessage")


def misuses(received: ReceivedObjects) -> Iterator[Problem]:
    """Yield what fails with received objects, or is never what it is meant to be."""
    if not received.types or "TypeError" in received.module.text:
        return
    for node in own_nodes(received.definition):
        if check := CHECKS.get(type(node)):
            yield from check(received, node)


def not_called(received: ReceivedObjects, method: ast.Attribute) -> Problem:
    """Return a problem with a method that is used in the place of what it returns."""
    text = ast.unparse(method)
    message = f"{text} is a method, which is not called here."
    return Problem(received.place(method), message, f"Write {text}().")


def _in_loop(received: ReceivedObjects, node: ast.For | ast.comprehension) -> Iterator[Problem]:
    match node.iter:
        case ast.Name(id=name) as used if name in received.types and name in received.single:
            if received.types[name] not in ITERABLE:
                yield _no_list(received, used)


def _in_attribute(received: ReceivedObjects, node: ast.Attribute) -> Iterator[Problem]:
    """Yield attributes of the parameters or the headers of a request that these do not have."""
    if node.attr not in OF_MAPPING and received.is_mapping(node.value):
        text = ast.unparse(node.value)
        message = f"{text} has no attribute {node.attr!r}, so this line fails."
        fix = f'Write {text}.get("{node.attr}").'
        if node.attr in ALL_VALUES:
            fix = f"Use {text}.get, or urllib.parse.parse_qs for all values of a name."
        yield Problem(received.place(node), message, fix)


def _in_formatted_value(received: ReceivedObjects, node: ast.FormattedValue) -> Iterator[Problem]:
    yield from _uncalled(received, node.value)


def _in_operation(received: ReceivedObjects, node: ast.BinOp) -> Iterator[Problem]:
    if isinstance(node.op, ast.Add):
        yield from _used_as_text(received, node.left, node.right)
    if isinstance(node.op, ast.Sub) and (problem := naive_time(received, node.left, node.right)):
        yield problem
    if isinstance(node.op, ast.Add | ast.Sub | ast.Div):
        yield from _used_as_number(received, node.left, node.right)


def _in_comparison(received: ReceivedObjects, node: ast.Compare) -> Iterator[Problem]:
    match node:
        case ast.Compare(left=left, ops=[ast.In() | ast.NotIn()], comparators=[right]):
            if _is_text(left) and received.is_bytes(right):
                yield _bytes(received, right)
        case ast.Compare(left=left, ops=[ast.Eq() | ast.NotEq()], comparators=[right]):
            yield from _used_as_text(received, left, right)
            yield from _used_as_number(received, left, right)
            yield from _small_method(received, left, right)
        case ast.Compare(
            left=left, ops=[ast.Lt() | ast.LtE() | ast.Gt() | ast.GtE()], comparators=[right]
        ):
            yield from _used_as_number(received, left, right)
            if problem := naive_time(received, left, right):
                yield problem


def _small_method(received: ReceivedObjects, left: ast.expr, right: ast.expr) -> Iterator[Problem]:
    """Yield the method of a request next to a text with small letters."""
    match (left, right):
        case (ast.Attribute(value=ast.Name(id=name), attr="method"), ast.Constant(value=str(text))):
            if received.types.get(name) == "HttpRequest" and text != text.upper():
                message = f"{name}.method is in capital letters, so it is never {text!r}."
                yield Problem(received.place(right), message, f'Write "{text.upper()}".')


def _of_slice(received: ReceivedObjects, node: ast.Slice) -> Iterator[Problem]:
    for part in (node.lower, node.upper, node.step):
        if part and received.is_text_of_request(part):
            yield _text(received, part)


def _in_subscript(received: ReceivedObjects, node: ast.Subscript) -> Iterator[Problem]:
    match node.value:
        case ast.Name(id=name) as used if name in received.types and name in received.single:
            if received.types[name] not in WITH_ITEMS:
                message = f"{name} is a func.{received.types[name]}, which has no items."
                yield Problem(received.place(used), message, _what_it_has(received, name))
    # Another object, such as a DataFrame, may take a slice between texts.
    if isinstance(node.slice, ast.Slice) and isinstance(received.meant(node.value), WITH_SLICES):
        yield from _of_slice(received, node.slice)


def _in_call(received: ReceivedObjects, call: ast.Call) -> Iterator[Problem]:
    taker = received.module.dotted(call.func)
    if taker in NUMERIC and not received.module.redefines(taker):
        named = [one.value for one in call.keywords if one.arg != RESULT]
        # What follows the seconds of a sleep is its result.
        given = call.args[:1] if taker.endswith("sleep") else call.args
        for value in [*given, *named]:
            if received.is_text_of_request(value):
                yield _text(received, value)
    match call:
        case ast.Call(
            func=ast.Attribute(value=ast.Attribute(attr=attr) as owner, attr="get"),
            keywords=[_, *_],
        ) if received.is_mapping(owner) and attr != WITH_NAMES:
            text = ast.unparse(owner)
            message = f"{text}.get takes no arguments with names, so this line fails."
            fix = f"Write the default second, as in {text}.get('name', '')."
            yield Problem(received.place(call), message, fix)
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name)) as called) if (
            name in received.types
        ):
            yield from _method_call(received, call, called, name)
        case ast.Call(
            func=ast.Attribute(value=used, attr=method), args=[ast.Constant(value=str()), *_]
        ) if method in OF_BYTES:
            if received.is_bytes(used):
                yield _bytes(received, used)
        case ast.Call(func=ast.Name(id=name) as used) if name in received.types:
            message = f"{name} is a func.{received.types[name]}, which cannot be called."
            yield Problem(received.place(used), message, _what_it_has(received, name))
        case ast.Call(args=[value, *_]):
            found = [*_given(received, call, value)]
            if found and not received.module.redefines(received.module.dotted(call.func)):
                yield from found


def _method_call(
    received: ReceivedObjects, call: ast.Call, called: ast.Attribute, name: str
) -> Iterator[Problem]:
    """Yield calls of values, and arguments of methods that take none."""
    text, attr = ast.unparse(called), called.attr
    if attr not in received.attributes(name) or attr in received.sources.stored_attributes:
        return
    if attr in BODIES and (call.args or call.keywords):
        message = f"{text} takes no arguments, so this line fails."
        yield Problem(received.place(call), message, f"Write {text}().")
    is_blob = received.types[name] == "InputStream"
    if is_blob and attr in OF_POSITIONS:
        yield from _positioned(received, call, name, f"{name}.{attr}")
    if attr in VALUES_OF_BLOB if is_blob else attr not in METHODS:
        fix = f"Write {text} without parentheses."
        if attr in WITH_GET and call.args:
            fix = f"Write {text}.get({ast.unparse(call.args[0])})."
        message = f"{text} is not a method, so this line fails."
        yield Problem(received.place(call), message, fix)


def _given(received: ReceivedObjects, call: ast.Call, value: ast.expr) -> Iterator[Problem]:
    """Yield what is wrong with the first argument of something that takes a text, a list or a number."""
    called = received.module.dotted(call.func)
    known = value if isinstance(value, ast.Name) and value.id in received.types else None
    is_blob = known is not None and received.types[known.id] == "InputStream"
    if called in TEXT_READERS:
        lines = ".splitlines()" if called in LINE_READERS else ""
        if received.is_bytes(value):
            yield _bytes(received, value, lines)
        elif known and is_blob:
            yield _bytes_of_blob(received, known, lines)
    elif called == "open" and known and is_blob:
        message = f"{known.id} is a blob, and not the path of a file, so open fails."
        yield Problem(received.place(known), message, f"Use {known.id}.read().")
    elif called == "len" and known:
        if known.id in received.single:
            yield _no_list(received, known)
    elif called in WRITERS and not call.keywords:
        yield from _uncalled(received, value)
        if called == "json.dumps":
            yield from _unwritable(received, value)
            if time := time_in(received, value):
                yield time
    elif called in NUMBERS and known and len(call.args) == 1:
        yield _object(received, known, "a number")
    elif called in FILE_READERS and received.is_bytes(value):
        text = ast.unparse(value)
        message = f"{text} is bytes, and not a file, so {called} fails."
        yield Problem(received.place(value), message, f"Write io.BytesIO({text}).")
    elif called in NEEDING_POSITIONS and known and is_blob:
        yield from _positioned(received, call, known.id, called)


def _positioned(
    received: ReceivedObjects, call: ast.Call, name: str, what: str
) -> Iterator[Problem]:
    """Yield a call that needs any place in a blob, which can only be read from its start to its end."""
    is_aware = any(word in received.module.text for word in AWARE)
    if name in received.single and not is_aware and not _may_fail(received, call):
        message = f"{what} fails, since {name} can only be read from its start to its end."
        yield Problem(received.place(call), message, f"Use io.BytesIO({name}.read()).")


def _may_fail(received: ReceivedObjects, call: ast.Call) -> bool:
    """Whether the function takes the error of a call."""
    hiding = [
        node
        for node in own_nodes(received.definition)
        if (isinstance(node, ast.With) and suppresses(node))
        or (isinstance(node, ast.Try) and any(catches(one, ERRORS) for one in node.handlers))
    ]
    return any(call in walk(statement) for node in hiding for statement in node.body)


def _unwritable(received: ReceivedObjects, value: ast.expr) -> Iterator[Problem]:
    """Yield what json.dumps gets, also in a dict, and cannot write."""
    if isinstance(value, ast.Dict):
        for part in keyed_values(value):
            yield from _unwritable(received, part)
    elif received.is_bytes(value):
        yield _bytes(received, value)
    elif received.is_mapping(value):
        text = ast.unparse(value)
        message = f"{text} is not a dict, so json.dumps cannot write it."
        yield Problem(received.place(value), message, f"Write dict({text}).")
    elif isinstance(value, ast.Name) and value.id in received.types:
        message = f"{value.id} is a func.{received.types[value.id]}, which json.dumps cannot write."
        yield Problem(received.place(value), message, _what_it_has(received, value.id))


def _used_as_text(received: ReceivedObjects, left: ast.expr, right: ast.expr) -> Iterator[Problem]:
    """Yield a body, or the object that has one, next to a text."""
    for text, other in ((left, right), (right, left)):
        if not _is_text(text):
            continue
        if received.is_bytes(other):
            yield _bytes(received, other)
        elif isinstance(other, ast.Name) and other.id in received.types:
            yield _object(received, other, "text")


def _used_as_number(
    received: ReceivedObjects, left: ast.expr, right: ast.expr
) -> Iterator[Problem]:
    """Yield a parameter of a request, which is text, next to a number."""
    for number, other in ((left, right), (right, left)):
        if _is_number(number) and received.is_text_of_request(other):
            yield _text(received, other)


def _uncalled(received: ReceivedObjects, value: ast.expr) -> Iterator[Problem]:
    if method := received.uncalled_method(received.meant(value), BODIES):
        yield not_called(received, method)


def _no_list(received: ReceivedObjects, used: ast.Name) -> Problem:
    type_ = received.types[used.id]
    message = f"{used.id} is one func.{type_}, and this line uses it as a list."
    fix = _what_it_has(received, used.id)
    if type_ in OF_BATCHES:
        fix = f'Write cardinality="many" in the decorator, and annotate it as List[func.{type_}].'
    return Problem(received.place(used), message, fix)


def _object(received: ReceivedObjects, used: ast.Name, what: str) -> Problem:
    message = f"{used.id} is a func.{received.types[used.id]}, which this line uses as {what}."
    fix = _what_it_has(received, used.id)
    if method := received.first_attribute(used.id, WITH_BYTES):
        fix = f"Write {used.id}.{method}().decode()."
    return Problem(received.place(used), message, fix)


def _text(received: ReceivedObjects, node: ast.expr) -> Problem:
    text = ast.unparse(node)
    message = f"{text} is text, which this line uses as a number."
    return Problem(received.place(node), message, f"Write int({text}).")


def _bytes(received: ReceivedObjects, node: ast.expr, suffix: str = "") -> Problem:
    text = ast.unparse(node)
    message = f"{text} is bytes, which this line uses as text."
    return Problem(received.place(node), message, f"Write {text}.decode(){suffix}.")


def _bytes_of_blob(received: ReceivedObjects, blob: ast.Name, suffix: str) -> Problem:
    message = f"{blob.id} gives bytes, which this line uses as text."
    fix = f"Write {blob.id}.read().decode(){suffix}."
    return Problem(received.place(blob), message, fix)


def _what_it_has(received: ReceivedObjects, name: str) -> str:
    """Return what to do with an object instead."""
    if received.types[name] == "Out":
        return f"Write {name}.set(...)."
    if method := received.first_attribute(name, ("get_json", "get_body")):
        return f"Use {name}.{method}()."
    return f"It has {', '.join(received.attributes(name))}."


def _is_number(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) in (int, float)


def _is_text(node: ast.expr) -> bool:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _is_text(node.left) or _is_text(node.right)
    return isinstance(node, ast.JoinedStr) or text_of(node) is not None


CHECKS: Mapping[type, Callable[[ReceivedObjects, Any], Iterator[Problem]]] = {
    ast.Attribute: _in_attribute,
    ast.BinOp: _in_operation,
    ast.Call: _in_call,
    ast.Compare: _in_comparison,
    ast.For: _in_loop,
    ast.FormattedValue: _in_formatted_value,
    ast.Subscript: _in_subscript,
    ast.comprehension: _in_loop,
}
