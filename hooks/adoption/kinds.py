"""Finds the kinds of the catalogue that do what existing functions do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from functions_validator.functions.functions import Binding, Function, FunctionReader
from functions_validator.sources.import_graph import Sources
from hooks.catalogue import Kind, read_kinds

Shape = tuple[str, ...]


def kinds_by_shape() -> Mapping[Shape, str]:
    """Return the first kind of the catalogue for each trigger with its bindings, without retired ones.

    A kind of one function comes before those of several, of which each counts.
    """
    found: dict[Shape, str] = {}
    kinds = [kind for kind in read_kinds() if not kind.retired]
    for kind in sorted(kinds, key=lambda kind: len(kind.functions) > 1):
        for shape in _shapes(kind):
            found.setdefault(shape, kind.id)
    return found


def closest_kind(function: Function, kinds: Mapping[Shape, str]) -> str:
    """Return the kind with the same trigger and bindings, or nothing."""
    return kinds.get(shape_of(function), "")


def shape_of(function: Function) -> Shape:
    """Return the types of its bindings with their directions, and what else tells kinds apart, in order."""
    return tuple(
        sorted({f"{one.type} {one.direction}{_variant(one)}" for one in function.bindings})
    )


def _variant(binding: Binding) -> str:
    if "topicName" in binding.fields:
        return " topic"
    return " eventgrid" if "event" in str(binding.fields.get("source", "")).lower() else ""


def _shapes(kind: Kind) -> Iterator[Shape]:
    sources = Sources(kind.folder, "blueprint.py")
    if sources.entry:
        yield from map(shape_of, FunctionReader(sources, sources.entry).functions())
