"""Reads route templates as ASP.NET Core does: `users/{id:int}/{*rest}`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# The constraints by the numbers of their arguments.
CONSTRAINTS: dict[str, tuple[int, ...]] = {
    **dict.fromkeys(
        ("alpha", "bool", "datetime", "decimal", "double", "file", "float", "guid", "int"), (0,)
    ),
    **dict.fromkeys(("long", "nonfile", "required"), (0,)),
    **dict.fromkeys(("max", "maxlength", "min", "minlength", "regex"), (1,)),
    "length": (1, 2),
    "range": (2,),
}
LENGTHS = ("length", "maxlength", "minlength")
# Doubled braces stand for themselves, also within a parameter.
TOKEN = re.compile(
    r"(?P<parameter>\{(?!\{)(?:[^{}]|\{\{|\}\})*\}(?!\}))|(?P<literal>(?:[^{}]|\{\{|\}\})+)"
)


@dataclass(frozen=True)
class Part:
    """A literal or a parameter of a segment; a parameter has its text between the braces."""

    text: str
    is_parameter: bool

    @property
    def name(self) -> str:
        """Return a parameter's name."""
        # A delimiter at the start belongs to the name.
        return self._inside[:1] + re.split("[:=]", self._inside[1:])[0]

    @property
    def rest(self) -> str:
        """Return a parameter's constraints and default: `:int=5`."""
        return self._inside[len(self.name) :]

    @property
    def _inside(self) -> str:
        text = self.text[2:] if self.text.startswith("**") else self.text.removeprefix("*")
        return text.removesuffix("?")

    @property
    def is_catch_all(self) -> bool:
        """Whether it takes the rest of the path."""
        return self.is_parameter and self.text.startswith("*")

    @property
    def is_optional(self) -> bool:
        """Whether a path may end before it."""
        return self.is_parameter and self.text.endswith("?")


def template_fault(template: str) -> str | None:
    """Return what ASP.NET Core rejects about a template, as words that continue a sentence."""
    if template.startswith("~/"):
        template = template[2:]
    elif template.startswith("~"):
        return "it begins with ~, but not with ~/"
    else:
        template = template.removeprefix("/")
    if not template:
        return None
    segments: list[list[Part]] = []
    for text in _segments(template):
        parts = _parts(text)
        if parts is None:
            return "its braces do not match"
        segments.append(parts)
    if [] in (segments[:-1] if template.endswith("/") else segments):
        return "it has two slashes in a row"
    return next(_faults([parts for parts in segments if parts]), None)


def _segments(template: str) -> list[str]:
    """Return the texts between slashes; a slash in a parameter is part of it."""
    found = [""]
    depth = 0
    for character in template:
        depth += (character == "{") - (character == "}")
        if character == "/" and depth <= 0:
            found.append("")
        else:
            found[-1] += character
    return found


def _parts(segment: str) -> list[Part] | None:
    """Return the parts of a segment; None if its braces do not match."""
    parts: list[Part] = []
    end = 0
    while end < len(segment):
        token = TOKEN.match(segment, end)
        if token is None:
            return None
        end = token.end()
        text = token[0][1:-1] if token["parameter"] else token[0]
        text = text.replace("}}", "}").replace("{{", "{")
        parts.append(Part(text, bool(token["parameter"])))
    return parts


def _faults(segments: Sequence[Sequence[Part]]) -> Iterator[str]:
    names: set[str] = set()
    for index, parts in enumerate(segments):
        for before, part in zip([None, *parts], parts, strict=False):
            if not part.is_parameter:
                if "?" in part.text:
                    yield "it cannot have a query string"
                continue
            yield from _parameter_faults(part)
            if part.name.lower() in names:
                yield f"it has the parameter {part.name} twice"
            names.add(part.name.lower())
            if part.is_catch_all and (len(parts) > 1 or index < len(segments) - 1):
                yield "its catch-all parameter is not last and in a segment of its own"
            if before and before.is_parameter:
                yield f"nothing separates the parameters {before.name} and {part.name}"
            is_alone = before is None and part is parts[-1]
            follows_dot = before == Part(".", False) and part is parts[-1]
            if part.is_optional and not (is_alone or follows_dot):
                yield f"the optional parameter {part.name} is neither a segment nor after a dot"


def _parameter_faults(part: Part) -> Iterator[str]:
    name = part.name
    if not name:
        yield "a parameter has no name"
    if re.search(r"[/{}?*]", name):
        yield f"a parameter cannot have the name {name!r}"
    if part.is_catch_all and part.is_optional:
        yield "a catch-all parameter cannot be optional"
    constraints, default = _constraints(part.rest)
    if default is not None and part.is_optional:
        yield f"the optional parameter {name} cannot have a default"
    for constraint in constraints:
        if why := _constraint_fault(constraint):
            yield why


def _constraints(text: str) -> tuple[list[str], str | None]:
    """Return the constraints and the default of what follows a parameter's name: `:int:min(1)=5`."""
    found: list[str] = []
    while text.startswith(":"):
        # Parentheses end before another constraint, the default or the end.
        match = re.match(r":(?:[^:=(]*\(.*?\)(?=[:=]|$)|[^:=]*)", text, re.DOTALL)
        assert match
        found.append(match[0][1:])
        text = text[match.end() :]
    return found, text[1:] if text.startswith("=") else None


def _constraint_fault(text: str) -> str | None:
    name, parenthesis, rest = text.partition("(")
    has_arguments = bool(parenthesis) and rest.endswith(")")
    name = name if has_arguments else text
    if not name:
        return None
    counts = CONSTRAINTS.get(name.lower())
    if counts is None:
        return f"there is no constraint {name}"
    arguments = rest[:-1].split(",") if has_arguments else []
    if name.lower() == "regex":
        return None if has_arguments else "the constraint regex needs an expression"
    if len(arguments) not in counts:
        return f"the constraint {name} has the wrong number of arguments"
    return _range_fault(name, arguments)


def _range_fault(name: str, arguments: Sequence[str]) -> str | None:
    """Return what is wrong with the numbers of a constraint."""
    if not all(re.fullmatch(r"\s*[+-]?[0-9]+\s*", argument) for argument in arguments):
        return f"the constraint {name} needs whole numbers"
    numbers = [int(argument) for argument in arguments]
    if numbers != sorted(numbers):
        return f"the constraint {name} has its numbers in the wrong order"
    if name.lower() in LENGTHS and min(numbers) < 0:
        return f"the constraint {name} cannot be negative"
    return None
