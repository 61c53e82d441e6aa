"""Uses of what newer versions of a required package no longer have."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from ...model import Place, Problem
from ...packages.distributions import provided_by
from ...packages.moved import Moved, moved, names_of
from ...pattern import Pattern
from ...project.other_installs import installed_otherwise
from ...project.project import Project
from ...sources.imports import Import

REQUIREMENTS = "requirements.txt"
# A file of constraints, which pip reads with the requirements.
CONSTRAINED = Pattern(r"^\s*(?:-c|--constraint)\b", re.MULTILINE, parts=("-c",))
# How a module uses a library in more than one version.
IN_BOTH = Pattern(r"\b(?:has|get)attr\(|\b(?:Azure)?OpenAI\(|__version__")


def moved_imports(project: Project) -> Iterator[tuple[Import, Problem]]:
    """Yield imports of what the newest version of a requirement no longer has, each name once."""
    gone = _gone(project, "names")
    seen: set[str] = set()
    for imported in sorted(project.sources.imports if gone else (), key=lambda one: one.deferred):
        names = [name for name in names_of(imported.name, imported.names) if name in gone]
        if imported.guarded or not names or names[0] in seen or project.is_own(imported.name):
            continue
        seen.add(names[0])
        yield imported, _without(project, gone[names[0]], imported.place)


def moved_attributes(project: Project) -> Iterator[Problem]:
    """Yield uses of such an attribute, if its module does not also work with the newest version."""
    gone = _gone(project, "attributes")
    for module in project.sources.modules.values() if gone else ():
        if IN_BOTH.search(module.text):
            continue
        for node in module.all(ast.Attribute):
            one = gone.get(module.dotted(node))
            if one and not project.is_own(one.name):
                yield _without(project, one, module.place(node))


def _gone(project: Project, kind: str) -> Mapping[str, Moved]:
    """Return what the versions that Azure installs certainly do not have."""
    requirements = project.requirements
    if not requirements.is_complete or requirements.source != REQUIREMENTS:
        return {}
    gone = moved(requirements, kind)
    if not gone or CONSTRAINED.search(project.text(REQUIREMENTS) or ""):
        return {}
    others = installed_otherwise(project.root, REQUIREMENTS)
    return gone if others.is_complete and not others.names else {}


def _without(project: Project, one: Moved, place: Place) -> Problem:
    has_it = one.provider in provided_by(project.requirements.all)
    addition = "" if has_it else f" and add {one.provider} to the requirements"
    why = f"{one.distribution} {one.since} and newer do not have it"
    fix = f"Write {one.now} instead{addition}, or require {one.distribution}<{one.since}."
    return Problem(place, f"No requirement provides {one.name}: {why}.", fix)
