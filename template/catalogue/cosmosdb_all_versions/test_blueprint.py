"""Tests for the Cosmos DB function cosmosdb_all_versions_example."""

from typing import Any

import azure.functions as func
import pytest

from blueprints import cosmosdb_all_versions_example as blueprint


@pytest.fixture
def processed(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The changes that the function passes to `process`."""
    changes: list[Any] = []
    monkeypatch.setattr(blueprint, "process", changes.extend)
    return changes


def send(*changes: dict[str, Any]) -> None:
    documents = [func.Document.from_dict(change) for change in changes]
    blueprint.cosmosdb_all_versions_example(func.DocumentList(documents))


def written(operation: str, **document: Any) -> dict[str, Any]:
    return {"current": document, "metadata": {"operationType": operation, "lsn": 7}}


def deleted(id: str, **more: Any) -> dict[str, Any]:
    key = {"tenant": "a"}
    return {"metadata": {"operationType": "delete", "id": id, "partitionKey": key, **more}}


def test_hands_on_each_change_in_its_order(processed: list[Any]) -> None:
    send(written("create", id="1", n=1), written("replace", id="1", n=2), deleted("1"))
    assert [(change.operation, change.id, change.document) for change in processed] == [
        ("create", "1", {"id": "1", "n": 1}),
        ("replace", "1", {"id": "1", "n": 2}),
        ("delete", "1", None),
    ]


@pytest.mark.parametrize("more", [{}, {"current": None}, {"current": {}}])
def test_a_deletion_names_its_partition_and_has_no_document(
    more: dict[str, Any], processed: list[Any]
) -> None:
    send({**deleted("1"), **more})
    [change] = processed
    assert (change.id, change.document, change.partition_key) == ("1", None, {"tenant": "a"})


@pytest.mark.parametrize("expired", [True, False])
def test_tells_an_expired_document_from_a_deleted_one(expired: bool, processed: list[Any]) -> None:
    send(deleted("1", timeToLiveExpired=expired))
    assert [change.expired for change in processed] == [expired]


@pytest.mark.parametrize(
    "change",
    [
        {"id": "1", "city": "secret"},
        {"id": "1", "metadata": "secret"},
        {"current": {"id": "1"}, "metadata": {}},
        {"current": {"id": "1"}, "metadata": {"operationType": "secret"}},
        {"metadata": {"operationType": "create", "id": "1"}},
        {"current": "secret", "metadata": {"operationType": "replace"}},
    ],
)
def test_raises_for_what_is_not_a_change_so_that_it_is_noticed(
    change: dict[str, Any], processed: list[Any]
) -> None:
    with pytest.raises(ValueError, match="A change") as raised:
        send(written("create", id="0"), change)
    assert processed == []
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    "change", [written("create", n=1), {"metadata": {"operationType": "delete"}}]
)
def test_raises_for_a_change_without_an_id(change: dict[str, Any], processed: list[Any]) -> None:
    with pytest.raises(KeyError):
        send(change)
    assert processed == []


def test_raises_when_processing_fails_so_that_the_batch_is_repeated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(changes: Any) -> None:
        raise ConnectionError(f"no log for {changes}")

    monkeypatch.setattr(blueprint, "process", fail)
    with pytest.raises(ConnectionError):
        send(written("create", id="1"))


def test_asks_for_all_versions() -> None:
    app = func.FunctionApp()
    app.register_functions(blueprint.bp)
    [function] = app.get_functions()
    [trigger] = function.get_bindings_dict()["bindings"]
    assert str(trigger["changeFeedMode"]) == "AllVersionsAndDeletes"


def test_logs_each_change(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    send(written("create", id="1"), deleted("2", timeToLiveExpired=True))
    assert caplog.messages == [
        "2 changes",
        "Document 1: create",
        "Document 2: expired",
    ]
