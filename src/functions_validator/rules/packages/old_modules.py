"""Requirements with old versions of modules of Python."""

from __future__ import annotations

from collections.abc import Iterator

from ...model import Problem, Severity
from ...project.project import Project
from ..rule import rule

# Distributions for old versions of Python, with the module that they hide in newer ones.
OLD = {
    "asyncio": "asyncio",
    "dataclasses": "dataclasses",
    "enum34": "enum",
    "hmac": "hmac",
    "logging": "logging",
    "pathlib": "pathlib",
    "typing": "typing",
    "uuid": "uuid",
}
# Versions from which on a distribution has no module any more.
EMPTY = {"asyncio": "4.0.0"}


@rule("AF416", Severity.ERROR, "A requirement hides a module of Python")
def hides_module(project: Project) -> Iterator[Problem]:
    """Yield requirements that install an old version of a module of Python."""
    for name, module in OLD.items():
        requirement = project.requirements.get(name)
        if requirement is None or requirement.is_conditional:
            continue
        if name in EMPTY and requirement.versions.contains(EMPTY[name]):
            continue
        message = f"The requirement {name} is for old versions of Python, and hides Python's own module {module}."
        yield Problem(requirement.place, message, "Delete the line.")


RULES = (hides_module,)
