"""Versions that pip cannot read or cannot install together."""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Problem, Severity
from ..project.project import Project
from ..project.requirements import Requirement, canonical_name
from ..project.specifiers import (
    excludes,
    is_readable,
    pinned,
    version_and_marker,
)
from .rule import rule


@rule("AF409", Severity.ERROR, "pip cannot read the version of a requirement")
def unreadable_version(project: Project) -> Iterator[Problem]:
    """pip stops at a version that it cannot read, and so does the build in Azure: `name=1.2` as conda
    writes it, `name=>1.2`, `name==latest`, or two conditions without a comma.

    Write `name==1.2.3` or `name>=1.2,<2`, and a marker as `; python_version < "3.13"`.
    """
    for requirement in project.requirements.all:
        if requirement.rest.startswith(tuple("=<>!~;@(,")) and not is_readable(requirement.rest):
            message = f'pip cannot read "{_shown(requirement)}".'
            fix = f"Write {requirement.name}==1.2.3 or {requirement.name}>=1.2,<2."
            yield Problem(requirement.place, message, fix)


def _shown(requirement: Requirement) -> str:
    """Return a requirement without what may be an address with a password."""
    return requirement.name + (requirement.rest if "://" not in requirement.rest else "")[:60]


@rule("AF410", Severity.ERROR, "Two requirements exclude each other")
def excluding(project: Project) -> Iterator[Problem]:
    """pip installs one version of a package. It stops where one line pins another than a second line
    takes, and so does the build in Azure.

    Keep one of the lines.
    """
    first: dict[str, list[tuple[Requirement, str]]] = {}
    for requirement in project.requirements.all:
        version, marker = version_and_marker(requirement.rest)
        if marker or not version or not is_readable(requirement.rest):
            continue
        others = first.setdefault(canonical_name(requirement.name), [])
        other = next((known for known, asked in others if _exclude(version, asked)), None)
        others.append((requirement, version))
        if other:
            where = f"{other.place.path}:{other.place.line}"
            message = f"{where} asks for another version of {requirement.name}."
            yield Problem(requirement.place, message, "Keep one of the two lines.")


def _exclude(one: str, other: str) -> bool:
    pins = [(pinned(one), other), (pinned(other), one)]
    return any(pin is not None and excludes(version, pin) for pin, version in pins)


RULES = (unreadable_version, excluding)
