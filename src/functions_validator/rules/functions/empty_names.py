"""Names of queues, containers, hubs and tables that are empty, missing or not text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ...data import read_table
from ...functions.functions import Binding, Function
from ...model import Problem, Severity
from ...pattern import Pattern
from ...project.project import Project
from ...project.settings import is_platform_name
from ...sources.environment_reads import is_filled
from ..rule import rule

# The fields that name something, or say when.
NAME_FIELDS = (
    "queueName",
    "path",
    "eventHubName",
    "topicName",
    "subscriptionName",
    "tableName",
    "databaseName",
    "containerName",
    "collectionName",
    "schedule",
    "topic",
    "consumerGroup",
)
# What a binding cannot do without; of those with a slash, one is enough.
REQUIRED: Mapping[str, Sequence[str]] = {
    type_.lower(): fields for type_, fields in read_table("services")["required_names"].items()
}
# What a text has in place of a setting that is not there, as f"{os.getenv('NAME')}-in".
PART_NONE = Pattern(r"(?<![A-Za-z0-9])None(?![A-Za-z0-9])", parts=("None",))
CAPITAL = Pattern(r"(?<=[a-z])([A-Z])")
STOPPED_BY_EMPTY = {"eventhubtrigger", "kafkatrigger", "sqltrigger"}
STOPS = ", so the whole host stops"


@rule("AF206", Severity.ERROR, "A binding's queue, container, hub or table has no name")
def empty_names(project: Project) -> Iterator[Problem]:
    """Yield bindings whose queue, container, hub, table or schedule is empty, missing or a list."""
    for function in project.functions:
        for binding in function.bindings:
            for fault in _faults(project, binding):
                computed = is_computed(project, function, binding, fault.field)
                if computed and _may_differ_in_azure(project):
                    continue
                if computed or not fault.is_part:
                    message = f"The {binding.type} of {function.label} has {fault.what}."
                    yield Problem(binding.place_of(fault.field), message, fault.fix)


class _Fault(NamedTuple):
    """A field without a name, what the binding has instead, and how to fix it; `is_part` if only a part is None."""

    field: str
    what: str
    fix: str
    is_part: bool = False


def _faults(project: Project, binding: Binding) -> Iterator[_Fault]:
    """Yield the fields of a binding that are no names, and those that it lacks."""
    for field in NAME_FIELDS:
        value = binding.fields.get(field)
        if value == "":
            stops = STOPS if binding.type.lower() in STOPPED_BY_EMPTY else ""
            yield _Fault(field, f"an empty {field}{stops}", _fix(field))
        elif isinstance(value, str) and project.is_indexed and PART_NONE.search(value):
            what = f"the {field} {value!r}, a part of which is None"
            yield _Fault(field, what, _fix(field), is_part=True)
        elif isinstance(value, list | tuple | dict):
            fix = "Write a string. A comma at the end of the line makes it a tuple."
            yield _Fault(field, f"a {field} that is not a string", fix)
    for names in REQUIRED.get(binding.type.lower(), ()):
        one_of = names.split("/")
        if not all(binding.lacks(field) and binding.fields.get(field) is None for field in one_of):
            continue
        is_given = any(field in binding.fields for field in one_of)
        # By the sources, AF101 reports an argument that a decorator needs.
        if is_given or project.is_indexed or "type" in binding.places:
            written = [field for field in one_of if field in binding.places]
            field = (written or one_of)[0]
            what = f"no {field}: its value is None" if written else f"no {field}"
            yield _Fault(field, what, _fix(field))


def _fix(field: str) -> str:
    words = CAPITAL.sub(r"_\1", field.removesuffix("Name")).upper()
    return f"Give it a value, or an app setting such as %ORDERS_{words}%."


def is_computed(project: Project, function: Function, binding: Binding, field: str) -> bool:
    """Whether only the running app shows the value of a field."""
    if not project.is_indexed:
        return False
    written = [one for one in project.written_functions if one.definition is function.definition]
    same = [b for one in written for b in one.bindings if b.name == binding.name]
    values = [one.fields.get(field) for one in same]
    return not any(value is None or isinstance(value, str | list) for value in values)


def _may_differ_in_azure(project: Project) -> bool:
    """Whether what the app computes at import may be based on settings that are only in Azure."""
    if not project.settings.is_known or is_filled(project.sources):
        return True
    if any(setting.value is None for setting in project.settings.all):
        return True  # It is encrypted, so the import does not get it.
    unset = [one.name for one in project.environment_reads if not project.settings.has(one.name)]
    return any(is_platform_name(name) or name.lower() in project.mentioned for name in unset)


RULES = (empty_names,)
