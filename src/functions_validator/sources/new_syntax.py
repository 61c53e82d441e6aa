"""Syntax that only some versions of Python take."""

from __future__ import annotations

import ast
import io
import re
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from ..model import Place
from ..pattern import Pattern
from .python_source import Module

if TYPE_CHECKING:
    import tokenize


class NewSyntax(NamedTuple):
    """Where an app has a syntax, what it is, and the minor version of Python that first took it."""

    place: Place
    what: str
    since: int


# Since which 3.x Python takes it, what older ones say of it, and what is on the line of the error.
# Of f-strings, only what a quote, a comment or a backslash inside of them causes: the rest is wrong in every Python.
IN_F_STRING = r"^f-string(?: expression part cannot include|: (?:expecting '}'|unmatched '[(\[{]'|unterminated))"
GENERIC = r"^\s*(?:type|(?:async\s+)?def|class)\s+\w+"
FEATURES = (
    (11, "", r"\bexcept\s*\*"),
    (12, IN_F_STRING, ""),
    (12, "", r"^\s*(?:type\s+\w+|(?:(?:async\s+)?def|class)\s+\w+\[)"),
    (13, "", rf"{GENERIC}\[[^\]]*="),
    (14, "^multiple exception types must be parenthesized", ""),
    (14, "^invalid syntax", r"(?<![\w'\"])(?:[rR]?[tT]|[tT][rR])[\"']"),
)
# Since which 3.x Python there are these nodes, and what they are called.
NODES = {
    "TryStar": (11, "except*"),
    "TypeAlias": (12, "a type statement"),
    "TemplateStr": (14, "a t-string"),
}
T_STRING = Pattern(r"(?<!\w)(?:t|tr|rt)[\"']", re.IGNORECASE)
F_STRING_SINCE = 12
F_STRING = Pattern(r"\b(?:f|fr|rf)[\"']", re.IGNORECASE)


def may_be_newer(module: Module, app: int | None, running: int = sys.version_info.minor) -> bool:
    """Whether a file that this Python cannot read may be right in the app's, which is 3.`app` if that is known."""
    if module.error is None:
        return False
    message, place = module.error
    lines = module.text.split("\n")
    line = lines[place.line - 1] if place.line <= len(lines) else ""
    return any(
        running < since
        and (app is None or app >= since)
        and re.search(said, message)
        and re.search(written, line)
        for since, said, written in FEATURES
    )


def too_new(module: Module, app: int) -> NewSyntax | None:
    """Return the first syntax in a module that 3.`app` does not take."""
    running = sys.version_info.minor
    if app >= running:
        return None
    found = [*_new_parameters(module), *_new_nodes(module)]
    if app < F_STRING_SINCE <= running and F_STRING.search(module.text):
        found += _new_f_strings(module)
    newer = [syntax for syntax in found if syntax.since > app]
    return min(newer, key=lambda syntax: syntax.place.line, default=None)


def _new_parameters(module: Module) -> Iterator[NewSyntax]:
    alias = getattr(ast, "TypeAlias", None)
    aliases = module.all(alias) if alias else []
    for node in (*module.definitions, *module.all(ast.ClassDef), *aliases):
        for parameter in getattr(node, "type_params", ()):
            yield NewSyntax(module.place(parameter), "a parameter of a type", 12)
            if getattr(parameter, "default_value", None):
                what = "a default of a parameter of a type"
                yield NewSyntax(module.place(parameter), what, 13)


def _new_nodes(module: Module) -> Iterator[NewSyntax]:
    for name, (since, what) in NODES.items():
        kind = getattr(ast, name, None)
        if kind and (name != "TemplateStr" or T_STRING.search(module.text)):
            for node in module.all(kind):
                yield NewSyntax(module.place(node), what, since)


def _new_f_strings(module: Module) -> Iterator[NewSyntax]:
    """Yield f-strings that use their own quotation marks, a backslash or a comment inside of their braces."""
    # Imported here because it is slow to import, and few apps run on a Python that needs it.
    import tokenize

    around: list[str] = []
    for token in tokenize.generate_tokens(io.StringIO(module.text).readline):
        name = tokenize.tok_name[token.type]
        inside = around[:-1] if name in ("FSTRING_MIDDLE", "FSTRING_END") else around
        is_string = name in ("STRING", "FSTRING_START", "FSTRING_MIDDLE")
        if any(quotes in token.string for quotes in inside if is_string):
            what = "an f-string with its own quotation marks in its braces"
            yield NewSyntax(_place(module, token), what, F_STRING_SINCE)
        elif inside and (name == "COMMENT" or (is_string and "\\" in token.string)):
            what = "an f-string with a backslash or a comment in its braces"
            yield NewSyntax(_place(module, token), what, F_STRING_SINCE)
        if name == "FSTRING_START":
            around.append(token.string.lstrip("fFrR"))
        elif name == "FSTRING_END":
            around.pop()


def _place(module: Module, token: tokenize.TokenInfo) -> Place:
    line, column = token.start
    return Place(module.relative, line, column + 1)
