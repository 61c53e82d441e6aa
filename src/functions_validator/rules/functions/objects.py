"""What functions do with the objects of azure.functions."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from ...data import read_table
from ...functions.annotations import followed
from ...functions.batch_items import items_of_lists, types_in_lists, wrong_rows
from ...functions.functions import Function, has_other_decorators
from ...functions.json_values import unwritable_dumps
from ...functions.middleware import awaited_wsgi
from ...functions.misused_objects import ReceivedObjects, misuses, not_called
from ...functions.other_names import instead
from ...functions.responses import wrong_responses
from ...functions.text_inputs import misused_text
from ...model import Problem, Severity
from ...pattern import Pattern
from ...project.project import Project
from ...sources.import_graph import Sources
from ...sources.library_names import LIBRARY, unknown_in_functions
from ...sources.nodes import COLLECTIONS, Definition, only_value, own_nodes, targets
from ...sources.python_source import Module, parameters
from ...sources.uncertain_names import asked_names, uncertain_names
from ..rule import rule

TABLE: dict[str, Any] = read_table("objects")
ATTRIBUTES: Mapping[str, Sequence[str]] = TABLE["attributes"]
METHODS = ("get_body", "get_json", "read")
# What a message of the SDK does, and one of azure.functions does not.
SETTLING = {"abandon", "complete", "dead_letter", "deadletter", "defer", "renew_lock"}
SETTLED = (
    "The host settles it when the function ends. To do so in the function, take a "
    "ServiceBusReceivedMessage of azurefunctions.extensions.bindings.servicebus."
)
UNCALLED = Pattern(r"\.(?:get_body|get_json|read)\b(?!\()")
# What turns a dict into a value that an output takes.
OF_DICT = {
    "blob": "json.dumps(...)",
    "cosmosdb": "func.Document.from_dict(...)",
    "eventgrid": "func.EventGridOutputEvent(...)",
    "eventhub": "json.dumps(...)",
    "kafka": "json.dumps(...)",
    "mysql": "func.MySqlRow.from_dict(...)",
    "queue": "json.dumps(...)",
    "servicebus": "json.dumps(...)",
    "sql": "func.SqlRow.from_dict(...)",
}
# The outputs that write objects of their own only, and no other value that JSON has.
OF_OBJECTS = {"cosmosdb", "mysql", "sql"}
# An output that writes lists of dicts, and one that writes nothing but text and bytes.
OF_LISTS, KAFKA = {"eventhub"}, "kafka"


@rule("AF241", Severity.ERROR, "An object of azure.functions is used as another one")
def other_objects(project: Project) -> Iterator[Problem]:
    """Yield attributes that the object of a parameter does not have, and responses that cannot be made."""
    modules = list(project.sources.modules.values())
    is_open = any("setattr(" in module.text for module in modules)
    for function in project.written_functions:
        # A decorator of the app's own may pass another object, or give it attributes.
        is_plain = not is_open and not has_other_decorators(function)
        if function.module and function.definition and is_plain:
            place = (project.sources, function.module, function.definition)
            uncertain = uncertain_names(function.definition)
            lists = types_in_lists(*place, uncertain)
            items = items_of_lists(function.definition, lists) if lists else {}
            types = {**_types(*place, uncertain), **items}
            yield from _attributes(project, function, function.module, types)
            yield from _uncalled(function, function.module, types)
            single = {*_single(function), *items}
            received = ReceivedObjects(function.module, function.definition, types, single)
            yield from misuses(project.sources, received, ATTRIBUTES)
            yield from wrong_rows(*place, lists, items)
            yield from misused_text(function, function.module)
            yield from _misused_results(function, function.module, types)
            yield from _outputs(project, function, function.module)
            yield from _unwritten(function, function.module)
    classes = [node.name for module in modules for node in module.all(ast.ClassDef)]
    has_middleware = any("WsgiMiddleware" in module.text for module in modules)
    for module in modules:
        yield from unknown_in_functions(module)
        yield from wrong_responses(project.sources, module)
        yield from unwritable_dumps(project.sources, module, classes)
        if has_middleware:
            yield from awaited_wsgi(project.sources, module)


def _attributes(
    project: Project, function: Function, module: Module, types: Mapping[str, str]
) -> Iterator[Problem]:
    assert function.definition is not None
    for node in own_nodes(function.definition):
        if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name):
            continue
        known = ATTRIBUTES.get(types.get(node.value.id, ""))
        if known is None or node.attr.startswith("_"):
            continue
        if node.attr not in known and node.attr not in project.sources.stored_attributes:
            type_ = types[node.value.id]
            message = f"{node.value.id} is a func.{type_}, which has no attribute {node.attr!r}."
            fix = instead(node.attr, known)
            if type_ == "ServiceBusMessage" and node.attr in SETTLING:
                fix = SETTLED
            yield Problem(module.place(node), message, fix)


def _uncalled(function: Function, module: Module, types: Mapping[str, str]) -> Iterator[Problem]:
    """Yield methods that a function uses as if they were what they return."""
    assert function.definition is not None
    if not UNCALLED.search(module.text):
        return
    for node in own_nodes(function.definition):
        match node:
            case ast.Subscript(value=used) | ast.Attribute(value=used):
                pass
            case ast.Call(func=ast.Attribute(attr="loads"), args=[used, *_]):
                pass
            case _:
                continue
        if isinstance(used, ast.Name):
            used = only_value(function.definition, used.id) or used
        match used:
            case ast.Attribute(value=ast.Name(id=name), attr=method) as found if method in METHODS:
                if method in ATTRIBUTES.get(types.get(name, ""), ()):
                    yield not_called(module, found)


def _misused_results(
    function: Function, module: Module, types: Mapping[str, str]
) -> Iterator[Problem]:
    """Yield results that a function awaits, and bodies in bytes that it uses as if they were parsed."""
    assert function.definition is not None
    if not any(word in module.text for word in ("await", "get_body", "json.loads")):
        return
    nodes = list(own_nodes(function.definition))
    bodies = {
        target.id
        for node in nodes
        if isinstance(node, ast.Assign | ast.AnnAssign)
        if node.value and _method(types, node.value) == "get_body"
        for target in targets(node)
        if isinstance(target, ast.Name)
    }
    for node in nodes:
        match node:
            case ast.Await(value=used) if _method(types, used):
                text = ast.unparse(used)
                message = f"{text} is not a coroutine, so this line fails."
                yield Problem(module.place(node), message, "Write it without await.")
            case ast.Call(args=[ast.Name(id=name), *_]) if _parses(module, node):
                yield from _parsed(module, types, node, name)
            case ast.Subscript(value=used, slice=ast.Constant(value=str())):
                yield from _unparsed(function, module, types, used, bodies)
            case ast.Attribute(value=used, attr=name) if not hasattr(bytes, name):
                yield from _unparsed(function, module, types, used, bodies)


def _parses(module: Module, call: ast.Call) -> bool:
    """Whether a call parses JSON, and the app does not expect that it cannot read the value."""
    return module.dotted(call.func) == "json.loads" and "TypeError" not in module.text


def _parsed(
    module: Module, types: Mapping[str, str], call: ast.Call, name: str
) -> Iterator[Problem]:
    """Yield the call of json.loads that gets an object with a body, and not the body."""
    known = ATTRIBUTES.get(types.get(name, ""), ())
    method = next((one for one in ("get_body", "read", "get_json") if one in known), "")
    if method:
        text = f"{name}.{method}()"
        message = f"{name} is a func.{types[name]}, which json.loads cannot read."
        fix = f"Write json.loads({text})."
        if method == "get_json":
            fix = f"Use {text}, which is parsed."
        yield Problem(module.place(call), message, fix)


def _unparsed(
    function: Function,
    module: Module,
    types: Mapping[str, str],
    used: ast.expr,
    bodies: Collection[str],
) -> Iterator[Problem]:
    assert function.definition is not None
    if isinstance(used, ast.Name) and used.id in bodies:
        if used.id in asked_names(function.definition):
            return
        used = only_value(function.definition, used.id) or used
    if _method(types, used) == "get_body":
        text = ast.unparse(used)
        message = f"{text} is bytes, not the JSON in them, which this function uses."
        yield Problem(module.place(used), message, f"Write json.loads({text}).")


def _method(types: Mapping[str, str], node: ast.expr) -> str | None:
    """Return the method of a parameter that is called, if its type is known and has it."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method)):
            return method if method in ATTRIBUTES.get(types.get(name, ""), ()) else None
    return None


def _types(
    sources: Sources, module: Module, definition: Definition, uncertain: Collection[str]
) -> Mapping[str, str]:
    """Return the types of the parameters that nothing binds again."""
    return {
        argument.arg: _type(*followed(sources, module, argument.annotation))
        for argument in parameters(definition)
        if argument.annotation is not None and argument.arg not in uncertain
    }


def _outputs(project: Project, function: Function, module: Module) -> Iterator[Problem]:
    """Yield dicts, lists of them and text that an output gets and cannot write."""
    assert function.definition is not None
    bound_again = uncertain_names(function.definition)
    outputs = (b for b in function.bindings if b.direction == "out" and b.name not in bound_again)
    types = {binding.name: binding.type.lower() for binding in outputs}
    if OF_DICT.keys().isdisjoint(types.values()) or ".set(" not in module.text:
        return
    for node in own_nodes(function.definition):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="set"), args=[value]):
                fix = OF_DICT.get(types.get(name, ""))
                if fix is None or _writes_json(project, function, module, name):
                    continue
                if isinstance(value, ast.Name):
                    value = only_value(function.definition, value.id) or value
                if found := _unlike_output(module, types[name], fix, name, value):
                    message, fix = found
                    yield Problem(module.place(node), f"{name}.set {message}.", fix)


def _unlike_output(
    module: Module, type_: str, fix: str, name: str, value: ast.expr
) -> tuple[str, str] | None:
    """Return what an output gets that it does not write, and what to do; only `func.Out[str]` writes all that JSON has."""
    is_of_objects = type_ in OF_OBJECTS
    is_json = is_of_objects and _is_json(module, value)
    as_text = f"Annotate {name} as func.Out[str]."
    if type_ == KAFKA and not (isinstance(value, ast.Constant) and value.value is None):
        return "fails: a Kafka output takes only func.Out[str] or func.Out[bytes]", as_text
    if is_json or _is_of_dicts(value):
        if type_ in OF_LISTS and not isinstance(value, ast.Dict | ast.DictComp):
            return None
        kind = "parsed JSON" if is_json else COLLECTIONS[type(value)]
        return f"gets {kind}, which this output cannot write", f"Write {fix} for each dict."
    if is_of_objects and _is_text(module, value):
        return "gets text, which this output cannot write", as_text
    return None


def _writes_json(project: Project, function: Function, module: Module, name: str) -> bool:
    """Whether an output writes any value as JSON, since it is annotated as one of text or bytes."""
    argument = function.argument(name)
    if argument is None or argument.annotation is None:
        return False
    other, annotation = followed(project.sources, module, argument.annotation)
    if not isinstance(annotation, ast.Subscript):
        return False
    return other.dotted(followed(project.sources, other, annotation.slice)[1]) in ("bytes", "str")


def _is_text(module: Module, value: ast.expr) -> bool:
    if isinstance(value, ast.Call):
        return module.dotted(value.func) == "json.dumps"
    is_constant = isinstance(value, ast.Constant) and isinstance(value.value, str)
    return is_constant or isinstance(value, ast.JoinedStr)


def _unwritten(function: Function, module: Module) -> Iterator[Problem]:
    """Yield assignments to the parameter of an output, which nothing else uses."""
    assert function.definition is not None
    for name in (str(b.name) for b in function.bindings if b.direction == "out"):
        is_assigned = f"{name} =" in module.text or f"{name}=" in module.text
        if not is_assigned or not function.argument(name):
            continue
        used = [
            n for n in ast.walk(function.definition) if isinstance(n, ast.Name) and n.id == name
        ]
        if used and all(isinstance(one.ctx, ast.Store) for one in used):
            message = f"This line only changes the variable {name}, so the output writes nothing."
            yield Problem(module.place(used[0]), message, f"Write {name}.set(...).")


def _is_of_dicts(value: ast.expr) -> bool:
    match value:
        case ast.List(elts=[first, *_]) | ast.ListComp(elt=first):
            return isinstance(first, ast.Dict | ast.DictComp)
    return isinstance(value, ast.Dict | ast.DictComp)


def _is_json(module: Module, value: ast.expr) -> bool:
    # With keywords, json.loads may make other objects.
    if not isinstance(value, ast.Call) or value.keywords:
        return False
    is_method = isinstance(value.func, ast.Attribute) and value.func.attr == "get_json"
    return is_method or module.dotted(value.func) == "json.loads"


def _single(function: Function) -> set[str]:
    """Return the parameters that are one object, and no list of them."""
    return {
        str(binding.name)
        for binding in function.bindings
        if binding.lacks("cardinality") or binding.text("cardinality") in ("ONE", "one")
    }


def _type(module: Module, annotation: ast.expr) -> str:
    if isinstance(annotation, ast.Subscript):
        return "Out" if module.dotted(annotation.value) == f"{LIBRARY}.Out" else ""
    library, _, name = module.dotted(annotation).rpartition(".")
    return name if library == LIBRARY else ""


RULES = (other_objects,)
