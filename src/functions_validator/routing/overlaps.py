"""Requests that one function takes from another, since the host tries it first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, product
from typing import NamedTuple

from .constraints import GUID
from .table import Route, RouteTable
from .templates import Literal, Parameter, Segment, Template, fold, match_segment

# Values for parameters, besides those that their constraints name.
VALUES = ("a", "7", "x1", "abc", "123", "12345", "a.txt", "true", "1.5", "2024-01-31", GUID)
MOST_TEXTS = 12  # of a segment
MOST_PATHS = 400  # of a pair of templates
# What a function takes that answers the preflight requests of browsers for all others.
PREFLIGHT = {"OPTIONS"}


class Overlap(NamedTuple):
    """A request that fits the route of a function, and the function that takes it.

    They are equal if neither route is the more specific one.
    """

    taker: str
    loser: str
    method: str
    path: str
    is_equal: bool


def overlaps(table: RouteTable) -> Iterator[Overlap]:
    """Yield, for each function, the first that takes requests which belong to it.

    Requests belong to the function whose route is the more specific one: ASP.NET's newer routing would give them to
    it. So `products/list` may come before `products/{id}`, but not the reverse.
    """
    ranks = [_rank(route) for route in table.routes]
    for place, loser in enumerate(table.routes):
        before = zip(table.routes[:place], ranks[:place], strict=True)
        for taker in (route for route, rank in before if rank >= ranks[place]):
            if found := _taken(table, taker, loser):
                yield found
                break


def _rank(route: Route) -> list[int]:
    """Return a key that sorts the route first to which the requests belong."""
    return [*route.template.precedence, 0, not route.methods]


def _taken(table: RouteTable, taker: Route, loser: Route) -> Overlap | None:
    """Return a request that fits both routes and that the host gives to the taker."""
    methods = _methods(taker, loser)
    if not methods or taker.methods == PREFLIGHT:
        return None
    for path in common_paths(loser.template, taker.template):
        for method in methods:
            found = table.find(method, path)
            if found and found[0] is taker and loser.match(method, path) is not None:
                is_equal = _rank(taker) == _rank(loser)
                return Overlap(taker.function, loser.function, method, path, is_equal)
    return None


def _methods(one: Route, other: Route) -> Sequence[str]:
    common = (
        one.methods & other.methods
        if one.methods and other.methods
        else one.methods | other.methods
    )
    return sorted(common) if one.methods or other.methods else ["GET"]


def common_paths(one: Template, other: Template) -> Iterator[str]:
    """Yield paths that both templates may fit, at most MOST_PATHS."""
    if any(map(_are_different, one.segments, other.segments)):
        return
    longest = max(len(one.segments), len(other.segments))
    for length in sorted(_lengths(one, longest) & _lengths(other, longest)):
        texts = []
        for place in range(length):
            texts.append(_common_texts(_segment(one, place), _segment(other, place)))
            if not texts[-1]:
                break
        else:
            for words in islice(product(*texts), MOST_PATHS):
                yield "/" + "/".join(words)


def _lengths(template: Template, longest: int) -> set[int]:
    """Return the numbers of segments that a path may have, up to one more than the longest template has."""
    most = least = len(template.segments)
    for segment in reversed(template.segments):
        first = segment[0]
        if len(segment) > 1 or isinstance(first, Literal) or not first.may_be_missing:
            break
        least -= 1
    last = template.segments[-1][0] if template.segments else None
    if isinstance(last, Parameter) and last.rest:
        most = longest + 1
    return set(range(least, most + 1))


def _segment(template: Template, place: int) -> Segment:
    """Return the segment that a path's segment belongs to; after the last one it is the catch-all."""
    return template.segments[min(place, len(template.segments) - 1)]


def _common_texts(one: Segment, other: Segment) -> Sequence[str]:
    """Return texts that both segments fit."""
    literal = _literal(one)
    if literal and _literal(other):
        return [literal.text]
    own = [*_texts(one, ()), *_texts(other, ())]
    mixed = (text for pair in ((one, other), (other, one)) for text in _texts(pair[0], own))
    texts = dict.fromkeys([*own, *mixed])
    return list(
        islice((text for text in texts if _fits(one, text) and _fits(other, text)), MOST_TEXTS)
    )


def _are_different(one: Segment, other: Segment) -> bool:
    """Whether both segments are texts, and not the same."""
    literal, other_literal = _literal(one), _literal(other)
    if literal is None or other_literal is None:
        return False
    return fold(literal.text) != fold(other_literal.text)


def _literal(segment: Segment) -> Literal | None:
    first = segment[0]
    return first if len(segment) == 1 and isinstance(first, Literal) else None


def _texts(segment: Segment, values: Sequence[str]) -> Iterator[str]:
    """Yield texts of a segment, with its constraints' samples or one of the values in each parameter."""
    choices = []
    for part in segment:
        if isinstance(part, Literal):
            choices.append([part.text])
            continue
        samples = [sample for constraint in part.constraints for sample in constraint.samples]
        some = dict.fromkeys(
            [*samples, *values, *([part.default] if part.default else []), *VALUES]
        )
        choices.append([value for value in some if "/" not in value and part.accepts(value)])
    return islice(map("".join, product(*choices)), MOST_PATHS)


def _fits(segment: Segment, text: str) -> bool:
    first = segment[0]
    if isinstance(first, Parameter) and first.rest:
        return bool(text)
    found = match_segment(segment, text)
    return found is not None and all(
        part.accepts(found.get(part.name)) for part in segment if isinstance(part, Parameter)
    )
