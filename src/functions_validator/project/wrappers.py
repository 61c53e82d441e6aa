"""The functions that the app's own decorators give to a trigger instead of the function below them."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Mapping, Sequence

from ..functions.functions import Function, is_conditional
from ..functions.named_functions import NamedFunction, function_meant
from ..sources.nodes import (
    Definition,
    callee,
    calls_of,
    own_nodes,
    reads_of,
    returned_function,
    times_bound,
)
from ..sources.python_source import Module, parameters
from .project import Project

# The decorator that gives a function its name.
NAME = "function_name"
# What gives a wrapper the name, or the parameters, of the function that it wraps.
WRAPS = "functools.wraps"
GIVEN = r"""update_wrapper|__wrapped__|__signature__|\b{}\.__(?:name|dict)__|["']__name__["']"""


def bare_wrapper(project: Project, function: Function) -> NamedFunction | None:
    """Return the wrapper with `*args` or `**kwargs` that the worker gets instead of the function."""
    found = unlike_wrapper(project, function)
    return found if found and is_bare(found.definition) else None


def is_bare(wrapper: Definition) -> bool:
    """Whether a wrapper takes `*args` or `**kwargs`."""
    return bool(wrapper.args.vararg or wrapper.args.kwarg)


def unlike_wrapper(project: Project, function: Function) -> NamedFunction | None:
    """Return the wrapper whose own name and parameters the worker sees, and not those of the function."""
    for decorator in _below_trigger(function):
        assert function.module is not None
        found = _wrapper(project, function.module, decorator)
        if found is None or not found.definition.decorator_list:
            return found
        if not all(_wraps(found.module, node) for node in found.definition.decorator_list):
            return None
    return None


def named_by_wrappers(project: Project) -> Mapping[NamedFunction, Sequence[Function]]:
    """Return the wrappers whose name the worker sees, and the functions that they give it to."""
    found: dict[NamedFunction, list[Function]] = {}
    for function in project.written_functions:
        has_name = any(one.name == NAME for one in function.decorations)
        wrapper = None if has_name else unlike_wrapper(project, function)
        if wrapper and not is_bare(wrapper.definition) and not is_conditional(function):
            found.setdefault(wrapper, []).append(function)
    return found


def renaming_wrappers(project: Project) -> Mapping[Definition | None, str]:
    """Return the names that functions have from their wrappers, where no other function has the same name from it."""
    return {
        functions[0].definition: wrapper.definition.name
        for wrapper, functions in named_by_wrappers(project).items()
        if len(functions) == 1
    }


def changing_wrapper(
    project: Project, function: Function, names: Collection[str]
) -> NamedFunction | None:
    """Return the wrapper that gives a function other arguments than it gets, with functools.wraps.

    The worker sees the parameters of the function: `names` are those that do not fit the bindings.
    """
    bound = {binding.name for binding in function.bindings} - {"$return"}
    found = None
    for decorator in _below_trigger(function):
        assert function.module is not None
        wrapper = _wrapper(project, function.module, decorator)
        if wrapper is None or not wrapper.definition.decorator_list:
            return None
        if not all(_wraps(wrapper.module, node) for node in wrapper.definition.decorator_list):
            return None
        definition = wrapper.definition
        own = {argument.arg for argument in parameters(definition)}
        given = {keyword.arg for call in calls_of(definition) for keyword in call.keywords}
        if not found and (own == bound or not given.isdisjoint(names)):
            found = wrapper
    return found


def only_wrapper(project: Project, function: Function) -> tuple[NamedFunction, str] | None:
    """Return the wrapper that is called instead of the function, and the function's name in it.

    There is none if the function has yet another decorator of the app.
    """
    if function.module is None or len(decorators := _below_trigger(function)) != 1:
        return None
    maker = _maker(project, function.module, decorators[0])
    wrapper = _wrapper(project, function.module, decorators[0])
    given = parameters(maker.definition) if maker else []
    if maker is None or wrapper is None or len(given) != 1:
        return None
    if not all(_wraps(wrapper.module, node) for node in wrapper.definition.decorator_list):
        return None
    name = given[0].arg
    # Whatever else gets the wrapper may change what the worker sees of it.
    if len(reads_of(maker.definition, wrapper.definition.name)) > 1:
        return None
    is_own = maker.definition.decorator_list or times_bound(maker.definition, name) > 1
    return None if is_own else (wrapper, name)


def _below_trigger(function: Function) -> Sequence[ast.expr]:
    """Return the decorators below those of an app or a blueprint, from the outermost on."""
    if function.definition is None or function.module is None:
        return ()
    known = [decoration.method for decoration in function.decorations]
    decorators = function.definition.decorator_list
    own = [isinstance(node, ast.Call) and node.func in known for node in decorators]
    return decorators[len(own) - own[::-1].index(True) :] if True in own else ()


def _maker(project: Project, module: Module, decorator: ast.expr) -> NamedFunction | None:
    """Return the function of the app that gets the decorated one."""
    target = callee(decorator)
    if not isinstance(target, ast.Name | ast.Attribute):
        return None
    found = function_meant(project.sources, module, target)
    if found is None or not isinstance(decorator, ast.Call):
        return found
    maker = _only_returned(found.definition)
    return NamedFunction(found.module, maker) if maker else None


def _wrapper(project: Project, module: Module, decorator: ast.expr) -> NamedFunction | None:
    """Return the function that a decorator of the app makes."""
    maker = _maker(project, module, decorator)
    wrapper = _only_returned(maker.definition) if maker else None
    if maker is None or wrapper is None:
        return None
    names = [argument.arg for argument in parameters(maker.definition)]
    given = re.search(GIVEN.format(wrapper.name), maker.module.text)
    if given or _wraps_another(maker.module, wrapper, names):
        return None
    return NamedFunction(maker.module, wrapper)


def _wraps_another(module: Module, wrapper: Definition, names: Collection[str]) -> bool:
    """Whether a wrapper has the parameters of another function than the decorated one."""
    wrapping = [node for node in wrapper.decorator_list if _wraps(module, node)]
    given = [node.args[0] for node in wrapping if isinstance(node, ast.Call) and node.args]
    return any(not isinstance(node, ast.Name) or node.id not in names for node in given)


def _only_returned(definition: Definition) -> Definition | None:
    returns = [node for node in own_nodes(definition) if isinstance(node, ast.Return)]
    return returned_function(definition) if len(returns) == 1 else None


def _wraps(module: Module, node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and module.dotted(node.func) == WRAPS
