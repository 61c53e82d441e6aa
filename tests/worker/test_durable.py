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


def ask(extension: DurableExtension, path: str, body: bytes | None = None) -> Any:
    """Return what the extension answers to its client, whose state of entities is {"ada": 5}."""
    client = json.loads(str(extension.client({"ada": 5}).value))
    with urllib.request.urlopen(client["rpcBaseUrl"] + path, body) as answer:
        return json.load(answer)


def test_an_orchestration_is_started_with_its_input(extension: DurableExtension) -> None:
    body = json.dumps(json.dumps([1, 2])).encode()
    assert ask(extension, "orchestrators/f", body) == {"id": INSTANCE}
    assert extension.requests == [{"orchestrators/f": [1, 2]}]


def test_an_entity_is_signalled(extension: DurableExtension) -> None:
    assert ask(extension, "entities/f/ada?op=pay", b'"7"') is None
    assert extension.requests == [{"entities/f/ada?op=pay": 7}]


def test_the_state_of_an_entity_is_known(extension: DurableExtension) -> None:
    assert ask(extension, "entities/f/ada") == 5
    with pytest.raises(urllib.error.HTTPError, match="404"):
        ask(extension, "entities/f/bob")
    assert extension.requests == []
