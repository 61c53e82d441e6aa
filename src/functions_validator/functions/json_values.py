"""Values that JSON does not have, as those that durable functions or json.dumps cannot write."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from ..model import Problem
from ..sources.import_graph import NamedClass, Sources, class_meant
from ..sources.nodes import (
    COLLECTIONS,
    Definition,
    callee,
    calls_of,
    first_name,
    keyed_values,
    only_value,
    own_nodes,
    times_bound,
    walk,
)
from ..sources.python_source import Module, last_name
from .named_functions import results_meant

# What makes an object that JSON does not have.
MADE = {
    "datetime.date": "a date",
    "datetime.date.fromisoformat": "a date",
    "datetime.date.today": "a date",
    "datetime.datetime": "a datetime",
    "datetime.datetime.fromisoformat": "a datetime",
    "datetime.datetime.fromtimestamp": "a datetime",
    "datetime.datetime.now": "a datetime",
    "datetime.datetime.strptime": "a datetime",
    "datetime.datetime.utcnow": "a datetime",
    "datetime.timedelta": "a timedelta",
    "decimal.Decimal": "a Decimal",
    "enumerate": "an enumerate",
    "filter": "a filter",
    "frozenset": "a frozenset",
    "map": "a map",
    "pathlib.Path": "a Path",
    "range": "a range",
    "reversed": "a reversed list",
    "set": "a set",
    "uuid.UUID": "a UUID",
    "uuid.uuid4": "a UUID",
    "zip": "a zip",
}
AS_DICT = "dataclasses.asdict"
# What makes a collection, which is not text.
COLLECTIONS_MADE = {
    AS_DICT: "a dict",
    "dict": "a dict",
    "list": "a list",
    "set": "a set",
    "sorted": "a list",
    "tuple": "a tuple",
}
# What an object needs so that it can be written.
WRITER = "to_json"
MODEL = "pydantic.BaseModel"
PLAIN_BASES = {"object", MODEL}
# The methods of a model's class that make an object of it.
VALIDATING = ("model_validate", "model_validate_json", "parse_obj", "parse_raw")
DATACLASS = "dataclasses.dataclass"
# What a dataclass has among its fields without being one.
NO_FIELDS = {"ClassVar", "KW_ONLY"}
DUMPS = "json.dumps"


def unwritable(
    sources: Sources, module: Module, definition: Definition, value: ast.expr
) -> str | None:
    """Return what a value of a function is, or what is in it, if JSON certainly does not have it."""
    waiting, names = [value], set[str]()
    while waiting:
        part = waiting.pop(0)
        if isinstance(part, ast.Name) and part.id not in names:
            names.add(part.id)
            assigned = only_value(definition, part.id)
            if assigned is None and _is_caught(definition, part.id):
                return "an exception"
            if assigned and not may_change(sources, module, definition, part.id):
                waiting[:0] = [assigned]
        elif isinstance(part, ast.Dict):
            waiting[:0] = keyed_values(part)
        elif isinstance(part, ast.List | ast.Tuple):
            waiting[:0] = part.elts
        elif what := _unwritable(sources, module, part) or _in_model(
            sources, module, definition, part
        ):
            return what
    return None


def _is_caught(definition: Definition, name: str) -> bool:
    """Whether nothing but the handlers of a function bind a name, and so it stands for an exception."""
    handlers = [
        node
        for node in own_nodes(definition)
        if isinstance(node, ast.ExceptHandler) and node.name == name
    ]
    return bool(handlers) and len(handlers) == times_bound(definition, name)


def may_change(sources: Sources, module: Module, definition: Definition, name: str) -> bool:
    """Whether a function may change what is in the object that a name stands for, or have another do so."""
    for node in walk(definition):
        match node:
            case ast.Attribute(value=ast.Name(id=owner)) if owner == name:
                return True
            case ast.Subscript(value=ast.Name(id=owner), ctx=ast.Store() | ast.Del()) if (
                owner == name
            ):
                return True
            # Other names of the object may be used to change it.
            case ast.Assign(value=ast.Name(id=other)) | ast.NamedExpr(value=ast.Name(id=other)) if (
                other == name
            ):
                return True
            case ast.For(iter=ast.List() | ast.Tuple() as many) if _has_name(many.elts, name):
                return True
            case ast.Call(func=called) if last_name(module, called) in sources.defined_names:
                if _has_name([*node.args, *(one.value for one in node.keywords)], name):
                    return True
    return False


def _has_name(nodes: Sequence[ast.expr], name: str) -> bool:
    return any(isinstance(node, ast.Name) and node.id == name for node in nodes)


def _is_itself(module: Module, called: ast.expr, dotted: str) -> bool:
    """Whether what a module calls is certainly the object of a library, or of Python, with this dotted name."""
    name = first_name(called)
    imports = 1 if "." in dotted else 0
    return name is not None and times_bound(module.tree, name.id) == imports


def _unwritable(sources: Sources, module: Module, value: ast.expr) -> str | None:
    """Return what a value is, apart from what is in it, if JSON certainly does not have it."""
    match value:
        case ast.Constant(value=bytes()):
            return "bytes"
        case ast.Attribute(attr="current_utc_datetime"):
            return "a datetime"
        case ast.Attribute(value=class_, attr=attr):
            return _enum_member(sources, module, class_, attr)
        case ast.Set() | ast.SetComp():
            return "a set"
        case ast.Call(func=called):
            name = module.dotted(called)
            if name in MADE and _is_itself(module, called, name):
                return MADE[name]
            return own_object(sources, module, called)
    return None


def _enum_member(sources: Sources, module: Module, class_: ast.expr, attr: str) -> str | None:
    """Return what an attribute of an enum of the app is, if its members are neither text nor numbers."""
    found = class_meant(sources, module, class_)
    if found is None or _bases(found) != {"enum.Enum"} or WRITER in found.module.text:
        return None
    values = [
        one.value
        for one in found.definition.body
        if isinstance(one, ast.Assign)
        and any(isinstance(target, ast.Name) and target.id == attr for target in one.targets)
    ]
    # A call may make something else than a member, and so may another class of the enum itself.
    is_member = bool(values) and not found.definition.keywords
    is_member &= all(isinstance(one, ast.Constant) for one in values)
    return f"a member of {found.definition.name}" if is_member else None


def own_object(sources: Sources, module: Module, called: ast.expr) -> str | None:
    """Return what a call makes, if that is an object of a class of the app without a way to write it as JSON."""
    found = _class_of(sources, module, called)
    if found is None:
        return None
    other, class_ = found
    bases = _bases(found)
    makers = map(callee, class_.decorator_list)
    is_plain = bases <= PLAIN_BASES and all(other.dotted(one) == DATACLASS for one in makers)
    may_have_writer = WRITER in other.text or WRITER in sources.stored_attributes
    is_known = is_plain and not class_.keywords and not may_have_writer
    return f"an object of {class_.name}" if is_known else None


def _in_model(
    sources: Sources, module: Module, definition: Definition, value: ast.expr
) -> str | None:
    """Return what is in the dict that a model or a dataclass gives, if JSON certainly does not have it."""
    match value:
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id=name), attr="dict" | "model_dump"), args=[]
        ):
            kind = MODEL
        case ast.Call(func=called, args=[ast.Name(id=name)]) if module.dotted(called) == AS_DICT:
            kind = DATACLASS
        case _:
            return None
    made = only_value(definition, name)
    if value.keywords or not isinstance(made, ast.Call):
        return None
    found = _class_of(sources, module, made.func)
    if found is None or _kinds(found) != {kind} or _has_methods(found.definition):
        return None
    fields = [
        one
        for one in found.definition.body
        if isinstance(one, ast.AnnAssign) and NO_FIELDS.isdisjoint(_names(one.annotation))
    ]
    for number, field in enumerate(fields):
        annotation = found.module.dotted(field.annotation)
        if annotation not in MADE or "." not in annotation or not _is_kept(sources, field):
            continue
        # Nothing checks what the field of a dataclass gets.
        if kind == MODEL or _is_given(sources, module, made, number, field):
            return MADE[annotation]
    return None


def _is_kept(sources: Sources, field: ast.AnnAssign) -> bool:
    """Whether a field certainly has what its annotation says, and is in the dict of its object."""
    if not isinstance(field.target, ast.Name) or field.value is not None:
        return False
    name = field.target.id
    if any("setattr" in module.text for module in sources.modules.values()):
        return False
    return not name.startswith("_") and name not in sources.stored_attributes


def _is_given(
    sources: Sources, module: Module, made: ast.Call, number: int, field: ast.AnnAssign
) -> bool:
    """Whether a call that makes an object certainly gives a field what JSON does not have."""
    name = ast.unparse(field.target)
    if any(isinstance(one, ast.Starred) for one in made.args):
        return False
    given = [*made.args[number : number + 1]]
    given += [one.value for one in made.keywords if one.arg == name]
    return len(given) == 1 and _unwritable(sources, module, given[0]) is not None


def _names(annotation: ast.expr) -> set[str]:
    nodes = [*ast.walk(annotation)]
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    return names.union(node.attr for node in nodes if isinstance(node, ast.Attribute))


def _kinds(found: NamedClass) -> set[str]:
    """Return the bases of a class and its decorators."""
    makers = {found.module.dotted(callee(one)) for one in found.definition.decorator_list}
    return _bases(found) | makers


def _has_methods(class_: ast.ClassDef) -> bool:
    """Whether a class may change its fields, or say how they are written."""
    return any(isinstance(one, Definition) for one in class_.body)


def _class_of(sources: Sources, module: Module, called: ast.expr) -> NamedClass | None:
    """Return the class of the app of which a call makes an object."""
    found = class_meant(sources, module, called)
    if found is None and isinstance(called, ast.Attribute) and called.attr in VALIDATING:
        found = class_meant(sources, module, called.value)
        return found if found and _bases(found) == {MODEL} else None
    return found


def _bases(found: NamedClass) -> set[str]:
    return {found.module.dotted(base) for base in found.definition.bases}


def collection_of_call(sources: Sources, module: Module, value: ast.expr) -> str | None:
    """Return what a call of a function of the app gives, if that certainly is a dict or another collection."""
    call = value.value if isinstance(value, ast.Await) else value
    if not isinstance(call, ast.Call):
        return None
    is_awaited = isinstance(value, ast.Await)
    found = results_meant(sources, module, call.func, is_awaited=is_awaited)
    kinds = {_collection(found[0], result) for result in found[1]} if found else set()
    return kinds.pop() if len(kinds) == 1 else None


def _collection(module: Module, value: ast.expr | None) -> str | None:
    if isinstance(value, ast.Call):
        return collection_made(module, value)
    return COLLECTIONS.get(type(value)) if value else None


def collection_made(module: Module, call: ast.Call) -> str | None:
    """Return which collection a call makes, if it certainly calls what Python has for that."""
    name = module.dotted(call.func)
    if name not in COLLECTIONS_MADE:
        return None
    if "." not in name:
        return None if module.redefines(name) else COLLECTIONS_MADE[name]
    # With a dict_factory, asdict returns what that makes.
    has_factory = any(keyword.arg != "obj" for keyword in call.keywords)
    is_certain = _is_itself(module, call.func, name) and not has_factory
    return COLLECTIONS_MADE[name] if is_certain else None


def is_dumps(sources: Sources, module: Module, called: ast.expr) -> bool:
    """Whether a module calls Python's json.dumps, and nothing changes it or expects that it fails."""
    if module.dotted(called) != DUMPS or "TypeError" in module.text:
        return False
    # As in `json.dumps = ...` and `json.JSONEncoder.default = ...`.
    is_kept = sources.stored_attributes.isdisjoint(("dumps", "default"))
    return is_kept and _is_itself(module, called, DUMPS)


def unwritable_dumps(sources: Sources, module: Module) -> Iterator[Problem]:
    """Yield what functions give to json.dumps, and JSON does not have."""
    for definition in module.definitions if "json.dumps(" in module.text else ():
        for call in calls_of(definition):
            if len(call.args) != 1 or call.keywords or not is_dumps(sources, module, call.func):
                continue
            if what := unwritable(sources, module, definition, call.args[0]):
                message = f"json.dumps gets {what}, which it cannot write."
                fix = "Write it as text or a dict first, or give json.dumps a default=."
                yield Problem(module.place(call), message, fix)
