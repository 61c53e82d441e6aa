"""The objects of azure.functions that a function receives, and what is taken from them."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ..data import read_table
from ..model import Place
from ..sources.import_graph import Sources
from ..sources.library_names import LIBRARY
from ..sources.nodes import Definition, value_meant
from ..sources.python_source import Module, parameters
from ..sources.uncertain_names import uncertain_names
from .annotations import followed
from .batch_items import items_of_lists, type_in_list
from .functions import Function

# The attributes of each type.
ATTRIBUTES: Mapping[str, Sequence[str]] = read_table("objects")["attributes"]
# The methods that return the body of a message, of a request or of a blob as bytes.
WITH_BYTES = ("get_body", "read")
# What functions often pass on to others.
PASSED_ON = ("HttpRequest", "QueueMessage")
# The attributes of a request that are like dicts, but are none.
MAPPINGS = ("params", "headers", "route_params")


class ReceivedObjects(NamedTuple):
    """The objects that a function receives as its arguments, or in lists.

    `types` has the types of parameters, and of variables of loops over them, such as HttpRequest, by their names;
    `single` has the names of those that certainly are one object, and no list of them. `lists` has the types of what is
    in parameters that are lists, and `items` those of the variables that only loops over these bind.
    """

    sources: Sources
    module: Module
    definition: Definition
    types: Mapping[str, str]
    single: Collection[str]
    lists: Mapping[str, str]
    items: Mapping[str, str]

    def place(self, node: ast.expr) -> Place:
        """Return the place of an expression of the function."""
        return self.module.place(node)

    def attributes(self, name: str) -> Sequence[str]:
        """Return the attributes of an object by its name; none if it is no such object."""
        return ATTRIBUTES[self.types[name]] if name in self.types else ()

    def first_attribute(self, name: str, wanted: Sequence[str]) -> str | None:
        """Return the first of some attributes that an object has."""
        return next((one for one in wanted if one in self.attributes(name)), None)

    def called_method(self, node: ast.expr) -> str | None:
        """Return the method of an object that an expression calls."""
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method)):
                return method if method in self.attributes(name) else None
        return None

    def uncalled_method(self, node: ast.expr, methods: Sequence[str]) -> ast.Attribute | None:
        """Return an expression if it is one of some methods of an object, and not a call of it."""
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=method) if method in methods:
                return node if method in self.attributes(name) else None
        return None

    def is_mapping(self, node: ast.expr) -> bool:
        """Whether an expression certainly is the parameters or the headers of a request."""
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=attr) if attr in MAPPINGS:
                return self.types.get(name) == "HttpRequest"
        return False

    def is_text_of_request(self, node: ast.expr) -> bool:
        """Whether an expression certainly is the text of a parameter of a request, or its default."""
        match self.meant(node):
            case (
                ast.Subscript(value=mapping)
                | ast.Call(func=ast.Attribute(value=mapping, attr="get"))
            ):
                return self.is_mapping(mapping)
        return False

    def is_bytes(self, node: ast.expr) -> bool:
        """Whether an expression certainly is the body of an object."""
        return self.called_method(self.meant(node)) in WITH_BYTES

    def meant(self, node: ast.expr) -> ast.expr:
        """Return the value of a variable, or the expression itself, if the module does not ask what a variable is."""
        return node if "isinstance(" in self.module.text else value_meant(self.definition, node)


def received_objects(
    sources: Sources, function: Function, module: Module, definition: Definition
) -> ReceivedObjects:
    """Return the objects that a function receives, under names that nothing binds again."""
    return _objects(sources, module, definition, _certainly_one(function))


def annotated_objects(
    sources: Sources, module: Module, definition: Definition
) -> ReceivedObjects | None:
    """Return the requests and messages that another function gets, as its annotations say; None without any."""
    annotated = [one for one in parameters(definition) if one.annotation is not None]
    names = [
        one.arg
        for one in annotated
        if one.annotation and _type(*followed(sources, module, one.annotation)) in PASSED_ON
    ]
    return _objects(sources, module, definition, names) if names else None


def _objects(
    sources: Sources, module: Module, definition: Definition, single: Iterable[str]
) -> ReceivedObjects:
    uncertain = uncertain_names(definition)
    annotations = {
        argument.arg: followed(sources, module, argument.annotation)
        for argument in parameters(definition)
        if argument.annotation is not None and argument.arg not in uncertain
    }
    lists = {name: type_ for name, found in annotations.items() if (type_ := type_in_list(*found))}
    items = items_of_lists(definition, lists)
    types = {**{name: _type(*found) for name, found in annotations.items()}, **items}
    known = {name: type_ for name, type_ in types.items() if type_ in ATTRIBUTES}
    return ReceivedObjects(sources, module, definition, known, {*single, *items}, lists, items)


def _certainly_one(function: Function) -> Iterator[str]:
    """Yield the names of the bindings that give one object, and no list of them."""
    for binding in function.bindings:
        if binding.lacks("cardinality") or binding.text("cardinality") in ("ONE", "one"):
            yield str(binding.name)


def _type(module: Module, annotation: ast.expr) -> str:
    """Return the type of azure.functions that an annotation names, without what is in its brackets; "" for others."""
    if isinstance(annotation, ast.Subscript):
        return "Out" if module.dotted(annotation.value) == f"{LIBRARY}.Out" else ""
    library, _, name = module.dotted(annotation).rpartition(".")
    return name if library == LIBRARY else ""
