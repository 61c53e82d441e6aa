"""Versions that pip cannot read or cannot install together."""

from __future__ import annotations

from collections.abc import Iterator

from ...files.scripts import installs
from ...model import Place, Problem, Severity
from ...packages.requirements import EDITABLE, Requirement, requirements_in
from ...packages.versions import Versions
from ...pattern import Pattern
from ...project.project import Project
from ...project.requirement_files import constraints, whole_lines
from ..rule import rule

# What turns this on, and what it takes: what pip freeze writes after an address is enough, but turns nothing on.
ASKS_FOR_HASHES = Pattern(r"\s--hash[=\s]", parts=("--hash",))
HASH = Pattern(r"\s--hash[=\s]|#(?:.*&)?sha(?:256|384|512)=", parts=("sha",))
# What installs without asking for all hashes, and what may write the file again before the app is published.
NOT_BY_PIP = Pattern(r"\buv\b.*\bpip\b")
WRITES_AGAIN = Pattern(
    r"\b(?:awk|cp|export|grep|mv|sed)\b(?:[^\n]|\\\r?\n)*requirements|\bcompile\b|>[ \t]*\S*requirements"
    r"|\.py[ \t].*requirements"
)


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
    """Yield requirements whose version conflicts with that of another line, and the first that lacks the hash others have."""
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
    if place := _without_hash(project):
        message = (
            "This line has no hash, and pip wants one for each line if other lines have hashes."
        )
        fix = "Write the file without hashes, for example with uv export --no-hashes, or with hashes for all lines."
        yield Problem(place, message, fix)


def _without_hash(project: Project) -> Place | None:
    """Return the first line without a hash, if other lines have one: then pip asks for all."""
    lines = [(place, line) for place, line in whole_lines(project) if _is_installed(line)]
    without = [place for place, line in lines if not HASH.search(line)]
    if not without or not any(ASKS_FOR_HASHES.search(line) for _, line in lines):
        return None
    if any(WRITES_AGAIN.search(one.text) for one in project.deployment.workflows):
        return None
    return None if installs(project.root, NOT_BY_PIP) else without[0]


def _is_installed(line: str) -> bool:
    """Whether a line has something to install, whatever the system."""
    return ";" not in line and (not line.startswith("-") or EDITABLE.match(line) is not None)


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
