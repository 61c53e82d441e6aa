"""What functions do with a durable client, or with the context of an orchestrator or entity."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ...functions.functions import Function, has_other_decorators
from ...functions.json_values import own_object, unwritable
from ...model import Problem, Severity
from ...project.activity_inputs import inputs_read_again
from ...project.durable import ACTIVITY, ORCHESTRATOR, is_second_version
from ...project.durable_library import CLIENT_OTHERS, MADE, OBJECTS, TASKS
from ...project.durable_parameters import CLIENT, CLIENT_CLASS, durable_parameters
from ...project.durable_statuses import misused_statuses
from ...project.project import Project
from ...sources.nodes import (
    COLLECTIONS,
    Definition,
    calls_of,
    method_of,
    only_value,
    own_nodes,
    shows_arguments,
    value_meant,
    walk,
)
from ...sources.python_source import Module
from ...sources.typing_names import bare_annotation
from ...sources.uncertain_names import uncertain_names
from ...typos import similar_name
from ..rule import rule

# What other libraries call it.
INSTEAD = {
    "get_instance": "get_status",
    "get_orchestration_state": "get_status",
    "raise_orchestration_event": "raise_event",
    "schedule_new_orchestration": "start_new",
    "start": "start_new",
    "start_new_orchestration": "start_new",
    "start_orchestration": "start_new",
    "terminate_orchestration": "terminate",
    "when_all": "task_all",
    "when_any": "task_any",
}
# Other names for the argument with the input.
INPUT = {"activity_input", "arg", "args", "data", "input", "input_data", "inputs", "payload"}
# What the methods call it, and what else they write as JSON, with the words for it.
INPUTS = {
    **dict.fromkeys(("input_", "client_input", "operation_input", "operationInput"), "input"),
    "event_data": "event",
    "result": "result",
    "state": "state",
    "status": "custom status",
}
RETRY_OPTIONS = "azure.durable_functions.RetryOptions"
INTERVAL = "first_retry_interval_in_milliseconds"
WRITTEN_LATER = ("result", "state", "status")
# What a client writes without the to_json of a class.
AS_PLAIN_JSON = ("event_data", "operation_input")
# What is not meant itself if it cannot be written, but what is in it.
HOLDERS = (ast.Dict, ast.List, ast.Tuple)
INTERVAL = "first_retry_interval_in_milliseconds"
# What the id of an instance cannot contain.
NOT_IN_IDS = ("/", "\\", "#", "?")
# How alike the name of an argument is to the one that was meant.
ALIKE = 0.6


class _Parameter(NamedTuple):
    """The parameter of a function that gets a client or a context; `known` says what its class has."""

    module: Module
    definition: Definition
    name: str
    known: Mapping[str, Any]


@rule("AF127", Severity.ERROR, "A durable client or context is used in the wrong way")
def wrong_uses(project: Project) -> Iterator[Problem]:
    """Yield attributes that a client or context does not have, and arguments that its methods do not take."""
    is_open = any("setattr(" in module.text for module in project.sources.modules.values())
    for module in project.sources.modules.values():
        for trigger, known in OBJECTS.items():
            for definition, name in durable_parameters(project, module, trigger).items():
                parameter = _Parameter(module, definition, name, known)
                if not is_open:
                    yield from _attributes(project, parameter)
                for call in calls_of(definition):
                    yield from _call(parameter, call)
                    yield from _unwritable_input(project, parameter, call)
                    if trigger == CLIENT:
                        yield from _made_again(module, call, name)
                if trigger == ORCHESTRATOR and is_second_version(project) is False:
                    yield from _returned_tasks(parameter)
                if trigger == CLIENT:
                    yield from _awaited(module, definition, name)
                    yield from misused_statuses(project, module, definition, name)
        yield from _made(project, module)
    yield from inputs_read_again(project)
    for function in project.written_functions:
        if function.module and function.definition and not has_other_decorators(function):
            yield from _own_input(project, function, function.module, function.definition)


def _own_input(
    project: Project, function: Function, module: Module, definition: Definition
) -> Iterator[Problem]:
    """Yield attributes of an activity's input that is annotated as a class which JSON does not make."""
    trigger = function.binding_of_type(ACTIVITY)
    argument = function.argument(str(trigger.name)) if trigger else None
    if argument is None or argument.annotation is None:
        return
    annotation = bare_annotation(module, argument.annotation)
    what = own_object(project.sources, module, annotation)
    if what is None or is_second_version(project) is not False:
        return
    name, class_ = argument.arg, ast.unparse(annotation)
    for node in own_nodes(definition) if name not in uncertain_names(definition) else ():
        match node:
            case ast.Attribute(value=ast.Name(id=owner), attr=attr) if owner == name:
                if hasattr(dict, attr) or attr in project.sources.stored_attributes:
                    continue
                message = f"{name} is a value that JSON has, such as a dict, and not {what}."
                fix = f"Make the object from it first, as in {class_}(**{name})."
                yield Problem(module.place(node), message, fix)
                return


def _attributes(project: Project, parameter: _Parameter) -> Iterator[Problem]:
    module, definition, name, known = parameter
    names = [*known["attributes"], *known["methods"]]
    for node in own_nodes(definition):
        match node:
            case ast.Attribute(value=ast.Name(id=owner), attr=attribute, ctx=ast.Load()):
                if owner != name or attribute in names or attribute.startswith("_"):
                    continue
                if attribute in project.sources.stored_attributes:
                    continue
                if name in uncertain_names(definition):
                    continue
                message = f"{name} is a {known['name']}, which has no attribute {attribute!r}."
                other = INSTEAD.get(attribute)
                other = other if other in names else similar_name(attribute, names, ALIKE)
                fix = f"Use {other}." if other else f"It has {', '.join(names)}."
                yield Problem(module.place(node), message, fix)


def _call(parameter: _Parameter, call: ast.Call) -> Iterator[Problem]:
    module, definition, name, known = parameter
    method = method_of(call, name)
    text = f"{name}.{method}"
    if method in known["attributes"]:
        message = f"{text} is a value, not a method, so this line fails."
        yield Problem(module.place(call), message, f"Write {text} without parentheses.")
    elif signature := known["methods"].get(method):
        found = (
            _wrong_value(module, definition, call, text)
            or (_refused_id(definition, call, text) if method == "start_new" else None)
            or _wrong_arguments(call, text, signature)
        )
        if found:
            yield Problem(module.place(call), *found)


def _unwritable_input(project: Project, parameter: _Parameter, call: ast.Call) -> Iterator[Problem]:
    """Yield the input of a call, such as that of an activity, which JSON does not have."""
    module, definition, name, known = parameter
    signature = known["methods"].get(method_of(call, name), {"arguments": ()})
    arguments = signature["arguments"]
    values = dict(zip(arguments, call.args, strict=False))
    values |= {keyword.arg: keyword.value for keyword in call.keywords}
    given = next((one for one in INPUTS if one in values and one in arguments), "")
    value = values.get(given)
    what = unwritable(project.sources, module, definition, value) if value else None
    if value and what and shows_arguments(call):
        verb = "has" if type(value_meant(definition, value)) in HOLDERS else "is"
        where = definition.name if given in WRITTEN_LATER else "this line"
        message = (
            f"The {INPUTS[given]} {verb} {what}, which cannot be written as JSON, so {where} fails."
        )
        fix = "Give it text, numbers, lists or dicts"
        fix += "." if given in AS_PLAIN_JSON else ", or a class that has to_json and from_json."
        yield Problem(module.place(value), message, fix)


def _wrong_arguments(
    call: ast.Call, text: str, signature: Mapping[str, Any]
) -> tuple[str, str] | None:
    """Return what is wrong with the arguments of a call, and how to fix it."""
    arguments: Sequence[str] = signature["arguments"]
    if not shows_arguments(call):
        return None
    named = [keyword.arg for keyword in call.keywords if keyword.arg]
    if wrong := next((one for one in named if one not in arguments), None):
        other = _similar(wrong, arguments)
        fix = f"Use {other}." if other else _takes(arguments)
        return f"{text} has no argument {wrong!r}, so this line fails.", fix
    if len(call.args) > len(arguments):
        return f"{text} gets too many arguments, so this line fails.", _takes(arguments)
    given = {*arguments[: len(call.args)], *named}
    missing = [one for one in arguments[: signature["required"]] if one not in given]
    if missing:
        return f"{text} needs the argument {missing[0]!r}, so this line fails.", "Add it."
    return None


def _takes(arguments: Sequence[str]) -> str:
    return f"It takes {', '.join(arguments)}." if arguments else "It takes no arguments."


def _similar(argument: str, arguments: Sequence[str]) -> str | None:
    if argument.lower() in INPUT:
        return next((one for one in arguments if "input" in one.lower() or "data" in one), None)
    return similar_name(argument, arguments, ALIKE)


def _wrong_value(
    module: Module, definition: Definition, call: ast.Call, text: str
) -> tuple[str, str] | None:
    """Return what is wrong with a value that certainly is not what the method takes, and how to fix it."""
    owner, _, method = text.partition(".")
    values = [_value(definition, argument) for argument in call.args]
    match method, values:
        case "create_timer", [ast.Constant(value=int() | float())]:
            duration = f"datetime.timedelta(seconds={ast.unparse(values[0])})"
        case "create_timer", [ast.Call(func=made)] if module.dotted(made) == "datetime.timedelta":
            duration = ast.unparse(call.args[0])
        case "task_all" | "task_any", [_, _, *_]:
            return f"{text} takes one list of tasks, so this line fails.", f"Write {text}([...])."
        case "task_all" | "task_any", [ast.GeneratorExp() | ast.Call() as value]:
            is_task = isinstance(value, ast.GeneratorExp) or _is_task(value, owner)
            fix = f"Write {text}([...])."
            return (f"{text} takes a list of tasks, so this line fails.", fix) if is_task else None
        case "task_all" | "task_any", [ast.Starred(value=value)] if _has_tasks(
            definition, value, owner
        ):
            message = f"{text} takes one list of tasks, so this line fails."
            return message, f"Write {text}({ast.unparse(value)})."
        case "start_new", [_, value, *_] if _is_input(value):
            message = f"The second argument of {text} is the id of the instance, not its input."
            return message, f"Write client_input={ast.unparse(call.args[1])}."
        case "get_state", [value, *_] if _is_json(value):
            message = f"{text} takes a function that makes the first state, and not the state."
            return message, f"Write {text}(lambda: {ast.unparse(call.args[0])})."
        case "call_activity", [_, _, value] if _is_json(value):
            message = f"{text} takes one input, and then the type of the result."
            return message, "Write one list or dict as the input."
        case (("call_activity_with_retry" | "call_sub_orchestrator_with_retry"), [_, value, *_]):
            if not _is_json(value):
                return None
            message = f"The second argument of {text} is the RetryOptions, so this line fails."
            return message, "Write the RetryOptions before the input."
        case _:
            return None
    message = f"{text} takes the time at which it ends, not a duration, so this line fails."
    return message, f"Write {text}({owner}.current_utc_datetime + {duration})."


def _refused_id(definition: Definition, call: ast.Call, text: str) -> tuple[str, str] | None:
    """Return what is wrong with the id of a new instance, as far as the code shows it."""
    named = [keyword.value for keyword in call.keywords if keyword.arg == "instance_id"]
    values = named or call.args[1:2]
    value = _value(definition, values[0]) if values else None
    parts = value.values if isinstance(value, ast.JoinedStr) else [value]
    known = "".join(str(one.value) if isinstance(one, ast.Constant) else "x" for one in parts)
    wrong = next((one for one in NOT_IN_IDS if one in known), "@" if known[:1] == "@" else None)
    if wrong is None:
        return None
    where = "begins with @" if wrong == "@" else f"contains {wrong}"
    message = f"The id of the instance {where}, so {text} fails, or takes another id."
    return message, r"Use an id without /, \, # and ?, that does not begin with @."


def _value(definition: Definition, argument: ast.expr) -> ast.expr:
    if isinstance(argument, ast.Name):
        return only_value(definition, argument.id) or argument
    return argument


def _is_task(call: ast.Call, owner: str) -> bool:
    match call.func:
        case ast.Attribute(value=ast.Name(id=name), attr=method):
            return name == owner and method in TASKS
    return False


def _has_tasks(definition: Definition, value: ast.expr, owner: str) -> bool:
    """Whether a list certainly has tasks in it, and not lists of tasks."""
    match _value(definition, value):
        case ast.List(elts=[first, *_]) | ast.ListComp(elt=first) | ast.GeneratorExp(elt=first):
            return isinstance(first, ast.Call) and _is_task(first, owner)
        case ast.List() if isinstance(value, ast.Name):
            appended = [
                call.args[0]
                for call in calls_of(definition)
                if method_of(call, value.id) == "append" and len(call.args) == 1
            ]
            tasks = [isinstance(one, ast.Call) and _is_task(one, owner) for one in appended]
            return bool(tasks) and all(tasks)
    return False


def _returned_tasks(parameter: _Parameter) -> Iterator[Problem]:
    """Yield where an orchestrator returns the list of its tasks, whose results are elsewhere."""
    module, definition, name, _ = parameter
    for node in own_nodes(definition):
        match node:
            case ast.Return(value=ast.Name(id=tasks) as value) if _has_tasks(
                definition, value, name
            ) and tasks not in _replaced(definition):
                message = f"{tasks} has tasks and not their results, so this line fails."
                fix = f"Return what yield {name}.task_all({tasks}) gives."
                yield Problem(module.place(node), message, fix)


def _replaced(definition: Definition) -> set[str]:
    """Return the lists of a function whose items it replaces or removes, or which may be empty."""
    found = set[str]()
    for node in own_nodes(definition):
        match node:
            case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store() | ast.Del()):
                found.add(name)
            case ast.Attribute(value=ast.Name(id=name), attr=method) if method != "append":
                found.add(name)
            case ast.If(test=test) | ast.IfExp(test=test):
                found.update(one.id for one in walk(test) if isinstance(one, ast.Name))
    return found


def _is_input(value: ast.expr) -> bool:
    """Whether a value is certainly not the id of an instance."""
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
        return value.func.attr == "get_json"
    return type(value) in COLLECTIONS


def _is_json(value: ast.expr) -> bool:
    is_constant = isinstance(value, ast.Constant) and value.value is not None
    return is_constant or isinstance(value, ast.JoinedStr) or type(value) in COLLECTIONS


def _made_again(module: Module, call: ast.Call, name: str) -> Iterator[Problem]:
    """Yield a client that is made from a client; in the v1 programming model, it is made from text."""
    match call:
        case ast.Call(func=made, args=[ast.Name(id=given), *_]) if given == name:
            if module.dotted(made) == CLIENT_CLASS:
                message = f"{name} is a durable client already, so this line fails."
                yield Problem(module.place(call), message, f"Use {name} as it is.")


def _awaited(module: Module, definition: Definition, name: str) -> Iterator[Problem]:
    """Yield calls of methods that are not coroutines, which cannot be awaited."""
    for node in own_nodes(definition):
        match node:
            case ast.Await(value=ast.Call() as call) if method_of(call, name) in CLIENT_OTHERS:
                message = f"{ast.unparse(call.func)} is not a coroutine, so this line fails."
                yield Problem(module.place(node), message, "Write it without await.")


def _made(project: Project, module: Module) -> Iterator[Problem]:
    """Yield ids of entities and retry options that cannot be made."""
    if "EntityId" not in module.text and "RetryOptions" not in module.text:
        return
    for call in module.all(ast.Call):
        signature = MADE.get(module.dotted(call.func))
        found = signature and _wrong_arguments(call, ast.unparse(call.func), signature)
        if signature and not found and module.dotted(call.func) == RETRY_OPTIONS:
            found = _wrong_interval(module, call)
        if found and is_second_version(project) is False:
            yield Problem(module.place(call), *found)


def _wrong_interval(module: Module, call: ast.Call) -> tuple[str, str] | None:
    """Return what is wrong with the interval of retry options, and how to fix it."""
    named = [keyword.value for keyword in call.keywords if keyword.arg == INTERVAL]
    text = ast.unparse(call.func)
    match (*call.args[:1], *named):
        case (ast.Constant(value=0) | ast.UnaryOp(op=ast.USub(), operand=ast.Constant()),):
            what = f"{text} takes an interval above 0, so this line fails."
        case (ast.Call(func=called),) if module.dotted(called) == "datetime.timedelta":
            what = f"{text} takes milliseconds and not a duration, so this line fails."
        case _:
            return None
    return what, "Write a number of milliseconds, such as 5000."


RULES = (wrong_uses,)
