"""Names of queues, containers and tables, and paths of blobs, as Azure Storage and the host's bindings take them."""

from __future__ import annotations

import re

from ..pattern import Pattern

NAME = Pattern(r"(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*")
NAME_RULE = "it needs 3 to 63 lowercase letters and digits, with single hyphens between them"
TABLE = Pattern(r"[A-Za-z][A-Za-z0-9]{2,62}")
TABLE_RULE = "it needs 3 to 63 letters and digits, beginning with a letter"
SPECIAL_CONTAINERS = ("$root", "$logs", "$web")
# Doubled braces stand for themselves.
TOKEN = Pattern(r"(?P<escape>\{\{|\}\})|\{(?P<parameter>[^{}]*)\}|(?P<unbalanced>[{}])", parts="{}")
PARAMETER = Pattern(r"\{[^{}]*\}", parts=("{",))
# Values that every binding has; a format may follow.
BUILT_IN = Pattern(r"(rand-guid|datetime)", re.IGNORECASE, ("rand-guid", "datetime"))
EXPRESSION = Pattern(r"[^\W\d][\w.-]*")


def queue_fault(name: str, *, is_trigger: bool) -> str | None:
    """Return what is wrong with a queue's name, as words that continue a sentence about it."""
    if is_trigger and ("{" in name or "}" in name):
        return "a trigger's queue cannot have parameters"
    return _name_fault(name.lower())


def table_fault(name: str) -> str | None:
    """Return what is wrong with a table's name, as words that continue a sentence about it."""
    if why := template_fault(name, is_trigger=False):
        return why
    known = PARAMETER.sub("", name)
    fits = TABLE.fullmatch(name) if known == name else re.fullmatch("[A-Za-z0-9]*", known)
    return None if fits else TABLE_RULE


def blob_fault(path: str, direction: str) -> str | None:
    """Return what is wrong with a blob's path, as words that continue a sentence about it.

    The direction is "trigger", "in" or "out".
    """
    container, slash, blob = path.partition("/")
    if direction != "trigger" and ":" in container:
        # A URL of a blob.
        return None
    if "\\" in container:
        return "a container's name cannot contain a backslash"
    if slash and not (container and blob):
        return "it needs a container and a blob, with a slash between them"
    if direction == "trigger" and "{" in container:
        return "a trigger's container cannot be a parameter"
    if direction == "out" and not slash:
        return "it names no blob in the container"
    return template_fault(path, is_trigger=direction == "trigger") or (
        None if container in SPECIAL_CONTAINERS else _name_fault(container)
    )


def _name_fault(name: str) -> str | None:
    known = PARAMETER.sub("", name)
    # What the parameters become is known at the call only.
    fits = NAME.fullmatch(name) if known == name else re.fullmatch("[a-z0-9-]*", known)
    return None if fits else NAME_RULE


def template_fault(text: str, *, is_trigger: bool) -> str | None:
    """Return what is wrong with the parameters of a text, such as `{name}`."""
    for token in TOKEN.finditer(text):
        name = token["parameter"]
        if token["unbalanced"]:
            return "its braces do not match"
        if name is not None and (why := _parameter_fault(name, is_trigger=is_trigger)):
            return why
    return None


def _parameter_fault(name: str, *, is_trigger: bool) -> str | None:
    if not name:
        return "a parameter has no name"
    is_built_in = BUILT_IN.match(name)
    expression = name if is_built_in else name.partition(":")[0] or name
    if is_trigger:
        # It becomes a group of a regular expression.
        fits = re.fullmatch(r"\w+", expression) and not expression[0].isdigit()
        return None if fits else f"a trigger cannot have a parameter {{{name}}}"
    first, *others = expression.split(".")
    is_valid = EXPRESSION.fullmatch(expression) and "-" not in first and "" not in others
    return None if is_built_in or is_valid else f"{{{name}}} is not a valid parameter"
