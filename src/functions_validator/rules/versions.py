"""Versions that pip cannot read or cannot install together."""

from __future__ import annotations

from collections.abc import Iterator

from packaging.specifiers import SpecifierSet

from ..model import Problem, Severity
from ..project.project import Project
from ..project.requirements import Requirement
from .rule import rule


@rule("AF409", Severity.ERROR, "pip cannot read the version of a requirement")
def unreadable_version(project: Project) -> Iterator[Problem]:
    """pip stops at a version that it cannot read, and so does the build in Azure: `name=1.2` as conda
    writes it, `name=>1.2`, `name==latest`, or two conditions without a comma.

    Write `name==1.2.3` or `name>=1.2,<2`, and a marker as `; python_version < "3.13"`.
    """
    for requirement in project.requirements.all:
        if not requirement.is_readable:
            message = f'pip cannot read "{_shown(requirement)}".'
            fix = f"Write {requirement.name}==1.2.3 or {requirement.name}>=1.2,<2."
            yield Problem(requirement.place, message, fix)


def _shown(requirement: Requirement) -> str:
    """Return a requirement without what may be an address with a password."""
    return requirement.name if "://" in requirement.text else requirement.text[:100]


@rule("AF410", Severity.ERROR, "Two requirements exclude each other")
def excluding(project: Project) -> Iterator[Problem]:
    """pip installs one version of a package. It stops where one line pins another than a second line
    takes, and so does the build in Azure.

    Keep one of the lines.
    """
    first: dict[str, list[Requirement]] = {}
    for requirement in project.requirements.all:
        if requirement.is_conditional or not requirement.versions:
            continue
        others = first.setdefault(requirement.key, [])
        other = next((known for known in others if _exclude(requirement, known)), None)
        others.append(requirement)
        if other:
            where = f"{other.place.path}:{other.place.line}"
            message = f"{where} asks for another version of {requirement.name}."
            yield Problem(requirement.place, message, "Keep one of the two lines.")


def _exclude(one: Requirement, other: Requirement) -> bool:
    pairs = ((one.versions, other.versions), (other.versions, one.versions))
    return any(
        not taken.contains(pin, prereleases=True)
        for pinning, taken in pairs
        for pin in _pins(pinning)
    )


def _pins(versions: SpecifierSet) -> Iterator[str]:
    """Yield the version of `==1.2.3` if it is the only condition."""
    if len(versions) == 1:
        [condition] = versions
        if condition.operator in ("==", "===") and not condition.version.endswith(".*"):
            yield condition.version


RULES = (unreadable_version, excluding)
