"""Commands and parameters of SQL and MySQL bindings, which the extension reads at each call."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...functions.functions import Binding, Function
from ...model import Problem
from ...pattern import Pattern

# What a binding fills in: an expression when the function is called, and a setting, which may have several parameters.
EXPRESSION = Pattern(r"\{[^{}]*\}", parts=("{",))
SETTING = Pattern(r"%[^%]+%", parts=("%",))
STATEMENT = Pattern(
    r"\s*(?:insert|update|delete|merge|select|exec|execute|replace)\s", re.IGNORECASE
)
# What makes variables of its own, or names the arguments of a procedure.
DECLARES = Pattern(r"\b(?:declare|exec|execute)\b", re.IGNORECASE, ("declare", "exec"))
# Texts and comments, in which no name is a variable.
QUOTED = Pattern(r"'[^']*'|\[[^\]]*\]|\"[^\"]*\"|--[^\n]*|/\*.*?\*/", re.DOTALL)
VARIABLE = Pattern(r"(?<![@\w])@\w+", parts=("@",))


def commands(function: Function, binding: Binding) -> Iterator[Problem]:
    """Yield what is wrong with the command and the parameters of a binding."""
    if binding.direction.lower() == "out":
        yield from _statement(function, binding)
        return
    yield from _parameters(function, binding)
    # A variable of MySQL that has no value is null.
    if binding.type.lower() == "sql":
        yield from _variables(function, binding)


def _statement(function: Function, binding: Binding) -> Iterator[Problem]:
    """Yield a statement in an output, which takes the name of a table."""
    if STATEMENT.match(binding.text("commandText") or ""):
        message = f"{function.label} has a statement where the output takes the name of a table, so each call fails."
        fix = "Write the name of the table: the output adds or updates its rows."
        yield Problem(binding.place_of("commandText"), message, fix)


def _parameters(function: Function, binding: Binding) -> Iterator[Problem]:
    """Yield parameters that are not written as `@name=value,@other=value`."""
    text = binding.text("parameters") or ""
    pairs = [pair for pair in EXPRESSION.sub("x", text).split(",") if pair]
    message = f"The parameters {text!r} of {function.label} cannot be read, so each call fails: "
    if any(_is_no_pair(pair) for pair in pairs):
        message += "each one needs one =, and a value cannot contain a comma."
        fix = "Write them as in '@id={id},@name={name}'."
    elif bad := next((pair for pair in pairs if not pair.startswith(("@", "%"))), None):
        is_space = bad.lstrip().startswith("@")
        message += "a space cannot follow a comma." if is_space else "each name must begin with @."
        fix = f"Write {_corrected(text)!r}."
    else:
        return
    yield Problem(binding.place_of("parameters"), message, fix)


def _is_no_pair(text: str) -> bool:
    """Whether a part of the parameters cannot have exactly one =, whatever the settings in it are."""
    count = SETTING.sub("", text).count("=")
    return count > 1 or (not count and not SETTING.search(text))


def _corrected(text: str) -> str:
    """Return parameters without spaces around them, and with an @ before each name."""
    return re.sub(r"(^|,)\s*@?(?=[^,\s])", r"\1@", text)


def _variables(function: Function, binding: Binding) -> Iterator[Problem]:
    """Yield the variables of a query that no parameter gives a value."""
    fields = {name.lower(): value for name, value in binding.fields.items()}
    text, parameters = fields.get("commandtext"), fields.get("parameters") or ""
    if not binding.is_complete or not isinstance(text, str) or not isinstance(parameters, str):
        return
    if str(fields.get("commandtype") or "text").strip().lower() != "text":
        return
    if SETTING.search(parameters + text) or DECLARES.search(text):
        return
    given = {name.lower() for name in VARIABLE.findall(parameters)}
    for name in dict.fromkeys(VARIABLE.findall(QUOTED.sub("", text))):
        if name.lower() not in given:
            message = f"The query of {function.label} has {name}, but no parameter gives it a value, so each call fails."
            fix = f'Add it, as in parameters="{name}={{{name[1:]}}}".'
            yield Problem(binding.place_of("commandText"), message, fix)
