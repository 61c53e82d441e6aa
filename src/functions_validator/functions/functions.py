"""The functions of an app and their bindings, as the decorators in the sources define them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple

from ..model import Place
from ..sources.import_graph import UNKNOWN, Sources, Unknown
from ..sources.nodes import (
    Definition,
    has_statements,
    may_skip,
    named_arguments,
    shows_arguments,
    statements,
)
from ..sources.python_source import Container, Module, all_parameters, parameters
from ..sources.typing_names import bare_annotation
from .decorators import DECORATORS, field_name

SETTING_DECORATORS = ("function_name", "retry", "http_type", "mcp_tool_property")
# It also makes the parameters of the tool's properties, which are not shown.
TOOL = "mcp_tool"
# The decorators that show all that they add to a function.
SHOWN = {*DECORATORS, *SETTING_DECORATORS}
# All that an app or a blueprint has as decorators.
METHODS = (*DECORATORS, *SETTING_DECORATORS, TOOL)


class Binding(NamedTuple):
    """A trigger or a binding as the host gets it: the fields are those of function.json.

    A field that only the running app knows is UNKNOWN. `places` has the fields' own places. It is
    complete if no field may be missing here, as those of `**options` are.
    """

    type: str
    name: str | Unknown
    direction: str
    fields: Mapping[str, object]
    place: Place
    places: Mapping[str, Place] = {}
    is_complete: bool = True

    @property
    def is_trigger(self) -> bool:
        """Whether it starts the function."""
        return self.type.lower().endswith("trigger")

    def text(self, name: str) -> str | None:
        """Return a field's text; None if it is missing, unknown or not text."""
        value = self.fields.get(name)
        return value if isinstance(value, str) else None

    def lacks(self, name: str) -> bool:
        """Whether a field is certainly missing or empty, whatever the case of its name."""
        given = (value for field, value in self.fields.items() if field.lower() == name.lower())
        return self.is_complete and all(value in (None, "") for value in given)

    def place_of(self, name: str) -> Place:
        """Return where a field is given."""
        return self.places.get(name, self.place)


class Decoration(NamedTuple):
    """A decorator of a function: its name, the call, the method, such as `bp.route`, and what has the method."""

    name: str
    call: ast.Call
    method: ast.Attribute
    place: Place
    container: Container
    is_trigger: bool

    @property
    def text(self) -> str:
        """Return it without arguments."""
        return ast.unparse(self.method)


class Function(NamedTuple):
    """A function of the app.

    It is fully known if it exists with exactly these bindings, whatever the app does when it is imported: no condition,
    loop or other decorator changes it. The definition is None if the sources do not show it, because a library has it.
    """

    name: str | Unknown
    place: Place
    bindings: Sequence[Binding]
    is_fully_known: bool = True
    definition: Definition | None = None
    module: Module | None = None
    decorations: Sequence[Decoration] = ()

    @property
    def triggers(self) -> list[Binding]:
        """Return the bindings that start the function."""
        return [binding for binding in self.bindings if binding.is_trigger]

    @property
    def parameters(self) -> list[ast.arg]:
        """Return the parameters that the sources show."""
        return parameters(self.definition) if self.definition else []

    def parameter(self, binding: Binding) -> ast.arg | None:
        """Return the parameter of a binding, if the sources show it."""
        found = (argument for argument in self.parameters if argument.arg == binding.name)
        return next(found, None)

    def binding(self, name: str) -> Binding | None:
        """Return the binding of a name."""
        return next((binding for binding in self.bindings if binding.name == name), None)

    def binding_of_type(self, type_: str) -> Binding | None:
        """Return the first binding of a type."""
        return next((binding for binding in self.bindings if binding.type == type_), None)

    def argument(self, name: str) -> ast.arg | None:
        """Return the parameter of a name, `*args` and `**kwargs` included, if the sources show it."""
        found = all_parameters(self.definition) if self.definition else []
        return next((argument for argument in found if argument.arg == name), None)

    def annotation(self, binding: Binding) -> ast.expr | None:
        """Return the annotation of a binding's parameter, without quotation marks and notes."""
        argument = self.parameter(binding)
        if argument is None or argument.annotation is None or self.module is None:
            return None
        return bare_annotation(self.module, argument.annotation)

    @property
    def label(self) -> str:
        """Return the name for a sentence."""
        if isinstance(self.name, str):
            return self.name
        return self.definition.name if self.definition else "a function"


class FunctionReader:
    """Reads the decorated functions of a module."""

    def __init__(self, sources: Sources, module: Module) -> None:
        self.sources, self.module = sources, module

    def functions(self) -> Iterator[Function]:
        """Yield the functions that a decorator of an app or a blueprint makes."""
        yield from self._functions(self.module.tree, always=True)

    def _functions(self, node: ast.AST, *, always: bool) -> Iterator[Function]:
        """Yield the functions below a node, whose statements run always or only sometimes."""
        for child in statements(node):
            if isinstance(child, Definition):
                if function := self._function(child, always=always):
                    yield function
                yield from self._functions(child, always=False)
            elif has_statements(child):
                yield from self._functions(child, always=always and not may_skip(child))

    def _function(self, definition: Definition, *, always: bool) -> Function | None:
        """Return the function that the decorators of a definition make, if one of them is of an app or a blueprint."""
        found = [self._decoration(decorator) for decorator in definition.decorator_list]
        decorations = [one for one in found if one]
        if not decorations:
            return None
        are_shown = all(one is not None and one.name in SHOWN for one in found)
        bindings = [binding for one in decorations for binding in self._bindings(one, definition)]
        name: object = definition.name
        for one in decorations:
            if one.name == "function_name":
                given = named_arguments(one.call, ("name",)).get("name")
                name = self.sources.evaluate(self.module, given) if given else UNKNOWN
        known = name if isinstance(name, str) else UNKNOWN
        place = self.module.place(definition)
        return Function(
            known, place, bindings, always and are_shown, definition, self.module, decorations
        )

    def _decoration(self, decorator: ast.expr) -> Decoration | None:
        """Return a decorator that calls a method of an app or a blueprint; None for any other."""
        match decorator:
            case ast.Call(func=ast.Attribute() as method):
                found = self.sources.container(self.module, method.value)
                if found is None:
                    return None
                name = method.attr
                is_trigger = name in DECORATORS and DECORATORS[name].type.endswith("Trigger")
                place = self.module.place(decorator)
                return Decoration(name, decorator, method, place, found.container, is_trigger)
        return None

    def _bindings(self, decoration: Decoration, definition: Definition) -> Iterator[Binding]:
        """Yield the bindings that a decorator makes: two for a route, one for the others, and none for a setting."""
        if decoration.name == TOOL:
            tool = {"toolName": definition.name}
            yield Binding("mcpToolTrigger", "context", "in", tool, decoration.place)
        if decoration.name not in DECORATORS:
            return
        decorator, call = DECORATORS[decoration.name], decoration.call
        values: dict[str, object] = {}
        places: dict[str, Place] = {}
        # After `*arguments`, the number of an argument is not its place.
        counted = takewhile(lambda node: not isinstance(node, ast.Starred), call.args)
        given: list[tuple[str, ast.expr]] = list(zip(decorator.arguments, counted, strict=False))
        given += [(keyword.arg, keyword.value) for keyword in call.keywords if keyword.arg]
        for argument, value in given:
            values[argument] = self.sources.evaluate(self.module, value)
            places[field_name(argument)] = self.module.place(value)
        place, is_complete = decoration.place, shows_arguments(call)
        if decoration.name == "route":
            yield from self._route_bindings(values, places, place, is_complete)
            return
        parameter = values.pop(decorator.arguments[0], UNKNOWN)
        type_ = decorator.type
        if type_ == "customType":
            given_type = values.pop("type", UNKNOWN)
            type_ = given_type if isinstance(given_type, str) else ""
        fields = {field_name(name): value for name, value in values.items()}
        name = parameter if isinstance(parameter, str) else UNKNOWN
        yield Binding(type_, name, decorator.direction, fields, place, places, is_complete)

    def _route_bindings(
        self, values: dict[str, object], places: dict[str, Place], place: Place, is_complete: bool
    ) -> Iterator[Binding]:
        request = values.pop("trigger_arg_name", "req" if is_complete else UNKNOWN)
        answer = values.pop("binding_arg_name", "$return" if is_complete else UNKNOWN)
        fields = {field_name(name): value for name, value in values.items()}
        name = request if isinstance(request, str) else UNKNOWN
        yield Binding("httpTrigger", name, "in", fields, place, places, is_complete)
        name = answer if isinstance(answer, str) else UNKNOWN
        yield Binding("http", name, "out", {}, place, is_complete=is_complete)


def lacks_trigger(function: Function) -> bool:
    """Whether a function has no trigger; AF204 reports the type of a generic one."""
    is_generic = any(decoration.name == "generic_trigger" for decoration in function.decorations)
    return not function.triggers and not is_generic


def has_other_decorators(function: Function) -> bool:
    """Whether a function has another decorator than those of an app or a blueprint."""
    found = function.definition.decorator_list if function.definition else []
    return len(found) > len(function.decorations)


def is_conditional(function: Function) -> bool:
    """Whether a condition or a loop decides about a function, and not only a factory that makes it."""
    if function.module is None or function.definition is None:
        return True
    return function.definition not in _all_unconditional(function.module.tree)


@lru_cache(maxsize=64)
def _all_unconditional(tree: ast.Module) -> frozenset[ast.AST]:
    return frozenset(_unconditional(tree))


def _unconditional(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Definition | ast.ClassDef | ast.With):
            yield child
            yield from _unconditional(child)
