"""The types that the worker accepts for triggers and bindings, as far as annotations in the sources tell."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence

from ..data import read_table
from ..sources.import_graph import Sources, class_meant
from ..sources.library_names import LIBRARY
from ..sources.python_source import Module, unquoted
from ..sources.typing_names import bare_annotation, typing_name
from .functions import Binding

BUILTINS = {"bool", "bytes", "dict", "float", "int", "list", "set", "str", "tuple"}
# The classes of SDKs that a worker takes only from an extension, and the packages of both.
SDK_CLASSES: Mapping[str, Sequence[str]] = {
    "azure.storage.blob": ("BlobClient", "ContainerClient", "StorageStreamDownloader"),
    "azure.eventhub": ("EventData",),
    "azure.servicebus": ("ServiceBusReceivedMessage",),
    "azure.cosmos": ("ContainerProxy", "CosmosClient", "DatabaseProxy"),
}
EXTENSIONS: Mapping[str, str] = {
    "azure.storage.blob": "blob",
    "azure.eventhub": "eventhub",
    "azure.servicebus": "servicebus",
    "azure.cosmos": "cosmosdb",
}
# Bases of classes that no trigger or binding takes.
PLAIN_BASES = {
    "dict",
    "enum.Enum",
    "list",
    "object",
    "pydantic.BaseModel",
    "typing.NamedTuple",
    "typing.Protocol",
    "typing.TypedDict",
}
# Other types, which few bindings of the table take.
OTHERS = {
    "datetime.date",
    "datetime.datetime",
    "decimal.Decimal",
    "io.BytesIO",
    "io.StringIO",
    "object",
    "typing.Any",
    "typing.BinaryIO",
    "typing.List",
    "uuid.UUID",
}
# Their results are objects, even where they mean a class.
MAKES_NO_CLASS = {"NewType", "TypeVar"}
# The directions of the table: inputs and triggers, outputs, and what a function returns.
IN, OUT, RESULT = "in", "out", "result"
# The longest chain of names that stand for each other.
DEEPEST = 5


def unsupported(
    sources: Sources, module: Module, annotation: ast.expr, binding: Binding, row: str
) -> str | None:
    """Return why the worker rejects a type that it knows for a binding; the words continue a sentence."""
    accepted: Mapping[str, Sequence[str]] = read_table("annotations")[row]
    if binding.type not in accepted:
        return None
    module, annotation = followed(sources, module, annotation)
    own = _own_class(sources, module, annotation)
    word = own or _word(module, annotation)
    if word is None or (not own and word in accepted[binding.type]):
        return None
    return f"{binding.type} does not support {word}"


def accepted_types(row: str, type_: str) -> Sequence[str]:
    """Return the types that the worker accepts for a binding, as an app writes them; none if it is not known."""
    table = read_table("annotations")
    names = "|".join(table["classes"])
    known: Sequence[str] = table[row].get(type_, ())
    return [re.sub(rf"\b({names})\b", r"func.\1", name) for name in known]


def extension_meant(module: Module, annotation: ast.expr) -> str | None:
    """Return the import to write for a class of an SDK that the worker takes only from an extension."""
    node = bare_annotation(module, annotation)
    if isinstance(node, ast.Subscript):
        node = bare_annotation(module, node.slice)
    package, _, name = module.dotted(node).rpartition(".")
    if name not in SDK_CLASSES.get(package, ()):
        return None
    return f"from azurefunctions.extensions.bindings.{EXTENSIONS[package]} import {name}"


def is_other_context(sources: Sources, module: Module, annotation: ast.expr) -> bool:
    """Whether the annotation of a context is a type that the worker knows not to be one, by its name."""
    module, annotation = followed(sources, module, annotation)
    word = _own_class(sources, module, annotation) or _word(module, annotation)
    return word is not None and word != "Context"


def followed(sources: Sources, module: Module, node: ast.expr) -> tuple[Module, ast.expr]:
    """Return the type that an alias or an annotated type stands for, and the module that has it."""
    for _ in range(DEEPEST):
        node = bare_annotation(module, node)
        other, name = sources.where_defined(module, node)
        if other is None or name not in other.constants:
            break
        module, node = other, unquoted(other.constants[name])
    return module, node


def is_no_class(sources: Sources, module: Module, node: ast.expr) -> bool:
    """Whether an annotation is an object of typing that the worker takes for no type at all."""
    match node:
        case ast.Call():
            return typing_name(module, node.func) in MAKES_NO_CLASS
        case ast.Subscript():
            is_of_collections = module.dotted(node.value).startswith("collections.")
            return is_of_collections or typing_name(module, node.value) in ("Callable", "Tuple")
    other, name = sources.where_defined(module, node)
    return other is not None and name in other.type_statements


def _own_class(sources: Sources, module: Module, node: ast.expr) -> str | None:
    """Return the name of a class of the app that has nothing of azure.functions."""
    found = class_meant(sources, module, node)
    if found is None:
        return None
    other, definition = found
    is_plain = all(other.dotted(base) in PLAIN_BASES for base in definition.bases)
    is_once = definition.name not in other.constants
    # A blob output takes all that can be read.
    can_be_read = any(getattr(part, "name", "") == "read" for part in definition.body)
    is_known = is_plain and is_once and not definition.keywords and not can_be_read
    return definition.name if is_known else None


def _word(module: Module, node: ast.expr, depth: int = 0) -> str | None:
    """Return the word of the table for a type; None for one that it does not have."""
    if depth > DEEPEST:
        return None
    if isinstance(node, ast.Name) and node.id in module.constants:
        return _word(module, module.constants[node.id], depth + 1)
    if isinstance(node, ast.Subscript):
        return _word_of_generic(module, node, depth)
    if isinstance(node, ast.Call):
        return ast.unparse(node) if module.dotted(node.func) in PLAIN_BASES else None
    name = module.dotted(node)
    if name in BUILTINS:
        return None if name in (module.bound_names or ()) else name
    if name in OTHERS:
        return name.rpartition(".")[2]
    package, _, last = name.rpartition(".")
    if package == LIBRARY:
        return last if last in read_table("annotations")["classes"] else None
    return last if last in SDK_CLASSES.get(package, ()) else None


def _word_of_generic(module: Module, node: ast.Subscript, depth: int) -> str | None:
    name = module.dotted(node.value)
    if typing_name(module, node.value) == "Literal":
        return f"Literal{ast.unparse(node).removeprefix(ast.unparse(node.value))}"
    if name == "typing.List":
        inner = _word(module, node.slice, depth + 1)
        classes = {"bytes", "dict", "str", *read_table("annotations")["classes"]}
        classes.update(*SDK_CLASSES.values())
        return f"List[{inner}]" if inner in classes else None
    if name == "typing.Dict" and isinstance(node.slice, ast.Tuple):
        inside = [_word(module, part, depth + 1) for part in node.slice.elts]
        return f"Dict[str, {inside[-1]}]" if inside in (["str", "Any"], ["str", "str"]) else None
    return None
