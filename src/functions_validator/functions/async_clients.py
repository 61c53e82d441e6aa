"""The objects of asynchronous libraries, such as a client of azure.cosmos.aio or httpx.AsyncClient."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeGuard

from ..data import read_table
from ..sources.import_graph import Sources
from ..sources.nodes import (
    Definition,
    all_values,
    binds,
    entered_values,
    is_none,
    only_value,
    own_nodes,
    position,
    targets,
    times_bound,
)
from ..sources.python_source import Module, parameters
from ..sources.scopes import bindings, is_local, times_given
from ..sources.typing_names import bare_annotation
from ..sources.unbound_names import stored_in_modules
from .named_functions import function_meant, results_meant

# Classes of libraries that have synchronous ones, too, with their coroutines; `parts` are attributes with the same methods,
# and an `answer` is what `await` and `async with` get from any of these.
CLASSES: Mapping[str, Mapping[str, Any]] = read_table("async_classes")
LIBRARIES: Mapping[str, Mapping[str, Any]] = read_table("async_clients")
# The synchronous libraries and classes, each with the asynchronous one that has the same methods.
TWINS: Mapping[str, str] = {
    **{library.removesuffix(".aio"): library for library in LIBRARIES},
    "httpx.Client": "httpx.AsyncClient",
    "openai.AzureOpenAI": "openai.AsyncAzureOpenAI",
    "openai.OpenAI": "openai.AsyncOpenAI",
}
# The kinds of objects by their library or class, each with the methods that are coroutines, and those that return another
# object of the kind.
KINDS: Mapping[str, Mapping[str, Any]] = {
    **LIBRARIES,
    **CLASSES,
    **{one: {**{**LIBRARIES, **CLASSES}[twin], "coroutines": ()} for one, twin in TWINS.items()},
}
# How many objects may be made of each other: a database of a client, a container of the database.
DEEPEST = 6
# What makes a function of the app one for `async with`.
MANAGER = "contextlib.asynccontextmanager"
# What may give an object another attribute without naming it as one.
REPLACING = ("__dict__", "setattr", "vars(")


def is_client_coroutine(
    sources: Sources, module: Module, definition: Definition, call: ast.Call
) -> bool:
    """Whether a call in a function certainly calls a coroutine method of such an object."""
    if not isinstance(call.func, ast.Attribute):
        return False
    kind = _Objects(sources, module, definition).kind(call.func.value)
    return bool(kind) and call.func.attr in KINDS[kind]["coroutines"]


def is_client(sources: Sources, module: Module, definition: Definition, value: ast.expr) -> bool:
    """Whether a value in a function certainly is such an object."""
    kind = kind_of(sources, module, definition, value)
    return bool(kind) and kind not in TWINS


def kind_of(sources: Sources, module: Module, definition: Definition, value: ast.expr) -> str:
    """Return the library or the class of an object, which may be one of TWINS; "" if it may be another one."""
    return _Objects(sources, module, definition).kind(value)


def coroutine_names(module: Module) -> set[str]:
    """Return the names of the coroutine methods of the libraries and classes that a module mentions."""
    text = module.text
    return {
        name
        for kind, methods in KINDS.items()
        if (kind.partition(".")[0] if kind in CLASSES else kind) in text
        for name in methods["coroutines"]
    }


class _Objects(NamedTuple):
    """The objects that a function of a module uses."""

    sources: Sources
    module: Module
    definition: Definition

    def kind(self, node: ast.expr | None, deepest: int = DEEPEST) -> str:
        """Return the kind of an object, or "" if it may be of another one."""
        if not deepest:
            return ""
        match node:
            case ast.Name(id=name) if is_local(self.module, node):
                values = (one(self.definition, name) for one in (only_value, _entered, _set_later))
                value = next((one for one in values if one is not None), None)
                if value is None:
                    return _of_parameter(self.sources, self.module, self.definition, name)
                return self.kind(value, deepest - 1)
            case ast.Name(id=name) if name not in self.module.aliases:
                return self._of_constant(name, deepest)
            case ast.Await(value=ast.Call() as call):
                return self._called(call, deepest, is_awaited=True)
            case ast.Call():
                return self._called(node, deepest, is_awaited=False)
            case ast.Name():
                return self._of_other_module(node, deepest)
            case ast.Attribute(value=value, attr=part):
                kind = self.kind(value, deepest - 1)
                if kind:
                    return kind if part in KINDS[kind].get("parts", ()) else ""
                return self._of_self(node, deepest) or self._of_other_module(node, deepest)
        return ""

    def _of_self(self, node: ast.Attribute, deepest: int) -> str:
        """Return the kind of an attribute such as `self.client` that nothing but the constructor sets, once."""
        class_ = self._class_of(node.value)
        constructors = [one for one in class_.body if _is_constructor(one)] if class_ else []
        if class_ is None or not constructors:
            return ""
        # Python takes the last one.
        around = _Objects(self.sources, self.module, constructors[-1])
        for value in _given_to(constructors[-1], _stores(self.sources, node.attr)):
            kind = around.kind(value, deepest - 1)
            if kind and not _may_be_replaced(self.sources, class_, node.attr):
                return kind
        return ""

    def _class_of(self, node: ast.expr) -> ast.ClassDef | None:
        """Return the class around the function if an expression is the object of it, such as `self`."""
        first = [one.arg for one in parameters(self.definition)[:1]]
        # A decorated one may be a static method.
        is_method = not self.definition.decorator_list
        if not is_method or not isinstance(node, ast.Name) or [node.id] != first:
            return None
        classes = self.module.all(ast.ClassDef)
        return next((one for one in classes if self.definition in one.body), None)

    def _of_other_module(self, node: ast.expr, deepest: int) -> str:
        """Return the kind of what another module of the app gives a name to."""
        other, name = self.sources.where_defined(self.module, node)
        if other is None or other is self.module:
            return ""
        kind = _Objects(self.sources, other, self.definition)._of_constant(name, deepest)
        return kind if kind and _is_imported_once(self.module, node) else ""

    def _of_constant(self, name: str, deepest: int) -> str:
        """Return the kind of what the module gives to a name of its own, if nothing else does."""
        kind = self.kind(self.module.constants.get(name), deepest - 1)
        is_sure = kind and times_given(self.module, name) == 1
        return kind if is_sure and name not in stored_in_modules(self.sources) else ""

    def _called(self, call: ast.Call, deepest: int, *, is_awaited: bool) -> str:
        """Return the kind of what a call returns: a class, a method of another object, or a function of the app."""
        called = call.func
        if isinstance(called, ast.Attribute):
            kind = self.kind(called.value, deepest - 1)
            if kind:
                methods = KINDS[kind]
                if answer := methods.get("answer"):
                    return str(answer)
                is_right = is_awaited == (called.attr in methods["coroutines"])
                return kind if is_right and called.attr in methods["makers"] else ""
        if is_awaited:
            return self._of_function(called, is_awaited=True)
        if isinstance(called, ast.Attribute) and called.attr.startswith("from_"):
            called = called.value
        return _of_class(self.sources, self.module, called) or self._of_function(
            called, is_awaited=False
        )

    def _of_function(self, called: ast.expr, *, is_awaited: bool) -> str:
        """Return the kind of what a function of the app says that it returns, or that `async with` gets from it."""
        found = function_meant(self.sources, self.module, called)
        if found is None:
            return ""
        module, definition = found
        if definition.returns is None:
            return self._of_results(called, is_awaited=is_awaited)
        returned = bare_annotation(module, definition.returns)
        made_by = [module.dotted(node) for node in definition.decorator_list]
        if made_by == [MANAGER] and not is_awaited and isinstance(returned, ast.Subscript):
            inner = returned.slice
            first = inner.elts[0] if isinstance(inner, ast.Tuple) else inner
            return _of_class(self.sources, module, bare_annotation(module, first))
        is_plain = not made_by and is_awaited == isinstance(definition, ast.AsyncFunctionDef)
        return _of_class(self.sources, module, returned) if is_plain else ""

    def _of_results(self, called: ast.expr, *, is_awaited: bool) -> str:
        """Return the kind of the objects that a function of the app makes in each `return`."""
        found = results_meant(self.sources, self.module, called, is_awaited=is_awaited)
        if found is None:
            return ""
        module, results = found
        kinds = {
            _of_class(self.sources, module, one.func) if isinstance(one, ast.Call) else ""
            for one in results
        }
        return kinds.pop() if len(kinds) == 1 else ""


def _may_be_replaced(sources: Sources, class_: ast.ClassDef, attribute: str) -> bool:
    """Whether objects of a class may have another value than the one that its constructor gives them."""
    texts = [one.text for one in sources.modules.values() if attribute in one.text]
    if any(word in text for word in REPLACING for text in texts):
        return True
    return any(
        any(binds(node, attribute) for node in bindings(one))
        or class_.name in [ast.unparse(base).rpartition(".")[2] for base in one.bases]
        for module in sources.modules.values()
        for one in module.all(ast.ClassDef)
    )


def _is_constructor(statement: ast.stmt) -> TypeGuard[ast.FunctionDef]:
    return isinstance(statement, ast.FunctionDef) and statement.name == "__init__"


def _stores(sources: Sources, attribute: str) -> Sequence[ast.Attribute]:
    """Return where the app sets an attribute of this name, of whatever object."""
    return [
        one
        for module in sources.modules.values()
        if f".{attribute}" in module.text
        for one in module.all(ast.Attribute)
        if one.attr == attribute and isinstance(one.ctx, ast.Store)
    ]


def _given_to(definition: Definition, attributes: Sequence[ast.expr]) -> list[ast.expr]:
    """Return what a function assigns to attributes that nothing else sets."""
    return [
        node.value
        for node in own_nodes(definition)
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value
        if list(targets(node)) == attributes
    ]


def _entered(definition: Definition, name: str) -> ast.expr | None:
    """Return what `with` or `async with` binds to a name, if nothing else binds it: these objects return themselves."""
    found = entered_values(definition, name)
    return found[0] if len(found) == 1 == times_bound(definition, name) else None


def _set_later(definition: Definition, name: str) -> ast.expr | None:
    """Return what a function assigns to a name besides None, which it has above that, as before a `try`."""
    values = all_values(definition, name)
    values.sort(key=position)
    is_last = all(map(is_none, values[:-1]))
    return values[-1] if values and is_last else None


def _of_parameter(sources: Sources, module: Module, definition: Definition, name: str) -> str:
    annotations = [p.annotation for p in parameters(definition) if p.arg == name]
    if times_bound(definition, name) != 1 or not annotations or annotations[0] is None:
        return ""
    return _of_class(sources, module, bare_annotation(module, annotations[0]))


def _of_class(sources: Sources, module: Module, node: ast.expr) -> str:
    """Return the kind of a class's objects, or "" if its name may stand for another one."""
    dotted = module.dotted(node)
    library, _, name = dotted.rpartition(".")
    has_kind = dotted in KINDS and dotted not in LIBRARIES
    is_class = has_kind or (library in KINDS and name[:1].isupper())
    if not is_class or name in stored_in_modules(sources) or not _is_imported_once(module, node):
        return ""
    return dotted if has_kind else library


def _is_imported_once(module: Module, node: ast.expr) -> bool:
    """Whether nothing but imports of one thing binds the name that an expression begins with."""
    first = ast.unparse(node).partition(".")[0]
    imported = module.aliases.get(first, "")
    owner, _, last = imported.rpartition(".")
    same = [
        one
        for one in module.imports
        if (one.name == owner and last in one.names)
        or (not one.names and imported in (one.name, one.name.partition(".")[0]))
    ]
    return times_bound(module.tree, first) == len(same)
