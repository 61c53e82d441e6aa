"""Tests for the Cosmos DB function cosmosdb_example."""

from typing import Any

import azure.functions as func
import pytest

from blueprints import cosmosdb_example as blueprint


@pytest.fixture
def processed(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The changes that the function passes to `process`."""
    changes: list[Any] = []
    monkeypatch.setattr(blueprint, "process", changes.append)
    return changes


def send(*documents: dict[str, Any]) -> None:
    changed = [func.Document.from_dict(document) for document in documents]
    blueprint.cosmosdb_example(func.DocumentList(changed))


def test_hands_on_documents_without_the_names_of_the_database(processed: list[Any]) -> None:
    send({"id": "1", "city": "Turin", "_etag": '"0"', "_ts": 1767225600})
    [changes] = processed
    assert changes.updated == {"1": {"id": "1", "city": "Turin"}}
    assert changes.removed == set()


def test_keeps_the_newest_of_several_changes(processed: list[Any]) -> None:
    send({"id": "1", "city": "Turin"}, {"id": "2"}, {"id": "1", "city": "Pisa"})
    [changes] = processed
    assert changes.updated == {"1": {"id": "1", "city": "Pisa"}, "2": {"id": "2"}}


def test_removes_documents_that_are_marked_as_deleted(processed: list[Any]) -> None:
    send({"id": "1"}, {"id": "1", "deleted": True, "ttl": 60}, {"id": "2", "deleted": False})
    [changes] = processed
    assert changes.removed == {"1"}
    assert list(changes.updated) == ["2"]


def test_keeps_documents_of_one_id_in_two_partitions(processed: list[Any]) -> None:
    key = blueprint.PARTITION_KEY
    send({"id": "1", key: "a"}, {"id": "1", key: "b"}, {"id": "1", key: "c", "deleted": True})
    [changes] = processed
    assert changes.updated == {'"a"/1': {"id": "1", key: "a"}, '"b"/1': {"id": "1", key: "b"}}
    assert changes.removed == {'"c"/1'}


def test_keeps_partitions_of_different_types_apart(processed: list[Any]) -> None:
    partitions = [1, "1", True, "true", None, "null", ""]
    send({"id": "1"}, *({"id": "1", blueprint.PARTITION_KEY: value} for value in partitions))
    [changes] = processed
    found = [document.get(blueprint.PARTITION_KEY, "none") for document in changes.updated.values()]
    assert found == ["none", *partitions]


def test_raises_for_a_document_without_an_id(processed: list[Any]) -> None:
    with pytest.raises(KeyError):
        send({"city": "Turin"})
    assert processed == []


def test_raises_when_processing_fails_so_that_the_batch_is_repeated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(changes: Any) -> None:
        raise ConnectionError(f"no view for {changes}")

    monkeypatch.setattr(blueprint, "process", fail)
    with pytest.raises(ConnectionError):
        send({"id": "1"})


def test_logs_each_change(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    send({"id": "1"}, {"id": "2", "deleted": True})
    assert caplog.messages == ["1 updated, 1 removed", "Document 1 updated", "Document 2 removed"]
