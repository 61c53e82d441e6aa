"""References to settings, such as `%ORDERS_QUEUE%`."""

from __future__ import annotations

from collections.abc import Iterator

from ...functions.functions import Binding
from ...model import Problem, Severity
from ...project.connections import SERVICES
from ...project.project import Project
from ...project.settings import reference_fault
from ..functions.empty_names import NAME_FIELDS
from ..rule import rule

# The fields in which the host replaces references, besides those that name a setting.
FIELDS = (
    *NAME_FIELDS,
    "blobPath",
    "brokerList",
    "hub",
    "hubName",
    "id",
    "leaseCollectionName",
    "leaseContainerName",
    "leaseDatabaseName",
    "partitionKey",
    "rowKey",
    "taskHub",
)
# What AF202 and AF211 report.
REPORTED = {
    "queuetrigger": "queueName",
    "queue": "queueName",
    "blobtrigger": "path",
    "blob": "path",
    "timertrigger": "schedule",
}


@rule("AF316", Severity.ERROR, "A reference to a setting is incomplete")
def references(project: Project) -> Iterator[Problem]:
    """Yield texts with a single %, or with a name between % that no setting can have."""
    for function in project.functions:
        for binding in function.bindings:
            for field in _resolved(binding):
                text = binding.text(field) or ""
                if why := reference_fault(text, project.settings):
                    harm = "the host does not start it" if binding.is_trigger else "each call fails"
                    message = f'"{field}" of {function.label} is {text!r}, so {harm}: {why}.'
                    fix = 'Write a name between two %, such as "%ORDERS%", or a name without them.'
                    yield Problem(binding.place_of(field), message, fix)


def _resolved(binding: Binding) -> Iterator[str]:
    """Yield the fields of a binding in which the host replaces references."""
    kept = {
        *SERVICES["unresolved_fields"].get(binding.type, ()),
        REPORTED.get(binding.type.lower()),
    }
    for field in (*FIELDS, *SERVICES["connection_fields"]):
        if field in binding.fields and field not in kept:
            yield field


RULES = (references,)
