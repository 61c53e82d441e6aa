"""Route templates such as `orders/{id:int}`, read and matched as ASP.NET Core does."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from ..pattern import Pattern
from .constraints import Constraint, read_constraint

# A delimiter at the start belongs to the name.
PARAMETER = Pattern(
    r"(?P<stars>\*{0,2})(?P<name>[^?]?[^:=?]*)(?P<constraints>(?::(?:[^:=(]*\(.*?\)(?=[:=?]|$)|[^:=(?]*))*)"
    r"(?:=(?P<default>.*?))?(?P<optional>\?)?",
    re.DOTALL,
)
# One of the constraints in `:int:range(1,9)`.
CONSTRAINT = Pattern(r":((?:[^:=(]*\(.*?\)(?=[:=?]|$))|[^:=(?]*)", re.DOTALL)
# A parameter such as `<int:id>` in a route of Flask, and what its kinds are here; and `:id` in one of Express.
OF_FLASK = Pattern(r"(?<![^/])<(?:(\w+)(?:\([^)]*\))?:)?(\w+)>(?=/|$)", parts=("<",))
OF_KIND = {
    "float": "{{{}:float}}",
    "int": "{{{}:int}}",
    "integer": "{{{}:int}}",
    "path": "{{*{}}}",
    "uuid": "{{{}:guid}}",
}
OF_EXPRESS = Pattern(r"(?<![^/]):(\w+)(?=/|$)", parts=(":",))
# A parameter such as `{id:uuid}`, as FastAPI and others write it.
OF_FASTAPI = Pattern(r"\{(\w+):(integer|path|str|string|uuid)\}", parts=("{",))


class InvalidTemplate(ValueError):
    """ASP.NET cannot read the template, so the host does not start; the message continues a sentence."""


class Literal(NamedTuple):
    """A text in a template."""

    text: str


class Parameter(NamedTuple):
    """A parameter in a template; `rest` if it takes the rest of the path."""

    name: str
    constraints: Sequence[Constraint] = ()
    default: str | None = None
    optional: bool = False
    rest: bool = False

    @property
    def may_be_missing(self) -> bool:
        """Whether a path fits without it."""
        return self.rest or self.optional or self.default is not None

    def accepts(self, value: str | None) -> bool:
        """Whether a value, or none, fits its constraints."""
        if value is None:
            return self.optional or not self.constraints
        return all(constraint.accepts(value) for constraint in self.constraints)


Part = Literal | Parameter
Segment = Sequence[Part]


class Template:
    """A template as written, and its segments."""

    def __init__(self, text: str, segments: Sequence[Segment]) -> None:
        self.text, self.segments = text, segments

    def match(self, path: str) -> dict[str, str] | None:
        """Return the parameters' values in a path, which is decoded; None if it does not fit."""
        words = split_path(path)
        values: dict[str, str] = {}
        for place, segment in enumerate(self.segments):
            first = segment[0]
            if isinstance(first, Parameter) and first.rest:
                value = _from_segment(path, place) or first.default
                values.update({first.name: value} if value else {})
                words = words[:place]
            elif place < len(words):
                found = match_segment(segment, words[place])
                if found is None:
                    return None
                values.update(found)
            elif len(segment) > 1 or isinstance(first, Literal) or not first.may_be_missing:
                return None
            elif first.default is not None:
                values[first.name] = first.default
        if len(words) > len(self.segments) or "" in words:
            return None
        fits = all(parameter.accepts(values.get(parameter.name)) for parameter in self.parameters)
        return values if fits else None

    @cached_property
    def parameters(self) -> Sequence[Parameter]:
        """Return all parameters."""
        return [
            part for segment in self.segments for part in segment if isinstance(part, Parameter)
        ]

    @cached_property
    def precedence(self) -> Sequence[int]:
        """Return a key that sorts the more specific of two templates first.

        ASP.NET's newer routing tries routes in this order. The Functions host does not.
        """
        return [_precedence(segment) for segment in self.segments]


def parse_template(text: str) -> Template:
    """Return a template. Raises InvalidTemplate."""
    trimmed = text[2:] if text.startswith("~/") else text.removeprefix("/")
    if trimmed.startswith("~"):
        raise InvalidTemplate("it begins with `~`")
    segments = []
    offset = 0
    while offset < len(trimmed):
        segment, offset = _read_segment(trimmed, offset)
        segments.append(segment)
        if offset < len(trimmed):
            offset += 1
    template = Template(text, segments)
    _check(template)
    return template


def template_fault(text: str) -> str | None:
    """Return why ASP.NET cannot read a template, as words that continue a sentence; None if it can."""
    try:
        parse_template(text)
    except InvalidTemplate as why:
        return str(why)
    return None


def foreign_parameter(route: str) -> tuple[str, str] | None:
    """Return a parameter as Flask or Express write it, which is plain text in a route, and how a route writes it."""
    if found := OF_FLASK.search(route):
        kind, name = found[1] or "", found[2]
        return found[0], OF_KIND.get(kind, "{{{}}}").format(name)
    if found := OF_EXPRESS.search(route):
        return found[0], f"{{{found[1]}}}"
    return None


def with_own_kinds(route: str) -> str:
    """Return a route with parameters such as `{id:uuid}` as the host takes them."""
    return OF_FASTAPI.compiled.sub(
        lambda found: OF_KIND.get(found[2], "{{{}}}").format(found[1]), route
    )


def split_path(path: str) -> list[str]:
    """Return a path's segments: one slash at its end does not count, but two in a row do."""
    inner = path.removeprefix("/")
    if not inner:
        return []
    return inner.removesuffix("/").split("/")


def match_segment(segment: Segment, text: str) -> dict[str, str] | None:
    """Return the values of a segment's parameters, without regard to constraints; None if it does not fit."""
    if not text:
        return None
    found = _match_parts(segment, text)
    last = segment[-1]
    # `{name}.{extension?}` also takes a name alone, but not one that ends with the dot.
    if found is None and len(segment) > 1 and isinstance(last, Parameter) and last.optional:
        return None if text.endswith(".") else _match_parts(segment[:-2], text)
    return found


def _match_parts(parts: Segment, text: str) -> dict[str, str] | None:
    """Match from the right, as ASP.NET does, and without trying again elsewhere."""
    values: dict[str, str] = {}
    pending: Parameter | None = None
    end = len(text)
    folded = fold(text)
    for part in reversed(parts):
        if isinstance(part, Parameter):
            pending = part
            continue
        literal = fold(part.text)
        start = folded.rfind(literal, 0, max(end - bool(pending), 0))
        if start < 0 or (pending is None and start + len(literal) != end):
            return None
        if pending:
            values[pending.name] = text[start + len(literal) : end]
            pending = None
        end = start
    if pending:
        values[pending.name] = text[:end]
    return values if bool(pending) == bool(end) else None


def fold(text: str) -> str:
    """Return a text for comparison without regard to case, as .NET compares; its length stays."""
    if text.isascii():
        return text.upper()
    return "".join(upper if len(upper := c.upper()) == 1 else c for c in text)


def _from_segment(path: str, place: int) -> str:
    """Return what a path has from a segment on, with the slash at its end."""
    words = path.removeprefix("/").split("/")
    return "/".join(words[place:])


def _precedence(segment: Segment) -> int:
    first = segment[0]
    if len(segment) > 1:
        return 2
    if isinstance(first, Literal):
        return 1
    return (5 if first.rest else 3) - bool(first.constraints)


def _read_segment(text: str, offset: int) -> tuple[list[Part], int]:
    """Return the segment that begins at an offset, and where it ends."""
    parts: list[Part] = []
    while offset < len(text) and text[offset] != "/":
        if text[offset] == "{" and text[offset : offset + 2] != "{{":
            end = _end_of_parameter(text, offset)
            parts.append(_read_parameter(text[offset + 1 : end - 1]))
        else:
            end = _end_of_literal(text, offset)
            parts.append(_read_literal(text[offset:end]))
        offset = end
    if not parts:
        raise InvalidTemplate("it has two slashes in a row")
    return parts, offset


def _end_of_parameter(text: str, offset: int) -> int:
    """Return the offset after a parameter's brace; inside, braces are doubled."""
    place = offset + 1
    while place < len(text):
        if text[place : place + 2] in ("{{", "}}"):
            place += 2
        elif text[place] == "}":
            return place + 1
        elif text[place] == "{":
            break
        else:
            place += 1
    raise InvalidTemplate("its braces do not match")


def _end_of_literal(text: str, offset: int) -> int:
    place = offset
    while place < len(text) and text[place] != "/":
        if text[place : place + 2] in ("{{", "}}"):
            place += 2
        elif text[place] == "}":
            raise InvalidTemplate("its braces do not match")
        elif text[place] == "{":
            break
        else:
            place += 1
    return place


def _read_literal(text: str) -> Literal:
    if "?" in text:
        raise InvalidTemplate("it cannot have a query string")
    return Literal(text.replace("}}", "}").replace("{{", "{"))


def _read_parameter(text: str) -> Parameter:
    match = PARAMETER.fullmatch(text.replace("}}", "}").replace("{{", "{"))
    if match is None or re.search(r"[/{}*?]", match["name"]):
        raise InvalidTemplate(f"the parameter {{{text}}} cannot be read")
    if not match["name"]:
        raise InvalidTemplate("a parameter has no name")
    optional, rest = bool(match["optional"]), bool(match["stars"])
    if optional and (rest or match["default"] is not None):
        raise InvalidTemplate(f"the parameter {{{text}}} cannot be optional")
    written = CONSTRAINT.findall(match["constraints"])
    try:
        constraints = tuple(read_constraint(one) for one in written if one)
    except ValueError as why:
        raise InvalidTemplate(str(why)) from None
    return Parameter(match["name"], constraints, match["default"], optional, rest)


def _check(template: Template) -> None:
    """Raise InvalidTemplate for parameters that are not allowed where they are."""
    names = [fold(parameter.name) for parameter in template.parameters]
    if len(set(names)) < len(names):
        raise InvalidTemplate("it has the same parameter twice")
    for segment in template.segments:
        for place, part in enumerate(segment):
            if not isinstance(part, Parameter):
                continue
            if part.rest and (len(segment) > 1 or segment is not template.segments[-1]):
                raise InvalidTemplate("its catch-all parameter is not last")
            before = segment[place - 1] if place else None
            if isinstance(before, Parameter):
                raise InvalidTemplate("two parameters are side by side")
            if part.optional and len(segment) > 1:
                dot = isinstance(before, Literal) and before.text == "."
                if place < len(segment) - 1 or not dot:
                    raise InvalidTemplate("its optional parameter does not follow a dot")
