"""The names of settings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...model import Problem, Severity
from ...pattern import Pattern
from ...project.project import Project
from ..rule import rule

# What Azure takes as the name of a setting on Linux.
TAKEN = Pattern(r"[A-Za-z0-9._]+")
# What is meant as a name, and not as a comment, such as "// --- Orders ---".
NAME = Pattern(r"\w[\w.:-]*")
# A switch of a function has the name of the function, whatever that is.
SWITCH = "azurewebjobs."


@rule("AF320", Severity.WARNING, "Azure does not accept the name of a setting")
def refused_name(project: Project) -> Iterator[Problem]:
    """Yield settings whose names Azure refuses, once for each name; a container may get its variables in other ways."""
    if project.dockerfile.instructions:
        return
    seen: set[str] = set()
    for setting in project.settings.all:
        name = setting.name
        if TAKEN.fullmatch(name) or not NAME.fullmatch(name):
            continue
        if name in seen or name.lower().startswith(SWITCH):
            continue
        seen.add(name)
        right = re.sub(r"[^A-Za-z0-9._]", "_", name.replace(":", "__"))
        message = (
            f'Azure refuses the name "{name}": it takes letters, digits, dots and underscores.'
        )
        fix = f'Write "{right}"' + (", also where it is used." if ":" not in name else ".")
        yield Problem(setting.place, message, fix)


RULES = (refused_name,)
