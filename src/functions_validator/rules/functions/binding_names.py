"""Names of bindings that the host rejects."""

from __future__ import annotations

from collections.abc import Iterator

from ...model import Problem, Severity
from ...pattern import Pattern
from ...project.parameters import lacks_parameter
from ...project.project import Project
from ..rule import rule

# Hosts before 4.1038 take no underscores at all; Azure has newer ones.
NAME = Pattern(r"(?!.*__)[A-Za-z0-9_]{1,128}|\$return")


@rule("AF209", Severity.ERROR, "A binding's name is invalid")
def names(project: Project) -> Iterator[Problem]:
    """Yield bindings whose names, which are names of parameters, the host rejects."""
    for function in project.functions:
        for binding in function.bindings:
            name = binding.name
            if not isinstance(name, str) or not name or NAME.fullmatch(name):
                continue
            if not lacks_parameter(project, function, binding):
                message = f"The host does not start {function.label}: it rejects the name {name!r}."
                fix = "Use at most 128 letters A to Z, digits and single underscores."
                yield Problem(binding.place, message, fix)


RULES = (names,)
