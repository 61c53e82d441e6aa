"""Which extensions of the bundle the host loads: those of which the app has a trigger or a binding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..data import read_table
from .bundle import bundle_of
from .durable import uses_durable
from .host_options import DURABLE, Given
from .project import Project

LOADED_FOR: Mapping[str, Sequence[str]] = {
    section.lower(): [type_.lower() for type_ in types]
    for section, types in read_table("host_json")["loaded_for"].items()
}


def may_be_read(project: Project, given: Given) -> bool:
    """Whether the host may read an option, which it does not for an extension that it does not load."""
    section = given.lowered[1] if given.lowered[0] == "extensions" and given.keys[1:] else ""
    # Without a bundle, the host loads all extensions that are installed.
    if section not in LOADED_FOR or bundle_of(project) is None or not project.functions:
        return True
    if not project.is_indexed and project.sources.is_dynamic:
        return True
    if ("extensions", section) == DURABLE and uses_durable(project):
        return True
    types = {
        binding.type.lower() for function in project.functions for binding in function.bindings
    }
    return "" in types or not types.isdisjoint(LOADED_FOR[section])
