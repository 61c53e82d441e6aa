"""The requirement that Durable Functions need."""

from __future__ import annotations

from collections.abc import Iterator

from ...model import Problem, Severity
from ...project.project import Project
from ..rule import rule

DURABLE = {"activitytrigger", "durableclient", "entitytrigger", "orchestrationtrigger"}


@rule("AF415", Severity.ERROR, "Durable functions need azure-functions-durable")
def durable_library(project: Project) -> Iterator[Problem]:
    """Yield the first durable function of an app without azure-functions-durable."""
    requirements = project.requirements
    if not requirements.is_complete or not requirements.all:
        return
    if any(_may_install_durable(key) for key in requirements.keys):
        return
    if any(found.name.startswith("azure.durable") for found in project.sources.imports):
        return  # AF411 and AF412 report the import.
    for function in project.functions:
        types = [binding.type.lower() for binding in function.bindings]
        if function.is_fully_known and DURABLE & set(types):
            message = (
                f"{function.label} is durable, but the requirements lack azure-functions-durable."
            )
            fix = "Add azure-functions-durable to the requirements."
            yield Problem(function.place, message, fix)
            return


def _may_install_durable(key: str) -> bool:
    return any(word in key for word in ("durable", "agent", "azurefunctions"))


RULES = (durable_library,)
