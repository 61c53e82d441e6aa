"""Requirements for Python 2."""

from __future__ import annotations

from collections.abc import Iterator

from ...model import Problem, Severity
from ...project.project import Project
from ..rule import rule

# Distributions for Python 2, with the module of Python that they hide.
FOR_PYTHON_2 = {"enum34": "enum", "logging": "logging", "pathlib": "pathlib", "uuid": "uuid"}


@rule("AF416", Severity.ERROR, "A requirement hides a module of Python")
def for_python_2(project: Project) -> Iterator[Problem]:
    """Yield requirements that install an old version of a module of Python."""
    for name, module in FOR_PYTHON_2.items():
        requirement = project.requirements.get(name)
        if requirement and not requirement.is_conditional:
            message = (
                f"The requirement {name} is for Python 2, and hides Python's own module {module}."
            )
            yield Problem(requirement.place, message, "Delete the line.")


RULES = (for_python_2,)
