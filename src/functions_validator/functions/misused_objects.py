"""Operations that the objects of azure.functions, and the bytes in them, do not have."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from ..model import Problem
from ..pattern import Pattern
from ..sources.import_graph import Sources
from ..sources.nodes import Definition, keyed_values, only_value, own_nodes
from ..sources.python_source import Module

# Their methods; all other attributes are values.
METHODS = {"get", "get_body", "get_json", "set", "to_dict", "to_json"}
# The attributes of a blob that are values: its other ones are those of a file.
OF_BLOB = {"blob_properties", "closed", "length", "metadata", "name", "uri"}
MAPPINGS = {"params", "headers", "route_params", "form", "files"}
# Those that are not dicts, and what they have.
PLAIN_MAPPINGS = ("params", "headers", "route_params")
OF_MAPPING = ("copy", "get", "items", "keys", "values")
# What the mappings of other libraries call the values of a name that is repeated.
ALL_VALUES = ("get_all", "get_list", "getall", "getlist", "multi_items")
# What a text has where it may compare a parameter with a number, or calculate with it.
CALCULATES = Pattern(r"(?:[<>]=?|[=!]=) ?-?\d|[-+*/%] ?\d|\d ?[-+/]")
# What is before them where json.dumps may get them, also in a dict.
IN_DUMPS = ("json.dumps(", ": ")
PART_OF_MAPPING = Pattern(r"(?:params|headers|route_params)\.(\w+)")
# The methods of bytes that take no text.
OF_BYTES = {"count", "endswith", "find", "index", "lstrip", "partition", "removeprefix"}
OF_BYTES |= {"removesuffix", "replace", "rfind", "rindex", "rpartition", "rsplit", "rstrip"}
OF_BYTES |= {"split", "startswith", "strip"}
BODIES = ("get_body", "get_json")
# The methods that return bytes, and what takes nothing but text.
OF_BODY = ("get_body", "read")
TEXT_READERS = {"csv.DictReader", "csv.reader", "io.StringIO"}
# What makes text of a method instead of calling it.
WRITERS = {"azure.functions.HttpResponse", "json.dumps", "len", "print", "str"}
# What makes a number of a text.
NUMBERS = {"float", "int"}
# How a text shows that an object may be used as text, as a number, as a function or as a list.
USES = [
    use
    for sign in ("+", "==", "!=")
    for use in (sign + "{}", sign + " {}", "{}" + sign, "{} " + sign)
]
USES += ["int({})", "float({})", "{}(", " in {}:", " in {}]", " in {})", "len({})"]
# What has items, or lines, without being a list.
ITERABLE = ("InputStream",)
# What a trigger gives in lists, if its decorator says so.
OF_BATCHES = ("EventHubEvent", "KafkaEvent", "ServiceBusMessage")
KINDS = (
    ast.BinOp,
    ast.Call,
    ast.Compare,
    ast.FormattedValue,
    ast.For,
    ast.Subscript,
    ast.comprehension,
    ast.Attribute,
)


class ReceivedObjects(NamedTuple):
    """The objects of azure.functions that a function receives as its arguments.

    `types` has the types of parameters, such as HttpRequest, by their names; `single` has the names of parameters that
    certainly are one object, and no list of them.
    """

    module: Module
    definition: Definition
    types: Mapping[str, str]
    single: Collection[str]


def misuses(
    sources: Sources, received: ReceivedObjects, attributes: Mapping[str, Sequence[str]]
) -> Iterator[Problem]:
    """Yield what fails with received objects, or is never what it is meant to be.

    `attributes` has the names of the attributes of each type.
    """
    types, text = received.types, received.module.text
    known = {name: attributes[type_] for name, type_ in types.items() if type_ in attributes}
    if not known or "TypeError" in text:
        return
    if not any(_may_be_misused(text, name, names) for name, names in known.items()):
        return  # To look at all nodes takes longer.
    found = _Misuses(sources, received, known)
    for node in own_nodes(received.definition):
        if isinstance(node, KINDS):
            yield from found.of(node)


def not_called(module: Module, method: ast.Attribute) -> Problem:
    """Return a problem with a method that is used in the place of what it returns."""
    text = ast.unparse(method)
    message = f"{text} is a method, which is not called here."
    return Problem(module.place(method), message, f"Write {text}().")


def _may_be_misused(text: str, name: str, attributes: Sequence[str]) -> bool:
    """Whether a text uses an object in another way than nearly all texts do."""
    if f"{name}[" in text or f"json.dumps({name})" in text:
        return True
    if any(use.format(name) in text for use in USES):
        return True
    if ("params.get(" in text or "params[" in text) and CALCULATES.search(text):
        return True
    before, *parts = text.split(f"{name}.")
    for part in parts:
        is_usual = part.startswith(("get_json()", "get_body().decode", "read().decode"))
        is_parsed = part.startswith(("get_body()", "read()")) and before.endswith("json.loads(")
        called = part.partition("(")[0]
        below = PART_OF_MAPPING.match(part)
        if below and below[1] not in OF_MAPPING:
            return True
        if before.endswith(IN_DUMPS) and part.startswith(PLAIN_MAPPINGS):
            return True
        if part.startswith((*BODIES, "read()")) and not (is_usual or is_parsed):
            return True
        if called in attributes and called not in METHODS:
            return True
        before = part
    return False


class _Misuses:
    """What is wrong with the objects that a function receives; `known` has the attributes of each."""

    def __init__(
        self, sources: Sources, received: ReceivedObjects, known: Mapping[str, Sequence[str]]
    ) -> None:
        self.sources, self.known = sources, known
        self.module, self.definition, self.types, self.single = received

    def of(self, node: ast.AST) -> Iterator[Problem]:
        """Yield what is wrong with a node."""
        match node:
            case ast.Call():
                yield from self._of_call(node)
            case (
                ast.For(iter=ast.Name(id=name) as used)
                | ast.comprehension(iter=ast.Name(id=name) as used)
            ):
                is_known = name in self.known and name in self.single
                if is_known and self.types[name] not in ITERABLE:
                    yield self._no_list(used)
            case ast.Attribute(value=ast.Attribute() as used, attr=attr):
                if attr not in OF_MAPPING and self._is_mapping(used):
                    text = ast.unparse(used)
                    message = f"{text} has no attribute {attr!r}, so this line fails."
                    fix = f'Write {text}.get("{attr}").'
                    if attr in ALL_VALUES:
                        fix = f"Use {text}.get, or urllib.parse.parse_qs for all values of a name."
                    yield Problem(self.module.place(node), message, fix)
            case ast.FormattedValue(value=value):
                yield from self._uncalled(value)
            case (
                ast.BinOp(op=ast.Add(), left=left, right=right)
                | ast.Compare(left=left, ops=[ast.Eq() | ast.NotEq()], comparators=[right])
            ):
                for one, other in ((left, right), (right, left)):
                    if _is_text(one):
                        yield from self._used_as_text(other)
                yield from self._used_as_number(left, right)
            case (
                ast.BinOp(op=ast.Sub() | ast.Div(), left=left, right=right)
                | ast.Compare(
                    left=left,
                    ops=[ast.Lt() | ast.LtE() | ast.Gt() | ast.GtE()],
                    comparators=[right],
                )
            ):
                yield from self._used_as_number(left, right)
            case ast.Compare(left=left, ops=[ast.In() | ast.NotIn()], comparators=[right]):
                if _is_text(left) and self._is_body(right):
                    yield self._bytes(right)
            case ast.Subscript(value=ast.Name(id=name) as used) if name in self.known:
                if self.types[name] not in ("Out", "InputStream") and name in self.single:
                    message = f"{name} is a func.{self.types[name]}, which has no items."
                    yield Problem(self.module.place(used), message, self._items(name))

    def _of_call(self, call: ast.Call) -> Iterator[Problem]:
        match call:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name)) as called) if (
                name in self.known
            ):
                yield from self._method_call(call, called, name)
            case ast.Call(
                func=ast.Attribute(value=used, attr=method), args=[ast.Constant(value=str()), *_]
            ):
                if method in OF_BYTES and self._is_body(used):
                    yield self._bytes(used)
            case ast.Call(func=ast.Name(id="len"), args=[ast.Name(id=name) as used]) if (
                name in self.known
            ):
                if name in self.single and self._is_known(call):
                    yield self._no_list(used)
            case ast.Call(func=ast.Name(id=name) as used) if name in self.known:
                message = f"{name} is a func.{self.types[name]}, which cannot be called."
                yield Problem(self.module.place(used), message, self._items(name))
            case ast.Call(args=[value, *_]) if self.module.dotted(call.func) in TEXT_READERS:
                if self._is_body(value):
                    yield self._bytes(value)
            case ast.Call(args=[value, *_], keywords=[]) if (
                self.module.dotted(call.func) in WRITERS
            ):
                yield from self._written(call, value)
            case ast.Call(func=ast.Name(id=called), args=[ast.Name(id=name) as used]):
                if name in self.known and called in NUMBERS and self._is_known(call):
                    yield self._object(used, "a number")

    def _method_call(self, call: ast.Call, called: ast.Attribute, name: str) -> Iterator[Problem]:
        """Yield calls of values, and arguments of methods that take none."""
        text, attr = ast.unparse(called), called.attr
        if attr not in self.known[name] or attr in self.sources.stored_attributes:
            return
        if attr in BODIES and (call.args or call.keywords):
            message = f"{text} takes no arguments, so this line fails."
            yield Problem(self.module.place(call), message, f"Write {text}().")
        is_value = attr in OF_BLOB if self.types[name] == "InputStream" else attr not in METHODS
        if is_value:
            fix = f"Write {text} without parentheses."
            if attr in MAPPINGS and call.args:
                fix = f"Write {text}.get({ast.unparse(call.args[0])})."
            yield Problem(
                self.module.place(call), f"{text} is not a method, so this line fails.", fix
            )

    def _is_known(self, call: ast.Call) -> bool:
        """Whether the module does not give the name of what is called to something else; this is slow to ask."""
        return self.module.dotted(call.func) not in (self.module.bound_names or ())

    def _written(self, call: ast.Call, value: ast.expr) -> Iterator[Problem]:
        found = [*self._uncalled(value), *self._unwritable(call, value)]
        if found and self._is_known(call):
            yield from found

    def _unwritable(self, call: ast.Call, value: ast.expr) -> Iterator[Problem]:
        if self.module.dotted(call.func) != "json.dumps":
            return
        if isinstance(value, ast.Dict):
            for part in keyed_values(value):
                yield from self._unwritable(call, part)
        elif self._is_body(value):
            yield self._bytes(value)
        elif self._is_mapping(value):
            text = ast.unparse(value)
            message = f"{text} is not a dict, so json.dumps cannot write it."
            yield Problem(self.module.place(value), message, f"Write dict({text}).")
        elif isinstance(value, ast.Name) and value.id in self.known:
            message = f"{value.id} is a func.{self.types[value.id]}, which json.dumps cannot write."
            yield Problem(self.module.place(value), message, self._items(value.id))

    def _used_as_text(self, value: ast.expr) -> Iterator[Problem]:
        """Yield a body, or the object that has one, next to a text."""
        if self._is_body(value):
            yield self._bytes(value)
        elif isinstance(value, ast.Name) and value.id in self.known:
            yield self._object(value, "text")

    def _used_as_number(self, left: ast.expr, right: ast.expr) -> Iterator[Problem]:
        """Yield a parameter of a request, which is text, next to a number."""
        for one, other in ((left, right), (right, left)):
            if _is_number(one) and self._is_parameter(other):
                text = ast.unparse(other)
                message = f"{text} is text, which this line uses as a number."
                yield Problem(self.module.place(other), message, f"Write int({text}).")

    def _no_list(self, used: ast.Name) -> Problem:
        message = f"{used.id} is one func.{self.types[used.id]}, and this line uses it as a list."
        fix = self._items(used.id)
        if self.types[used.id] in OF_BATCHES:
            annotation = f"List[func.{self.types[used.id]}]"
            fix = f'Write cardinality="many" in the decorator, and annotate it as {annotation}.'
        return Problem(self.module.place(used), message, fix)

    def _object(self, used: ast.Name, what: str) -> Problem:
        message = f"{used.id} is a func.{self.types[used.id]}, which this line uses as {what}."
        method = next((one for one in ("get_body", "read") if one in self.known[used.id]), None)
        fix = f"Write {used.id}.{method}().decode()." if method else self._items(used.id)
        return Problem(self.module.place(used), message, fix)

    def _uncalled(self, value: ast.expr) -> Iterator[Problem]:
        match self._meant(value):
            case ast.Attribute(value=ast.Name(id=name), attr=method) as used if method in BODIES:
                if method in self.known.get(name, ()):
                    yield not_called(self.module, used)

    def _is_mapping(self, node: ast.expr) -> bool:
        """Whether an expression certainly is the parameters or the headers of a request."""
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=attr) if attr in PLAIN_MAPPINGS:
                return self.types.get(name) == "HttpRequest"
        return False

    def _is_parameter(self, node: ast.expr) -> bool:
        """Whether an expression certainly is the text of a parameter of a request, or its default."""
        match self._meant(node):
            case (
                ast.Subscript(value=mapping)
                | ast.Call(func=ast.Attribute(value=mapping, attr="get"))
            ):
                return self._is_mapping(mapping)
        return False

    def _is_body(self, node: ast.expr) -> bool:
        """Whether an expression certainly is the body of an object."""
        match self._meant(node):
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method)):
                return method in OF_BODY and method in self.known.get(name, ())
        return False

    def _meant(self, node: ast.expr) -> ast.expr:
        # A function may ask what a variable is.
        if isinstance(node, ast.Name) and "isinstance(" not in self.module.text:
            return only_value(self.definition, node.id) or node
        return node

    def _bytes(self, node: ast.expr) -> Problem:
        text = ast.unparse(node)
        message = f"{text} is bytes, which this line uses as text."
        return Problem(self.module.place(node), message, f"Write {text}.decode().")

    def _items(self, name: str) -> str:
        method = next((one for one in ("get_json", "get_body") if one in self.known[name]), None)
        if self.types[name] == "Out":
            return f"Write {name}.set(...)."
        if method is None:
            return f"It has {', '.join(self.known[name])}."
        return f"Use {name}.{method}()."


def _is_number(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) in (int, float)


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
