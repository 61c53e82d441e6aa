"""Where a function ends the process in which the worker runs all functions of the app."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeGuard

from ..model import Place, Problem
from ..pattern import Pattern
from ..sources.always_run import always_run
from ..sources.import_graph import Sources, class_meant
from ..sources.import_time import nodes_at_import
from ..sources.nodes import (
    Definition,
    callee,
    catches,
    is_generator,
    is_none,
    own_nodes,
    suppresses,
    value_meant,
    walk,
)
from ..sources.python_source import Module
from ..sources.scopes import is_local, times_given
from ..sources.unsure_code import dead_code
from .named_functions import NamedFunction, function_meant, results_meant

CALLS = {"sys.exit", "os._exit", "os.abort"}
# Functions that Python has without an import.
BUILT_IN = {"exit", "quit"}
# What makes a copy of the process, which may end like this.
FORK = "fork("
ERROR = "SystemExit"
CATCHING = {ERROR, "BaseException"}
PARSER, PARSE = "argparse.ArgumentParser", "parse_args"
# What an app has that gives a parser other arguments than those of the worker.
ARGUMENTS = Pattern(r"""sys\.argv|["']argv["']|import argv""", parts=("argv",))
# What parsers have that take whatever they get, or raise an error that can be handled.
LENIENT = ("REMAINDER", "exit_on_error")
# Methods of a parser that end the process, unless the app replaces them.
OF_PARSERS = ("error", "exit")
# What the text of a module has in which something ends the process.
WORDS = (ERROR, PARSE, "exit", "quit", "abort")
DEEPEST = 4


class End(NamedTuple):
    """A call or a `raise` that ends the process, its module, and whether a parser of arguments ends it."""

    module: Module
    node: ast.Call | ast.Raise
    is_parser: bool

    @property
    def place(self) -> Place:
        """Return the place of the call or the `raise`."""
        return self.module.place(self.node)

    @property
    def name(self) -> str:
        """Return what ends it, such as "sys.exit()"."""
        if isinstance(self.node, ast.Raise):
            return f"raise {ERROR}"
        return f"{ast.unparse(self.node.func)}()"

    @property
    def problem_of_parser(self) -> Problem:
        """Return what is wrong with a parser that ends it."""
        message = f"{self.name} reads the options of the worker, does not know them, and ends it."
        return Problem(self.place, message, "Pass a list, such as parse_args([]).")


def process_ends(sources: Sources, starts: Iterable[NamedFunction]) -> Iterator[End]:
    """Yield what ends the process in functions, and in those that they call, unless something catches that."""
    if not any(word in module.text for module in sources.modules.values() for word in WORDS):
        return
    found = dict.fromkeys(starts)
    waiting = list(found)
    for module, definition in waiting:
        if any(_catches_all(sources, module, one) for one in definition.decorator_list):
            continue
        ignored = _caught(sources, module, definition) | dead_code(module)
        for node in own_nodes(definition):
            if node in ignored:
                continue
            if end := end_of(sources, module, definition, node):
                yield end
            elif isinstance(node, ast.Call):
                called = function_meant(sources, module, node.func)
                if called and called not in found and not called.definition.decorator_list:
                    found[called] = None
                    waiting.append(called)


def ends_at_import(sources: Sources) -> Iterator[End]:
    """Yield what certainly ends the process while the app is imported, in the order of the imports."""
    for module in sources.imported_at_start:
        nodes = nodes_at_import(module)
        yield from filter(None, (_certain_end(sources, module, None, node) for node in nodes))


def _certain_end(
    sources: Sources, module: Module, definition: Definition | None, node: ast.AST, depth: int = 0
) -> End | None:
    """Return the end of the process that a node is, or that a function of the app certainly runs for it."""
    if end := end_of(sources, module, definition, node):
        return end
    called = function_meant(sources, module, node.func) if isinstance(node, ast.Call) else None
    if called is None or depth == DEEPEST or _runs_later(called.definition):
        return None
    caught = _caught(sources, *called)
    inner = (one for one in always_run(called.definition.body) if one not in caught)
    ends = (_certain_end(sources, *called, one, depth + 1) for one in inner)
    return next(filter(None, ends), None)


def _runs_later(definition: Definition) -> bool:
    """Whether a call of a function does not run it, or a decorator may run something else."""
    is_coroutine = isinstance(definition, ast.AsyncFunctionDef)
    return is_coroutine or bool(definition.decorator_list) or is_generator(definition)


def end_of(
    sources: Sources, module: Module, definition: Definition | None, node: ast.AST
) -> End | None:
    """Return the end of the process that a node of a function or of a module is, if it is one."""
    if isinstance(node, ast.Raise) and node.exc and module.dotted(callee(node.exc)) == ERROR:
        return End(module, node, is_parser=False)
    if not isinstance(node, ast.Call):
        return None
    if _reads_arguments(sources, module, definition, node):
        return End(module, node, is_parser=True)
    name = module.dotted(node.func)
    if name in BUILT_IN:
        other, _ = sources.where_defined(module, node.func)
        is_own = is_local(module, node.func) or (other and times_given(other, name))
        has_any = any("*" in one.names for one in module.imports)
        return None if is_own or has_any else End(module, node, is_parser=False)
    is_replaced = name.rpartition(".")[2] in sources.stored_attributes
    is_end = name in CALLS and FORK not in module.text and not is_replaced
    return End(module, node, is_parser=False) if is_end else None


def _reads_arguments(
    sources: Sources, module: Module, definition: Definition | None, call: ast.Call
) -> bool:
    """Whether a parser reads the arguments of the process, which are those of the worker."""
    given = [*call.args, *(one.value for one in call.keywords)]
    if not isinstance(call.func, ast.Attribute) or call.func.attr != PARSE:
        return False
    if not all(map(is_none, given)) or any(word in module.text for word in LENIENT):
        return False
    if not sources.stored_attributes.isdisjoint(OF_PARSERS):
        return False
    if any(ARGUMENTS.search(one.text) for one in sources.modules.values()):
        return False
    return _is_parser(sources, module, definition, call.func.value)


def _is_parser(
    sources: Sources, module: Module, definition: Definition | None, node: ast.expr
) -> bool:
    """Whether an expression certainly is a parser of arguments."""
    parser = value_meant(definition, node) if definition else node
    if isinstance(parser, ast.Name) and not is_local(module, parser):
        made = [value for name, value, _ in module.named_calls if name == parser.id]
        parser = made[0] if len(made) == 1 else parser
    if not isinstance(parser, ast.Call):
        return False
    other, values = results_meant(sources, module, parser.func) or (module, [parser])
    return bool(values) and all(
        isinstance(value, ast.Call) and other.dotted(value.func) == PARSER for value in values
    )


def _caught(sources: Sources, module: Module, definition: Definition) -> set[ast.AST]:
    """Return what is in a block of a function that goes on after the end of the process was asked for."""
    blocks = [node.body for node in own_nodes(definition) if _catches_end(node, sources, module)]
    return {part for block in blocks for statement in block for part in walk(statement)}


def _catches_end(
    node: ast.AST, sources: Sources, module: Module
) -> TypeGuard[ast.Try | ast.With | ast.AsyncWith]:
    if isinstance(node, ast.Try):
        return any(_may_catch(module, one) for one in node.handlers)
    if not isinstance(node, ast.With | ast.AsyncWith):
        return False
    # What the app itself defines may hide exceptions, too.
    entered = [callee(item.context_expr) for item in node.items]
    are_own = (
        function_meant(sources, module, one) or class_meant(sources, module, one) for one in entered
    )
    return suppresses(node) or any(are_own)


def _may_catch(module: Module, handler: ast.ExceptHandler) -> bool:
    """Whether a handler takes the end of the process, or errors that only a variable names."""
    caught = handler.type
    if isinstance(caught, ast.Name) and caught.id in module.constants:
        return True
    return catches(handler, CATCHING)


def _catches_all(sources: Sources, module: Module, decorator: ast.expr) -> bool:
    """Whether a decorator of the app has code that takes the end of the process."""
    maker = function_meant(sources, module, callee(decorator))
    return maker is not None and any(
        isinstance(node, ast.Try) and any(_may_catch(maker.module, one) for one in node.handlers)
        for node in walk(maker.definition)
    )
