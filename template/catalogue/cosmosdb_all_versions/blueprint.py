"""Keep an audit log of all changes in an Azure Cosmos DB container, with deletions."""

import logging
from dataclasses import dataclass
from typing import Any, Dict, List, Optional

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)

OPERATIONS = ("create", "replace", "delete")


@dataclass(frozen=True)
class Change:
    """A change of a document, which is None after a deletion.

    `expired` says whether the database deleted the document because its time to live was over. Only
    a deletion names its `partition_key`, such as `{"tenant": "acme"}`: documents contain theirs.
    """

    operation: str
    id: str
    document: Optional[Dict[str, Any]]
    partition_key: Dict[str, Any]
    expired: bool


@bp.cosmos_db_trigger(
    arg_name="documents",
    connection="CosmosDBConnection",
    database_name="%COSMOSDB_DATABASE%",
    container_name="cosmosdb-all-versions-example",
    lease_container_name="functions-leases",
    # A prefix of its own: a feed in another mode cannot use these leases.
    lease_container_prefix="cosmosdb-all-versions-example",
    create_lease_container_if_not_exists=True,
    change_feed_mode="AllVersionsAndDeletes",
)
@bp.retry(
    strategy="exponential_backoff",
    max_retry_count="5",
    minimum_interval="00:00:05",
    maximum_interval="00:05:00",
)
def cosmosdb_all_versions_example(documents: func.DocumentList) -> None:
    """Record a batch of changes, the oldest first.

    Each has `metadata` and, except for a deletion, the document in `current`. The documents before
    the change are not included. The change feed moves on even after a failed batch, so the retry
    policy repeats the batch first.
    """
    changes = [read_change(document) for document in documents]
    logger.info("%s changes", len(changes))
    process(changes)


def read_change(document: func.Document) -> Change:
    """Return a change; raise ValueError if it is not one."""
    metadata, current = document.get("metadata"), document.get("current")
    if not isinstance(metadata, dict) or metadata.get("operationType") not in OPERATIONS:
        # With an extension that lacks this mode, the function would otherwise see no changes.
        raise ValueError("A change has no operation: the feed has only the latest versions")
    operation = metadata["operationType"]
    if operation == "delete":
        current = None
    elif not isinstance(current, dict):
        raise ValueError(f"A change of type {operation} has no document")
    return Change(
        operation=operation,
        id=str((current or metadata)["id"]),
        document=current,
        partition_key=metadata.get("partitionKey") or {},
        expired=bool(metadata.get("timeToLiveExpired")),
    )


def process(changes: List[Change]) -> None:
    """Do what your app does with the changes. They may come twice: make a second time harmless."""
    for change in changes:
        outcome = "expired" if change.expired else change.operation
        logger.info("Document %s: %s", change.id, outcome)
