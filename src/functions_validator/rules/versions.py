"""Requirements that pip cannot install together, or that break what is there: AF409, AF410, AF414, AF416."""

from __future__ import annotations

from collections.abc import Iterator

from ..findings import Problem, Severity, rule
from ..project import Project
from ..requirements import Requirement, canonical
from ..specifiers import comparisons, excludes, is_readable, pinned, release, version_and_marker
from ..stated import stated_python

# The first release of azure-functions that is for Python 3.13 and newer only, and the first that is for older
# ones only; those before it can be installed on any.
FOR_NEW, FOR_OLD = (2,), (1, 26)
FIRST_NEW_MINOR = 13
NEVER = release("999999")


@rule("AF409", Severity.ERROR, "pip cannot read the version of a requirement")
def unreadable_version(project: Project) -> Iterator[Problem]:
    """pip stops at a version that it cannot read, and so does the build in Azure: `name=1.2` as conda
    writes it, `name=>1.2`, `name==latest`, or two conditions without a comma.

    Write `name==1.2.3` or `name>=1.2,<2`, and a marker as `; python_version < "3.13"`.
    """
    for requirement in project.requirements.all:
        if requirement.rest.startswith(tuple("=<>!~;@(,")) and not is_readable(requirement.rest):
            sentence = f'pip cannot read "{_shown(requirement)}".'
            mend = f"Write {requirement.name}==1.2.3 or {requirement.name}>=1.2,<2."
            yield Problem(requirement.place, sentence, mend)


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
        others = first.setdefault(canonical(requirement.name), [])
        other = next((known for known, asked in others if _exclude(version, asked)), None)
        others.append((requirement, version))
        if other:
            where = f"{other.place.path}:{other.place.line}"
            sentence = f"{where} asks for another version of {requirement.name}."
            yield Problem(requirement.place, sentence, "Keep one of the two lines.")


def _exclude(one: str, other: str) -> bool:
    pins = [(pinned(one), other), (pinned(other), one)]
    return any(pin is not None and excludes(version, pin) for pin, version in pins)


@rule("AF414", Severity.ERROR, "azure-functions cannot be installed on the app's Python")
def other_library(project: Project) -> Iterator[Problem]:
    """azure-functions 2 is for Python 3.13 and newer, 1.26 for older ones. With the wrong one, pip finds no
    matching version, and the build in Azure stops.

    Write `azure-functions` without a version: pip chooses what fits.
    """
    requirement = project.requirements.get("azure-functions")
    minor = stated_python(project)
    if requirement is None or minor is None:
        return
    version, marker = version_and_marker(requirement.rest)
    if marker or not version or not _is_for_others(version, minor >= FIRST_NEW_MINOR):
        return
    sentence = f"azure-functions{version} cannot be installed on Python 3.{minor}."
    yield Problem(requirement.place, sentence, "Write azure-functions without a version.")


def _is_for_others(version: str, is_new: bool) -> bool:
    """Whether all that the conditions take is for other Pythons than the app's."""
    bounds = list(comparisons(version))
    if not is_new:
        return any(op in ("==", "==*", "~=", ">=", ">") and to >= FOR_NEW for op, to, _ in bounds)
    from_old = any(
        op in ("==", "~=", ">=", ">", "==*") and FOR_OLD <= to < FOR_NEW for op, to, _ in bounds
    )
    return from_old and excludes(version, FOR_NEW) and excludes(version, NEVER)


@rule("AF416", Severity.ERROR, "A requirement hides the module uuid of Python")
def old_uuid(project: Project) -> Iterator[Problem]:
    """`uuid` on PyPI is for Python 2, and has the name of a module that is a part of Python. In Azure the
    app's packages come first: importing uuid, as most libraries do, fails with a SyntaxError, though it
    works on your machine.

    Delete the line: the module is there without it.
    """
    requirement = project.requirements.get("uuid")
    if requirement and not version_and_marker(requirement.rest)[1]:
        sentence = "The requirement uuid is for Python 2, and hides the module of Python."
        yield Problem(requirement.place, sentence, "Delete the line.")
