"""Messages for the log whose text does not fit their values."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ...model import Problem, Severity
from ...pattern import Pattern
from ...project.project import Project
from ...sources.import_graph import Sources
from ...sources.nodes import Definition, calls_of, only_value, text_of
from ...sources.python_source import Module
from ...sources.scopes import is_local, times_given
from ...sources.unsure_code import dead_code
from ...words import counted
from ..rule import rule

MAKER = "logging.getLogger"
# The methods that write a message, besides those for debugging, which Azure does not write.
URGENT = ("critical", "error", "exception", "fatal")
METHODS = (*URGENT, "info", "warn", "warning")
# What may keep less urgent messages from the handler of the worker, if it is not of a library's logger.
QUIET = Pattern(r"""(?<!["']\))\.setLevel\((?!logging\.(?:DEBUG|INFO)\))""", parts=(".setLevel(",))
OF_LIBRARY = Pattern(r"""getLogger\(["']([\w.]+)["']\)\.setLevel\(""", parts=(".setLevel(",))
# What may change all messages, keep them from the handler of the worker, or keep even urgent ones from it.
OTHERWISE = (
    ".handlers",
    "CRITICAL",
    "FATAL",
    "LogRecord",
    "LoggerAdapter",
    "addFilter",
    "dictConfig",
    "fileConfig",
    "force=True",
    "logging.disable",
    "propagate",
    "removeHandler",
    "setLoggerClass",
)
# What an app may replace of a logger.
REPLACED = {"disabled", "handle", "level", "makeRecord", *METHODS}
# A place for a value, or what looks like one and needs a dict or more values.
PLACE = Pattern(r"%[#0\- +]*(?:\d+)?(?:\.\d+)?[hlL]?([diouxXeEfFgGcrsa%])|%", parts=("%",))
BRACES = "{}"


@rule("AF254", Severity.ERROR, "A message for the log does not fit its values")
def wrong_messages(project: Project) -> Iterator[Problem]:
    """Yield calls of loggers with more or fewer values than their text has places."""
    modules = [*project.sources.modules.values()]
    if any(word in module.text for module in modules for word in OTHERWISE):
        return
    if not REPLACED.isdisjoint(project.sources.stored_attributes):
        return
    is_quiet = any(_is_quiet(project.sources, module) for module in modules)
    methods = URGENT if is_quiet else METHODS
    for module in modules:
        for definition in module.definitions:
            for call in calls_of(definition):
                problem = _problem(module, call)
                if problem is None or call in dead_code(module):
                    continue
                if _logs(project.sources, module, definition, call.func, methods):
                    yield problem


def _is_quiet(sources: Sources, module: Module) -> bool:
    """Whether a module may set the level of a logger of the app."""
    if QUIET.search(module.text):
        return True
    names = [found.group(1) for found in OF_LIBRARY.finditer(module.text)]
    return any(_is_own(sources, name) for name in names)


def _is_own(sources: Sources, name: str) -> bool:
    """Whether a logger with this name may be one that the app uses."""
    if sources.is_local(name):
        return True
    named = (f'"{name}', f"'{name}")
    texts = [module.text for module in sources.modules.values()]
    uses = sum(text.count(one) for text in texts for one in named)
    levels = [found.group(1) for text in texts for found in OF_LIBRARY.finditer(text)]
    return uses > len([one for one in levels if one.startswith(name)])


def _logs(
    sources: Sources,
    module: Module,
    definition: Definition,
    called: ast.expr,
    methods: tuple[str, ...],
) -> bool:
    """Whether what is called certainly is one of some methods of a logger of Python."""
    if not isinstance(called, ast.Attribute) or called.attr not in methods:
        return False
    if module.dotted(called) == f"logging.{called.attr}":
        return not sources.is_local("logging") and not is_local(module, called.value)
    owner, around = called.value, module
    if isinstance(owner, ast.Name):
        if is_local(module, owner):
            owner = only_value(definition, owner.id) or owner
        else:
            other, name = sources.where_defined(module, owner)
            made = other.constants.get(name) if other else None
            if other is None or made is None or times_given(other, name) != 1:
                return False
            owner, around = made, other
    return isinstance(owner, ast.Call) and around.dotted(owner.func) == MAKER


def _problem(module: Module, call: ast.Call) -> Problem | None:
    """Return what is wrong with the values of a call, if it writes a message for the log."""
    if not call.args or any(isinstance(one, ast.Starred) for one in call.args):
        return None
    text, values = text_of(call.args[0]), call.args[1:]
    places = _places(text) if text is not None and values else None
    if text is None or places is None or places == len(values):
        return None
    if places:
        what = f"{counted(places, 'place')} for {counted(len(values), 'value')}"
    else:
        what = f"no place for {ast.unparse(values[0])}"
    # A dict as the only value is for places with names.
    is_left_out = len(values) == 1 and not places and not _is_no_dict(values[0])
    fails = "fails, or leaves it out if it is a dict" if is_left_out else "fails"
    message = f"The text for the log has {what}, so this line {fails}."
    fix = "Write %s in the text for each value."
    if text.count(BRACES) == len(values):
        fix = "Write %s instead of {}."
    return Problem(module.place(call), message, fix)


def _places(text: str) -> int | None:
    """Return how many values a text takes; None if they have names, or Python cannot tell."""
    kinds = [found.group(1) for found in PLACE.finditer(text)]
    return None if None in kinds else sum(kind != "%" for kind in kinds)


def _is_no_dict(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant | ast.JoinedStr | ast.Compare | ast.BinOp)


RULES = (wrong_messages,)
