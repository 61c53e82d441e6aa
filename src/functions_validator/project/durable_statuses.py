"""What functions do with the answers of a durable client, such as the status of an orchestration."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from ..functions.json_values import is_dumps
from ..model import Problem
from ..sources.nodes import Definition, keyed_values, method_of, own_nodes, text_of, value_meant
from ..sources.python_source import Module
from ..sources.uncertain_names import asked_names
from .durable import is_second_version
from .project import Project

RESPONSE = "azure.functions.HttpResponse"
# The methods of a client that give objects, each with what these are and how to write them as JSON.
STATUSES = {
    "get_status": ("a status", "{}.to_json()"),
    "get_status_all": ("a list of statuses", "[one.to_json() for one in {}]"),
    "get_status_by": ("a list of statuses", "[one.to_json() for one in {}]"),
    "read_entity_state": ("an answer about a state", "{}.entity_state"),
}
# The attributes of a status that JSON does not have, with what they are and how to write them.
STATE = "runtime_status"
UNWRITABLE = {
    STATE: ("an enum", "{}.name"),
    "created_time": ("a datetime", "str({})"),
    "last_updated_time": ("a datetime", "str({})"),
}
ENUM = "df.OrchestrationRuntimeStatus"
STATES = {"Canceled", "Completed", "ContinuedAsNew", "Failed", "Pending", "Running", "Suspended"}
STATES |= {"Terminated"}


class _Client(NamedTuple):
    """A parameter of a function that is a durable client."""

    project: Project
    module: Module
    definition: Definition
    name: str

    def method(self, node: ast.expr) -> str:
        """Return the method of the client that certainly gave an object; "" for any other object."""
        if isinstance(node, ast.Name) and node.id in asked_names(self.definition):
            return ""
        match value_meant(self.definition, node):
            case ast.Await(value=ast.Call() as asked):
                return method_of(asked, self.name)
        return ""


def misused_statuses(
    project: Project, module: Module, definition: Definition, name: str
) -> Iterator[Problem]:
    """Yield answers of a client that json.dumps or a response cannot write, and states that are compared with text."""
    client = _Client(project, module, definition, name)
    for node in own_nodes(definition):
        match node:
            case ast.Call(args=[given]):
                yield from _written(client, node, given)
            case ast.Compare(left=left, comparators=[right]):
                if is_second_version(project) is False:
                    yield from _compared(client, left, right)
                    yield from _compared(client, right, left)


def _written(client: _Client, call: ast.Call, given: ast.expr) -> Iterator[Problem]:
    module, called = client.module, client.module.dotted(call.func)
    is_json = not call.keywords and is_dumps(client.project.sources, module, call.func)
    if not is_json and (called != RESPONSE or "TypeError" in module.text):
        return
    if (method := client.method(given)) in STATUSES:
        what, writing = STATUSES[method]
        given_name = given.id if isinstance(given, ast.Name) else f"({ast.unparse(given)})"
        writer = ast.unparse(call.func) if called == RESPONSE else called
        message = f"{writer} gets {what}, which it cannot write."
        fix = f"Write json.dumps({writing.format(given_name)})."
        yield Problem(module.place(call), message, fix)
    elif is_json and is_second_version(client.project) is False:
        for part in keyed_values(given) if isinstance(given, ast.Dict) else [given]:
            yield from _written_attribute(client, part)


def _written_attribute(client: _Client, part: ast.expr) -> Iterator[Problem]:
    """Yield an attribute of a status that JSON does not have."""
    if not isinstance(part, ast.Attribute) or part.attr not in UNWRITABLE:
        return
    if client.method(part.value) == "get_status":
        what, writing = UNWRITABLE[part.attr]
        text = ast.unparse(part)
        message = f"{text} is {what}, which json.dumps cannot write."
        yield Problem(client.module.place(part), message, f"Write {writing.format(text)}.")


def _compared(client: _Client, state: ast.expr, other: ast.expr) -> Iterator[Problem]:
    """Yield a state that is compared with text, to which it is never equal."""
    if not isinstance(state, ast.Attribute) or state.attr != STATE:
        return
    many = other.elts if isinstance(other, ast.List | ast.Set | ast.Tuple) else [other]
    texts = [text_of(one) for one in many]
    text = texts[0] if texts else None
    if text is None or None in texts or client.method(state.value) != "get_status":
        return
    message = f"{ast.unparse(state)} is an enum, which is never equal to {text!r}."
    fix = f"Compare it with {ENUM}.{text}."
    if text not in STATES:
        fix = f"Compare it with a member of {ENUM}, such as {ENUM}.Completed."
    yield Problem(client.module.place(state), message, fix)
