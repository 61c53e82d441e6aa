"""Modules and names that newer versions of a distribution no longer have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ..data import read_table
from .distributions import installed_with
from .requirements import Requirement, Requirements
from .versions import allows


class Moved(NamedTuple):
    """A name that a distribution does not have since a version, where it is now, and which distribution has that."""

    name: str
    distribution: str
    since: str
    now: str
    provider: str


def moved(requirements: Requirements, kind: str) -> Mapping[str, Moved]:
    """Return what the versions that pip chooses for these requirements no longer have.

    The kind is "names", whose import fails, or "attributes", which fail when they are used.
    """
    found = {}
    for entry in read_table("moved"):
        requirement = requirements.get(entry["distribution"])
        if requirement and _is_newer(requirements, requirement, entry):
            for name, where in entry.get(kind, {}).items():
                found[name] = Moved(name, entry["distribution"], entry["since"], *where)
    return found


def _is_newer(
    requirements: Requirements, requirement: Requirement, entry: Mapping[str, Any]
) -> bool:
    """Whether pip certainly chooses a version in which the names are gone: nothing else asks for an older one."""
    if requirement.url or requirement.is_conditional:
        return False
    if not allows(requirement.versions, entry["since"]):
        return False
    others = [one for one in requirements.all if one.key != requirement.key]
    return not any(_holds_back(one, entry) for one in others)


def _holds_back(other: Requirement, entry: Mapping[str, Any]) -> bool:
    """Whether another requirement may need, or be needed by, an older version: all do of which too little is known."""
    closure = installed_with(other.key)
    if not _is_bound(other):
        family = entry["distribution"].partition("-")[0]
        return closure is None and other.key.partition("-")[0] != family
    return closure is None or entry["distribution"] in closure or other.key in entry["needs"]


def _is_bound(requirement: Requirement) -> bool:
    """Whether a requirement is not for the newest version."""
    signs = {sign for sign, _ in requirement.versions.conditions}
    return bool(requirement.url) or not signs <= {">=", ">", "!="}


def names_of(name: str, parts: Sequence[str]) -> Iterator[str]:
    """Yield a module that an import names, what contains it, and what is imported from it."""
    while name:
        yield name
        yield from (f"{name}.{part}" for part in parts)
        name, parts = name.rpartition(".")[0], ()
