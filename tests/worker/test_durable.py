"""The stand-in for the extension of Durable Functions: what a client asks of it."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from tests.worker.durable import INSTANCE, DurableExtension


@pytest.fixture
def extension() -> Iterator[DurableExtension]:
    extension = DurableExtension()
    yield extension
    extension.stop()


def ask(
    extension: DurableExtension, path: str, body: bytes | None = None, method: str | None = None
) -> Any:
    """Return what the extension answers to its client, whose state of entities is {"ada": 5}."""
    client = json.loads(str(extension.client({"ada": 5}).value))
    request = urllib.request.Request(client["rpcBaseUrl"] + path, body, method=method)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def test_an_orchestration_is_started_with_its_input(extension: DurableExtension) -> None:
    body = json.dumps(json.dumps([1, 2])).encode()
    assert ask(extension, "orchestrators/f", body) == {"id": INSTANCE}
    assert extension.requests == [{"orchestrators/f": [1, 2]}]


def test_an_orchestration_can_have_an_id_of_the_apps_own(extension: DurableExtension) -> None:
    assert ask(extension, "orchestrators/f/mine", b'"1"') == {"id": "mine"}
    assert extension.requests == [{"orchestrators/f/mine": 1}]


def test_an_event_is_raised(extension: DurableExtension) -> None:
    assert ask(extension, "instances/i-1/raiseEvent/stop", b'"true"') is None
    assert extension.requests == [{"instances/i-1/raiseEvent/stop": True}]


def test_the_history_of_orchestrations_is_deleted(extension: DurableExtension) -> None:
    path = "instances/?createdTimeFrom=2020&runtimeStatus=Completed,Failed"
    assert ask(extension, path, method="DELETE") == {"instancesDeleted": 3}
    assert extension.requests == [{"deleted": ["Completed", "Failed"]}]


def test_an_entity_is_signalled(extension: DurableExtension) -> None:
    assert ask(extension, "entities/f/ada?op=pay", b'"7"') is None
    assert extension.requests == [{"entities/f/ada?op=pay": 7}]


def test_the_state_of_an_entity_is_known(extension: DurableExtension) -> None:
    assert ask(extension, "entities/f/ada") == 5
    with pytest.raises(urllib.error.HTTPError, match="404"):
        ask(extension, "entities/f/bob")
    assert extension.requests == []
