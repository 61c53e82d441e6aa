"""Orchestrators that are not deterministic."""

from __future__ import annotations

from collections.abc import Iterator

from ...model import Problem, Severity
from ...project.durable import ORCHESTRATOR
from ...project.project import Project
from ..rule import rule


@rule("AF124", Severity.WARNING, "An orchestrator is not deterministic")
def not_deterministic(project: Project) -> Iterator[Problem]:
    """Yield what gives another result when an orchestrator is replayed, or is done again."""
    for function in project.written_functions:
        if any(binding.type == ORCHESTRATOR for binding in function.bindings):
            # Imported here because it is slow to import, and few apps have orchestrators.
            from ...project.determinism import impurities

            for found in impurities(project, function):
                message = (
                    f"The orchestrator {function.label} uses {found.text}, which {found.what}."
                )
                yield Problem(found.place, message, found.fix)


RULES = (not_deterministic,)
