"""Versions that pip cannot read or cannot install together."""

from __future__ import annotations

from collections.abc import Iterator

from ...model import Problem, Severity
from ...packages.requirements import Requirement, requirements_in
from ...packages.versions import Versions
from ...project.project import Project
from ...project.requirement_files import constraints
from ..rule import rule


@rule("AF409", Severity.ERROR, "pip cannot read the version of a requirement")
def unreadable_version(project: Project) -> Iterator[Problem]:
    """Yield requirements whose version or marker pip cannot read."""
    for requirement in project.requirements.all:
        if not requirement.is_readable:
            message = f'pip cannot read "{_shown(requirement)}".'
            fix = f"Write it like {requirement.name}==1.2.3 or {requirement.name}>=1.2,<2."
            if _has_wrong_marker(requirement):
                fix = 'Correct the marker after the semicolon, such as python_version < "3.13".'
            yield Problem(requirement.place, message, fix)


def _has_wrong_marker(requirement: Requirement) -> bool:
    # Imported here because few lines are wrong.
    from packaging.requirements import InvalidRequirement
    from packaging.requirements import Requirement as PackagingRequirement

    before, semicolon, _ = requirement.text.partition(";")
    try:
        PackagingRequirement(before)
    except InvalidRequirement:
        return False
    return bool(semicolon)


def _shown(requirement: Requirement) -> str:
    """Return a requirement's text, or its name alone if the text may hold a password."""
    return requirement.name if "://" in requirement.text else requirement.text[:100]


@rule("AF410", Severity.ERROR, "Two requirements conflict")
def excluding(project: Project) -> Iterator[Problem]:
    """Yield requirements whose version conflicts with that of another line, also one of a constraints file."""
    first: dict[str, list[Requirement]] = {}
    for constraint in _constraints(project):
        first.setdefault(constraint.key, []).append(constraint)
    for requirement in project.requirements.all:
        if requirement.is_conditional or not requirement.versions.conditions:
            continue
        others = first.setdefault(requirement.key, [])
        other = next((known for known in others if _exclude(requirement, known)), None)
        others.append(requirement)
        if other:
            where = f"{other.place.path}:{other.place.line}"
            message = f"This version of {requirement.name} conflicts with the one in {where}."
            yield Problem(requirement.place, message, "Keep one of the two lines.")


def _constraints(project: Project) -> Iterator[Requirement]:
    """Yield the versions that constraints files leave."""
    for path in dict.fromkeys(path for _, path in constraints(project)):
        for found in requirements_in(path, project.text(path) or ""):
            if found.versions.conditions and not found.is_conditional:
                yield found


def _exclude(one: Requirement, other: Requirement) -> bool:
    pairs = ((one.versions, other.versions), (other.versions, one.versions))
    return any(_excludes(*pair) for pair in pairs)


def _excludes(wanted: Versions, taken: Versions) -> bool:
    """Whether versions are pinned to one that others leave out, or begin where the others have ended."""
    if any(not taken.contains(pin, prereleases=True) for pin in _pins(wanted)):
        return True
    ends = [f"{sign}{bound}" for sign, bound in taken.conditions if sign in ("<", "<=")]
    begins = [bound for sign, bound in wanted.conditions if sign in (">", ">=", "~=")]
    return any(not Versions(end).contains(bound, True) for end in ends for bound in begins)


def _pins(versions: Versions) -> Iterator[str]:
    """Yield the version of `==1.2.3` if it is the only condition."""
    if len(versions.conditions) == 1:
        [(sign, version)] = versions.conditions
        if sign in ("==", "===") and not version.endswith(".*"):
            yield version


RULES = (unreadable_version, excluding)
