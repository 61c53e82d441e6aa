"""Process the changes in an Azure Cosmos DB container."""

import json
import logging
from dataclasses import dataclass
from typing import Any, Dict, Set

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)

# The container's partition key, without the slash. An id is unique only within a partition.
PARTITION_KEY = "tenant"


@dataclass(frozen=True)
class Changes:
    """The documents to update in a view, by key, and the keys to remove from it.

    A key is PARTITION/ID with the partition as JSON, such as `"acme"/7`, or only the id of a
    document that has no `PARTITION_KEY`.
    """

    updated: Dict[str, Dict[str, Any]]
    removed: Set[str]


@bp.cosmos_db_trigger(
    arg_name="documents",
    connection="CosmosDBConnection",
    database_name="%COSMOSDB_DATABASE%",
    container_name="cosmosdb-example",
    lease_container_name="functions-leases",
    lease_container_prefix="cosmosdb-example",
    create_lease_container_if_not_exists=True,
)
@bp.retry(
    strategy="exponential_backoff",
    max_retry_count="5",
    minimum_interval="00:00:05",
    maximum_interval="00:05:00",
)
def cosmosdb_example(documents: func.DocumentList) -> None:
    """Update a view with a batch of changed documents.

    The change feed moves on even after a failed batch, so the retry policy repeats the batch
    first. The feed does not contain deletions: to delete a document, set `deleted` and a time to
    live in it, so that it is removed here first. The database then deletes it after `ttl` seconds,
    but only if the container has a default time to live; -1 lets only documents with a `ttl`
    expire.
    """
    changes = read_changes(documents)
    logger.info("%s updated, %s removed", len(changes.updated), len(changes.removed))
    process(changes)


def read_changes(documents: func.DocumentList) -> Changes:
    """Return the latest state of each document; the feed is in order, oldest first."""
    newest = {read_key(document): dict(document) for document in documents}
    removed = {key for key, document in newest.items() if document.get("deleted")}
    # Names with a leading underscore belong to the database: _etag, _ts and others.
    updated = {
        key: {name: value for name, value in document.items() if not name.startswith("_")}
        for key, document in newest.items()
        if key not in removed
    }
    return Changes(updated=updated, removed=removed)


def read_key(document: func.Document) -> str:
    """Return what identifies a document in all partitions; an id cannot contain a slash."""
    if PARTITION_KEY not in document:
        return str(document["id"])
    # As JSON, because 1 and "1" are different partitions.
    return f"{json.dumps(document[PARTITION_KEY])}/{document['id']}"


def process(changes: Changes) -> None:
    """Do what your app does with the changes. They may come twice: make a second time harmless."""
    for key in [*changes.updated, *sorted(changes.removed)]:
        logger.info("Document %s %s", key, "removed" if key in changes.removed else "updated")
