"""The Azure Cosmos DB client that all functions of the app share.

It is created on first use and kept: a client per request would open new connections every time,
until the instance runs out of ports. With a connection string in the setting CosmosDBConnection, as
on a developer's machine, it connects with the key and creates missing databases and containers.
With CosmosDBConnection__accountEndpoint instead, as in Azure, it connects with an identity, which
can read and write items but cannot create containers.
"""

import asyncio
import base64
import contextlib
import logging
import math
import os
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from shared.event_loops import PerEventLoop

# The SDK is slow to import, so functions import it on first use and the app starts without it.
if TYPE_CHECKING:
    from azure.cosmos.aio import ContainerProxy, CosmosClient
    from azure.cosmos.exceptions import CosmosHttpResponseError
    from azure.identity.aio import DefaultAzureCredential

Made = TypeVar("Made")
Item = dict[str, Any]

logger = logging.getLogger(__name__)

CONNECTION = "CosmosDBConnection"
EMULATOR_HOSTS = {"localhost", "127.0.0.1"}

# The client retries for this many seconds; then the caller is told to retry later.
MAX_BACKOFF = 5
# How many seconds each attempt waits for an answer; the SDK itself would wait 65.
SECONDS_TO_ANSWER = 10
ANSWERED = {404, 409, 412, 429}
UNAVAILABLE = {408, 410, 449, 503}
# Substatus codes of 404: a region does not yet have what the client saw in another one, and the
# container itself does not exist.
NOT_YET = 1002
NO_CONTAINER = 1003


class Failure(Exception):
    """A failed request, and the HTTP status that tells the caller why.

    400: the token is invalid. 404: the item does not exist. 409: an item with this id exists. 412:
    the item has another ETag. 429: too many requests; `retry_after` is the number of seconds to
    wait. 503: the service cannot be reached.
    """

    def __init__(self, status: int, retry_after: int | None = None) -> None:
        super().__init__(f"A request to Azure Cosmos DB failed with status {status}")
        self.status = status
        self.retry_after = retry_after


@dataclass(frozen=True)
class Page:
    """A page of query results, and the token for the next page if there may be more."""

    items: list[Item]
    token: str | None


@contextlib.asynccontextmanager
async def container(name: str, partition_key: str) -> "AsyncIterator[ContainerProxy]":
    """Provide a container of the database COSMOSDB_DATABASE; SDK errors become a Failure.

    Errors that the app's owner must fix, such as a container or permission missing in Azure, do not
    become a Failure: the function fails, and Application Insights has the stack trace.
    """
    from azure.core.exceptions import ServiceRequestError, ServiceResponseError
    from azure.cosmos.exceptions import CosmosHttpResponseError

    try:
        yield await Connection.current().container(name, partition_key)
    except CosmosHttpResponseError as error:
        failure = _failure(error)
        if failure is None:
            raise
        raise failure from error
    except (ServiceRequestError, ServiceResponseError) as error:
        raise Failure(503) from error


async def read_page(
    items: "ContainerProxy",
    query: str,
    parameters: Mapping[str, object],
    partition_key: str,
    size: int,
    token: str | None = None,
) -> Page:
    """Return a page of at most `size` items that a query finds in one partition.

    Pass input from callers in the parameters (`{"@color": "red"}`), never in the query. Also name
    the partition key in the query: some emulators do not find the partition without it.
    """
    from azure.cosmos.exceptions import CosmosHttpResponseError

    answers: list[Mapping[str, str]] = []
    continuation = _decode(token) if token else None
    pages = items.query_items(
        query,
        parameters=[{"name": name, "value": value} for name, value in parameters.items()],
        partition_key=partition_key,
        max_item_count=size,
        # The iterator's own token is the last one received, which can be an ETag on the last page.
        response_hook=lambda headers, _: answers.append(headers),
    ).by_page(continuation)
    try:
        found = [item async for item in await anext(pages)]
    except StopAsyncIteration:
        found = []
    except CosmosHttpResponseError as error:
        if token and error.status_code == 400:
            raise Failure(400) from error
        raise
    following = answers[-1].get("x-ms-continuation")
    return Page(found, _encode(following) if following else None)


async def replace(items: "ContainerProxy", item: Item, etag: str) -> Item:
    """Replace an item if it still has this ETag (or any, for `*`), and return the new item."""
    from azure.core import MatchConditions

    if etag == "*":
        return await items.replace_item(item["id"], item)
    condition = MatchConditions.IfNotModified
    return await items.replace_item(item["id"], item, etag=etag, match_condition=condition)


async def close() -> None:
    """Close the client of the running event loop; the next use creates a new one."""
    await Connection.close_current()


class Connection(PerEventLoop):
    """The client of one event loop, with the databases and containers it has found or created."""

    def __init__(self) -> None:
        self._tasks: dict[str, asyncio.Task[Any]] = {}
        self._opened = contextlib.AsyncExitStack()

    async def container(self, name: str, partition_key: str) -> "ContainerProxy":
        """Return a container; create it if it is missing and there is a key."""
        return await self._once(f"container {name}", lambda: self._find(name, partition_key))

    async def close(self) -> None:
        """Close the client and its credential, if there are any."""
        await self._opened.aclose()

    async def _once(self, what: str, make: Callable[[], Coroutine[Any, Any, Made]]) -> Made:
        """Return the result of the first successful call; concurrent callers share one attempt."""
        task = self._tasks.get(what)
        if task is None or (task.done() and (task.cancelled() or task.exception())):
            task = self._tasks[what] = asyncio.create_task(make())
        made: Made = await asyncio.shield(task)
        return made

    async def _find(self, name: str, partition_key: str) -> "ContainerProxy":
        from azure.cosmos import PartitionKey
        from azure.cosmos.exceptions import CosmosResourceExistsError, CosmosResourceNotFoundError

        client = await self._once("client", self._open)
        database = client.get_database_client(os.environ["COSMOSDB_DATABASE"])
        found = database.get_container_client(name)
        if os.environ.get(CONNECTION):
            await self._once("database", lambda: self._make_database(client, database.id))
            # Another process may create it at the same time.
            with contextlib.suppress(CosmosResourceExistsError):
                await database.create_container_if_not_exists(name, PartitionKey(partition_key))
            return found
        try:
            await found.read()
        except CosmosResourceNotFoundError as error:
            missing = f"Create the container {name} in the database {database.id}: it is missing."
            raise LookupError(missing) from error
        return found

    async def _make_database(self, client: "CosmosClient", name: str) -> None:
        from azure.cosmos.exceptions import CosmosResourceExistsError

        with contextlib.suppress(CosmosResourceExistsError):
            await client.create_database_if_not_exists(name)

    async def _open(self) -> "CosmosClient":
        from azure.cosmos.aio import CosmosClient

        # Otherwise, the SDK logs the headers of every request and response.
        logging.getLogger("azure.cosmos").setLevel(logging.WARNING)
        async with contextlib.AsyncExitStack() as opened:
            credential: str | DefaultAzureCredential
            if connection := os.environ.get(CONNECTION):
                parts = dict(part.split("=", 1) for part in connection.split(";") if part)
                endpoint, credential = parts["AccountEndpoint"], parts["AccountKey"]
            else:
                endpoint = os.environ[f"{CONNECTION}__accountEndpoint"]
                credential = await opened.enter_async_context(_identity())
            emulator = urlsplit(endpoint).hostname in EMULATOR_HOSTS
            client = CosmosClient(
                endpoint,
                credential,
                # The emulator has a self-signed certificate, and may report another address.
                connection_verify=not emulator,
                enable_endpoint_discovery=not emulator,
                retry_backoff_max=MAX_BACKOFF,
                read_timeout=SECONDS_TO_ANSWER,
            )
            opened.push_async_callback(client.close)
            await client.__aenter__()
            logger.info("Connected to %s", endpoint)
            self._opened = opened.pop_all()
        return client


def _identity() -> "DefaultAzureCredential":
    """Return the app's identity in Azure, or the developer's identity on their machine."""
    from azure.identity.aio import DefaultAzureCredential

    # Without an id, the credential takes the one in AZURE_CLIENT_ID; None would switch that off.
    if client_id := os.environ.get(f"{CONNECTION}__clientId"):
        return DefaultAzureCredential(managed_identity_client_id=client_id)
    return DefaultAzureCredential()


def _failure(error: "CosmosHttpResponseError") -> Failure | None:
    """Return the failure to report to the caller, or None if the app's owner must fix the error."""
    status = error.status_code
    if status in UNAVAILABLE or (status == 404 and error.sub_status == NOT_YET):
        return Failure(503)
    if status not in ANSWERED or (status == 404 and error.sub_status == NO_CONTAINER):
        return None
    if status == 429:
        milliseconds = float(error.headers.get("x-ms-retry-after-ms", 1000))
        return Failure(429, retry_after=max(1, math.ceil(milliseconds / 1000)))
    return Failure(status)


def _encode(continuation: str) -> str:
    """Return a continuation of the service as a URL-safe token."""
    return base64.urlsafe_b64encode(continuation.encode()).decode().rstrip("=")


def _decode(token: str) -> str:
    """Return the continuation that a token encodes."""
    try:
        padded = token + "=" * (-len(token) % 4)
        continuation = base64.b64decode(padded, altchars=b"-_", validate=True).decode()
    except ValueError as error:
        raise Failure(400) from error
    if not continuation.isprintable():
        raise Failure(400)
    return continuation
