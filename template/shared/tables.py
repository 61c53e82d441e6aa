"""The tables of Azure Storage, with one client for all functions of the app.

It is created on first use and kept: a client per request would open new connections every time,
until the instance runs out of ports. With a connection string in the setting StorageConnection, as
on a developer's machine, it connects with the key and creates missing tables. With
StorageConnection__tableServiceUri instead, as in Azure, it connects with an identity.
"""

import asyncio
import contextlib
import json
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shared.event_loops import PerEventLoop

# The SDK is slow to import, so functions import it on first use and the app starts without it.
if TYPE_CHECKING:
    from azure.data.tables.aio import TableClient, TableServiceClient

Content = dict[str, Any]

logger = logging.getLogger(__name__)

CONNECTION = "StorageConnection"
# The client tries this many times; then the caller is told to try later.
TRIES = 3
SECONDS_TO_CONNECT = 5
SECONDS_TO_ANSWER = 10
UNAVAILABLE = {408, 429, 500, 502, 503, 504}


class Failure(Exception):
    """A failed request, and the HTTP status that tells the caller why.

    404: the row does not exist. 409: a row with this key exists. 412: the row has changed since it
    was read. 503: the service cannot answer now.
    """

    def __init__(self, status: int) -> None:
        super().__init__(f"A request to Azure Table Storage failed with status {status}")
        self.status = status


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    """Turn errors of the SDK that the caller should know into a Failure.

    Errors that the app's owner must fix, such as a table or role missing in Azure, stay as they
    are: the function fails, and Application Insights has the stack trace.
    """
    from azure.core.exceptions import (
        HttpResponseError,
        ServiceRequestError,
        ServiceResponseError,
    )

    try:
        yield
    except HttpResponseError as error:
        status = _status(error)
        if status is None:
            raise
        raise Failure(status) from error
    except (ServiceRequestError, ServiceResponseError) as error:
        raise Failure(503) from error


@dataclass(frozen=True)
class Row:
    """A row: its key, its content, and the version that the table gave it."""

    key: str
    content: Content
    version: str


class Table:
    """Rows of one partition: each has a key and, as JSON, any content of at most 32,000 characters.

    A partition takes some 2,000 requests per second. For more, use several, such as one per
    customer.
    """

    def __init__(self, client: "TableClient", partition: str) -> None:
        self._client = client
        self._partition = partition

    async def insert(self, key: str, content: Content) -> None:
        """Add a row; 409 if its key exists. Of several writers, on any instance, one succeeds."""
        with _explained():
            await self._client.create_entity(self._entity(key, content))

    async def read(self, key: str) -> Row:
        """Return a row; 404 if it does not exist."""
        with _explained():
            return _row(await self._client.get_entity(self._partition, key))

    async def page(self, size: int, after: str = "") -> list[Row]:
        """Return at most `size` rows, in the order of their keys, with keys above `after`."""
        found = self._client.query_entities(
            "PartitionKey eq @partition and RowKey gt @after",
            parameters={"partition": self._partition, "after": after},
            results_per_page=size,
        )
        rows: list[Row] = []
        with _explained():
            async for entity in found:
                rows.append(_row(entity))
                if len(rows) == size:
                    break
        return rows

    async def replace(self, row: Row, content: Content) -> None:
        """Replace the content of a row; 412 if it is no longer the version that was read."""
        from azure.core import MatchConditions
        from azure.data.tables import UpdateMode

        with _explained():
            await self._client.update_entity(
                self._entity(row.key, content),
                mode=UpdateMode.REPLACE,
                etag=row.version,
                match_condition=MatchConditions.IfNotModified,
            )

    async def delete(self, row: Row) -> None:
        """Delete a row; 412 if it is no longer the version that was read."""
        from azure.core import MatchConditions

        with _explained():
            await self._client.delete_entity(
                self._partition,
                row.key,
                etag=row.version,
                match_condition=MatchConditions.IfNotModified,
            )

    def _entity(self, key: str, content: Content) -> Content:
        return {"PartitionKey": self._partition, "RowKey": key, "content": json.dumps(content)}


async def table(name: str, partition: str = "rows") -> Table:
    """Return the rows of a partition of a table; a connection string also creates the table."""
    with _explained():
        return Table(await Connection.current().table(name), partition)


async def check() -> None:
    """Fail unless the app can connect to the tables and read which there are."""
    async for _ in (await Connection.current().client()).list_tables(results_per_page=1):
        break


async def close() -> None:
    """Close the client of the running event loop; the next use creates a new one."""
    await Connection.close_current()


class Connection(PerEventLoop):
    """The client of one event loop, and the tables that it has found or created."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._opened = contextlib.AsyncExitStack()
        self._client: TableServiceClient | None = None
        self._tables: dict[str, TableClient] = {}

    async def table(self, name: str) -> "TableClient":
        """Return a table; create it if it is missing and there is a connection string."""
        client = await self.client()
        async with self._lock:
            if name not in self._tables:
                if os.environ.get(CONNECTION):
                    await client.create_table_if_not_exists(name)
                self._tables[name] = client.get_table_client(name)
        return self._tables[name]

    async def client(self) -> "TableServiceClient":
        """Return the client, which the first caller creates."""
        async with self._lock:
            if self._client is None:
                self._client = await self._open()
        return self._client

    async def close(self) -> None:
        """Close the client and its credential, if there are any."""
        await self._opened.aclose()

    async def _open(self) -> "TableServiceClient":
        from azure.data.tables.aio import TableServiceClient

        # Otherwise, the SDK logs the headers of every request and response.
        logging.getLogger("azure.core").setLevel(logging.WARNING)
        options: Content = {
            "retry_total": TRIES - 1,
            "retry_backoff_factor": 0.2,
            "connection_timeout": SECONDS_TO_CONNECT,
            "read_timeout": SECONDS_TO_ANSWER,
        }
        if connection := os.environ.get(CONNECTION):
            client = TableServiceClient.from_connection_string(connection, **options)
        else:
            from azure.identity.aio import DefaultAzureCredential

            # Without an id, the credential takes that of AZURE_CLIENT_ID; None would not.
            id = os.environ.get(f"{CONNECTION}__clientId")
            named = {"managed_identity_client_id": id} if id else {}
            credential = DefaultAzureCredential(**named)
            endpoint = os.environ[f"{CONNECTION}__tableServiceUri"]
            client = TableServiceClient(endpoint, credential=credential, **options)
            # Only now: what fails above is tried again by each call, and must leave nothing open.
            await self._opened.enter_async_context(credential)
        await self._opened.enter_async_context(client)
        logger.info("Connected to %s", client.url)
        return client


def _row(entity: Any) -> Row:
    return Row(entity["RowKey"], json.loads(entity["content"]), entity.metadata["etag"])


def _status(error: Any) -> int | None:
    """Return the status to report to the caller, or None if the app's owner must fix the error."""
    if error.status_code in UNAVAILABLE:
        return 503
    code = getattr(error, "error_code", "")
    if error.status_code == 404 and code == "TableNotFound":
        return None
    if error.status_code in {404, 409, 412}:
        return int(error.status_code)
    return None
