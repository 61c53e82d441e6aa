"""Where a function ends the process in which the worker runs all functions of the app."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple, TypeGuard

from ..sources.import_graph import Sources
from ..sources.nodes import Definition, callee, catches, own_nodes, suppresses, value_meant, walk
from ..sources.python_source import Module
from ..sources.scopes import times_given
from .named_functions import NamedFunction, function_meant, is_local

CALLS = {"sys.exit", "os._exit", "os.abort"}
# Functions that Python has without an import.
BUILT_IN = {"exit", "quit"}
# What makes a copy of the process, which may end like this.
FORK = "os.fork"
ERROR = "SystemExit"
CATCHING = {ERROR, "BaseException"}
PARSER, PARSE = "argparse.ArgumentParser", "parse_args"
# What a module has that gives a parser other arguments than those of the worker.
ARGUMENTS = "sys.argv"
# Functions that one may call, directly or through others, before the search ends.
MOST = 200


class End(NamedTuple):
    """A call or a `raise` that ends the process, its module, and whether a parser of arguments ends it."""

    module: Module
    node: ast.Call | ast.Raise
    is_parser: bool


def process_ends(sources: Sources, start: NamedFunction) -> Iterator[End]:
    """Yield what ends the process in a function, and in those that it calls, unless something catches that."""
    found = [start]
    for module, definition in found:
        caught = _caught(definition)
        for node in own_nodes(definition):
            if node in caught:
                continue
            if end := end_of(sources, module, definition, node):
                yield end
            elif isinstance(node, ast.Call) and len(found) < MOST:
                called = function_meant(sources, module, node.func)
                if called and called not in found and not called.definition.decorator_list:
                    found.append(called)


def end_of(sources: Sources, module: Module, definition: Definition, node: ast.AST) -> End | None:
    """Return the end of the process that a node is, if it is one."""
    if isinstance(node, ast.Raise) and node.exc and module.dotted(callee(node.exc)) == ERROR:
        return End(module, node, is_parser=False)
    if not isinstance(node, ast.Call):
        return None
    if _reads_arguments(module, definition, node):
        return End(module, node, is_parser=True)
    name = module.dotted(node.func)
    if name in BUILT_IN:
        other, _ = sources.where_defined(module, node.func)
        is_own = is_local(module, node.func) or (other and times_given(other, name))
        return None if is_own else End(module, node, is_parser=False)
    is_end = name in CALLS and FORK not in module.text
    return End(module, node, is_parser=False) if is_end else None


def _reads_arguments(module: Module, definition: Definition, call: ast.Call) -> bool:
    """Whether a parser reads the arguments of the process, which are those of the worker."""
    if call.args or call.keywords or ARGUMENTS in module.text:
        return False
    if not isinstance(call.func, ast.Attribute) or call.func.attr != PARSE:
        return False
    parser = value_meant(definition, call.func.value)
    if isinstance(parser, ast.Name):
        made = [value for name, value, _ in module.named_calls if name == parser.id]
        return len(made) == 1 and module.dotted(made[0].func) == PARSER
    return isinstance(parser, ast.Call) and module.dotted(parser.func) == PARSER


def _caught(definition: Definition) -> set[ast.AST]:
    """Return what is in a block of a function that goes on after the end of the process was asked for."""
    blocks = [node.body for node in own_nodes(definition) if _catches_end(node)]
    return {part for block in blocks for statement in block for part in walk(statement)}


def _catches_end(node: ast.AST) -> TypeGuard[ast.Try | ast.With | ast.AsyncWith]:
    if isinstance(node, ast.Try):
        return any(catches(one, CATCHING) for one in node.handlers)
    return isinstance(node, ast.With | ast.AsyncWith) and suppresses(node)
