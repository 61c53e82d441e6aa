"""Values of single fields that the extension of a binding cannot read, and fields that exclude each other."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence

from ...data import read_table
from ...functions.decorators import field_name
from ...functions.functions import Binding, Function
from ...model import Problem, Severity
from ...pattern import Pattern
from ...project.project import Project
from ..rule import rule

# The fields of bindings by their type in lower case, each with its choices or its kind.
FIELDS: Mapping[str, Mapping[str, Sequence[str] | str]] = {
    type_.lower(): fields for type_, fields in read_table("services")["field_values"].items()
}
NUMBER = Pattern(r"\s*[+-]?\d+(?:\.\d*)?\s*")
WANTED = {
    "bool": "True or False",
    "number": "a number",
    "milliseconds": "a number of milliseconds",
    "time": 'a time such as "2026-02-16T14:19:29Z"',
}
# What a binding fills in when the function is called.
FILLED_IN = Pattern(r"%[^%]*%|\{[^{}]*\}", parts=("%", "{"))
DATABASES = ("sql", "mysql")
STATEMENT = Pattern(
    r"\s*(?:insert|update|delete|merge|select|exec|execute|replace)\s", re.IGNORECASE
)
# What makes variables of its own, or names the arguments of a procedure, and texts and comments, in which no name is a variable.
DECLARES = Pattern(r"\b(?:declare|exec|execute)\b", re.IGNORECASE, ("declare", "exec"))
QUOTED = Pattern(r"'[^']*'|\[[^\]]*\]|\"[^\"]*\"|--[^\n]*|/\*.*?\*/", re.DOTALL)
VARIABLE = Pattern(r"(?<![@\w])@\w+", parts=("@",))
COSMOS_TRIGGER, COSMOS = "cosmosdbtrigger", "cosmosdb"
SDK = "azurefunctions.extensions.bindings."
NOT_STARTED = "so the host does not start the function."


@rule("AF254", Severity.ERROR, "A binding has a value that its extension refuses")
def refused_values(project: Project) -> Iterator[Problem]:
    """Yield values that do not fit their fields, and fields of Cosmos DB that exclude each other."""
    for function in project.functions:
        for binding in function.bindings:
            for field, takes in FIELDS.get(binding.type.lower(), {}).items():
                text = binding.text(field)
                if not text:
                    continue
                if takes == "parameters":
                    yield from _parameters(function, binding, text)
                elif "%" not in text and not _fits(function, binding, field, text, takes):
                    message = (
                        f"{function.label} has {field} {text!r}, which the extension of {binding.type} "
                        f"refuses, {NOT_STARTED}"
                    )
                    yield Problem(binding.place_of(field), message, f"Write {_wanted(takes)}.")
            yield from _excluding(project, function, binding)
            if binding.type.lower() in DATABASES:
                yield from _command(function, binding)


def _fits(
    function: Function, binding: Binding, field: str, text: str, takes: Sequence[str] | str
) -> bool:
    """Whether a field takes a text: an enumeration also by number, and its members in any letter case."""
    if takes == "bool":
        return text.strip().lower() in ("true", "false")
    if takes == "time":
        return any(map(str.isdigit, text))
    if isinstance(takes, str):
        return bool(NUMBER.fullmatch(text))
    if text.strip().isdigit() or text.strip().lower() in map(str.lower, takes):
        return True
    member = text.replace("_", "").lower()
    return not _is_text(function, binding, field) and member in map(str.lower, takes)


def _is_text(function: Function, binding: Binding, field: str) -> bool:
    """Whether a field is written as text, and not as the member of an enumeration, which counts as its name here."""
    given = (
        keyword.value
        for decoration in function.decorations
        if decoration.place == binding.place
        for keyword in decoration.call.keywords
        if keyword.arg and field_name(keyword.arg) == field
    )
    return isinstance(next(given, None), ast.Constant)


def _wanted(takes: Sequence[str] | str) -> str:
    if isinstance(takes, str):
        return WANTED[takes]
    return " or ".join(f'"{choice}"' for choice in takes)


def _parameters(function: Function, binding: Binding, text: str) -> Iterator[Problem]:
    """Yield parameters of a query that are not written as `@name=value,@other=value`."""
    known = FILLED_IN.sub("x", text)
    pairs = [pair for pair in known.split(",") if pair]
    message = f"The parameters {text!r} of {function.label} cannot be read: "
    if any(pair.count("=") != 1 for pair in pairs):
        message += "each one has one =, and no value has a comma."
        fix = "Write them as in @id={id},@name={name}."
    elif bad := next((pair for pair in pairs if not pair.startswith("@")), None):
        is_space = bad.lstrip().startswith("@")
        message += "no space can be after a comma." if is_space else "each name begins with @."
        fix = f'Write "{_corrected(text)}".'
    else:
        return
    fix += " Otherwise, each call of the function fails."
    yield Problem(binding.place_of("parameters"), message, fix)


def _corrected(text: str) -> str:
    """Return parameters without spaces around them, and with an @ before each name."""
    return re.sub(r"(^|,)\s*@?(?=[^,\s])", r"\1@", text)


def _command(function: Function, binding: Binding) -> Iterator[Problem]:
    """Yield the statement of an output, which takes a table, and a query with a variable that it does not get."""
    text = binding.text("commandText") or ""
    place = binding.place_of("commandText")
    if binding.direction.lower() == "out":
        if STATEMENT.match(text):
            message = f"{function.label} has a statement where the output takes the name of a table, so each call fails."
            yield Problem(
                place, message, "Write the name of the table: the output adds or updates its rows."
            )
        return
    # A variable of MySQL that has no value is null.
    is_query = (
        binding.type.lower() == "sql"
        and binding.is_complete
        and (str(binding.fields.get("commandType", "text")).lower() == "text")
    )
    parameters = binding.fields.get("parameters", "")
    if not is_query or not isinstance(parameters, str) or DECLARES.search(text):
        return
    given = {name.lower() for name in VARIABLE.findall(parameters)}
    for name in dict.fromkeys(VARIABLE.findall(QUOTED.sub("", text))):
        if name.lower() not in given:
            message = f"The query of {function.label} has {name}, but no parameter gives it a value, so each call fails."
            example = f"{name}={{{name[1:]}}}"
            yield Problem(place, message, f'Add it, as in parameters="{example}".')


def _excluding(project: Project, function: Function, binding: Binding) -> Iterator[Problem]:
    """Yield fields of Cosmos DB of which the extension takes only one, and a container that has its own leases."""
    type_, start = binding.type.lower(), binding.fields.get("startFromBeginning")
    if type_ == COSMOS and _has_id_and_query(function, binding):
        message = f"{function.label} has both an id and a query for {binding.name}, {NOT_STARTED}"
        fix = "Remove one of them: id gives one document, and sql_query gives a list."
        yield Problem(binding.place_of("sqlQuery"), message, fix)
    if type_ != COSMOS_TRIGGER:
        return
    if binding.text("startFromTime") and str(start).lower() == "true":
        message = f"{function.label} starts both from the beginning and from a time, {NOT_STARTED}"
        fix = "Remove start_from_beginning or start_from_time."
        yield Problem(binding.place_of("startFromTime"), message, fix)
    if _has_own_leases(project, binding):
        message = (
            f"{function.label} keeps its leases in the container that it watches, {NOT_STARTED}"
        )
        fix = 'Write another lease_container_name, such as "leases".'
        if not binding.text("leaseContainerName"):
            fix = 'Write a lease_container_name: without one, it is "leases".'
        yield Problem(binding.place_of("leaseContainerName"), message, fix)


def _has_id_and_query(function: Function, binding: Binding) -> bool:
    is_input = binding.direction.lower() == "in" and not _has_sdk_type(function, binding)
    return is_input and bool(binding.text("id") and binding.text("sqlQuery"))


def _has_sdk_type(function: Function, binding: Binding) -> bool:
    """Whether the function may get a client, which it can ask for anything."""
    if function.parameter(binding) is None or function.module is None:
        return True
    annotation = function.annotation(binding)
    return annotation is not None and function.module.dotted(annotation).startswith(SDK)


def _has_own_leases(project: Project, binding: Binding) -> bool:
    """Whether the leases of a trigger are in the same account, database and container as what it watches."""
    connection, database = (binding.fields.get(name) for name in ("connection", "databaseName"))
    if binding.fields.get("leaseConnection", connection) not in (connection, None, ""):
        return False
    if binding.fields.get("leaseDatabaseName", database) not in (database, None, ""):
        return False
    leases = "leases" if binding.lacks("leaseContainerName") else binding.text("leaseContainerName")
    names = [
        project.settings.resolve(name) if name else None
        for name in (binding.text("containerName"), leases)
    ]
    return None not in names and len({str(name).lower() for name in names}) == 1


RULES = (refused_values,)
