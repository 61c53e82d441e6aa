"""What the host sends to functions of each kind, and which of it the tests can play."""

from hooks.catalogue import Kind
from tests.support.catalogue import DEFAULT_PYTHON
from tests.worker.invocations import Invocation, load_invocations

EMULATORS = {"storage": "Azurite", "cosmosdb": "Cosmos DB server"}


def function_name(kind: Kind) -> str:
    """Return a name for a kind's function that is unlike its placeholder."""
    return f"a_{kind.id}"


def invocations(kind: Kind) -> list[Invocation]:
    """Return what the host sends to a function of this kind."""
    return load_invocations(kind.folder, kind.id, function_name(kind))


def alone(kind: Kind) -> list[Invocation]:
    """Return the invocations that need no service to be there; none without a worker to run them."""
    if DEFAULT_PYTHON not in kind.python:
        return []
    return [invocation for invocation in invocations(kind) if not invocation.stored]


def emulated(kind: Kind) -> list[Invocation]:
    """Return the invocations that go through an emulator: all, if there is one of the service.

    The one of Cosmos DB has no change feed of all versions.
    """
    is_emulated = not any("all_versions" in resource for resource in kind.resources)
    return invocations(kind) if kind.service in EMULATORS and is_emulated else []
