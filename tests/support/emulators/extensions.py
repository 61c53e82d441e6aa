"""Plays the host's extensions for storage and Cosmos DB against the emulators.

`deliver` puts a value where a binding reads, and returns it as the host hands it to the function.
`store` writes what a function answered where the binding says, and compares what is there then.
"""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from azure.core.exceptions import ResourceExistsError, ResourceNotFoundError
from azure.cosmos import CosmosClient, PartitionKey
from azure.data.tables import TableServiceClient
from azure.storage.blob import BlobServiceClient
from azure.storage.queue import QueueClient, TextBase64EncodePolicy

from tests.worker.exchange import NOTHING, Binding, TypedValue


@dataclass(frozen=True)
class Delivery:
    """What the host hands to a function: the value of a binding, and of a trigger its metadata."""

    value: TypedValue
    metadata: Mapping[str, TypedValue] = field(default_factory=dict)


class Different(AssertionError):
    """What a service has is not what was written."""

    def __init__(self, written: object, read: object) -> None:
        super().__init__(f"wrote {written!r}, but read {read!r}")


class Storage:
    """The bindings of blobs, queues and tables; names in bindings must be resolved already."""

    def __init__(self, connection: str) -> None:
        self.connection = connection
        self.blobs = BlobServiceClient.from_connection_string(connection)
        self.tables = TableServiceClient.from_connection_string(connection)

    def put_blob(self, path: str, content: bytes) -> Any:
        """Write a blob, container/name, and return its client."""
        container, _, name = path.partition("/")
        client = self.blobs.get_blob_client(container, name)
        if not self.blobs.get_container_client(container).exists():
            self.blobs.create_container(container)
        client.upload_blob(content, overwrite=True)
        return client

    def delete_blobs(self, container: str) -> None:
        """Delete every blob of a container, if it is there."""
        client = self.blobs.get_container_client(container)
        if client.exists():
            for blob in client.list_blobs():
                client.delete_blob(blob.name)

    def deliver_blob(self, binding: Binding, value: TypedValue) -> Delivery:
        """Write the blob, unless there is no value, and read it."""
        container, _, name = binding["path"].partition("/")
        client = self.blobs.get_blob_client(container, name)
        if value != NOTHING:
            client = self.put_blob(binding["path"], to_bytes(value))
        try:
            content = client.download_blob().readall()
        except ResourceNotFoundError:
            return Delivery(NOTHING)
        properties = {"ContentLength": len(content), "ETag": client.get_blob_properties().etag}
        metadata = {
            "BlobTrigger": TypedValue("string", binding["path"]),
            "Uri": TypedValue("json", json.dumps(client.url)),
            "Properties": TypedValue("json", json.dumps(properties)),
            "Metadata": TypedValue("json", "{}"),
        }
        return Delivery(TypedValue("bytes", content), metadata)

    def store_blob(self, binding: Binding, value: TypedValue) -> None:
        """Write the blob."""
        content = to_bytes(value)
        _compare(content, self.put_blob(binding["path"], content).download_blob().readall())

    def deliver_message(self, binding: Binding, value: TypedValue) -> Delivery:
        """Send a message as the README of an app says, and receive it; the host takes its text from Base64."""
        queue = self._queue(binding)
        name = binding["queueName"]
        policy = TextBase64EncodePolicy()
        sender = QueueClient.from_connection_string(
            self.connection, name, message_encode_policy=policy
        )
        sender.send_message(to_bytes(value).decode())
        message: Any = queue.receive_message()
        metadata = {
            "Id": TypedValue("string", message.id),
            "PopReceipt": TypedValue("string", message.pop_receipt),
            "DequeueCount": TypedValue("json", str(message.dequeue_count)),
            **{
                name: TypedValue("json", json.dumps(time.isoformat()))
                for name, time in (
                    ("InsertionTime", message.inserted_on),
                    ("ExpirationTime", message.expires_on),
                    ("NextVisibleTime", message.next_visible_on),
                )
            },
        }
        queue.delete_message(message)
        text = base64.b64decode(message.content, validate=True).decode()
        return Delivery(TypedValue("string", text), metadata)

    def store_messages(self, binding: Binding, value: TypedValue) -> None:
        """Send one message, or each of a JSON list."""
        texts = messages_in(value)
        queue = self._queue(binding)
        for text in texts:
            queue.send_message(base64.b64encode(text.encode()).decode())
        received = [base64.b64decode(message.content) for message in queue.receive_messages()]
        _compare(sorted(texts), sorted(content.decode() for content in received))

    def deliver_entities(self, binding: Binding, value: TypedValue) -> Delivery:
        """Write entities and return those that the binding's keys select."""
        self.put_entities(binding["tableName"], _json_list(value))
        return Delivery(self.read_entities(binding))

    def put_entities(self, name: str, entities: Sequence[Mapping[str, Any]]) -> None:
        """Write entities, in place of all in their table."""
        self.tables.delete_table(name)
        table = self.tables.create_table_if_not_exists(name)
        for entity in entities:
            table.upsert_entity(dict(entity))

    def read_entities(self, binding: Binding) -> TypedValue:
        """Return the entities that the binding's keys select."""
        table = self.tables.get_table_client(binding["tableName"])
        keys = {"PartitionKey": binding.get("partitionKey"), "RowKey": binding.get("rowKey")}
        conditions = [f"{key} eq @{key}" for key, wanted in keys.items() if wanted]
        found = [
            dict(entity)
            for entity in table.query_entities(" and ".join(conditions), parameters=keys)
        ]
        one = bool(keys["PartitionKey"] and keys["RowKey"])
        if one and not found:
            return NOTHING
        return TypedValue("json", json.dumps(found[0] if one else found))

    def store_entities(self, binding: Binding, value: TypedValue) -> None:
        """Insert one entity, or each of a JSON list."""
        table = self.tables.create_table_if_not_exists(binding["tableName"])
        keys = {"PartitionKey": binding.get("partitionKey"), "RowKey": binding.get("rowKey")}
        given = {key: text for key, text in keys.items() if text}
        for entity in _json_list(value):
            written = {**given, **entity}
            table.create_entity(written)
            _compare(written, dict(table.get_entity(written["PartitionKey"], written["RowKey"])))

    def _queue(self, binding: Binding) -> QueueClient:
        queue = QueueClient.from_connection_string(self.connection, binding["queueName"])
        try:
            queue.create_queue()
        except ResourceExistsError:
            queue.clear_messages()
        return queue


class Cosmos:
    """The bindings of Cosmos DB; names in bindings must be resolved already."""

    def __init__(self, connection: str) -> None:
        # A server on this machine has signed its certificate itself.
        self.client = CosmosClient.from_connection_string(connection, connection_verify=False)

    def container(self, binding: Binding, partition_key: str = "/id") -> Any:
        """Return a new container, in place of the one that is there."""
        self.delete_container(binding)
        database = self.client.create_database_if_not_exists(binding["databaseName"])
        return database.create_container(binding["containerName"], PartitionKey(partition_key))

    def delete_container(self, binding: Binding) -> None:
        """Delete a container, if it is there."""
        database = self.client.create_database_if_not_exists(binding["databaseName"])
        name = binding["containerName"]
        if any(container["id"] == name for container in database.list_containers()):
            database.delete_container(name)

    def deliver_changes(self, binding: Binding, value: TypedValue) -> Delivery:
        """Write the documents and return what the container's change feed says about them."""
        container = self.container(binding, "/tenant")
        for document in _json_list(value):
            container.upsert_item(document)
        changes = list(container.query_items_change_feed(start_time="Beginning"))
        return Delivery(TypedValue("json", json.dumps(changes)))

    def deliver_documents(self, binding: Binding, value: TypedValue) -> Delivery:
        """Write documents and return what the binding's id or query selects."""
        container = self.container(binding)
        for document in _json_list(value):
            container.upsert_item(document)
        found = self.read_documents(binding, container)
        return Delivery(TypedValue("json", json.dumps(found)))

    def read_documents(self, binding: Binding, container: Any) -> list[dict[str, Any]]:
        """Return the documents that the binding's id or query selects."""
        if query := binding.get("sqlQuery"):
            return list(container.query_items(query, enable_cross_partition_query=True))
        return [item for item in container.read_all_items() if item["id"] == binding["id"]]

    def store_documents(self, binding: Binding, value: TypedValue) -> None:
        """Upsert one document, or each of a JSON list."""
        container = self.container(binding)
        for document in _json_list(value):
            container.upsert_item(document)
            [read] = [item for item in container.read_all_items() if item["id"] == document["id"]]
            _compare(document, {key: read.get(key) for key in document})


def to_bytes(value: TypedValue) -> bytes:
    """Return the content of a value that is text or bytes."""
    content = value.value
    return content if isinstance(content, bytes) else str(content).encode()


def messages_in(value: TypedValue) -> list[str]:
    """Return the messages that the host makes of an output: a JSON list gives one for each item."""
    try:
        content = json.loads(to_bytes(value))
    except ValueError:
        content = None
    if not isinstance(content, list):
        return [to_bytes(value).decode()]
    return [item if isinstance(item, str) else json.dumps(item) for item in content]


def _compare(written: object, read: object) -> None:
    if written != read:
        raise Different(written, read)


def _json_list(value: TypedValue) -> list[dict[str, Any]]:
    content = [] if value == NOTHING else json.loads(str(value.value))
    return content if isinstance(content, list) else [content]


Deliver = Callable[[Binding, TypedValue], Delivery]
Store = Callable[[Binding, TypedValue], None]
Put = Callable[[Mapping[str, Any], Sequence[Binding], str | None], None]


def deliveries(storage: Storage, cosmos: Cosmos) -> Mapping[str, Deliver]:
    """Return, for each type of binding that reads, what delivers to it."""
    return {
        "blob": storage.deliver_blob,
        "blobTrigger": storage.deliver_blob,
        "queueTrigger": storage.deliver_message,
        "table": storage.deliver_entities,
        "cosmosDB": cosmos.deliver_documents,
        "cosmosDBTrigger": cosmos.deliver_changes,
    }


def stores(storage: Storage, cosmos: Cosmos) -> Mapping[str, Store]:
    """Return, for each type of binding that writes, what stores its value."""
    return {
        "blob": storage.store_blob,
        "queue": storage.store_messages,
        "table": storage.store_entities,
        "cosmosDB": cosmos.store_documents,
    }


def put(
    storage: Storage,
    cosmos: Cosmos,
    stored: Mapping[str, Any],
    bindings: Sequence[Binding],
    database: str | None,
) -> None:
    """Write blobs, in place of all in their containers, rows and documents, before a function runs.

    A container that no binding names is in `database`: a function with a client of its own reads it.
    """
    blobs = {path: content for path, content in stored.items() if isinstance(content, str)}
    for container in {path.partition("/")[0] for path in blobs}:
        storage.delete_blobs(container)
    for path, content in blobs.items():
        storage.put_blob(path, content.encode())
    bound = {
        binding["containerName"]: binding for binding in bindings if binding["type"] == "cosmosDB"
    }
    tables = {path for path in stored if path.startswith("table ")}
    for path in tables:
        storage.put_entities(path.removeprefix("table "), stored[path])
    for path in stored.keys() - blobs.keys() - tables:
        name, _, key = path.partition("/")
        binding = bound.get(name, {"containerName": name, "databaseName": database})
        if stored[path]:
            container = cosmos.container(binding, f"/{key or 'id'}")
            for document in stored[path]:
                container.upsert_item(document)
        else:
            cosmos.delete_container(binding)
